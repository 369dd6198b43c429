"""A break beside time that was granted, spent signed out."""

import pytest

from protocol.facts.agent import Reason, State
from protocol.facts.shift import Activity
from protocol.rules.day_segments import DaySegment
from protocol.rules.exceptions import DayException, ExceptionKind, ExceptionStatus
from protocol.rules.granted_rests import granted_rests
from tests.rules.shifts import NINE, excepted, figures, planned, was

HOUR = 3600
PLAN = [
    planned(0, 3 * HOUR, Activity.WORK),
    planned(3 * HOUR, 4 * HOUR, Activity.MEAL),
    planned(4 * HOUR, 9 * HOUR, Activity.WORK),
]
MORNING = [was(0, 3 * HOUR, State.READY)]
AFTERNOON = [was(4 * HOUR, 9 * HOUR, State.READY)]
EXCLUDE = ExceptionKind.EXCLUDE


def taken(day: list[DaySegment], *grants: DayException) -> list[tuple[float, float]]:
    """In hours of the shift."""
    base = NINE * 1000
    return [
        ((each.start_ms - base) / 3_600_000, (each.end_ms - base) / 3_600_000)
        for each in granted_rests(PLAN, day, grants)
    ]


def test_leave_after_a_meal_takes_the_meal_with_it() -> None:
    leave = excepted(4 * HOUR, 9 * HOUR, EXCLUDE)
    assert taken(MORNING, leave) == [(3, 4)]
    (meal,) = granted_rests(PLAN, MORNING, [leave])
    found = figures(PLAN, MORNING, leave, meal)
    assert (found.excluded_s, found.out_of_adherence_s) == (6 * HOUR, 0)
    assert (meal.kind, meal.reason, meal.exception_id) == (EXCLUDE, "TEST", leave.exception_id)


def test_and_leave_before_it() -> None:
    assert taken(AFTERNOON, excepted(-HOUR, 3 * HOUR, EXCLUDE)) == [(3, 4)]


def test_what_was_excused_takes_it_as_excused() -> None:
    (meal,) = granted_rests(PLAN, MORNING, [excepted(4 * HOUR, 9 * HOUR)])
    assert meal.kind is ExceptionKind.EXCUSE


def test_of_several_that_follow_one_another_the_nearest_takes_it() -> None:
    first = excepted(4 * HOUR, 5 * HOUR, EXCLUDE)
    second = excepted(5 * HOUR, 9 * HOUR)
    (meal,) = granted_rests(PLAN, MORNING, [second, first])
    assert meal.kind is EXCLUDE


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        ([was(0, 3.5 * HOUR, State.READY)], [(3.5, 4)]),
        ([*MORNING, was(3 * HOUR, 4 * HOUR, Reason.MEAL)], []),
        ([was(0, 5 * HOUR, State.READY)], []),
        ([], [(3, 4)]),
    ],
)
def test_only_what_was_spent_signed_out(
    day: list[DaySegment], expected: list[tuple[float, float]]
) -> None:
    assert taken(day, excepted(4 * HOUR, 9 * HOUR, EXCLUDE)) == expected


def test_a_grant_that_begins_in_the_meal_takes_its_beginning() -> None:
    assert taken(MORNING, excepted(3.5 * HOUR, 9 * HOUR, EXCLUDE)) == [(3, 3.5)]


@pytest.mark.parametrize(
    "grant",
    [
        excepted(4 * HOUR, 8 * HOUR, EXCLUDE),
        excepted(4 * HOUR + 1, 9 * HOUR, EXCLUDE),
        excepted(4 * HOUR, 9 * HOUR, EXCLUDE, ExceptionStatus.PENDING),
        excepted(4 * HOUR, 9 * HOUR, EXCLUDE, ExceptionStatus.REJECTED),
    ],
)
def test_nothing_where_somebody_had_to_come_back(grant: DayException) -> None:
    assert taken(MORNING, grant) == []


def test_a_day_of_leave_without_its_meal_is_a_day_of_leave() -> None:
    around = excepted(0, 3 * HOUR, EXCLUDE), excepted(4 * HOUR, 9 * HOUR, EXCLUDE)
    found = figures(PLAN, [], *around, *granted_rests(PLAN, [], around))
    assert (found.excluded_s, found.adherence) == (9 * HOUR, None)
