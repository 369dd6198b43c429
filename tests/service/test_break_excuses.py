"""The date that the excuse of a break after an abusive call is for."""

from collections.abc import Awaitable, Callable
from pathlib import Path

import msgspec
import pytest

from protocol.wire.attendance import NameSubstitute
from tests.service.break_requests import MATES, QUEUED, READY, REST, Agent, excuse
from tests.service.client import Client
from tests.service.conftest import Serve, make_token
from tests.service.people import hire
from tests.service.roster_requests import MONDAY, Time, clock, planned
from tests.service.rosters import PLANNED

Desks = Callable[..., Awaitable[Client]]
MINUTE = 60_000


async def test_in_a_night_shift_that_one_stands_in_for_it_is_that_of_the_shift(
    serve: Serve, data: Path, desks: Desks, monkeypatch: pytest.MonkeyPatch
) -> None:
    time = Time(monkeypatch)
    time.go_to(clock(MONDAY, 20))
    hire(data, MATES, "-")
    async with serve(msgspec.structs.replace(PLANNED, breaks=QUEUED.breaks)) as service:

        async def come(number: str) -> Client:
            client = await desks(service.server.address)
            return await client.resume(make_token(data, client.key.desk, number), f"s-{number}")

        lead = await come("2001")
        await planned(lead, a1004="night")
        await lead.request(NameSubstitute(lead.next_id(), "1004", MONDAY, "1005", "ill"))
        time.go_to(clock(MONDAY, 25))
        agent = Agent(await come("1005"), time)
        await agent.tell(READY)
        await agent.talks("bad")
        await agent.stops_talking("bad")
        await agent.asks(after_call="bad")
        began_ms = time.now_ms()
        time.go_to(began_ms + MINUTE)
        await agent.delivers((began_ms, REST), (began_ms + MINUTE // 2, READY))
        assert (await excuse(lead)).day == MONDAY
