"""The way to the service: a step that fails is named, and nothing behind it is guessed."""

import asyncio
import contextlib
import ssl
import time
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import trustme
from websockets.asyncio.server import serve

from agent_client.doctor import network
from agent_client.doctor.finding import Finding, Found
from agent_client.seat import identity
from agent_client.seat.identity import DeskIdentity, new_key
from agent_client.seat.place import make_folders, place_of
from agent_client.settings import Settings
from protocol.wire import codec, session
from protocol.wire.errors import Code
from tests.seat.service import FakeService, fake_service, refuses


def settings(server: str, folder: Path, ca: str = "") -> Settings:
    return Settings(server=server, agent="1001", data=str(folder), ca=ca)


def codes(findings: list[Finding]) -> list[Found]:
    return [finding.code for finding in findings]


@pytest.mark.parametrize("server", ["", "http://x", "ws://", "ws://h:port", "ws://h:99999", "1"])
async def test_an_address_that_is_none(server: str, tmp_path: Path) -> None:
    assert codes(await network.service(settings(server, tmp_path))) == [Found.SERVER_BAD]


async def test_a_name_that_nobody_knows(tmp_path: Path) -> None:
    found = await network.service(settings("ws://nobody.invalid:7420", tmp_path))
    assert codes(found) == [Found.NAME_UNKNOWN]


async def test_a_port_where_nobody_listens(tmp_path: Path) -> None:
    assert codes(await network.service(settings("ws://127.0.0.1:1", tmp_path))) == [
        Found.PORT_CLOSED
    ]


async def test_something_else_that_listens(tmp_path: Path) -> None:
    async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 mail\r\n")
        writer.close()

    async with await asyncio.start_server(silent, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        found = await network.service(settings(f"ws://127.0.0.1:{port}", tmp_path))
    assert codes(found) == [Found.NO_SERVICE]


async def test_a_service_that_is_well_but_does_not_know_the_desk(tmp_path: Path) -> None:
    async with _service(lambda: time.time()) as service:
        found = await network.service(settings(service.url, tmp_path))
    assert codes(found) == [Found.SERVICE_FINE, Found.CLOCK_FINE, Found.DESK_NOT_ENROLLED]


async def test_a_desk_that_is_known(tmp_path: Path) -> None:
    async with _service(lambda: time.time()) as service:
        known = settings(service.url, tmp_path)
        make_folders(place_of(known))
        identity.keep(place_of(known).identity, DeskIdentity("d1", new_key()))
        assert codes(await network.service(known))[-1] is Found.DESK_ENROLLED
        service.answers[session.Present] = refuses(Code.BAD_DESK_PROOF)
        assert codes(await network.service(known))[-1] is Found.DESK_NOT_ENROLLED


@pytest.mark.parametrize("seconds", [-3600, 7])
async def test_a_clock_that_is_off(tmp_path: Path, seconds: int) -> None:
    async with _service(lambda: time.time() - seconds) as service:
        found = await network.service(settings(service.url, tmp_path))
    assert found[1].code is Found.CLOCK_OFF
    assert abs(float(str(found[1].params["skew"])) - seconds) < 2


async def test_another_version_is_named(tmp_path: Path) -> None:
    async with fake_service() as service:
        service.answers[session.Hello] = refuses(Code.VERSION_UNSUPPORTED, oldest=7, newest=9)
        (found,) = await network.service(settings(service.url, tmp_path))
    assert found.code is Found.VERSION_DIFFERS
    assert (found.params["oldest"], found.params["newest"]) == (7, 9)


async def test_a_certificate_of_the_right_authority_and_of_a_wrong_one(tmp_path: Path) -> None:
    right, wrong = trustme.CA(), trustme.CA()
    for name, authority in (("right", right), ("wrong", wrong)):
        authority.cert_pem.write_to_path(str(tmp_path / f"{name}.pem"))
    soon = datetime.now(UTC) + timedelta(days=3)
    async with _encrypted(right, soon) as url:
        found = await network.service(settings(url, tmp_path, str(tmp_path / "right.pem")))
        assert codes(found) == [Found.CERTIFICATE_ENDS, Found.NO_SERVICE]
        found = await network.service(settings(url, tmp_path, str(tmp_path / "wrong.pem")))
        assert codes(found) == [Found.CERTIFICATE_REFUSED]
        found = await network.service(settings(url, tmp_path, str(tmp_path / "none.pem")))
        assert codes(found) == [Found.CA_UNREADABLE]


@contextlib.asynccontextmanager
async def _service(clock) -> AsyncIterator[FakeService]:
    async with fake_service() as service:
        service.answers[session.Heartbeat] = lambda message: session.HeartbeatSeen(
            message.mono_ms, round(clock() * 1000)
        )
        yield service


@contextlib.asynccontextmanager
async def _encrypted(authority: trustme.CA, until: datetime) -> AsyncIterator[str]:
    """Something encrypted that is no floor service."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert("127.0.0.1", not_after=until).configure_cert(context)

    async def answer(connection) -> None:
        await connection.recv()
        await connection.send(codec.encode(session.SignedOut(1)), text=True)

    async with serve(answer, "127.0.0.1", 0, ssl=context) as server:
        yield f"wss://127.0.0.1:{server.sockets[0].getsockname()[1]}"
