"""Breaks that need a turn, at a seat: asked for, granted, taken by the agent alone; and never kept
from anybody by an outage."""

import asyncio
from datetime import UTC, datetime

import pytest

from agent_client.seat import breaks as breaks_module
from agent_client.seat.breaks import is_time_for_rest
from protocol.facts.agent import Reason, State
from protocol.facts.shift import Activity, PlannedSegment
from protocol.rules.agent_state import Choice
from protocol.rules.day_rules import AdherenceRules
from protocol.wire import desk
from protocol.wire.breaks import AskBreak, BreakPlace, OwnQueue, WithdrawBreak
from protocol.wire.desk_plan import AskService, OwnDay, ServiceAnswered
from protocol.wire.errors import Code
from protocol.wire.person import Segment
from protocol.wire.roster import DayPlan, OwnPlan
from protocol.wire.session import Person, Role
from protocol.wire.sync import Link
from tests.seat.service import SERVER_MS, FakeService, eventually, refuses
from tests.seat.sitting import Child, Sitting

REST, MEAL, PERSONAL = Reason.REST, Reason.MEAL, Reason.PERSONAL
MINUTE = 60_000
FREE = OwnQueue((REST, MEAL), away=1, cap=2)
WAITS = OwnQueue((REST, MEAL), REST, place=2, wait_s=360, away=2, cap=2)
TURN = OwnQueue((REST, MEAL), REST, granted=True, granted_until_ms=SERVER_MS + 120_000, cap=2)


def takes(reason: Reason):
    return lambda id_: desk.Break(id_, reason)


def stands(service: FakeService, queue: OwnQueue) -> None:
    """What the service answers to whoever asks."""
    service.answers[AskBreak] = lambda asked: BreakPlace(getattr(asked, "id", 0), queue)


async def told(sits: Sitting, service: FakeService, queue: OwnQueue) -> None:
    await service.tell(queue)
    await sits.until(lambda status: status.break_queue == queue)


async def ready(sits: Sitting, service: FakeService, queue: OwnQueue = FREE) -> None:
    """Somebody who takes calls, in a team with a queue."""
    await told(sits, service, queue)
    await sits.client.ask(desk.Ready)
    await sits.until(lambda status: status.state is State.READY)


async def test_a_break_that_needs_a_turn_is_asked_for_and_changes_nothing(
    sits: Sitting, service: FakeService
) -> None:
    await ready(sits, service)
    stands(service, WAITS)
    assert await sits.refusal(takes(REST)) == "done"
    status = await sits.until(lambda status: status.break_queue == WAITS)
    assert status.state is State.READY
    assert [each.reason for each in service.of(AskBreak)] == [REST]


async def test_a_turn_that_comes_changes_no_state_and_the_next_key_takes_the_break(
    sits: Sitting, service: FakeService
) -> None:
    await ready(sits, service, WAITS)
    await told(sits, service, TURN)
    await told(sits, service, TURN)
    assert sits.status.state is State.READY
    assert await sits.refusal(takes(REST)) == "done"
    await sits.until(lambda status: status.reason is REST)
    assert service.of(AskBreak) == [], "the turn is there: nothing is to be asked"


async def test_where_nobody_waits_the_same_key_press_takes_the_break(
    sits: Sitting, service: FakeService
) -> None:
    await ready(sits, service)
    stands(service, TURN)
    assert await sits.refusal(takes(REST)) == "done"
    await sits.until(lambda status: status.reason is REST)


async def test_nobody_waits_for_a_personal_need_whatever_the_service_says(
    sits: Sitting, service: FakeService
) -> None:
    await ready(sits, service, OwnQueue((REST, PERSONAL), away=9, cap=1))
    stands(service, WAITS)
    assert await sits.refusal(takes(PERSONAL)) == "done"
    await sits.until(lambda status: status.reason is PERSONAL)
    assert service.of(AskBreak) == []


