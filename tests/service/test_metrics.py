"""What an operator's monitoring reads: true figures, at next to no cost."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

from agent_service.service import Service
from agent_service.tally import Spread
from protocol.facts.agent import State, StateEntered
from protocol.facts.call import CallMuted
from protocol.wire.errors import Refused
from tests.service.client import Client, records
from tests.service.conftest import SETTINGS, Serve, SignedIn, with_site
from tests.service.test_conversation import http_get
from tests.service.test_process import come

MUTED = CallMuted("c1", True)
READY = StateEntered(State.READY, "ready", "1001")
Desks = Callable[..., Awaitable[Client]]


async def scrape(url: str) -> dict[tuple[str, str], float]:
    """Every sample by its name and its label's value."""
    status, body = await http_get(url, "/metrics")
    assert status == 200
    return {
        (sample.name, next(iter(sample.labels.values()), "")): sample.value
        for family in text_string_to_metric_families(body.decode())
        for sample in family.samples
    }


async def test_it_tells_who_is_connected_and_how_far(
    url: str, signed_in: SignedIn, desks: Desks
) -> None:
    lead = await signed_in("3001")
    await lead.subscribe()
    await signed_in("1001")
    await desks(url)
    async with await Client.open(url) as greeted, await Client.open(url):
        await greeted.hello()
        found = await scrape(url)
    standings = {
        name: found["seatline_connections", name]
        for name in ("stranger", "greeted", "desk", "person")
    }
    assert standings == {"stranger": 1, "greeted": 1, "desk": 1, "person": 2}
    assert found["seatline_seats_signed_in", ""] == 2
    assert found["seatline_feed_subscribers", ""] == 1
    assert found["seatline_seats_offline", ""] == 0


async def test_it_tells_what_was_appended_and_how(service: Service, signed_in: SignedIn) -> None:
    url = service.server.address
    before = await scrape(url)
    agent = await signed_in("1001")
    await agent.record(*[MUTED] * 100)
    found = await scrape(url)
    appended = (
        found["seatline_facts_appended_total", ""] - before["seatline_facts_appended_total", ""]
    )
    assert appended == 101  # with the beginning of the session
    assert found["seatline_ledger_position", ""] == service.writer.head.position
    assert found["seatline_commit_facts_sum", ""] == found["seatline_facts_appended_total", ""]
    assert found["seatline_commit_facts_count", ""] == found["seatline_commit_seconds_count", ""]
    assert found["seatline_commit_seconds_sum", ""] > 0
    assert found["seatline_writer_queue_jobs", ""] == 0
    assert found["seatline_failing", ""] == 0
    assert found["seatline_disk_free_bytes", ""] > 0
    assert found["seatline_wal_bytes", ""] > 0
    assert found["process_open_fds", ""] > 0
    assert found["seatline_uptime_seconds", ""] > 0


async def test_it_counts_refusals_by_their_code(url: str, signed_in: SignedIn) -> None:
    agent = await signed_in("1001")
    for _ in range(3):
        await agent.append(records(MUTED, first=7))
        with pytest.raises(Refused, match="sequence_gap"):
            await agent.acked(7)
    async with await Client.open(url) as other:
        with pytest.raises(Refused, match="version_unsupported"):
            await other.hello(version=99, oldest=99)
    found = await scrape(url)
    assert found["seatline_refusals_total", "sequence_gap"] == 3
    assert found["seatline_refusals_total", "version_unsupported"] == 1


async def test_a_seat_that_is_not_heard_is_offline(serve: Serve, desks: Desks, data: Path) -> None:
    async with serve(with_site(SETTINGS, offline_after_s=0.3)) as service:
        url = service.server.address
        agent = await come(desks, url, data, "1001")
        await agent.record(READY)
        async with asyncio.timeout(10):
            while (await scrape(url))["seatline_seats_offline", ""] != 1:
                await asyncio.sleep(0.05)


def test_a_spread_counts_each_value_once_up_to_its_bound() -> None:
    spread = Spread((1, 10))
    for value in (0, 1, 1.5, 10, 11):
        spread.add(value)
    assert spread.counts == [2, 2, 1]
    assert spread.total == 23.5
