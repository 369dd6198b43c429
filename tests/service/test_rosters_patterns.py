"""From patterns to the segments of a date: overnight, in nights of a clock change, and nothing of
a shift is left without an activity."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent_service.rosters.patterns import DAY_MIN, clashes, cut, instant, pattern_segments
from agent_service.rosters.public_holidays import WorkCalendar
from protocol.facts.shift import Activity, PlannedSegment
from protocol.rules.local_day import day_bounds, local_date
from protocol.wire.roster import Holiday, Pattern, PatternSegment
from tests.service.rosters import DAY, NIGHT

SHANGHAI, BERLIN = ZoneInfo("Asia/Shanghai"), ZoneInfo("Europe/Berlin")
ZONES = (SHANGHAI, BERLIN, ZoneInfo("Australia/Lord_Howe"), ZoneInfo("America/New_York"))
SPRING, AUTUMN = date(2026, 3, 28), date(2026, 10, 24)
"""The evenings before the clocks of Berlin are changed."""


def shown(segments: tuple[PlannedSegment, ...], zone: ZoneInfo) -> list[tuple[str, str, str]]:
    """Local times and activities."""
    return [
        (local(each.start_ms, zone), local(each.end_ms, zone), each.activity) for each in segments
    ]


def local(ms: int, zone: ZoneInfo) -> str:
    return datetime.fromtimestamp(ms / 1000, UTC).astimezone(zone).strftime("%d %H:%M")


def hours(segments: tuple[PlannedSegment, ...]) -> float:
    return (segments[-1].end_ms - segments[0].start_ms) / 3_600_000


def test_what_the_inner_segments_leave_is_work() -> None:
    assert shown(pattern_segments(DAY, date(2026, 12, 1), SHANGHAI), SHANGHAI) == [
        ("01 09:00", "01 12:00", "WORK"),
        ("01 12:00", "01 13:00", "MEAL"),
        ("01 13:00", "01 15:30", "WORK"),
        ("01 15:30", "01 15:45", "BREAK"),
        ("01 15:45", "01 18:00", "WORK"),
    ]


def test_a_shift_over_midnight_belongs_to_the_date_on_which_it_starts() -> None:
    assert shown(pattern_segments(NIGHT, date(2026, 12, 31), SHANGHAI), SHANGHAI) == [
        ("31 22:00", "01 00:00", "WORK"),
        ("01 00:00", "01 00:15", "BREAK"),
        ("01 00:15", "01 02:00", "WORK"),
        ("01 02:00", "01 02:30", "MEAL"),
        ("01 02:30", "01 06:00", "WORK"),
    ]


@pytest.mark.parametrize(("day", "length"), [(SPRING, 7), (AUTUMN, 9), (date(2026, 6, 1), 8)])
def test_a_night_of_a_clock_change_is_as_long_as_it_is(day: date, length: float) -> None:
    segments = pattern_segments(NIGHT, day, BERLIN)
    assert hours(segments) == length
    assert [one.end_ms for one in segments[:-1]] == [other.start_ms for other in segments[1:]]


def test_a_break_that_the_clock_skips_is_none() -> None:
    pattern = Pattern("n", "22:00", "06:00", {}, (PatternSegment("02:15", "02:45", Activity.MEAL),))
    assert {each.activity for each in pattern_segments(pattern, SPRING, BERLIN)} == {"WORK"}
    longer = Pattern("n", "22:00", "06:00", {}, (PatternSegment("02:30", "03:30", Activity.MEAL),))
    (meal,) = (e for e in pattern_segments(longer, SPRING, BERLIN) if e.activity is Activity.MEAL)
    assert (local(meal.start_ms, BERLIN), local(meal.end_ms, BERLIN)) == ("29 03:00", "29 03:30")


times = st.lists(st.integers(1, 95), min_size=1, max_size=9, unique=True).map(sorted)


@given(
    st.sampled_from(ZONES),
    st.dates(date(2020, 1, 1), date(2030, 12, 31)),
    st.integers(0, 95),
    times,
)
def test_any_shift_is_covered_whole_and_in_order(
    zone: ZoneInfo, day: date, start: int, quarters: list[int]
) -> None:
    def clock(quarter: int) -> str:
        minutes = (start + quarter) % 96 * 15
        return f"{minutes // 60:02}:{minutes % 60:02}"

    *inner, end = quarters
    parts = tuple(
        PatternSegment(clock(one), clock(other), Activity.BREAK)
        for one, other in zip(inner[::2], inner[1::2], strict=False)
    )
    segments = pattern_segments(Pattern("p", clock(0), clock(end), {}, parts), day, zone)
    assert all(each.start_ms < each.end_ms for each in segments)
    assert all(one.end_ms == other.start_ms for one, other in pairwise(segments))
    begins, until = instant(day, start * 900, zone), instant(day, (start + end) * 900, zone)
    assert sum(each.end_ms - each.start_ms for each in segments) == until - begins


@given(
    st.sampled_from(ZONES), st.dates(date(2020, 1, 1), date(2030, 12, 31)), st.integers(0, DAY_MIN)
)
def test_clock_times_of_a_day_lie_within_it_and_in_order(
    zone: ZoneInfo, day: date, minute: int
) -> None:
    first, until = day_bounds(day, zone)
    at = instant(day, minute * 60, zone)
    assert first <= at <= until
    assert at <= instant(day, minute * 60 + 60, zone)
    assert local_date(at, zone) == day or at == until


def test_work_is_cut_by_what_lies_in_it() -> None:
    def part(start: int, end: int, activity: Activity = Activity.WORK) -> PlannedSegment:
        return PlannedSegment(start, end, activity)

    meal, rest = part(30, 40, Activity.MEAL), part(90, 100, Activity.BREAK)
    assert cut([part(0, 100), rest, meal]) == (part(0, 30), meal, part(40, 90), rest)
    assert cut([meal, part(35, 50)]) == (meal, part(40, 50))
    assert cut([]) == ()


WORK, MEAL, BREAK = Activity.WORK, Activity.MEAL, Activity.BREAK


@pytest.mark.parametrize(
    ("parts", "found"),
    [
        ([(0, 100, WORK), (30, 40, MEAL), (90, 100, BREAK)], []),
        ([(0, 50, WORK), (50, 100, WORK), (45, 55, BREAK)], []),
        ([(0, 50, WORK), (50, 60, BREAK)], []),
        ([(0, 50, WORK), (40, 60, BREAK)], [(1, 0)]),
        ([(40, 60, BREAK), (0, 50, WORK)], [(1, 0)]),
        ([(0, 50, WORK), (40, 90, WORK)], [(1, 0)]),
        ([(0, 90, WORK), (10, 30, MEAL), (20, 40, BREAK)], [(2, 1)]),
    ],
)
def test_what_nobody_can_have_meant_clashes(
    parts: list[tuple[int, int, Activity]], found: list[tuple[int, int]]
) -> None:
    assert list(clashes([PlannedSegment(*each) for each in parts])) == found


def test_public_holidays_and_make_up_days_are_known_for_announced_years() -> None:
    calendar = WorkCalendar(())
    october = calendar.between(date(2026, 10, 1), date(2026, 10, 10))
    assert [each.day.day for each in october if each.off] == [1, 2, 3, 5, 6, 7]
    assert [each.day.day for each in october if not each.off] == [10]
    assert calendar.is_holiday(date(2026, 1, 1))
    assert not calendar.is_holiday(date(2026, 1, 4))
    assert calendar.between(date(2020, 1, 24), date(2020, 1, 24))[0].off


def test_of_years_without_a_notice_nothing_is_guessed() -> None:
    calendar = WorkCalendar(())
    assert calendar.between(date(2190, 1, 1), date(2190, 12, 31)) == []
    assert calendar.unknown_years(date(2026, 12, 1), date(2190, 1, 31))[-1] == 2190
    assert calendar.unknown_years(date(2026, 1, 1), date(2026, 12, 31)) == []


def test_what_the_operator_says_goes_before() -> None:
    day, worked = date(2190, 1, 1), date(2026, 10, 1)
    calendar = WorkCalendar((Holiday(day, "feast", True), Holiday(worked, "", False)))
    assert calendar.is_holiday(day)
    assert not calendar.is_holiday(worked)
    assert calendar.unknown_years(day, day + timedelta(days=3)) == []


def test_a_month_has_as_many_work_days_as_the_notice_leaves_it() -> None:
    calendar = WorkCalendar(
        [Holiday(date(2026, 11, 3), "", True), Holiday(date(2026, 11, 7), "", False)]
    )
    assert calendar.work_days((2026, 10)) == 22 - 5 + 1
    assert calendar.work_days((2026, 11)) == 21
    assert calendar.work_days((2026, 12)) == 23
    assert WorkCalendar(()).work_days((2090, 1)) is None
