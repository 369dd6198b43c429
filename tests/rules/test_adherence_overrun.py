"""Calls that run over the end of planned work (domain §3.6, Overrun)."""

import msgspec
import pytest

from protocol.facts.agent import Reason, State
from protocol.facts.shift import Activity
from protocol.rules.adherence import Adherence, Verdict
from protocol.rules.day_rules import AdherenceRules
from protocol.rules.day_segments import DaySegment
from tests.rules.shifts import NINE, figures, planned, slices, was

READY, TALK, ACW, RINGING = State.READY, State.TALK, State.ACW, State.RINGING
REST, MEAL, PERSONAL = Reason.REST, Reason.MEAL, Reason.PERSONAL
SHIFT = [
    planned(0, 1000, Activity.WORK),
    planned(1000, 2000, Activity.BREAK),
    planned(2000, 9000, Activity.WORK),
]


def excused(*actual: DaySegment) -> list[tuple[int, int]]:
    """Where, with neighbours as one."""
    found: list[tuple[int, int]] = []
    for each in slices(SHIFT, list(actual)):
        start, end = each.start_s - NINE, each.end_s - NINE
        if each.verdict is Verdict.OVERRUN and found and found[-1][1] == start:
            found[-1] = found[-1][0], end
        elif each.verdict is Verdict.OVERRUN:
            found.append((start, end))
    return found


def test_the_call_is_excused_to_its_end_and_the_break_floats_by_as_much() -> None:
    call = was(0, 900, READY), was(900, 1300, TALK, "c")
    assert excused(*call, was(1300, 2300, REST)) == [(1000, 1300), (2000, 2300)]
    assert excused(*call, was(1300, 2500, MEAL)) == [(1000, 1300), (2000, 2300)]
    assert excused(*call, was(1300, 2200, PERSONAL)) == [(1000, 1300), (2000, 2200)]


def test_after_call_work_is_excused_up_to_its_limit() -> None:
    call = was(0, 900, READY), was(900, 1300, TALK, "c")
    assert excused(*call, was(1300, 1400, ACW, "c")) == [(1000, 1400)]
    assert excused(*call, was(1300, 1500, ACW, "c")) == [(1000, 1420)]


def test_after_call_work_alone_may_run_over() -> None:
    call = was(0, 950, TALK, "c"), was(950, 1500, ACW, "c")
    assert excused(*call) == [(1000, 1070)]
    assert excused(was(0, 800, TALK, "c"), was(800, 1500, ACW, "c")) == []


def test_of_a_call_without_its_talk_that_ended_as_after_call_work_began() -> None:
    assert excused(was(0, 990, READY), was(990, 1500, ACW, "c")) == [(1000, 1110)]


def test_a_call_that_rings_within_the_grace_counts_with_all_work_before_it() -> None:
    def rings_at(at: int) -> list[tuple[int, int]]:
        ringing = was(at, at + 10, RINGING, "c")
        return excused(was(0, at, READY), ringing, was(at + 10, 1500, TALK, "c"))

    assert rings_at(1060) == [(1000, 1500)]
    assert rings_at(1061) == []


def test_any_work_until_the_end_is_excused_but_no_other_state() -> None:
    actual = (
        was(0, 1100, TALK, "c"),
        was(1100, 1150, State.HOLD, "c"),
        was(1150, 1200, Reason.OUTBOUND_PREP),
        was(1200, 1250, Reason.SYSTEM_FAULT),
        was(1250, 1300, READY),
        was(1300, 1400, TALK, "c"),
        was(1400, 1500, READY),
    )
    assert excused(*actual) == [(1000, 1150), (1250, 1400)]


def test_of_several_calls_the_one_that_ends_last_counts() -> None:
    first, second = was(900, 1200, TALK, "a"), was(1200, 1300, TALK, "b")
    assert excused(first, second) == [(1000, 1200)]
    calls = was(0, 900, TALK, "b"), was(900, 1200, TALK, "a"), was(1200, 1300, TALK, "b")
    assert excused(*calls) == [(1000, 1300)]


