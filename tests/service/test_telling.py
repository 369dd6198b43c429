"""What a real service tells: of itself in its log, of its versions to whoever comes, and to a
reader that was too slow all that it missed."""

import asyncio
import json
import signal
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from agent_service.release import VERSION as RELEASE
from protocol import OLDEST_VERSION, VERSION
from protocol.facts.agent import State, StateEntered
from protocol.wire.errors import Refused
from protocol.wire.session import Hello
from tests.service.client import Client
from tests.service.lead import Lead
from tests.service.processes import Process, serving
from tests.service.test_feed import add_people, stubborn
from tests.service.test_metrics import scrape
from tests.service.test_process import come

Desks = Callable[..., Awaitable[Client]]
READY = StateEntered(State.READY, "ready", "1001")
PASSWORD = "correct horse battery"


def events(service: Process) -> list[dict[str, object]]:
    """The log so far, which is an object a line."""
    return [json.loads(line) for line in service.log.read_text().splitlines()]


async def until_told(service: Process, event: str) -> dict[str, object]:
    """Wait for an event."""
    async with asyncio.timeout(20):
        while True:
            for entry in events(service):
                if entry["event"] == event:
                    return entry
            await asyncio.sleep(0.02)


async def test_a_day_is_told_in_lines_that_programs_read(desks: Desks, data: Path) -> None:
    options = ("--log-format", "json")
    async with serving(data, *options, SEATLINE_SITE_OFFLINE_AFTER_S="0.4") as service:
        client = await desks(service.url, name="窗口\nforged event=x")
        await client.sign_in("1001", PASSWORD)
        await client.record(READY)
        await client.cut()
        lost = await until_told(service, "link_lost")
        again = await desks(service.url, client.key)
        await again.resume(client.signed_in.token, client.session)
        back = await until_told(service, "link_back")
        assert lost["agent"] == back["agent"] == "1001"
        with pytest.raises(Refused):
            await (await Client.open(service.url)).hello(version=99, oldest=99)
        assert await service.end(signal.SIGTERM) == 0
        told = events(service)
        text = service.log.read_text()
    in_order = ("starting", "ready", "signed_in", "link_lost", "link_back", "draining", "ended")
    names = [entry["event"] for entry in told]
    assert sorted(map(names.index, in_order)) == list(map(names.index, in_order))
    by_name = {str(entry["event"]): entry for entry in told}
    assert by_name["starting"]["version"] == RELEASE
    assert by_name["ready"]["address"] == service.url
    assert by_name["signed_in"]["agent"] == "1001"
    assert (by_name["version_refused"]["oldest"], by_name["version_refused"]["newest"]) == (99, 99)
    assert PASSWORD not in text
    assert client.signed_in.token not in text


async def test_a_stranger_is_told_which_versions_would_do(url: str) -> None:
    async with await Client.open(url) as client:
        await client.hello()
        assert client.welcome.version == VERSION
        assert client.welcome.oldest == OLDEST_VERSION
        assert client.welcome.service.endswith(RELEASE)
    for version, oldest in ((VERSION + 1, VERSION + 1), (OLDEST_VERSION - 1, 0)):
        async with await Client.open(url) as client:
            await client.send(Hello(version, oldest, "x\nforged"))
            error = await client.error()
            assert error.code == "version_unsupported"
            assert error.params == {"oldest": OLDEST_VERSION, "newest": VERSION}
            assert (await client.closed())[0] == 1008


async def test_a_newer_peer_that_still_speaks_ours_is_welcome(url: str) -> None:
    async with await Client.open(url) as client:
        await client.hello(version=VERSION + 7, oldest=OLDEST_VERSION)
        assert client.welcome.version == VERSION


async def test_a_stalled_reader_is_cut_off_and_resumes_from_its_cursor(
    desks: Desks, data: Path
) -> None:
    add_people(data, [str(number) for number in range(5000, 8000)])
    async with serving(data, SEATLINE_FEED_BUFFER_KIB="1024") as service:
        slow = await stubborn(service.url, desks, data)
        lead = await Lead(slow.client).subscribe()
        agent = await come(desks, service.url, data, "1001")
        async with asyncio.timeout(20):
            while not (await scrape(service.url))["seatline_slow_readers_cut_off_total", ""]:
                await slow.request_floor()
                await asyncio.sleep(0.02)
        assert (await agent.record(READY)).upto == 1
        slow.transport.abort()
        again = await desks(service.url, slow.client.key)
        await again.resume(slow.client.signed_in.token, "session-lead-2")
        resumed = await Lead(again).subscribe(lead.cursor)
        await resumed.until("1001", lambda row: row.state is State.READY)
        assert not any(batch.reset for batch in resumed.batches)
        cut = await until_told_in_text(service, "slow_reader_cut_off")
        assert "agent=3001" in cut


async def until_told_in_text(service: Process, event: str) -> str:
    """The first line of an event, in the form for people."""
    async with asyncio.timeout(20):
        while True:
            for line in service.log.read_text().splitlines():
                if f" {event} " in line:
                    return line
            await asyncio.sleep(0.02)
