"""Which time belongs to which business date."""

from datetime import date, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocol.facts.shift import Activity, PlannedSegment
from protocol.rules.business_day import REACH_MS, business_window
from protocol.rules.local_day import day_bounds

HOUR = 3_600_000
DAY = date(2026, 3, 29)
"""The clock goes forward in Berlin."""
ZONES = ["Asia/Shanghai", "Europe/Berlin", "America/Sao_Paulo"]


def plan(day: date, zone: ZoneInfo, start_h: float, hours: float) -> list[PlannedSegment]:
    begin = day_bounds(day, zone)[0] + int(start_h * HOUR)
    return [PlannedSegment(begin, begin + int(hours * HOUR), Activity.WORK)]


@st.composite
def weeks(draw: st.DrawFn) -> tuple[ZoneInfo, list[list[PlannedSegment]]]:
    """Plans of seven dates that follow one another, without overlap, each begun on its date."""
    zone = ZoneInfo(draw(st.sampled_from(ZONES)))
    plans: list[list[PlannedSegment]] = []
    last = 0
    for number in range(7):
        day = DAY - timedelta(days=3) + timedelta(days=number)
        begin, end = day_bounds(day, zone)
        found: list[PlannedSegment] = []
        if draw(st.booleans()) and max(begin, last) < end:
            start = draw(st.integers(max(begin, last), end - 1))
            until = start + draw(st.integers(1, 14 * HOUR))
            found = [PlannedSegment(start, until, Activity.WORK)]
            last = until
        plans.append(found)
    return zone, plans


@given(weeks())
def test_windows_meet_and_hold_their_own_shift(
    week: tuple[ZoneInfo, list[list[PlannedSegment]]],
) -> None:
    zone, plans = week
    windows = [
        business_window(DAY - timedelta(days=3 - number), *plans[number - 1 : number + 2], zone)
        for number in range(1, 6)
    ]
    assert all(earlier[1] == later[0] for earlier, later in pairwise(windows))
    assert all(begin <= end for begin, end in windows)
    own = [(segment, windows[number - 1]) for number in range(1, 6) for segment in plans[number]]
    assert all(begin <= each.start_ms and each.end_ms <= end for each, (begin, end) in own)


@pytest.mark.parametrize("zone", ZONES)
def test_without_a_shift_near_midnight_it_is_the_local_day(zone: str) -> None:
    where = ZoneInfo(zone)
    assert business_window(DAY, (), (), (), where) == day_bounds(DAY, where)
    assert business_window(DAY, (), plan(DAY, where, 9, 9), (), where) == day_bounds(DAY, where)


def test_overtime_after_a_night_belongs_to_the_night() -> None:
    where = ZoneInfo("Asia/Shanghai")
    night = plan(DAY, where, 22, 8)
    _, until = business_window(DAY, (), night, (), where)
    assert until == night[0].end_ms + REACH_MS


def test_preparation_before_a_shift_at_midnight_belongs_to_the_shift() -> None:
    where = ZoneInfo("Asia/Shanghai")
    early = plan(DAY, where, 0, 8)
    begin, _ = business_window(DAY, (), early, (), where)
    assert begin == early[0].start_ms - REACH_MS


def test_a_shift_that_fills_the_next_date_leaves_the_one_after_it_alone() -> None:
    where = ZoneInfo("Asia/Shanghai")
    split = [*plan(DAY, where, 23, 5), *plan(DAY, where, 39, 5.75)]
    tomorrow, later = DAY + timedelta(days=1), DAY + timedelta(days=2)
    _, until = business_window(DAY, (), split, (), where)
    assert until == day_bounds(later, where)[0]
    assert business_window(tomorrow, split, (), (), where) == (until, until)


def test_between_two_shifts_that_are_near_the_middle_parts_them() -> None:
    where = ZoneInfo("Asia/Shanghai")
    late, early = plan(DAY, where, 17, 6), plan(DAY + timedelta(days=1), where, 4, 8)
    _, until = business_window(DAY, (), late, early, where)
    assert until - late[0].end_ms == early[0].start_ms - until