async def test_a_break_that_needs_no_turn_is_taken_as_ever(
    sits: Sitting, service: FakeService
) -> None:
    await ready(sits, service, OwnQueue((REST,), away=2, cap=2))
    assert await sits.refusal(takes(MEAL)) == "done"
    await sits.until(lambda status: status.reason is MEAL)
    await sits.client.ask(takes(Reason.TRAINING))
    assert service.of(AskBreak) == []


async def test_with_the_link_down_a_break_is_taken_as_ever(
    sits: Sitting, service: FakeService
) -> None:
    await ready(sits, service, WAITS)
    await service.close()
    status = await sits.until(lambda status: status.link is Link.OFFLINE)
    assert status.break_queue is None, "what was told may be so no more"
    assert await sits.refusal(takes(REST)) == "done"
    await sits.until(lambda status: status.reason is REST)


async def test_a_service_that_says_nothing_keeps_nobody(
    sits: Sitting, service: FakeService, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(breaks_module, "SILENCE_S", 0.05)
    await ready(sits, service)
    service.answers[AskBreak] = lambda _: None
    assert await sits.refusal(takes(REST)) == "done"
    await sits.until(lambda status: status.reason is REST)


@pytest.mark.parametrize(
    "code", [Code.NO_QUEUE, Code.LEDGER_UNAVAILABLE, Code.DRAINING, Code.AGENT_SIGNED_OUT]
)
async def test_a_service_in_trouble_keeps_nobody(
    sits: Sitting, service: FakeService, code: Code
) -> None:
    await ready(sits, service)
    service.answers[AskBreak] = refuses(code)
    assert await sits.refusal(takes(REST)) == "done"
    await sits.until(lambda status: status.reason is REST)


@pytest.mark.parametrize("code", [Code.UNKNOWN_CALL, Code.BREAK_TAKEN])
async def test_what_is_wrong_with_an_abusive_call_is_said(
    sits: Sitting, service: FakeService, code: Code
) -> None:
    await ready(sits, service, TURN)
    service.answers[AskBreak] = refuses(code)
    assert await sits.refusal(lambda id_: desk.Break(id_, REST, "c1")) == code
    assert sits.status.state is State.READY
    assert [each.after_call for each in service.of(AskBreak)] == ["c1"]


async def test_in_a_call_a_break_without_a_turn_is_asked_for_and_with_one_it_is_queued(
    sits: Sitting, service: FakeService
) -> None:
    await ready(sits, service)
    Child.made[-1].engine.far.peer_calls("13800138000")
    await sits.until(lambda status: status.state is State.RINGING)
    stands(service, WAITS)
    choice = Choice(State.NOT_READY, REST)
    assert await sits.refusal(lambda id_: desk.Next(id_, choice)) == "done"
    assert await sits.refusal(takes(REST)) == "done"
    status = await sits.until(lambda status: status.break_queue == WAITS)
    assert status.next_state is None
    await told(sits, service, TURN)
    assert sits.status.next_state is None
    await sits.client.ask(lambda id_: desk.Next(id_, choice))
    await sits.until(lambda status: status.next_state == "NOT_READY:REST")
    await sits.client.ask(lambda id_: desk.Next(id_, None))
    assert len(service.of(AskBreak)) == 2


async def test_from_one_break_to_another_no_turn_is_needed(
    sits: Sitting, service: FakeService
) -> None:
    await ready(sits, service, TURN)
    await sits.client.ask(takes(REST))
    await told(sits, service, OwnQueue((REST, MEAL), away=1, cap=1))
    assert await sits.refusal(takes(MEAL)) == "done"
    await sits.until(lambda status: status.reason is MEAL)
    assert service.of(AskBreak) == []


async def test_planned_time_needs_no_turn(sits: Sitting, service: FakeService) -> None:
    await ready(sits, service)
    stands(service, WAITS)
    day = datetime.fromtimestamp(SERVER_MS / 1000, UTC).date()
    whole = PlannedSegment(SERVER_MS - 5 * MINUTE, SERVER_MS + 10 * MINUTE, Activity.BREAK)
    plan = DayPlan("1001", day, (whole,), "early", 3)
    person = Person("1001", "Li", (Role.AGENT,), "A")
    await service.tell(OwnPlan("1001", (plan,), (), (), (), (), person))
    await eventually(lambda: sits.seat.plans.plan is not None)
    assert await sits.refusal(takes(REST)) == "done"
    await sits.until(lambda status: status.reason is REST)
    assert service.of(AskBreak) == []


async def test_nobody_s_queue_outlives_the_sign_out(sits: Sitting, service: FakeService) -> None:
    await told(sits, service, WAITS)
    await sits.client.ask(desk.SignOut)
    await sits.until(lambda status: status.break_queue is None)
    assert await sits.refusal(takes(REST)) == "not_signed_in"


async def test_a_place_is_given_up_through_the_seat(sits: Sitting, service: FakeService) -> None:
    await told(sits, service, WAITS)
    service.answers[WithdrawBreak] = lambda asked: BreakPlace(getattr(asked, "id", 0), FREE)
    answer = await sits.client.ask(lambda id_: AskService(id_, WithdrawBreak(0)))
    assert isinstance(answer, ServiceAnswered)
    assert isinstance(answer.message, BreakPlace)
    await told(sits, service, FREE)


async def test_two_presses_at_once_are_one_break(sits: Sitting, service: FakeService) -> None:
    await ready(sits, service)
    stands(service, TURN)
    await asyncio.gather(sits.refusal(takes(REST)), sits.refusal(takes(REST)))
    entered = [reason for state, _, reason in sits.states() if state is State.NOT_READY]
    assert entered.count(REST) == 1


# When it is time for a rest.

NOW = 1_800_000_000_000


def own(rest_began_min: int, *counted: tuple[int, State, Reason | None]) -> OwnDay:
    """A day with a break of ten minutes that began so many minutes ago; states likewise."""
    start = NOW - rest_began_min * MINUTE
    plan = (
        PlannedSegment(start - 60 * MINUTE, start, Activity.WORK),
        PlannedSegment(start, start + 10 * MINUTE, Activity.BREAK),
        PlannedSegment(start + 10 * MINUTE, start + 600 * MINUTE, Activity.WORK),
    )
    begins = [datetime.fromtimestamp((NOW - ago * MINUTE) / 1000, UTC) for ago, _, _ in counted]
    segments = tuple(
        Segment(begin, end, state, reason)
        for begin, end, (_, state, reason) in zip(
            begins, [*begins[1:], None], counted, strict=False
        )
    )
    return OwnDay(None, NOW, plan, counted=segments)


TALK = (40, State.TALK, None)
READY = (15, State.READY, None)
RESTED = (12, State.NOT_READY, REST)


@pytest.mark.parametrize(
    ("day", "time"),
    [
        (own(0), True),
        (own(9, (60, State.READY, None)), True),
        (own(10, (60, State.READY, None)), False),
        (own(20, TALK, READY), True),
        (own(30, TALK, READY), True),
        (own(65, (70, State.TALK, None), READY), False),
        (own(20, TALK, RESTED, (2, State.READY, None)), False),
        (own(-1), False),
    ],
)
def test_time_for_a_rest_is_the_planned_time_or_what_a_call_ran_into(
    day: OwnDay, time: bool
) -> None:
    assert is_time_for_rest(day, AdherenceRules()) is time


@pytest.mark.parametrize(
    ("rules", "time"),
    [
        (AdherenceRules(overrun_cap_s=1200), False),
        (AdherenceRules(overrun_cap_s=1201), True),
        (AdherenceRules(break_floats=False), False),
    ],
)
def test_how_long_it_may_be_taken_later_is_the_operator_s_to_say(
    rules: AdherenceRules, time: bool
) -> None:
    assert is_time_for_rest(own(20, TALK, READY), rules) is time
    assert is_time_for_rest(own(9, TALK, READY), rules)
