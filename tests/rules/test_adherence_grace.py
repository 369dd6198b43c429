"""What is forgiven, and how deviations are listed (domain §3.6, Grace)."""

from protocol.facts.agent import Reason, State
from protocol.facts.shift import Activity
from protocol.rules.adherence import Adherence
from protocol.rules.day_rules import AdherenceRules
from protocol.rules.exceptions import ExceptionKind
from tests.rules.shifts import NINE, excepted, figures, planned, was

WORK = [planned(0, 3600, Activity.WORK)]
READY, REST, MEAL = State.READY, Reason.REST, Reason.MEAL


def told(found: Adherence) -> list[tuple[int, int, bool]]:
    return [(each.start_s - NINE, each.end_s - NINE, each.counted) for each in found.deviations]


def test_sixty_seconds_are_forgiven_and_sixty_one_count_whole() -> None:
    found = figures(WORK, [was(60, 1000, READY), was(1061, 3600, READY)])
    assert (found.grace_forgiven_s, found.out_of_adherence_s) == (60, 61)
    assert found.in_adherence_s == 3600 - 61
    assert told(found) == [(0, 60, False), (1000, 1061, True)]


def test_neighbours_in_different_states_are_one_deviation() -> None:
    both = [was(0, 1000, READY), was(1000, 1040, REST), was(1040, 1080, MEAL)]
    found = figures(WORK, [*both, was(1080, 3600, READY)])
    assert (found.grace_forgiven_s, found.out_of_adherence_s) == (0, 80)
    assert told(found) == [(1000, 1040, True), (1040, 1080, True)]
    short = [was(0, 1000, READY), was(1000, 1040, REST), was(1040, 1060, MEAL)]
    found = figures(WORK, [*short, was(1060, 3600, READY)])
    assert told(found) == [(1000, 1040, False), (1040, 1060, False)]


def test_what_lies_between_parts_deviations() -> None:
    rest = [was(0, 1000, READY), was(1000, 1100, REST), was(1100, 3600, READY)]
    for kind in ExceptionKind:
        found = figures(WORK, rest, excepted(1050, 1051, kind))
        assert (found.grace_forgiven_s, found.out_of_adherence_s) == (99, 0)
        assert told(found) == [(1000, 1050, False), (1051, 1100, False)]


def test_each_planned_segment_has_its_own_deviations() -> None:
    plan = [planned(0, 1000, Activity.WORK), planned(1000, 2000, Activity.WORK)]
    found = figures(plan, [was(0, 950, READY), was(950, 1050, REST), was(1050, 2000, READY)])
    assert (found.grace_forgiven_s, found.out_of_adherence_s) == (100, 0)
    assert told(found) == [(950, 1000, False), (1000, 1050, False)]


def test_intervals_of_one_state_are_listed_as_one() -> None:
    plan = [planned(0, 3600, Activity.BREAK)]
    calls = [was(0, 100, State.TALK, "a"), was(100, 200, State.TALK, "b")]
    assert told(figures(plan, [*calls, was(200, 3600, REST)])) == [(0, 200, True)]


def test_midnight_parts_no_deviation() -> None:
    night = [planned(14 * 3600, 16 * 3600, Activity.WORK)]
    assert told(figures(night, [])) == [(14 * 3600, 16 * 3600, True)]


def test_the_grace_is_a_rule() -> None:
    rest = [was(0, 1000, READY), was(1000, 1060, REST), was(1060, 3600, READY)]
    assert told(figures(WORK, rest, rules=AdherenceRules(grace_s=59))) == [(1000, 1060, True)]
    assert told(figures(WORK, rest, rules=AdherenceRules(grace_s=0))) == [(1000, 1060, True)]
