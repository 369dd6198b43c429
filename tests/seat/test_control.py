"""The local socket and its client: a real socket, and a loopback port where there is none."""

import asyncio
import contextlib
import os
import socket
from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path

import msgspec
import pytest

from agent_client import desk_client
from agent_client.desk_client import ConnectionLost, DeskClient
from agent_client.seat import control as control_module
from agent_client.seat.control import Control, Watched
from agent_client.seat.place import Contact, SeatPlace, contacts, place_of
from agent_client.settings import Settings
from protocol import VERSION
from protocol.facts.agent import State
from protocol.rules.lines import Line
from protocol.wire import desk, desk_base, desk_call, desk_floor, desk_plan
from protocol.wire.errors import Code, Refused
from protocol.wire.sync import Link
from tests.seat import service
from tests.seat.service import eventually

STATUS = desk.Status(
    re=None,
    agent="1001",
    name="王丽",
    roles=(),
    state=State.READY,
    reason=None,
    since=None,
    until=None,
    next_state=None,
    call=None,
    link=Link.ONLINE,
    link_fault=None,
    phone=desk.PhoneState.REGISTERED,
    phone_fault=None,
    phone_address=None,
    microphone=True,
    unsent=0,
    enrolled=True,
    owed=(),
    now=None,
    zone="UTC",
    dials_numbers=False,
)
FLOOR = desk_floor.Floor((), None, reset=True)
DAY = desk_plan.OwnDay(date(2025, 3, 3), 0)


class Desk:
    """What stands behind the socket: does what a test says."""

    def __init__(self, place: SeatPlace) -> None:
        self.status = STATUS
        self.terminals: list[int] = []
        self.asked: list[desk.AnyRequest] = []
        self.phone: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.control = Control(
            place,
            self.carry,
            Watched(lambda: self.status, lambda: (FLOOR,), lambda: DAY),
            self.terminals.append,
        )

    async def carry(self, request: desk.AnyRequest) -> desk.AnyAnswering:
        self.asked.append(request)
        match request:
            case desk.GetStatus():
                return msgspec.structs.replace(self.status, re=request.id)
            case desk_call.Answer():
                await self.phone
            case desk_call.Hold():
                raise Refused(Code.PHONE_REFUSED, detail="busy")
            case desk_call.Mute():
                raise ZeroDivisionError("planted")
            case desk_floor.WatchFloor() if self.status.state is State.LOGGED_OFF:
                raise Refused("not_signed_in")
        return desk_base.Done(request.id)

    def shows(self, state: State) -> None:
        self.status = msgspec.structs.replace(self.status, state=state)
        self.control.changed()


@pytest.fixture
def place(tmp_path: Path) -> SeatPlace:
    return place_of(Settings(agent="1001", data=str(tmp_path / "d"), runtime=str(tmp_path / "r")))


@pytest.fixture(params=["socket", "port"])
async def seat(
    request: pytest.FixtureRequest, place: SeatPlace, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Desk]:
    """A desk that can be asked, over either kind of socket."""
    without = {"socket": "NOTHING", "port": "AF_UNIX"}[request.param]
    monkeypatch.delattr(socket, without, raising=False)
    async with opened(place) as made:
        yield made


@contextlib.asynccontextmanager
async def opened(place: SeatPlace) -> AsyncIterator[Desk]:
    made = Desk(place)
    await made.control.open()
    try:
        yield made
    finally:
        await made.control.close()


def contact(place: SeatPlace) -> Contact:
    (found,) = contacts(place.runtime)
    return found


@contextlib.asynccontextmanager
async def attached(place: SeatPlace, *, terminal: bool = False) -> AsyncIterator[DeskClient]:
    client = await DeskClient.connect(contact(place), terminal=terminal)
    try:
        yield client
    finally:
        await client.close()


