"""Which time belongs to which business date: pure.

A shift belongs whole to the local date on which it starts. Time around it belongs to it too, as
long as no other shift is nearer: preparation before, overtime after, also across midnight.
"""

from collections.abc import Sequence
from datetime import date, timedelta, tzinfo

import msgspec

from protocol.facts.shift import PlannedSegment
from protocol.rules.local_day import day_bounds

REACH_MS = 4 * 3_600_000
"""How far a shift reaches over midnight into a day or a night without one."""

Plan = Sequence[PlannedSegment]


def business_window(
    day: date, before: Plan, plan: Plan, after: Plan, where: tzinfo
) -> tuple[int, int]:
    """The instants [from, until) in ms that belong to a business date, given its plan and those
    of the dates before and after. The windows of neighbouring dates meet without a gap."""
    begins = date_begins(day, before, plan, where)
    return begins, date_begins(day + timedelta(days=1), plan, after, where)


def date_begins(day: date, before: Plan, plan: Plan, where: tzinfo) -> int:
    """The instant (ms) at which a date begins: its midnight, or, where a shift is near, as far
    from it as the reach; between two shifts that are nearer to one another, the middle."""
    midnight, next_midnight = day_bounds(day, where)
    ends = max((segment.end_ms for segment in before), default=None)
    starts = min((segment.start_ms for segment in plan), default=None)
    earliest = midnight if ends is None else ends + REACH_MS
    latest = midnight if starts is None else starts - REACH_MS
    if ends is not None and starts is not None and earliest > latest:
        return (ends + max(ends, starts)) // 2
    if ends is not None and earliest > midnight:
        return max(ends, min(earliest, next_midnight))
    return min(midnight, latest) if starts is not None else midnight


def within(plan: Plan, window: tuple[int, int]) -> tuple[PlannedSegment, ...]:
    """What of a plan lies in the time [from, until) in ms of its date: all of it, unless a shift
    of the date before goes on meanwhile, or a lock has fixed where one of the dates begins."""
    from_ms, until_ms = window
    return tuple(
        msgspec.structs.replace(
            each, start_ms=max(each.start_ms, from_ms), end_ms=min(each.end_ms, until_ms)
        )
        for each in plan
        if each.end_ms > from_ms and each.start_ms < until_ms
    )
