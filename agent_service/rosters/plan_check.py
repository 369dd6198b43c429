"""Whether segments are the plan of a business date: pure."""

from collections.abc import Sequence
from datetime import date, tzinfo
from itertools import pairwise

from protocol.facts.shift import PlannedSegment
from protocol.rules.local_day import local_date
from protocol.wire.errors import Code, Refused
from protocol.wire.roster import MAX_SEGMENTS

_HOUR_MS = 3_600_000
_LONGEST_MS = 24 * _HOUR_MS
_APART_MS = 12 * _HOUR_MS
"""So far apart they are two shifts, of which the second has a date of its own."""
_SECOND_MS = 1000


def check_plan(agent: str, day: date, segments: Sequence[PlannedSegment], where: tzinfo) -> None:
    """Raises `Refused` with `bad_plan`, naming the place: for too many segments, one that is
    empty, one that begins or ends within a second, two that overlap, are out of order or 12 hours
    apart, a plan that begins on another date and one of more than 24 hours."""
    place = _fault(day, segments, where)
    if place:
        raise Refused(Code.BAD_PLAN, agent=agent, day=day.isoformat(), place=place)


def _fault(day: date, segments: Sequence[PlannedSegment], where: tzinfo) -> str:
    if not segments:
        return ""
    if len(segments) > MAX_SEGMENTS:
        return f"segments > {MAX_SEGMENTS}"
    for number, each in enumerate(segments):
        if each.start_ms >= each.end_ms or each.start_ms % _SECOND_MS or each.end_ms % _SECOND_MS:
            return f"segments[{number}]"
    for number, (one, other) in enumerate(pairwise(segments), 1):
        if not one.end_ms <= other.start_ms < one.end_ms + _APART_MS:
            return f"segments[{number}].start_ms"
    if segments[-1].end_ms - segments[0].start_ms > _LONGEST_MS:
        return "> 24 h"
    try:
        begins_on = local_date(segments[0].start_ms, where)
    except (OverflowError, ValueError):
        return "segments[0].start_ms"
    return "" if begins_on == day else f"segments[0].start_ms ({begins_on.isoformat()})"
