"""Exceptions that follow from the facts alone."""

from datetime import UTC

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocol.facts.agent import Reason, State
from protocol.facts.shift import Activity, PlannedSegment
from protocol.rules.adherence import adherence
from protocol.rules.agent_state import Trigger
from protocol.rules.day_rules import AdherenceRules
from protocol.rules.day_segments import DaySegment
from protocol.rules.exceptions import Derived, ExceptionKind, ExceptionStatus, derived

PLAN = [
    PlannedSegment(1000, 5000, Activity.WORK),
    PlannedSegment(5000, 6000, Activity.BREAK),
    PlannedSegment(7000, 9000, Activity.WORK),
]
FAULT, FORCED = Reason.SYSTEM_FAULT, Reason.FORCED
PENDING, APPROVED = ExceptionStatus.PENDING, ExceptionStatus.APPROVED


def spell(
    from_ms: int, until_ms: int, doing: State | Reason | None, trigger: str = "", actor: str = ""
) -> DaySegment:
    state = State.NOT_READY if isinstance(doing, Reason) else doing
    reason = doing if isinstance(doing, Reason) else None
    return DaySegment(from_ms, until_ms, state, reason, trigger, actor)


def told(*segments: DaySegment) -> list[tuple[int, int, str, str]]:
    return [
        (each.start_ms, each.end_ms, each.reason, each.actor)
        for each in derived("1001", segments, PLAN)
    ]


def test_a_fault_of_the_phone_is_proposed_for_exclusion() -> None:
    (found,) = derived("1001", [spell(2000, 3000, FAULT, Trigger.PHONE_DOWN, "system")], PLAN)
    assert (found.kind, found.status) == (ExceptionKind.EXCLUDE, PENDING)
    assert (found.start_ms, found.end_ms, found.reason) == (2000, 3000, "SYSTEM_FAULT")
    assert found.actor == "system"


@pytest.mark.parametrize("unknown", [None, State.OFFLINE])
def test_time_that_nobody_knows_is_proposed_for_exclusion(unknown: State | None) -> None:
    (found,) = derived("1001", [spell(2000, 3000, unknown)], PLAN)
    assert (found.kind, found.reason, found.status) == (
        ExceptionKind.EXCLUDE,
        "UNKNOWN_TIME",
        PENDING,
    )


@pytest.mark.parametrize(
    ("doing", "trigger"),
    [
        (FORCED, Trigger.FORCE_NOT_READY),
        (State.LOGGED_OFF, Trigger.FORCE_SIGN_OUT),
    ],
)
def test_what_a_lead_forced_is_excused_at_once(doing: State | Reason, trigger: Trigger) -> None:
    (found,) = derived("1001", [spell(2000, 3000, doing, trigger, "2001")], PLAN)
    assert (found.kind, found.reason) == (ExceptionKind.EXCUSE, "FORCED_BY_SUPERVISOR")
    assert (found.status, found.actor) == (APPROVED, "2001")


def test_back_from_a_call_to_the_forced_state_it_is_still_the_leads() -> None:
    assert told(
        spell(2000, 3000, FORCED, Trigger.FORCE_NOT_READY, "2001"),
        spell(3000, 4000, State.TALK, Trigger.CALL_ANSWERED, "system"),
        spell(4000, 5000, FORCED, Trigger.ACW_DONE, "1001"),
    ) == [
        (2000, 3000, "FORCED_BY_SUPERVISOR", "2001"),
        (4000, 5000, "FORCED_BY_SUPERVISOR", "2001"),
    ]


def test_nobody_is_excused_by_themselves() -> None:
    assert told(spell(4000, 5000, FORCED, Trigger.ACW_DONE, "1001")) == [
        (4000, 5000, "FORCED_BY_SUPERVISOR", "system")
    ]


@pytest.mark.parametrize(
    "doing", [State.READY, State.NOT_READY, State.LOGGED_OFF, Reason.AWAY, Reason.NO_ANSWER]
)
def test_nothing_else_is_proposed(doing: State | Reason) -> None:
    assert told(spell(0, 9000, doing, Trigger.DESK_LEFT, "system")) == []


def test_only_time_inside_the_plan_is() -> None:
    assert told(spell(0, 10_000, FAULT)) == [
        (1000, 6000, "SYSTEM_FAULT", "system"),
        (7000, 9000, "SYSTEM_FAULT", "system"),
    ]
    assert told(spell(6000, 7000, FAULT), spell(9000, 9900, None)) == []


def test_neighbours_of_one_cause_are_one() -> None:
    assert told(
        spell(2000, 3000, None),
        spell(3000, 3500, State.OFFLINE),
        spell(3500, 4000, FAULT),
        spell(4000, 5000, FAULT, Trigger.SEAT_RESTARTED),
    ) == [
        (2000, 3500, "UNKNOWN_TIME", "system"),
        (3500, 5000, "SYSTEM_FAULT", "system"),
    ]


def test_an_exception_keeps_its_name_as_it_grows_and_shares_it_with_none() -> None:
    def names(agent: str, *segments: DaySegment) -> list[str]:
        return [each.exception_id for each in derived(agent, segments, PLAN)]

    (name,) = names("1001", spell(2000, 3000, FAULT))
    assert names("1001", spell(2000, 4000, FAULT)) == [name]
    others = [
        *names("1002", spell(2000, 3000, FAULT)),
        *names("1001", spell(2001, 3000, FAULT)),
        *names("1001", spell(2000, 3000, None)),
        *names("1001", spell(2000, 3000, FORCED)),
    ]
    assert len({name, *others}) == 5


def test_they_enter_the_figure_as_they_are() -> None:
    segments = [
        spell(1000, 3000, State.READY),
        spell(3000, 5000, FORCED, Trigger.FORCE_NOT_READY, "2001"),
        spell(7000, 9000, None),
    ]
    found = derived("1001", segments, PLAN)
    rules = AdherenceRules(grace_s=0)
    figure = adherence(PLAN, segments, found, rules, UTC)
    assert (figure.approved_excused_s, figure.pending_review_s) == (2, 2)


spells = st.lists(
    st.tuples(
        st.integers(1, 3000),
        st.none() | st.sampled_from(State) | st.sampled_from(Reason),
        st.sampled_from(("", *Trigger)),
        st.sampled_from(("1001", "2001", "2002")),
    ),
    max_size=12,
)


@given(spells)
def test_they_lie_in_order_inside_the_plan_with_names_of_their_own(
    parts: list[tuple[int, State | Reason | None, str, str]],
) -> None:
    at, segments = 0, []
    for length, doing, trigger, actor in parts:
        segments.append(spell(at, at + length, doing, trigger, actor))
        at += length
    found: tuple[Derived, ...] = derived("1001", segments, PLAN)
    assert [each.start_ms for each in found] == sorted(each.start_ms for each in found)
    assert len({each.exception_id for each in found}) == len(found)
    assert all(1000 <= each.start_ms < each.end_ms <= 9000 for each in found)
