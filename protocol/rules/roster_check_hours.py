"""Checks of a roster's hours: of a day, a week and a month. Pure."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from typing import TypeVar

from protocol.facts.shift import Activity, PlannedSegment
from protocol.rules.day_rules import RosterRules
from protocol.rules.roster_check_finding import Finding, FindingCode, Plans, Severity
from protocol.rules.stretches import seconds_of

HOUR_S = 3600
DAYS_OF_WEEK = 7
WORK_DAYS_OF_WEEK = 5

Key = TypeVar("Key")
Month = tuple[int, int]
Week = tuple[int, int]
WorkDays = Callable[[Month], int | None]
"""How many days of a month are work days: those from Monday to Friday without public holidays, and
make-up days. None where that is not announced yet."""


def paid_s(segments: Sequence[PlannedSegment]) -> int:
    """The paid seconds of a plan: all of it but MEAL."""
    spans = (seconds_of(each.start_ms, each.end_ms) for each in segments if not _is_meal(each))
    return sum(end - begin for begin, end in spans)


def week_of(day: date) -> Week:
    """The ISO year and week that a business date lies in."""
    year, week, _ = day.isocalendar()
    return year, week


def month_of(day: date) -> Month:
    """The calendar month that a business date lies in."""
    return day.year, day.month


def hours_findings(
    plans: Plans, rules: RosterRules, work_days: WorkDays = lambda month: None
) -> Iterator[Finding]:
    """Days, weeks and months that are too long. Under a comprehensive-hours cycle months alone."""
    paid = {day: paid_s(plans[day]) for day in sorted(plans) if plans[day]}
    if not rules.comprehensive_hours:
        yield from _days(paid, rules)
        yield from _weeks(paid, rules)
    yield from _months(paid, rules, work_days)


def overtime_s(paid: Mapping[date, int], rules: RosterRules) -> dict[date, int]:
    """Paid seconds of each date beyond the ordinary hours of the day, and, from the day on which
    the ordinary hours of the ISO week are used up, beyond these: each second once."""
    left = dict.fromkeys(map(week_of, paid), rules.week_h * HOUR_S)
    overtime = {}
    for day in sorted(paid):
        ordinary = min(paid[day], rules.day_h * HOUR_S, left[week_of(day)])
        left[week_of(day)] -= ordinary
        overtime[day] = paid[day] - ordinary
    return overtime


def _is_meal(segment: PlannedSegment) -> bool:
    return segment.activity is Activity.MEAL


def _days(paid: Mapping[date, int], rules: RosterRules) -> Iterator[Finding]:
    ordinary_s = rules.day_h * HOUR_S
    longest_s = ordinary_s + rules.overtime_day_h * HOUR_S
    for day, seconds in paid.items():
        if found := _above(seconds, ordinary_s, longest_s):
            yield Finding(FindingCode.DAY_HOURS, found[0], day, day, seconds, found[1])


def _weeks(paid: Mapping[date, int], rules: RosterRules) -> Iterator[Finding]:
    for days in _by(week_of, paid).values():
        seconds = sum(paid[day] for day in days)
        if found := _above(seconds, rules.week_h * HOUR_S, rules.week_ceiling_h * HOUR_S):
            yield Finding(FindingCode.WEEK_HOURS, found[0], days[0], days[-1], seconds, found[1])


def _months(paid: Mapping[date, int], rules: RosterRules, work_days: WorkDays) -> Iterator[Finding]:
    """Under a comprehensive-hours cycle a month's overtime is what lies beyond the ordinary hours
    of its work days; otherwise the sum of its days'."""
    overtime = overtime_s(paid, rules)
    limit_s = rules.overtime_month_h * HOUR_S
    for month, days in _by(month_of, paid).items():
        seconds = sum(overtime[day] for day in days)
        if rules.comprehensive_hours:
            seconds = sum(paid[day] for day in days) - _ordinary_month_s(
                month, rules, work_days(month)
            )
        if seconds > limit_s:
            code, grave = FindingCode.MONTH_OVERTIME, Severity.REFUSE
            yield Finding(code, grave, days[0], days[-1], seconds, limit_s)


def _ordinary_month_s(month: Month, rules: RosterRules, work_days: int | None) -> int:
    """Without work days the month's share of the hours of its weeks."""
    if work_days is not None:
        return rules.week_h * HOUR_S * work_days // WORK_DAYS_OF_WEEK
    year, number = month
    following = date(year + number // 12, number % 12 + 1, 1)
    length = (following - date(year, number, 1)).days
    return rules.week_h * HOUR_S * length // DAYS_OF_WEEK


def _above(seconds: int, warned_s: int, refused_s: int) -> tuple[Severity, int] | None:
    """How grave it is, and which limit it is above."""
    if seconds > refused_s:
        return Severity.REFUSE, refused_s
    return (Severity.WARN, warned_s) if seconds > warned_s else None


def _by(key: Callable[[date], Key], paid: Mapping[date, int]) -> dict[Key, list[date]]:
    """The dates, in order, by what they have in common."""
    groups: dict[Key, list[date]] = {}
    for day in sorted(paid):
        groups.setdefault(key(day), []).append(day)
    return groups
