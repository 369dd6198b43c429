"""A break after a long run of work: the turn comes at once, whatever the cap, and the break is
excused when it is over."""

import asyncio
import contextlib
from pathlib import Path

from agent_service import database
from agent_service.commands.ledger import verify
from protocol.wire.exceptions import Overlay, Standing
from tests.service.break_requests import (
    LOOK_S,
    MINUTE,
    QUEUED,
    READY,
    REST,
    Comes,
    Desks,
    came,
    excuse,
    later,
    order,
    queue_of,
    seated,
)
from tests.service.client import LIMIT_S
from tests.service.conftest import Serve, SignedIn
from tests.service.roster_requests import Time

LONG = 346 * MINUTE
"""A minute more than that after which a break is offered."""


async def marked(data: Path) -> None:
    """Wait until the one place says that a rest is due."""
    async with asyncio.timeout(LIMIT_S):
        while True not in rests_due(data):
            await asyncio.sleep(LOOK_S)


def rests_due(data: Path) -> list[bool]:
    """Of each place."""
    with contextlib.closing(database.open_reader(data / database.FILE)) as connection:
        rows = connection.execute("SELECT rest_due FROM break_place")
        return [bool(each) for (each,) in rows]


async def test_after_long_work_one_goes_at_once_over_the_cap_and_the_break_is_excused(
    comes: Comes, signed_in: SignedIn, time: Time, data: Path
) -> None:
    away, tired = await comes("1001"), await comes("1005")
    await away.asks()
    await away.tell(REST)
    assert (await tired.asks()).place == 1
    await tired.withdraws()
    later(time, LONG)
    waits, lead = await comes("1004"), await signed_in("2001")
    assert (await waits.asks()).place == 1
    await tired.asks()
    await tired.until(lambda own: own.granted)
    queue = await queue_of(lead)
    assert order(queue) == [("1005", False, True), ("1004", False, False)]
    assert [each.rest_due for each in queue.waiting] == [True, False]
    began_ms = time.now_ms()
    await tired.tell(REST, at_ms=began_ms)
    await tired.told(asked=None, away=2)
    later(time, 11 * MINUTE)
    await tired.tell(READY, at_ms=began_ms + 11 * MINUTE)
    row = await excuse(lead)
    assert (row.start_ms, row.end_ms) == (began_ms, began_ms + 11 * MINUTE)
    assert (row.what, row.standing, row.code) == (Overlay.EXCUSE, Standing.APPROVED, "REST_DUE")
    assert (row.agent, row.actor, row.evidence) == ("1005", "system", ())
    verify(data)


async def test_a_turn_that_long_work_overtakes_is_excused_also_after_a_restart(
    serve: Serve, data: Path, time: Time, desks: Desks
) -> None:
    async with serve(QUEUED) as service:
        agent = await seated(service, data, desks, time)
        await agent.tell(READY)
        await agent.asks()
        await agent.talks("long")
        later(time, LONG)
        await marked(data)
        began_ms = time.now_ms()
        await agent.tell(REST, at_ms=began_ms)
    later(time, 4 * MINUTE)
    async with serve(QUEUED) as service:
        back = await seated(service, data, desks, time, agent)
        await back.tell(READY, at_ms=began_ms + 3 * MINUTE)
        row = await excuse(await came(service, data, desks, "2001"))
        assert (row.code, row.end_ms - row.start_ms) == ("REST_DUE", 3 * MINUTE)
    verify(data)
