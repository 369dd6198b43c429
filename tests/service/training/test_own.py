"""What a seat is told of its person's training: what there is to do, what offers itself between
calls, and when somebody is asked back."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from msgspec.structs import replace

from agent_service.service import Service
from agent_service.settings import Training
from protocol.facts.agent import State, StateEntered
from protocol.facts.call import CallOffered
from protocol.facts.shift import Activity, PlanCause, PlannedSegment, ShiftPlanned
from protocol.facts.training import TrainingOpened, TrainingPostponed
from protocol.wire.training import OfferCause, OwnTraining
from tests.service.break_requests import MINUTE, QUEUED, Agent, later
from tests.service.client import Client
from tests.service.conftest import Serve, SignedIn
from tests.service.lead import beating
from tests.service.roster_requests import Time, refusal
from tests.service.rosters import ZONE
from tests.service.training.assigned import (
    READY,
    TRAINING,
    assign,
    of,
    push,
    recall,
    record,
    taught,
    ticked,
    told,
    withdraw,
)

RINGING = StateEntered(State.RINGING, "call_offered", "", None, "c")
SETTINGS = replace(QUEUED, training=Training(idle_s=120, offer_s=900, recall_s=60))


@pytest.fixture
async def service(serve: Serve, time: Time) -> AsyncIterator[Service]:
    """With a service level that team A has to keep."""
    async with serve(SETTINGS) as running:
        yield running


@pytest.fixture
async def agent(signed_in: SignedIn, time: Time) -> Agent:
    """An agent of team A, who is ready."""
    agent = Agent(await signed_in("1001"), time)
    await agent.tell(READY)
    return agent


def plan(data: Path, time: Time, agent: str, from_min: int, until_min: int) -> None:
    """Training is planned for somebody, from so many minutes from now on."""
    now_ms = time.now_ms()
    start_ms, end_ms = now_ms + from_min * MINUTE, now_ms + until_min * MINUTE
    day = datetime.fromtimestamp(start_ms / 1000, UTC).astimezone(ZONE).date()
    segments = (PlannedSegment(start_ms, end_ms, Activity.TRAINING),)
    record(data, [ShiftPlanned(agent, day, 1, segments, "3001", PlanCause.ROSTER)])


async def misses_calls(agent: Agent) -> None:
    """The service level of the team is not kept then."""
    for number in range(3):
        await agent.rings(f"missed{number}", answered_after_s=60)


async def test_whoever_signs_in_is_told_of_what_there_is_to_do(
    trainer: Client, signed_in: SignedIn
) -> None:
    task, names = await taught(trainer)
    other, third = await ticked(trainer, names), await ticked(trainer, names, "第三份")
    await assign(trainer, task, "1001")
    await assign(trainer, other, "1001", due_ms=9_000)
    await assign(trainer, third, "1001", due_ms=5_000)
    own = await (await signed_in("1001")).expect(OwnTraining)
    assert [row.task for row in own.open] == [third, other, task]
    assert (own.offer, own.recalled_by, own.idle_s) == (None, "", 120)
    nothing = await (await signed_in("1002")).expect(OwnTraining)
    assert nothing == OwnTraining(idle_s=120)


async def test_it_is_told_as_it_changes(trainer: Client, agent: Agent) -> None:
    task, _ = await taught(trainer)
    await assign(trainer, task, "1001")
    own = await told(agent.client, lambda own: len(own.open) == 1)
    row = own.open[0]
    await agent.tell(TrainingOpened(row.assignment, row.items[0].content))
    own = await told(agent.client, lambda own: own.open[0].started_ms is not None)
    await withdraw(trainer, row.assignment)
    await told(agent.client, lambda own: own.open == ())


async def test_what_is_planned_offers_itself(
    trainer: Client, agent: Agent, time: Time, data: Path
) -> None:
    plan(data, time, "1001", -1, 30)
    task, names = await taught(trainer)
    await assign(trainer, task, "1001")
    await assign(trainer, await ticked(trainer, names), "1001", due_ms=9_000)
    own = await told(agent.client, lambda own: own.offer is not None and len(own.open) == 2)
    assert own.offer is not None
    assert own.offer.assignment == own.open[0].assignment
    assert (own.offer.cause, own.offer.actor, own.offer.postponed) == (OfferCause.SCHEDULED, "", 0)
    async with beating(agent.client, trainer):
        later(time, 31 * MINUTE)
        await told(agent.client, lambda own: own.offer is None)


async def test_what_is_put_off_rests_for_a_while(
    trainer: Client, agent: Agent, time: Time, data: Path
) -> None:
    plan(data, time, "1001", -1, 60)
    task, _ = await taught(trainer)
    await assign(trainer, task, "1001")
    own = await told(agent.client, lambda own: own.offer is not None)
    await agent.tell(TrainingPostponed(own.open[0].assignment))
    await told(agent.client, lambda own: own.offer is None and own.open[0].postponed == 1)
    later(time, 5 * MINUTE)
    own = await told(agent.client, lambda own: own.offer is not None)
    assert own.offer is not None
    assert own.offer.postponed == 1


async def test_a_lead_pushes_it_until_it_lapses(
    trainer: Client, agent: Agent, signed_in: SignedIn, time: Time
) -> None:
    task, _ = await taught(trainer)
    await assign(trainer, task, "1001", "1002", "2001")
    row, away = await of(trainer, "1001"), await of(trainer, "1002")
    leader = await signed_in("2001")
    assert await refusal(push(leader, away.assignment)) == "not_permitted"
    assert await refusal(push(trainer, away.assignment)) == "agent_signed_out"
    assert await refusal(push(trainer, "nothing")) == "unknown_assignment"
    assert await refusal(push(trainer)) == "nobody_chosen"
    own = (await of(leader, "2001")).assignment
    assert await refusal(push(leader, own)) == "own_order"
    done = await push(trainer, row.assignment, away.assignment)
    assert (done.done, done.kept) == ((row.assignment,), 1)
    offered = (await told(agent.client, lambda own: own.offer is not None)).offer
    assert offered is not None
    assert (offered.assignment, offered.cause, offered.actor) == (
        row.assignment,
        OfferCause.PUSHED,
        "5001",
    )
    later(time, 16 * MINUTE)
    await told(agent.client, lambda own: own.offer is None)


async def test_a_push_waits_for_the_service_level(
    trainer: Client, agent: Agent, signed_in: SignedIn, time: Time
) -> None:
    task, _ = await taught(trainer)
    await assign(trainer, task, "1001")
    await misses_calls(agent)
    await push(trainer, (await of(trainer, "1001")).assignment)
    own = await told(agent.client, lambda own: len(own.open) == 1)
    assert own.offer is None
    mate = Agent(await signed_in("1004"), time)
    for number in range(20):
        await mate.rings(f"answered{number}", answered_after_s=5)
    await told(agent.client, lambda own: own.offer is not None)


async def test_a_push_waits_while_a_call_rings_and_stays_when_the_next_one_does(
    trainer: Client, agent: Agent, signed_in: SignedIn, time: Time
) -> None:
    task, _ = await taught(trainer)
    await assign(trainer, task, "1001")
    mate = Agent(await signed_in("1004"), time)
    await mate.tell(CallOffered("c", "138"), RINGING)
    await push(trainer, (await of(trainer, "1001")).assignment)
    own = await told(agent.client, lambda own: len(own.open) == 1)
    assert own.offer is None
    await mate.tell(READY)
    await told(agent.client, lambda own: own.offer is not None)
    await mate.tell(RINGING)
    await recall(trainer, "1001")
    await assign(trainer, await ticked(trainer, [own.open[0].items[0].content]), "1001")
    own = await told(agent.client, lambda own: len(own.open) == 2)
    assert own.offer is not None


async def test_a_lead_asks_those_in_training_back_for_a_while(
    trainer: Client, agent: Agent, signed_in: SignedIn, time: Time
) -> None:
    mate = Agent(await signed_in("1004"), time)
    await mate.tell(READY)
    await agent.tell(TRAINING)
    leader = await signed_in("2001")
    done = await recall(leader, team="A")
    assert (done.done, done.kept) == (("1001",), 1)
    own = await told(agent.client, lambda own: own.recalled_by != "")
    assert own.recalled_by == "2001"
    assert own.recalled_ms is not None
    await agent.tell(READY)
    await told(agent.client, lambda own: own.recalled_by == "")
    await agent.tell(TRAINING)
    await told(agent.client, lambda own: own.recalled_by == "2001")
    later(time, 2 * MINUTE)
    await told(agent.client, lambda own: own.recalled_by == "")
    assert await refusal(recall(leader, "1002")) == "not_permitted"
    assert await refusal(recall(leader, "2001")) == "own_order"
    assert await refusal(recall(leader)) == "nobody_chosen"


async def test_the_service_asks_them_back_while_callers_wait(
    agent: Agent, signed_in: SignedIn, time: Time
) -> None:
    await agent.tell(TRAINING)
    mate = Agent(await signed_in("1004"), time)
    await misses_calls(mate)
    own = await told(agent.client, lambda own: own.recalled_by != "")
    assert own.recalled_by == "system"
    for number in range(20):
        await mate.rings(f"answered{number}", answered_after_s=5)
    await told(agent.client, lambda own: own.recalled_by == "")
