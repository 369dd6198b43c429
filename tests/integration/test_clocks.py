"""Wall clocks that are wrong, and that jump in the middle of a shift: at a desk and at the service.
Instants are the server's anchor and the monotonic clock, so that no figure changes."""

import time
from pathlib import Path

import pytest

from agent_client.phone import engine
from protocol.facts.agent import Reason
from protocol.wire import desk
from tests.integration import evidence
from tests.integration.lead import PersistentLead
from tests.integration.rig import Rig
from tests.integration.shift import Shift, nothing
from tests.integration.wall_clock import WallClock, wall_clock

MINUTE_MS = 60_000
NEAR_MS = 2_000

pytestmark = pytest.mark.prove


@pytest.fixture
def clock(tmp_path: Path) -> WallClock:
    return wall_clock(tmp_path)


async def signs_out(shift: Shift) -> None:
    await shift.player.ask(desk.SignOut)
    shift.truth.acts.append("sign_out")
    await shift.floor.all_sent(shift.player)


async def test_a_desk_whose_wall_clock_is_wrong_and_jumps(
    shift_floor: Rig, lead: PersistentLead, codes: list[str], clock: WallClock
) -> None:
    floor, began_ms = shift_floor, time.time_ns() // 1_000_000
    floor.seat_variables = clock.variables
    clock.shows(30)
    shift = Shift(floor, "1001", lead, codes)
    try:
        await shift.begin()
        await shift.takes_call(nothing, nothing, nothing)
        clock.shows(-180)
        await shift.break_(Reason.MEAL)
        await shift.rejects()
        clock.shows(0)
        await shift.takes_call(nothing, nothing, nothing)
        await signs_out(shift)
        await evidence.compare(floor, lead, [shift])
    finally:
        await shift.close()

    rows = evidence.select(
        floor.data,
        "SELECT seq, occurred_ms, wall_ms, received_ms FROM entry WHERE agent = ?"
        " ORDER BY position",
        "1001",
    )
    seqs, occurred, walls, received = zip(*rows, strict=True)
    assert list(seqs) == sorted(seqs)
    assert list(occurred) == sorted(occurred)
    assert began_ms - NEAR_MS <= occurred[0]
    assert occurred[-1] <= time.time_ns() // 1_000_000 + NEAR_MS
    assert list(received) == sorted(received)
    skews = {round((wall - at) / MINUTE_MS) for wall, at in zip(walls, occurred, strict=True)}
    assert skews == {30, -180, 0}


@pytest.mark.parametrize("minutes", [-60, 45])
async def test_a_service_whose_wall_clock_jumps(
    shift_floor: Rig, lead: PersistentLead, codes: list[str], clock: WallClock, minutes: int
) -> None:
    floor = shift_floor
    assert floor.service is not None
    await floor.service.kill()
    floor.variables |= clock.variables
    await floor.start_service()
    shift = Shift(floor, "1001", lead, codes)
    try:
        await shift.begin()
        await shift.takes_call(nothing, nothing, nothing)
        clock.shows(minutes)
        await shift.takes_call(nothing, nothing, nothing)
        await shift.break_(Reason.MEAL)
        await shift.told_something()
        await shift.is_abandoned()
        await signs_out(shift)
        assert floor.customer.events
        assert not [each for each in floor.customer.events if isinstance(each, engine.PhoneDown)]
        await evidence.compare(floor, lead, [shift])
    finally:
        await shift.close()
