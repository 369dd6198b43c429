"""A shift by local days: cut at midnight, wherever the clocks put it. Pure."""

from bisect import bisect_left
from collections.abc import Sequence
from datetime import date, tzinfo
from operator import attrgetter

import msgspec

from protocol.facts.base import Int64
from protocol.rules.adherence_slices import Slice, Verdict, in_seconds, seconds_by_verdict
from protocol.rules.local_day import day_bounds, local_date

_start_s = attrgetter("start_s")


class CalendarDay(msgspec.Struct, frozen=True):
    """What of the shift lies on one local day, without what is excluded."""

    day: date
    scheduled_s: Int64
    in_s: Int64


def calendar_days(slices: Sequence[Slice], where: tzinfo) -> tuple[CalendarDay, ...]:
    """The days on which something is planned, in order; also those of which all is excluded."""
    days: dict[date, list[Slice]] = {}
    rest = list(slices)
    while rest:
        at = rest[0].start_s
        day = local_date(at * 1000, where)
        midnight_s = day_bounds(day, where)[1] // 1000
        today, rest = _cut(rest, max(midnight_s, at + 1))  # a day can come back after its midnight
        days.setdefault(day, []).extend(today)
    return tuple(_sum(day, today) for day, today in days.items())


def _cut(slices: list[Slice], at_s: int) -> tuple[list[Slice], list[Slice]]:
    """What of slices in order lies before an instant, and from it on."""
    place = bisect_left(slices, at_s, key=_start_s)
    before, after = slices[:place], slices[place:]
    if before and before[-1].end_s > at_s:
        last = before.pop()
        before.append(msgspec.structs.replace(last, end_s=at_s))
        after.insert(0, msgspec.structs.replace(last, start_s=at_s))
    return before, after


def _sum(day: date, slices: Sequence[Slice]) -> CalendarDay:
    by = seconds_by_verdict(slices)
    return CalendarDay(day, sum(by.values()) - by[Verdict.EXCLUDED], in_seconds(by))
