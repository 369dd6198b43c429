"""The order of a conversation, and what cannot be understood: refused with a code, and nobody
else's connection notices."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from pathlib import Path

import msgspec
import pytest

from agent_service import connections, session
from agent_service.service import Service
from agent_service.settings import Sip
from protocol import OLDEST_VERSION, VERSION
from protocol.facts.agent import State, StateEntered
from protocol.rules.lines import CodeItem, Line
from protocol.wire import codec
from protocol.wire import session as wire
from protocol.wire.errors import Refused
from protocol.wire.session import Error
from protocol.wire.sync import Subscribe
from tests.service.client import Client, desk, records
from tests.service.conftest import SETTINGS, Serve, SignedIn, make_token, with_site
from tests.service.lead import beating

READY = StateEntered(State.READY, "ready", "1001")


async def test_welcome_tells_version_ledger_and_a_nonce_of_its_own(url: str) -> None:
    async with await Client.open(url) as one, await Client.open(url) as other:
        await one.hello()
        await other.hello()
        assert one.welcome.version == VERSION
        assert one.welcome.ledger == other.welcome.ledger
        assert one.welcome.nonce != other.welcome.nonce


async def test_a_newer_client_that_speaks_our_version_too_is_welcome(url: str) -> None:
    async with await Client.open(url) as client:
        await client.hello(version=VERSION + 5, oldest=VERSION)
        assert client.welcome.version == VERSION


@pytest.mark.parametrize(
    ("version", "oldest"),
    [(VERSION + 2, VERSION + 1), (OLDEST_VERSION - 1, OLDEST_VERSION - 1)],
)
async def test_a_client_of_another_version_is_told_so(url: str, version: int, oldest: int) -> None:
    async with await Client.open(url) as client:
        with pytest.raises(Refused) as refused:
            await client.hello(version, oldest)
        assert refused.value.code == "version_unsupported"
        assert refused.value.params == {"oldest": OLDEST_VERSION, "newest": VERSION}
        assert (await client.closed())[0] == 1008


async def test_nothing_goes_before_hello(url: str) -> None:
    async with await Client.open(url) as client:
        await client.send(wire.Heartbeat(1))
        assert (await client.error()).code == "hello_expected"
        await client.hello()


async def test_hello_is_said_once(url: str) -> None:
    async with await Client.open(url) as client:
        await client.hello()
        with pytest.raises(Refused, match="not_permitted"):
            await client.hello()


async def test_a_silent_stranger_is_shown_out(
    serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connections, "HELLO_S", 0.1)
    async with (
        serve(with_site(SETTINGS, offline_after_s=0.2)) as service,
        await Client.open(service.server.address) as client,
    ):
        assert (await client.error()).code == "hello_expected"
        assert (await client.closed())[0] == 1008


async def test_a_stranger_who_talks_is_shown_out_all_the_same(
    serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connections, "HELLO_S", 0.2)
    async with (
        serve(with_site(SETTINGS, offline_after_s=0.2)) as service,
        await Client.open(service.server.address) as client,
        beating(client),
    ):
        assert (await client.closed())[0] == 1008


async def test_a_stranger_who_never_says_hello_is_shown_out_after_a_few_frames(
    url: str,
) -> None:
    async with await Client.open(url) as client:
        for _ in range(session.BAD_FRAMES + 1):
            await client.send(wire.Heartbeat(1))
        assert (await client.closed())[0] == 1008


async def test_who_only_guesses_codes_is_shown_out(url: str) -> None:
    async with await Client.open(url) as client:
        await client.hello()
        for _ in range(session.BAD_FRAMES + 1):
            with pytest.raises(Refused, match="bad_enrolment_code"):
                await client.enrol("AAAA-AAAA-AAAA")
        assert (await client.closed())[0] == 1008


async def test_of_too_many_strangers_the_oldest_goes_and_no_desk(
    serve: Serve, desks: Callable[..., Awaitable[Client]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connections, "STRANGERS", 2)
    async with serve(with_site(SETTINGS, offline_after_s=2)) as service:
        url = service.server.address
        known = await desks(url)
        async with contextlib.AsyncExitStack() as stack:
            strangers = [await stack.enter_async_context(await Client.open(url)) for _ in range(3)]
            assert (await strangers[0].closed())[0] == 1006
            for client in strangers[1:]:
                await client.hello()
            await known.send(wire.Heartbeat(1))
            await known.expect(wire.HeartbeatSeen)


async def test_only_a_desk_may_send_a_large_frame(url: str, signed_in: SignedIn) -> None:
    large = " " * session.STRANGER_FRAME_BYTES + '{"type": "heartbeat", "mono_ms": 1}'
    async with await Client.open(url) as client:
        await client.hello()
        await client.send_raw(large)
        assert (await client.closed())[0] == 1009
    known = await signed_in("1001")
    await known.send_raw(large)
    await known.expect(wire.HeartbeatSeen)


async def test_a_request_to_a_service_that_ends_is_refused_by_its_number(
    service: Service, signed_in: SignedIn
) -> None:
    client = await signed_in("3001")
    service.connections.hush()
    with pytest.raises(Refused, match="draining"):
        await client.request(Subscribe(client.next_id()))


async def test_a_desk_comes_before_a_person_and_a_person_before_the_floor(
    url: str, signed_in: SignedIn
) -> None:
    async with await Client.open(url) as client:
        await client.hello()
        with pytest.raises(Refused, match="desk_expected"):
            await client.sign_in("1001", "whatever")
        await client.append(records(READY), "s")
        assert (await client.error()).code == "desk_expected"
    known = await signed_in("1001")
    async with desk(url, known.key) as client:
        with pytest.raises(Refused, match="sign_in_expected"):
            await client.request(Subscribe(client.next_id()))
        with pytest.raises(Refused, match="sign_in_expected"):
            await client.request(wire.SignOut(client.next_id()))


async def test_a_heartbeat_is_answered_with_the_servers_clock(signed_in: SignedIn) -> None:
    client = await signed_in("1001")
    await client.send(wire.Heartbeat(77))
    seen = await client.expect(wire.HeartbeatSeen)
    assert seen.mono_ms == 77
    assert seen.server_ms > 1_700_000_000_000


@pytest.mark.parametrize(
    ("frame", "code"),
    [
        ("", "malformed_message"),
        ("{", "malformed_message"),
        ("[]", "malformed_message"),
        ("null", "malformed_message"),
        ('{"id": 3}', "malformed_message"),
        ('{"type": "signin", "id": 3}', "malformed_message"),
        ('{"type": "fly", "id": 3}', "unknown_command"),
        (b'{"type": "signin", "agent": "\xff"}', "malformed_message"),
        (b"\x00\x01\x02", "malformed_message"),
        ("[" * 100_000, "malformed_message"),
    ],
)
async def test_what_is_no_message_is_refused_and_the_connection_goes_on(
    signed_in: SignedIn, frame: str | bytes, code: str
) -> None:
    client, other = await signed_in("1001"), await signed_in("1002")
    await client.send_raw(frame)
    assert (await client.error()).code == code
    assert (await client.record(READY)).upto == 1
    assert (await other.record(READY)).upto == 1


async def test_the_refusal_of_an_unknown_command_names_the_request(url: str) -> None:
    async with await Client.open(url) as client:
        await client.send_raw('{"type": "fly", "id": 3, "to": "the moon"}')
        assert await client.error() == Error("unknown_command", {"command": "fly"}, 3)


async def test_a_binary_frame_is_as_good_as_text(signed_in: SignedIn) -> None:
    client = await signed_in("1001")
    await client.send_raw(codec.encode(wire.Heartbeat(5)))
    assert (await client.expect(wire.HeartbeatSeen)).mono_ms == 5


async def test_who_sends_only_nonsense_is_shown_out(url: str, signed_in: SignedIn) -> None:
    other = await signed_in("1002")
    async with await Client.open(url) as client:
        for _ in range(session.BAD_FRAMES + 1):
            await client.send_raw("nonsense")
        assert (await client.closed())[0] == 1008
    assert (await other.record(READY)).upto == 1


async def test_a_frame_that_is_too_large_ends_its_own_connection_only(
    signed_in: SignedIn,
) -> None:
    client, other = await signed_in("1001"), await signed_in("1002")
    await client.send_raw(" " * (codec.MAX_FRAME_BYTES + 1))
    assert (await client.closed())[0] == 1009
    assert (await other.record(READY)).upto == 1


async def test_a_fault_of_the_service_is_one_answer_and_is_logged(
    service: Service,
    signed_in: SignedIn,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    client = await signed_in("3001")

    def broken(*_: object) -> None:
        raise RuntimeError("a fault")

    monkeypatch.setattr(service.readers[0], "run", broken)
    with pytest.raises(Refused, match="internal"):
        await client.resume("token", "session")
    assert "RuntimeError: a fault" in caplog.text
    await client.send(wire.Heartbeat(1))
    await client.expect(wire.HeartbeatSeen)


async def test_who_checks_a_password_keeps_nobody_waiting(
    url: str, signed_in: SignedIn, desks: Callable[..., Awaitable[Client]]
) -> None:
    other = await signed_in("1002")
    waiting = [await desks(url) for _ in range(4)]
    guesses = [
        asyncio.create_task(client.sign_in(str(number), "a wrong password"))
        for number, client in enumerate(waiting)
    ]
    assert (await other.record(READY)).upto == 1
    assert not all(guess.done() for guess in guesses)
    outcomes = await asyncio.gather(*guesses, return_exceptions=True)
    assert {getattr(outcome, "code", None) for outcome in outcomes} == {"bad_credentials"}


async def test_health_is_told_on_the_same_port(
    service: Service, url: str, signed_in: SignedIn
) -> None:
    client = await signed_in("1001")
    status, body = await http_get(url, "/healthz")
    assert status == 200
    assert msgspec.json.decode(body) == {
        "status": "ok",
        "ledger": client.welcome.ledger,
        "position": service.writer.head.position,
        "connections": 1,
    }
    assert (await http_get(url, "/elsewhere"))[0] == 404


async def http_get(url: str, path: str) -> tuple[int, bytes]:
    """The status and body of a plain request."""
    host, port = url.removeprefix("ws://").split(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    writer.write(f"GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode())
    head, _, body = (await reader.read()).partition(b"\r\n\r\n")
    writer.close()
    await writer.wait_closed()
    return int(head.split()[1]), body


async def test_lines_and_codes_are_delivered_at_sign_in(
    serve: Serve, desks: Callable[..., Awaitable[Client]], data: Path
) -> None:
    line = Line("service", {"en": "Service"}, ("95001",), outcomes=(CodeItem("done", {}),))
    sip = Sip(ready_code="*71", pause_code="*72", service_codes=("*97", "10*"))
    settings = msgspec.structs.replace(SETTINGS, lines=(line,), sip=sip)
    async with serve(settings) as service:
        client = await desks(service.server.address)
        await client.resume(make_token(data, client.key.desk, "1001"), "s")
    assert client.signed_in.lines == (line,)
    account = client.signed_in.sip
    assert account is not None
    assert (account.ready_code, account.pause_code, account.service_codes) == (
        "*71",
        "*72",
        ("*97", "10*"),
    )
