"""The service as a process: killed, told to end, out of disk."""

import asyncio
import contextlib
import json
import shutil
import signal
import sys
import time
from collections.abc import Awaitable, Callable
from contextlib import closing
from pathlib import Path

import pytest
from websockets.exceptions import ConnectionClosed

from agent_service import database
from agent_service.commands.ledger import verify
from agent_service.ledger import replay
from protocol.facts.call import CallMuted
from protocol.facts.session import PhoneDown
from protocol.wire import sync
from protocol.wire.errors import Refused
from protocol.wire.session import Error
from tests.service.client import Client, records
from tests.service.conftest import make_token
from tests.service.processes import Process, run, serving
from tests.service.test_conversation import http_get
from tests.service.test_feed import add_people, stubborn

Desks = Callable[..., Awaitable[Client]]
MUTED = CallMuted("c1", True)


async def come(desks: Desks, url: str, data: Path, agent: str) -> Client:
    """A new desk with somebody signed in."""
    client = await desks(url)
    return await client.resume(make_token(data, client.key.desk, agent), f"session-{agent}")


def stored(data: Path, session: str) -> list[int]:
    """The numbers on the disk, in the ledger's order."""
    with closing(database.open_reader(data / database.FILE)) as connection:
        return [entry.seq for entry in replay.entries(connection) if entry.session == session]


class Publisher:
    """Sends without waiting, and knows what was acknowledged."""

    def __init__(self, client: Client) -> None:
        self.client = client
        self.sent = 0
        self.acked = 0

    async def publish(self) -> None:
        """Until the connection ends."""
        with contextlib.suppress(ConnectionClosed):
            while True:
                await self.client.append(records(*[MUTED] * 8, first=self.sent + 1))
                self.sent += 8
                await asyncio.sleep(0.001)

    async def note(self) -> None:
        with contextlib.suppress(ConnectionError):
            while True:
                self.acked = (await self.client.expect(sync.Ack)).upto


async def test_killed_in_the_middle_all_that_was_acknowledged_is_there_once(
    desks: Desks, data: Path
) -> None:
    async with serving(data) as service:
        publishers = [
            Publisher(await come(desks, service.url, data, agent))
            for agent in ("1001", "1002", "1003")
        ]
        working = [
            asyncio.create_task(work)
            for publisher in publishers
            for work in (publisher.publish(), publisher.note())
        ]
        async with asyncio.timeout(10):
            while min(publisher.acked for publisher in publishers) < 200:
                await asyncio.sleep(0.01)
        assert await service.end(signal.SIGKILL) == -signal.SIGKILL
        await asyncio.gather(*working)
    async with serving(data) as service:
        for publisher in publishers:
            kept = stored(data, publisher.client.session)
            assert kept == list(range(1, len(kept) + 1))
            assert publisher.acked <= len(kept) <= publisher.sent
            again = await desks(service.url, publisher.client.key)
            again.session = publisher.client.session
            await again.record(*[MUTED] * 8, first=publisher.acked - 7)
            await again.append(())
            assert (await again.expect(sync.Ack)).upto == max(len(kept), publisher.acked)
        assert await service.end(signal.SIGTERM) == 0
    verify(data)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
async def test_told_to_end_it_acknowledges_what_came_and_says_good_bye(
    desks: Desks, data: Path, number: signal.Signals
) -> None:
    async with serving(data) as service:
        client = await come(desks, service.url, data, "1001")
        await client.append(records(*[MUTED] * 100))
        await client.acked(100)
        began = time.monotonic()
        assert await service.end(number) == 0
        assert time.monotonic() - began < 5
        assert await client.error() == Error("draining")
        assert (await client.closed())[0] == 1001
        assert await service.rest_of_output() == ""
    assert len(stored(data, client.session)) == 100
    assert not (data / f"{database.FILE}-wal").exists()


async def test_it_ends_in_time_with_somebody_who_does_not_answer(desks: Desks, data: Path) -> None:
    async with serving(data) as service:
        client = await come(desks, service.url, data, "1001")
        client.connection.transport.pause_reading()
        began = time.monotonic()
        assert await service.end(signal.SIGTERM) == 0
        assert time.monotonic() - began < 5
        client.connection.transport.resume_reading()