class Raw:
    """A connection that says whatever bytes a test likes."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader, self.writer = reader, writer

    async def says(self, line: bytes) -> list[desk.AnyAnswering]:
        """Say it, and hear everything until the other side closes."""
        self.writer.write(line)
        heard = (await asyncio.wait_for(self.reader.read(), 10)).splitlines()
        self.writer.close()
        return [desk.decode_answering(each) for each in heard]

    async def hears(self) -> desk.AnyAnswering:
        return desk.decode_answering(await asyncio.wait_for(self.reader.readline(), 10))


async def raw(place: SeatPlace) -> Raw:
    return Raw(*await desk_client._open(contact(place)))


def attach(place: SeatPlace, version: int = VERSION, token: str | None = None) -> bytes:
    given = contact(place).token if token is None else token
    return desk.encode(desk.Attach(1, version, False, given))


async def test_a_request_gets_its_one_answer(seat: Desk, place: SeatPlace) -> None:
    async with attached(place) as client:
        assert await client.ask(desk.Ready) == desk_base.Done(2)
        status = await client.ask(desk.GetStatus)
        assert status == msgspec.structs.replace(STATUS, re=3)


async def test_a_refusal_has_its_code_and_the_connection_goes_on(
    seat: Desk, place: SeatPlace
) -> None:
    async with attached(place) as client:
        with pytest.raises(Refused) as refused:
            await client.ask(desk_call.Hold)
        assert (refused.value.code, refused.value.params) == ("phone_refused", {"detail": "busy"})
        await client.ask(desk.Ready)


async def shown(seat: Desk, wire: Raw, lines: tuple[Line, ...]) -> tuple[tuple[Line, ...], bool]:
    """What is told of the lines when a status is, and whether they are as told before."""
    seat.status = msgspec.structs.replace(seat.status, lines=lines)
    seat.control.changed()
    told = await wire.hears()
    assert isinstance(told, desk.Status)
    return told.lines, told.lines_as_told


async def test_lines_are_told_once_to_each_who_watches_and_when_they_change(
    seat: Desk, place: SeatPlace
) -> None:
    sales, help_ = (Line("sales", {}),), (Line("help", {}),)
    first, second = await raw(place), await raw(place)
    for wire in (first, second):
        wire.writer.write(attach(place) + desk.encode(desk.Watch(2)))
        assert [await wire.hears() for _ in range(2)] == [desk_base.Done(1), desk_base.Done(2)]
        told = await wire.hears()
        assert isinstance(told, desk.Status)
    for lines, expected in (
        (sales, (sales, False)),
        (sales, ((), True)),
        (help_, (help_, False)),
        ((), ((), False)),
        ((), ((), True)),
        (sales, (sales, False)),
    ):
        assert await shown(seat, first, lines) == expected
        seen = await second.hears()
        assert isinstance(seen, desk.Status)
        assert (seen.lines, seen.lines_as_told) == expected
    for wire in (first, second):
        wire.writer.close()


async def test_a_listener_and_who_asks_are_told_the_lines_always(
    seat: Desk, place: SeatPlace
) -> None:
    sales = (Line("sales", {}),)
    seat.status = msgspec.structs.replace(seat.status, lines=sales)
    seen: list[desk.Status] = []

    def take(push: desk.Pushed) -> None:
        assert isinstance(push, desk.Status)
        seen.append(push)

    async with attached(place) as client:
        client.listen(take)
        await client.ask(desk.Watch)
        seat.shows(State.NOT_READY)
        await eventually(lambda: len(seen) == 2)
        seat.shows(State.READY)
        await eventually(lambda: len(seen) == 3)
        asked = await client.ask(desk.GetStatus)
        assert isinstance(asked, desk.Status)
    assert [each.lines for each in (*seen, asked)] == [sales] * 4
    assert not any(each.lines_as_told for each in (*seen, asked))


async def test_a_fault_in_one_request_is_its_own(
    seat: Desk, place: SeatPlace, caplog: pytest.LogCaptureFixture
) -> None:
    async with attached(place) as client:
        with pytest.raises(Refused) as refused:
            await client.ask(lambda id_: desk_call.Mute(id_, True))
        assert refused.value.code == Code.INTERNAL
        await client.ask(desk.Ready)
    assert "planted" in caplog.text


async def test_a_request_that_waits_for_the_phone_holds_up_no_other(
    seat: Desk, place: SeatPlace
) -> None:
    async with attached(place) as client, attached(place) as other:
        waiting = asyncio.create_task(client.ask(desk_call.Answer))
        await eventually(lambda: len(seat.asked) == 1)
        await client.ask(desk.Ready)
        await other.ask(desk.Ready)
        assert not waiting.done()
        seat.phone.set_result(None)
        assert await waiting == desk_base.Done(2)


async def test_more_requests_than_may_be_under_way_wait_their_turn(
    seat: Desk, place: SeatPlace
) -> None:
    async with attached(place) as client:
        most = control_module.MOST_AT_ONCE
        waiting = [asyncio.create_task(client.ask(desk_call.Answer)) for _ in range(most + 5)]
        await eventually(lambda: len(seat.asked) == most)
        seat.phone.set_result(None)
        answers = await asyncio.wait_for(asyncio.gather(*waiting), 10)
        assert {type(answer) for answer in answers} == {desk_base.Done}


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


async def test_whoever_watches_sees_every_change_in_order(seat: Desk, place: SeatPlace) -> None:
    async with attached(place) as client, attached(place) as idle:
        seen: list[desk.Pushed] = []
        unasked: list[desk.Pushed] = []
        client.listen(seen.append)
        idle.listen(unasked.append)
        await client.ask(desk.Watch)
        states = [State.RINGING, State.TALK, State.HOLD, State.TALK, State.ACW] * 20
        for state in states:
            seat.shows(state)
            await asyncio.sleep(0)
        await eventually(lambda: len(seen) == len(states) + 1)
        assert [push.state for push in seen if isinstance(push, desk.Status)] == [
            State.READY,
            *states,
        ]
        assert unasked == []


async def test_a_watcher_who_does_not_read_is_cut_off(
    place: SeatPlace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(control_module, "MOST_WAITING_BYTES", 50_000)
    async with opened(place) as seat:
        slow = await raw(place)
        slow.writer.write(attach(place) + desk.encode(desk.Watch(2)))
        assert await slow.hears() == desk_base.Done(1)
        slow.reader._transport.pause_reading()  # type: ignore[attr-defined]  # somebody who sleeps
        async with attached(place) as client:
            seen: list[desk.Pushed] = []
            client.listen(seen.append)
            await client.ask(desk.Watch)
            watching = len(seat.control._connections)

            def shows_until_cut() -> bool:
                seat.shows(State.READY)
                return len(seat.control._connections) < watching

            monkeypatch.setattr(service, "LOOK_S", 0)
            await eventually(shows_until_cut)
            await client.ask(desk.Ready)
        slow.writer.close()


async def test_whoever_watches_the_floor_gets_all_of_it_first(seat: Desk, place: SeatPlace) -> None:
    async with attached(place) as client:
        seen: list[desk.Pushed] = []
        client.listen(seen.append)
        seat.status = msgspec.structs.replace(STATUS, state=State.LOGGED_OFF)
        with pytest.raises(Refused):
            await client.ask(desk_floor.WatchFloor)
        seat.control.push_floor(FLOOR)
        seat.status = STATUS
        await client.ask(desk_floor.WatchFloor)
        later = desk_floor.Floor((), None, stale=True)
        seat.control.push_floor(later)
        await eventually(lambda: len(seen) == 2)
        assert seen == [FLOOR, later]


async def test_whoever_watches_the_day_is_told_of_it_at_once_and_again(
    seat: Desk, place: SeatPlace
) -> None:
    async with attached(place) as client:
        seen: list[desk.Pushed] = []
        client.listen(seen.append)
        seat.control.push_day(DAY)
        assert not seat.control.day_watched()
        await client.ask(desk_plan.WatchDay)
        assert seat.control.day_watched()
        later = msgspec.structs.replace(DAY, as_of_ms=60_000)
        seat.control.push_day(later)
        await eventually(lambda: len(seen) == 2)
        assert seen == [DAY, later]


async def test_terminals_are_counted_as_they_come_and_go(seat: Desk, place: SeatPlace) -> None:
    async with attached(place, terminal=True), attached(place):
        async with attached(place, terminal=True):
            assert max(seat.terminals) == seat.terminals[-1] == 2
        await eventually(lambda: seat.terminals[-1] == 1)
    await eventually(lambda: seat.terminals[-1] == 0)


async def test_who_waits_learns_that_the_seat_is_gone(seat: Desk, place: SeatPlace) -> None:
    async with attached(place) as client:
        waiting = asyncio.create_task(client.ask(desk_call.Answer))
        await eventually(lambda: len(seat.asked) == 1)
        await seat.control.close()
        with pytest.raises(ConnectionLost):
            await waiting
        await asyncio.wait_for(client.closed(), 10)
        with pytest.raises(ConnectionLost):
            await client.ask(desk.Ready)
    seat.phone.cancel()


async def test_a_listener_that_fails_does_not_end_the_connection(
    seat: Desk, place: SeatPlace, caplog: pytest.LogCaptureFixture
) -> None:
    def fails(_: desk.Pushed) -> None:
        raise ZeroDivisionError("planted")

    async with attached(place) as client:
        seen: list[desk.Pushed] = []
        client.listen(fails)
        client.listen(seen.append)
        await client.ask(desk.Watch)
        await eventually(lambda: len(seen) == 1)
        await client.ask(desk.Ready)
    assert "planted" in caplog.text


async def test_only_its_owner_can_reach_it(seat: Desk, place: SeatPlace) -> None:
    assert place.runtime.stat().st_mode & 0o777 == 0o700
    assert {file.stat().st_mode & 0o777 for file in place.runtime.iterdir()} == {0o600}


async def test_nothing_is_left_of_it(place: SeatPlace) -> None:
    async with opened(place):
        assert len(list(place.runtime.iterdir())) == 2
    assert list(place.runtime.iterdir()) == []


async def test_what_a_killed_seat_left_is_no_seat_and_in_nobodys_way(place: SeatPlace) -> None:
    async with opened(place):
        left = contact(place)
        os.link(place.socket, place.runtime / "kept")
    (place.runtime / "kept").rename(place.socket)
    with pytest.raises(Refused) as refused:
        await DeskClient.connect(left, terminal=False)
    assert refused.value.code == Code.NO_SEAT
    async with opened(place), attached(place) as client:
        await client.ask(desk.Ready)


async def test_something_else_at_a_killed_seats_port_is_no_seat(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(desk_client, "CONNECT_S", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        with pytest.raises(Refused) as refused:
            await DeskClient.connect(Contact("s", "1", 1, port=port, token="t"), terminal=False)
    assert refused.value.code == Code.NO_SEAT


async def test_a_folder_too_deep_for_a_socket_is_served_over_a_port(tmp_path: Path) -> None:
    deep = tmp_path / ("d" * 60) / ("e" * 60)
    place = place_of(Settings(agent="1001", data=str(tmp_path), runtime=str(deep)))
    async with opened(place):
        assert contact(place).port
        async with attached(place) as client:
            await client.ask(desk.Ready)
