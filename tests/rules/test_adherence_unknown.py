"""Time that nobody knows: counted as out, and told as a range (domain §3.3)."""

import pytest

from protocol.facts.agent import Reason, State
from protocol.facts.shift import Activity
from tests.rules.shifts import excepted, figures, planned, was

WORK = [planned(0, 3600, Activity.WORK)]
READY = State.READY


@pytest.mark.parametrize("unknown", [None, State.OFFLINE])
def test_a_figure_with_unknown_time_is_a_range(unknown: State | None) -> None:
    actual = [was(0, 1000, READY), was(1000, 1600, unknown), was(1600, 3600, READY)]
    found = figures(WORK, actual)
    assert (found.unknown_s, found.provisional) == (600, True)
    assert (found.in_adherence_s, found.in_adherence_high_s) == (3000, 3600)
    assert (found.actual_work_s, found.actual_work_high_s) == (3000, 3600)


def test_a_figure_without_is_none() -> None:
    found = figures(WORK, [was(0, 1000, READY)])
    assert (found.unknown_s, found.provisional) == (0, False)
    assert found.in_adherence_high_s == found.in_adherence_s
    assert found.actual_work_high_s == found.actual_work_s


def test_in_a_break_it_may_have_been_rest_but_no_work() -> None:
    found = figures([planned(0, 3600, Activity.BREAK)], [was(0, 3600, None)])
    assert (found.in_adherence_s, found.in_adherence_high_s, found.unknown_s) == (0, 3600, 3600)
    assert found.actual_work_high_s == 0


def test_what_a_person_has_decided_or_the_grace_forgives_is_settled() -> None:
    actual = [was(0, 1000, READY), was(1000, 1600, None), was(1600, 3540, READY)]
    found = figures(WORK, [*actual, was(3540, 3600, State.OFFLINE)], excepted(900, 1600))
    assert (found.grace_forgiven_s, found.approved_excused_s) == (60, 600)
    assert not found.provisional


def test_at_the_upper_end_what_is_known_beside_it_may_be_forgiven() -> None:
    actual = [
        was(0, 1000, READY),
        was(1000, 1050, Reason.REST),
        was(1050, 1100, None),
        was(1100, 1161, Reason.REST),
        was(1161, 3600, READY),
    ]
    found = figures(WORK, actual)
    assert (found.out_of_adherence_s, found.unknown_s) == (161, 50)
    assert found.in_adherence_high_s == 3600 - 61


def test_outside_the_plan_it_concerns_nobody() -> None:
    found = figures(WORK, [was(-600, 0, None), was(0, 3600, READY), was(3600, 9000, None)])
    assert not found.provisional
    assert found.actual_work_high_s == 3600