@pytest.mark.skipif(sys.platform != "linux", reason="prlimit is Linux's")
async def test_a_full_disk_is_told_and_survived(desks: Desks, data: Path) -> None:
    async with serving(data) as service:
        client = await come(desks, service.url, data, "1001")
        await client.record(MUTED)
        limit_file_size(service, 200_000)
        long = PhoneDown("x" * 400_000)
        await client.append(records(long, first=2))
        with pytest.raises(Refused, match="ledger_unavailable"):
            await client.acked(2)
        status, body = await http_get(service.url, "/healthz")
        assert (status, b'"failing"' in body) == (503, True)
        limit_file_size(service, -1)
        await client.record(long, first=2)
        assert (await http_get(service.url, "/healthz"))[0] == 200
        assert await service.end(signal.SIGTERM) == 0
    assert stored(data, client.session) == [1, 2]
    verify(data)


async def test_nobody_who_is_silent_or_reads_nothing_keeps_it_from_ending(
    desks: Desks, data: Path
) -> None:
    add_people(data, [str(number) for number in range(5000, 8000)])
    async with serving(data) as service:
        host, port = service.url.removeprefix("ws://").split(":")
        _, silent = await asyncio.open_connection(host, int(port))
        deaf = await stubborn(service.url, desks, data)
        await deaf.leave_unread()
        began = time.monotonic()
        assert await service.end(signal.SIGTERM) == 0
        assert time.monotonic() - began < 5
        deaf.transport.abort()
        silent.close()


async def test_it_takes_as_many_connections_as_the_system_permits(data: Path) -> None:
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (256, hard))
    try:
        async with serving(data) as service:
            given = resource.prlimit(service.process.pid, resource.RLIMIT_NOFILE)
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    assert given == (min(hard, 65_536), hard)


def limit_file_size(service: Process, size: int) -> None:
    """As a full disk: no file of the process grows beyond it; -1 lifts it."""
    import resource

    _, hard = resource.prlimit(service.process.pid, resource.RLIMIT_FSIZE)
    resource.prlimit(service.process.pid, resource.RLIMIT_FSIZE, (size, hard))


async def test_one_service_a_database_and_one_a_port(
    data: Path, staffed: Path, tmp_path: Path
) -> None:
    async with serving(data) as service:
        code, out, err = await run("serve", "--data", str(data), "--listen", "127.0.0.1:0")
        assert (code, out) == (1, "")
        assert "[already_serving]" in err
        other = tmp_path / "other"
        shutil.copytree(staffed, other)
        address = service.url.removeprefix("ws://")
        code, out, err = await run("serve", "--data", str(other), "--listen", address)
        assert (code, out) == (1, "")
        assert "[address_in_use]" in err


async def test_it_does_not_listen_in_the_clear_unless_told_by_name(data: Path) -> None:
    code, out, err = await run("serve", "--data", str(data), "--listen", "0.0.0.0:0")
    assert (code, out) == (1, "")
    assert "[tls_required]" in err


async def test_staff_and_codes_are_added_and_the_ledger_checked_while_it_serves(
    desks: Desks, data: Path
) -> None:
    async with serving(data) as service:
        client = await come(desks, service.url, data, "1001")
        await client.record(MUTED)
        added = await run(
            *("user", "add", "1010", "--name", "New", "--role", "agent", "--sip-user", "u10"),
            *("--data", str(data), "--password-stdin", "--password-final"),
            given="password 1\nsip password\n",
        )
        assert added == (0, "1010\n", "")
        code, out, _ = await run("enrol", "--data", str(data))
        assert code == 0
        newcomer = await Client.open(service.url)
        async with newcomer:
            await newcomer.hello()
            await newcomer.enrol(out.strip())
            await newcomer.present()
            await newcomer.sign_in("1010", "password 1", new_password="password 2")
            sip = newcomer.signed_in.sip
            assert sip is not None
            assert (sip.user, sip.password) == ("u10", "sip password")
        code, out, _ = await run("verify", "--data", str(data))
        assert code == 0
        assert json.loads(out)["entries"] == verify(data).position
    assert "password 1" not in service.log.read_text()
    assert "sip password" not in service.log.read_text()
