"""To which days a shift belongs, and work outside it."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from protocol.facts.agent import Reason, State
from protocol.facts.shift import Activity, PlannedSegment
from protocol.rules.adherence import CalendarDay, adherence
from protocol.rules.day_segments import DaySegment
from tests.rules.shifts import RULES, figures, planned, was

HOUR = 3600
READY = State.READY


def at(text: str, zone: ZoneInfo) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=zone).timestamp() * 1000)


def days(zone: ZoneInfo, start: str, end: str) -> list[tuple[date, int, int]]:
    """Of a shift of work that is worked whole."""
    from_ms, until_ms = at(start, zone), at(end, zone)
    plan = [PlannedSegment(from_ms, until_ms, Activity.WORK)]
    found = adherence(plan, [DaySegment(from_ms, until_ms, READY)], (), RULES, zone)
    return [(each.day, each.scheduled_s, each.in_s) for each in found.by_calendar_day]


@pytest.mark.parametrize(
    ("zone", "start", "end", "hours"),
    [
        ("Asia/Shanghai", "2025-03-31T22:00", "2025-04-01T06:00", [2, 6]),
        ("Europe/Berlin", "2025-10-25T22:00", "2025-10-26T06:00", [2, 7]),
        ("Europe/Berlin", "2025-03-29T22:00", "2025-03-30T06:00", [2, 5]),
        ("America/Havana", "2025-11-01T22:00", "2025-11-02T06:00", [2, 7]),
        ("Asia/Beirut", "2025-03-29T22:00", "2025-03-30T06:00", [2, 5]),
    ],
)
def test_a_night_is_cut_at_local_midnight(
    zone: str, start: str, end: str, hours: list[int]
) -> None:
    found = days(ZoneInfo(zone), start, end)
    assert [seconds for _, seconds, _ in found] == [hour * HOUR for hour in hours]
    assert [in_s for _, _, in_s in found] == [hour * HOUR for hour in hours]


def test_where_the_clocks_take_midnight_back_every_second_still_counts_once() -> None:
    # at 00:01 the clocks of Newfoundland went back to 23:01
    found = days(ZoneInfo("America/St_Johns"), "2006-10-28T20:00", "2006-10-29T04:00")
    assert [day for day, _, _ in found] == [date(2006, 10, 28), date(2006, 10, 29)]
    assert sum(seconds for _, seconds, _ in found) == 9 * HOUR


def test_the_business_date_is_that_of_the_first_segment() -> None:
    plan = [
        planned(16 * HOUR, 18 * HOUR, Activity.WORK),
        planned(14 * HOUR, 15 * HOUR, Activity.WORK),
    ]
    found = figures(plan, [])
    assert found.business_date == date(2025, 3, 3)
    assert found.by_calendar_day == (
        CalendarDay(date(2025, 3, 3), HOUR, 0),
        CalendarDay(date(2025, 3, 4), 2 * HOUR, 0),
    )
    zone = ZoneInfo("Pacific/Auckland")
    assert adherence(plan, (), (), RULES, zone).business_date == date(2025, 3, 4)


def test_a_day_without_plan_between_two_with_one_is_not_listed() -> None:
    plan = [planned(0, HOUR, Activity.WORK), planned(48 * HOUR, 49 * HOUR, Activity.WORK)]
    found = adherence(plan, (), (), RULES, UTC)
    assert [each.day.day for each in found.by_calendar_day] == [3, 5]


def test_work_before_the_plan_and_elsewhere_outside_it() -> None:
    plan = [planned(0, HOUR, Activity.WORK), planned(2 * HOUR, 3 * HOUR, Activity.BREAK)]
    actual = [
        was(-900, HOUR + 600, READY),
        was(HOUR + 600, HOUR + 700, Reason.HANDOVER),
        was(HOUR + 700, HOUR + 800, Reason.BACKOFFICE),
        was(2 * HOUR, 3 * HOUR + 50, State.ACW),
    ]
    found = figures(plan, actual)
    assert (found.pre_shift_work_s, found.overtime_work_s) == (900, 600 + 100 + 50)
    assert found.actual_work_s == 900 + HOUR + 700 + HOUR + 50
    assert found.scheduled_work_s == HOUR
