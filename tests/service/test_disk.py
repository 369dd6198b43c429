"""A full disk under a real service: nothing is acknowledged that is not kept, what can be read is
read, and when there is room again every fact is there once."""

import re
import signal
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from agent_service.commands.ledger import verify
from protocol.facts.agent import State, StateEntered
from protocol.facts.call import CallMuted
from protocol.facts.session import PhoneDown
from protocol.wire.errors import Refused
from protocol.wire.sync import Ack
from tests.service.client import Client, records
from tests.service.lead import Lead
from tests.service.processes import serving
from tests.service.test_conversation import http_get
from tests.service.test_metrics import scrape
from tests.service.test_process import come, limit_file_size, stored

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="prlimit is Linux's")
Desks = Callable[..., Awaitable[Client]]
READY = StateEntered(State.READY, "ready", "1001")
LONG = PhoneDown("x" * 400_000)
FULL_AT = 200_000
AGENTS = ("1001", "1002", "1003")


async def test_nothing_is_acknowledged_nor_lost_nor_counted_twice(desks: Desks, data: Path) -> None:
    async with serving(data) as service:
        agents = [await come(desks, service.url, data, number) for number in AGENTS]
        for agent in agents:
            await agent.record(READY)
        limit_file_size(service, FULL_AT)
        for agent in agents:
            await agent.append(records(LONG, CallMuted("c1", True), first=2))
            with pytest.raises(Refused, match="ledger_unavailable"):
                await agent.acked(3)
        assert not any(type(message) is Ack for agent in agents for message in agent.inbox)
        status, body = await http_get(service.url, "/healthz")
        assert (status, b'"failing"' in body) == (503, True)
        assert (await scrape(service.url))["seatline_failing", ""] == 1

        limit_file_size(service, -1)
        for agent in agents:
            await agent.record(LONG, CallMuted("c1", True), first=2)
            await agent.record(LONG, CallMuted("c1", True), first=2)
        assert (await http_get(service.url, "/healthz"))[0] == 200
        assert await service.end(signal.SIGTERM) == 0
        log = service.log.read_text()
    assert [stored(data, agent.session) for agent in agents] == [[1, 2, 3]] * 3
    verify(data)
    assert len(re.findall(r"ERROR +disk_failing ", log)) == 1
    assert len(re.findall(r"WARNING disk_back", log)) == 1


async def test_the_floor_can_be_seen_while_nothing_can_be_written(desks: Desks, data: Path) -> None:
    async with serving(data) as service:
        agent = await come(desks, service.url, data, "1001")
        await agent.record(READY)
        lead_client = await come(desks, service.url, data, "3001")
        limit_file_size(service, FULL_AT)
        await agent.append(records(LONG, first=2))
        with pytest.raises(Refused, match="ledger_unavailable"):
            await agent.acked(2)
        lead = await Lead(lead_client).subscribe()
        assert lead.rows["1001"].state is State.READY
        with pytest.raises(Refused, match="ledger_unavailable"):
            await agent.append(records(LONG, first=2))
            await agent.acked(2)
        limit_file_size(service, -1)
        await agent.record(LONG, StateEntered(State.NOT_READY, "break", "1001"), first=2)
        await lead.until("1001", lambda row: row.state is State.NOT_READY)
