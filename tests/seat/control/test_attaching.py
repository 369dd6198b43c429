"""Who may ask at the local socket, and what becomes of those who may not or ask nonsense."""

import contextlib

import pytest

from agent_client import desk_client
from agent_client.desk_client import DeskClient
from agent_client.seat.place import SeatPlace
from protocol import VERSION
from protocol.wire import desk, desk_base
from protocol.wire.errors import Code, Refused
from tests.seat.control.desk import Desk, attach, attached, contact, raw
from tests.seat.service import eventually


async def test_another_version_is_told_so(seat: Desk, place: SeatPlace) -> None:
    (refused,) = await (await raw(place)).says(attach(place, version=VERSION + 1))
    assert refused == desk_base.Refused(
        None, Code.VERSION_UNSUPPORTED, {"oldest": VERSION, "newest": VERSION}
    )


async def test_a_client_of_another_version_is_refused_with_the_code(
    seat: Desk, place: SeatPlace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(desk_client, "VERSION", VERSION + 1)
    with pytest.raises(Refused) as refused:
        await DeskClient.connect(contact(place), terminal=False)
    assert refused.value.code == Code.VERSION_UNSUPPORTED


@pytest.mark.parametrize("token", ["x", "", "é", "\U0001f511", "0" * 64])
async def test_a_wrong_token_is_refused(seat: Desk, place: SeatPlace, token: str) -> None:
    wrong = token if token != contact(place).token else "not this one"
    (refused,) = await (await raw(place)).says(attach(place, token=wrong))
    assert refused == desk_base.Refused(None, Code.BAD_TOKEN)
    assert seat.asked == []


async def test_who_does_not_attach_first_is_not_served(seat: Desk, place: SeatPlace) -> None:
    (refused,) = await (await raw(place)).says(desk.encode(desk.Ready(1)))
    assert refused == desk_base.Refused(None, Code.HELLO_EXPECTED)
    (refused,) = await (await raw(place)).says(b"GET / HTTP/1.1\r\n\r\n")
    assert isinstance(refused, desk_base.Refused)
    assert refused.code == Code.MALFORMED_MESSAGE
    assert seat.asked == []


@pytest.mark.parametrize(
    "line", [b"{", b"[]", b'{"ask":"fly","id":2}', b'{"ask":"break","id":2}', b"\xff\xfe", b""]
)
async def test_a_line_that_is_no_request_is_answered_and_the_connection_goes_on(
    seat: Desk, place: SeatPlace, line: bytes
) -> None:
    connection = await raw(place)
    connection.writer.write(attach(place) + line + b"\n" + desk.encode(desk.Ready(3)))
    assert await connection.hears() == desk_base.Done(1)
    refused = await connection.hears()
    assert isinstance(refused, desk_base.Refused)
    assert (refused.re, refused.code) == (None, Code.MALFORMED_MESSAGE)
    assert await connection.hears() == desk_base.Done(3)
    connection.writer.close()


async def test_a_line_without_end_ends_its_connection_alone(seat: Desk, place: SeatPlace) -> None:
    async with attached(place) as other:
        connection = await raw(place)
        connection.writer.write(attach(place))
        assert await connection.hears() == desk_base.Done(1)
        with contextlib.suppress(ConnectionError):
            await connection.says(b"x" * (desk.MAX_LINE_BYTES + 100_000))
        await eventually(lambda: len(seat.control._connections) == 1)
        await other.ask(desk.Ready)
    assert seat.asked == [desk.Ready(2)]


async def test_who_leaves_in_the_middle_of_a_line_disturbs_nobody(
    seat: Desk, place: SeatPlace
) -> None:
    for said in (b"", b'{"ask":"att', attach(place) + b'{"ask":'):
        connection = await raw(place)
        connection.writer.write(said)
        connection.writer.close()
    async with attached(place) as client:
        await client.ask(desk.Ready)