def test_a_call_longer_than_the_break_moves_it_whole() -> None:
    call = was(0, 900, READY), was(900, 2500, TALK, "c")
    assert excused(*call, was(2500, 3600, REST)) == [(1000, 2000), (2500, 3500)]


def test_an_overrun_has_a_cap_for_both_halves() -> None:
    call = was(0, 900, READY), was(900, 1500, TALK, "c")
    rules = AdherenceRules(overrun_cap_s=200)
    found = figures(SHIFT, [*call, was(1500, 3000, REST)], rules=rules)
    assert found.auto_excused_s == 200 + 200


def test_whether_a_break_floats_is_a_rule() -> None:
    actual = [was(0, 1300, TALK, "c"), was(1300, 2300, REST), was(2300, 9000, READY)]
    assert figures(SHIFT, actual).auto_excused_s == 600
    fixed = figures(SHIFT, actual, rules=AdherenceRules(break_floats=False))
    assert (fixed.auto_excused_s, fixed.out_of_adherence_s) == (300, 300)


def test_the_limit_of_after_call_work_is_a_rule() -> None:
    actual = [was(0, 1000, TALK, "c"), was(1000, 1500, ACW, "c")]
    found = figures(SHIFT, actual, rules=AdherenceRules(acw_limit_s=300))
    assert found.auto_excused_s == 300


@pytest.mark.parametrize(
    ("line", "extra_s", "excused_s"),
    [("", 0, 120), ("complaints", 0, 180), ("complaints", 90, 270)],
)
def test_as_much_is_excused_as_the_seat_allowed(line: str, extra_s: int, excused_s: int) -> None:
    acw = msgspec.structs.replace(was(1000, 1500, ACW, "c"), line=line, acw_extra_s=extra_s)
    rules = AdherenceRules(acw_limits_s={"complaints": 180})
    assert figures(SHIFT, [was(0, 1000, TALK, "c"), acw], rules=rules).auto_excused_s == excused_s


@pytest.mark.parametrize("activity", [Activity.MEETING, Activity.TRAINING, Activity.EXAM])
def test_only_a_break_or_a_meal_floats(activity: Activity) -> None:
    plan = [planned(0, 1000, Activity.WORK), planned(1000, 2000, activity), SHIFT[2]]
    found = figures(plan, [was(0, 1300, TALK, "c"), was(1300, 2300, REST)])
    assert found.auto_excused_s == 300


def after(*before: tuple[float, float, Activity]) -> Adherence:
    plan = [*(planned(*each) for each in before), planned(1000, 2000, Activity.BREAK)]
    return figures(plan, [was(0, 1300, TALK, "c"), was(1300, 2000, REST)])


def test_only_what_directly_follows_work_can_be_overrun() -> None:
    assert after((0, 1000, Activity.WORK)).auto_excused_s == 300
    assert after((0, 999, Activity.WORK)).auto_excused_s == 0
    assert after((0, 1000, Activity.BACKOFFICE)).auto_excused_s == 0
    meal_between = after((0, 900, Activity.WORK), (900, 1000, Activity.MEAL))
    assert meal_between.auto_excused_s == 100


def test_floating_uses_no_personal_allowance() -> None:
    actual = [was(0, 1300, TALK, "c"), was(1300, 2400, PERSONAL), was(2400, 9000, READY)]
    found = figures(SHIFT, actual)
    assert (found.auto_excused_s, found.personal_allowance_used_s) == (600, 100)


def test_work_without_a_call_is_no_overrun() -> None:
    assert excused(was(0, 1300, READY), was(1300, 2300, REST)) == []
    assert excused(was(0, 1300, TALK), was(1300, 2300, REST)) == []


def test_a_talk_shorter_than_a_second_still_ends_the_call() -> None:
    actual = [was(0, 990.1, READY), was(990.1, 990.9, TALK, "c"), was(990.9, 1500, ACW, "c")]
    assert excused(*actual) == [(1000, 1110)]
    assert excused(*reversed(actual)) == [(1000, 1110)]
