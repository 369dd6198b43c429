"""Who came to a shift, who stayed, and what nobody knows."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocol.rules.attendance import Attendance, AttendanceClass, Presence, attendance
from protocol.rules.day_rules import AttendRules
from protocol.rules.stretches import covered_s

RULES = AttendRules()
SECOND = 1000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
START = 9 * HOUR
END = 18 * HOUR


def shift(came: int | None, left: int | None = END, **more: object) -> Attendance:
    """The result of a shift of nine hours."""
    return attendance(START, END, came, left, RULES, **more)  # type: ignore[arg-type]  # by name


@pytest.mark.parametrize(
    ("late_s", "told_s", "kind", "half_days"),
    [
        (0, 0, "NORMAL", 0),
        (60, 0, "NORMAL", 0),
        (61, 61, "LATE", 0),
        (1800, 1800, "LATE", 0),
        (1801, 1801, "ABSENT_HALF_DAY", 1),
        (14_400, 14_400, "ABSENT_HALF_DAY", 1),
        (14_401, 14_401, "ABSENT", 2),
    ],
)
def test_late_is_more_than_is_tolerated(
    late_s: int, told_s: int, kind: str, half_days: int
) -> None:
    found = shift(START + late_s * SECOND)
    assert (found.late_s, found.early_s) == (told_s, 0)
    assert (found.kind, found.absent_half_days) == (kind, half_days)


@pytest.mark.parametrize(
    ("early_s", "told_s", "kind", "half_days"),
    [
        (60, 0, "NORMAL", 0),
        (61, 61, "EARLY_LEAVE", 0),
        (1801, 1801, "ABSENT_HALF_DAY", 1),
        (14_401, 14_401, "ABSENT", 2),
    ],
)
def test_leaving_early_is_judged_alike(
    early_s: int, told_s: int, kind: str, half_days: int
) -> None:
    found = shift(START, END - early_s * SECOND)
    assert (found.late_s, found.early_s) == (0, told_s)
    assert (found.kind, found.absent_half_days) == (kind, half_days)


@pytest.mark.parametrize(
    ("late_s", "early_s", "kind"),
    [
        (300, 200, "LATE"),
        (200, 300, "EARLY_LEAVE"),
        (300, 300, "LATE"),
        (1700, 1801, "ABSENT_HALF_DAY"),
        (1700, 1700, "LATE"),
    ],
)
def test_of_two_faults_the_worse_gives_the_class(late_s: int, early_s: int, kind: str) -> None:
    found = shift(START + late_s * SECOND, END - early_s * SECOND)
    assert (found.late_s, found.early_s, found.kind) == (late_s, early_s, kind)


def test_parts_of_a_second_are_nobodys_fault() -> None:
    assert shift(START + 60 * SECOND + 999).late_s == 0
    assert shift(START, END - 60 * SECOND).early_s == 0


def test_without_a_sign_in_one_was_absent() -> None:
    found = shift(None, None)
    assert (found.kind, found.absent_half_days) == (AttendanceClass.ABSENT, 2)
    assert (found.late_s, found.early_s, found.prep_s) == (None, None, None)


@pytest.mark.parametrize(("came", "left"), [(END, None), (END + HOUR, END + 2 * HOUR), (0, START)])
def test_a_sign_in_outside_the_shift_is_none(came: int, left: int | None) -> None:
    assert shift(came, left).kind is AttendanceClass.ABSENT


def test_without_a_sign_out_nobody_left_early() -> None:
    found = shift(START, None)
    assert (found.kind, found.late_s, found.early_s) == (AttendanceClass.NORMAL, 0, None)
    late = shift(START + 10 * MINUTE, None)
    assert (late.kind, late.late_s, late.early_s) == (AttendanceClass.LATE, 600, None)


def test_who_signed_out_was_there() -> None:
    found = shift(None, END - 10 * MINUTE)
    assert (found.kind, found.late_s) == (AttendanceClass.EARLY_LEAVE, None)
    assert (found.early_s, found.prep_login_met) == (600, None)


def test_what_nobody_knows_is_neither_late_nor_early() -> None:
    lost = [(START - HOUR, START + 10 * MINUTE), (END - HOUR, END + HOUR)]
    found = shift(START + 15 * MINUTE, END - HOUR, unknown=lost)
    assert (found.late_s, found.early_s, found.kind) == (300, 0, AttendanceClass.LATE)


def test_a_sign_in_that_may_lie_in_unknown_time_leaves_it_open() -> None:
    found = shift(None, None, unknown=[(START, START + MINUTE)])
    assert (found.kind, found.absent_half_days) == (AttendanceClass.OPEN, 0)
    outside = shift(None, None, unknown=[(START - HOUR, START), (END, END + HOUR)])
    assert outside.kind is AttendanceClass.ABSENT
    in_leave = [(START, START + HOUR)]
    assert shift(None, None, unknown=in_leave, leave=in_leave).kind is AttendanceClass.ABSENT


def test_while_the_shift_lasts_nobody_is_absent() -> None:
    assert shift(None, None, unknown=[(START + HOUR, END)]).kind is AttendanceClass.OPEN


def test_leave_asks_for_nothing() -> None:
    whole = shift(None, None, leave=[(START, START + HOUR), (START + HOUR, END)])
    assert (whole.kind, whole.absent_half_days) == (AttendanceClass.LEAVE, 0)
    assert (whole.late_s, whole.leave_s) == (None, 9 * 3600)
    came = shift(START + HOUR, END, leave=[(START, END)])
    assert (came.kind, came.late_s) == (AttendanceClass.LEAVE, None)


def test_a_part_that_is_leave_is_not_counted() -> None:
    morning = [(START, START + 2 * HOUR)]
    on_time = shift(START + 2 * HOUR, leave=morning)
    assert (on_time.kind, on_time.late_s, on_time.leave_s) == (AttendanceClass.NORMAL, 0, 7200)
    late = shift(START + 2 * HOUR + 5 * MINUTE, leave=morning)
    assert (late.kind, late.late_s) == (AttendanceClass.LATE, 300)
    assert shift(None, None, leave=morning).kind is AttendanceClass.ABSENT


def test_evidence_takes_the_place_of_what_the_machine_has() -> None:
    late = START + HOUR
    assert shift(late, presence=Presence(arrived_ms=START)).kind is AttendanceClass.NORMAL
    seen = shift(None, None, presence=Presence(arrived_ms=START - 5 * MINUTE))
    assert (seen.kind, seen.late_s, seen.early_s, seen.prep_s) == ("NORMAL", 0, None, 300)
    crashed = shift(START, START + HOUR, presence=Presence(left_ms=END))
    assert (crashed.kind, crashed.early_s) == (AttendanceClass.NORMAL, 0)


@pytest.mark.parametrize(
    ("before_s", "prep_s", "login", "arrival"),
    [
        (-1, 0, False, False),
        (0, 0, False, False),
        (119, 119, False, False),
        (120, 120, True, False),
        (299, 299, True, False),
        (300, 300, True, True),
    ],
)
def test_preparation_is_told(before_s: int, prep_s: int, login: bool, arrival: bool) -> None:
    found = shift(START - before_s * SECOND)
    assert found.prep_s == prep_s
    assert (found.prep_login_met, found.prep_arrival_met) == (login, arrival)
    assert found.kind is AttendanceClass.NORMAL


instants = st.integers(START - 2 * HOUR, END + 2 * HOUR)
intervals = st.lists(st.tuples(instants, instants).map(lambda pair: tuple(sorted(pair))))
days = st.tuples(st.none() | instants, st.none() | instants).filter(
    lambda day: None in day or day[0] <= day[1]
)
FAULTS = {AttendanceClass.LATE, AttendanceClass.EARLY_LEAVE}


@given(days, intervals, intervals)
def test_a_class_is_its_figures(
    day: tuple[int | None, int | None],
    leave: list[tuple[int, int]],
    unknown: list[tuple[int, int]],
) -> None:
    found = shift(*day, leave=leave, unknown=unknown)
    worst = max(found.late_s or 0, found.early_s or 0)
    assert worst == 0 or RULES.tolerance_s < worst <= (END - START) // SECOND
    assert (found.kind in FAULTS) == (0 < worst <= RULES.half_day_s)
    assert (found.absent_half_days == 2) == (found.kind is AttendanceClass.ABSENT)
    assert (found.absent_half_days == 1) == (found.kind is AttendanceClass.ABSENT_HALF_DAY)
    seconds = [(one // SECOND, other // SECOND) for one, other in leave]
    assert found.leave_s == covered_s(seconds, START // SECOND, END // SECOND)


@given(days, intervals, intervals, intervals)
def test_more_leave_or_unknown_time_makes_nothing_worse(
    day: tuple[int | None, int | None],
    leave: list[tuple[int, int]],
    unknown: list[tuple[int, int]],
    more: list[tuple[int, int]],
) -> None:
    before = shift(*day, leave=leave, unknown=unknown)
    for after in (
        shift(*day, leave=leave, unknown=unknown + more),
        shift(*day, leave=leave + more, unknown=unknown),
    ):
        assert (after.late_s or 0) <= (before.late_s or 0)
        assert (after.early_s or 0) <= (before.early_s or 0)


@given(days, st.integers(0, HOUR))
def test_coming_earlier_or_leaving_later_makes_nothing_worse(
    day: tuple[int | None, int | None], by: int
) -> None:
    came, left = day
    before = shift(came, left)
    earlier = shift(came and came - by, left and left + by)
    assert (earlier.late_s or 0) <= (before.late_s or 0) or before.late_s is None
    assert earlier.absent_half_days <= before.absent_half_days or before.late_s is None
