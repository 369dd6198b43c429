"""Shifts of two agents and a lead under a random hand that pulls cables, by fixed seeds. The test
keeps its own book of what it asked and saw agreed to; afterwards every fact is in the ledger
exactly once and in order, every figure is what the book says, and nobody was ready who did not
say so."""

import random
from collections.abc import Awaitable, Callable

import pytest

from protocol.facts.agent import Reason
from protocol.wire import desk
from tests.integration import evidence
from tests.integration.harms import ALONE, BESIDE, STRIKING, Harm, kill_terminal
from tests.integration.lead import PersistentLead
from tests.integration.rig import Rig
from tests.integration.shift import Shift, meanwhile, nothing

SEEDS = range(200)
HARMS = 3
REASONS = (Reason.REST, Reason.MEAL, Reason.PERSONAL, Reason.BACKOFFICE)

Act = Callable[[Shift], Awaitable[None]]

ACTS: tuple[Act, ...] = (
    lambda shift: shift.takes_call(nothing, nothing, nothing),
    lambda shift: shift.queues_break(Reason.TRAINING),
    Shift.forced_in_call,
    Shift.rejects,
    Shift.lets_ring,
    Shift.is_abandoned,
    lambda shift: shift.break_(Reason.REST),
    Shift.told_to_stop,
    Shift.told_something,
    Shift.signs_out_and_in,
)


async def live_through(shift: Shift, harm: Harm, chance: random.Random) -> None:
    """One thing that the agent does, and one that breaks."""
    if harm in STRIKING:
        moments = [nothing, nothing, nothing]
        moments[chance.randrange(3)] = harm
        beside = chance.choice([each for each in BESIDE if each is not kill_terminal])
        async with meanwhile(beside(shift)):
            await shift.takes_call(*moments)
    elif harm in ALONE:
        await harm(shift)
    else:
        async with meanwhile(harm(shift)):
            await chance.choice(ACTS)(shift)
    await shift.is_confirmed()


@pytest.mark.prove
@pytest.mark.timeout(300)
@pytest.mark.parametrize("seed", SEEDS)
async def test_a_shift_of_pulled_cables(
    shift_floor: Rig, lead: PersistentLead, codes: list[str], seed: int
) -> None:
    chance, floor = random.Random(seed), shift_floor
    shifts = [Shift(floor, number, lead, codes) for number in ("1001", "1002")]
    try:
        for shift in shifts:
            await shift.begin()
        for harm in chance.sample((*BESIDE, *STRIKING, *ALONE), HARMS):
            await live_through(chance.choice(shifts), harm, chance)
        for shift in shifts:
            await shift.player.ask(desk.SignOut)
            shift.truth.acts.append("sign_out")
            await floor.all_sent(shift.player)
        await evidence.compare(floor, lead, shifts)
    finally:
        for shift in shifts:
            await shift.close()
