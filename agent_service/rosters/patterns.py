"""From a shift pattern and a date to the segments of that day: pure.

Patterns are written in local time; plans hold instants, so that a shift in the night of a clock
change is as long as it really is.
"""

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta, tzinfo

import msgspec

from protocol.facts.shift import Activity, PlannedSegment
from protocol.rules.stretches import joined
from protocol.wire.roster import MAX_SEGMENTS, Pattern

DAY_OFF = "-"
"""Stands in place of a pattern's name."""
DAY_MIN = 24 * 60
YEARS = range(1970, 2200)
"""Of dates that rosters may be of: calendars have them whole, with the months around them."""
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_SECOND = timedelta(seconds=1)
_CLOCK = re.compile(r"([01]\d|2[0-3]):([0-5]\d)")


class Stretch(msgspec.Struct, frozen=True):
    """A part of a shift, in minutes after the midnight with which its business date begins."""

    start_min: int
    end_min: int
    activity: Activity


def minutes(clock: str) -> int | None:
    """Minutes after midnight of `HH:MM`; None for anything else."""
    found = _CLOCK.fullmatch(clock)
    return None if found is None else int(found[1]) * 60 + int(found[2])


def stretches(pattern: Pattern) -> tuple[Stretch, tuple[Stretch, ...]]:
    """The whole shift, and what lies in it, as written. A time that is not after the shift's
    beginning is on the next day. Raises ValueError for a time that is none."""
    start = _minutes(pattern.start)

    def after(clock: str, *, least: int) -> int:
        return start + (_minutes(clock) - start - least) % DAY_MIN + least

    inner = tuple(
        Stretch(after(each.start, least=0), after(each.end, least=1), each.activity)
        for each in pattern.segments
    )
    return Stretch(start, after(pattern.end, least=1), Activity.WORK), inner


def pattern_segments(pattern: Pattern, day: date, where: tzinfo) -> tuple[PlannedSegment, ...]:
    """The plan of a business date. What the pattern's segments leave is WORK. A stretch that a
    clock change swallows is left out."""
    return planned(_filled(*stretches(pattern)), day, where)


def planned(parts: Iterable[Stretch], day: date, where: tzinfo) -> tuple[PlannedSegment, ...]:
    """Stretches of a business date as instants."""
    found = (
        PlannedSegment(
            instant(day, each.start_min * 60, where),
            instant(day, each.end_min * 60, where),
            each.activity,
        )
        for each in parts
    )
    return tuple(each for each in found if each.start_ms < each.end_ms)


def instant(day: date, second: int, where: tzinfo) -> int:
    """The instant (ms) at which clocks show that many seconds after the midnight with which a
    date begins. Of a time that comes twice the first; of one that is skipped, when the clock is
    put forward."""
    naive = datetime(day.year, day.month, day.day) + timedelta(seconds=second)  # noqa: DTZ001 - the clock on the wall
    first, again = (_seconds(naive.replace(tzinfo=where, fold=fold)) for fold in (0, 1))
    if first <= again:
        return first * 1000
    forward = _offset(first, where)
    moved = bisect_left(range(again, first), True, key=lambda at: _offset(at, where) == forward)
    return (again + moved) * 1000


def clashes(segments: Sequence[PlannedSegment]) -> Iterator[tuple[int, int]]:
    """Which of them (by place) share time with which earlier one, other than a break that lies
    in work: nobody can have meant it, and to cut it would be to guess. Nothing is said of more than
    a plan can hold."""
    if len(segments) > MAX_SEGMENTS:
        return
    ordered = sorted(range(len(segments)), key=lambda each: segments[each].start_ms)
    work = joined(
        (each.start_ms, each.end_ms) for each in segments if each.activity is Activity.WORK
    )
    for later, earlier in ((b, a) for number, b in enumerate(ordered) for a in ordered[:number]):
        one, other = segments[earlier], segments[later]
        if other.start_ms < one.end_ms and not _inside(one, other, work):
            yield max(earlier, later), min(earlier, later)


def _inside(one: PlannedSegment, other: PlannedSegment, work: Iterable[tuple[int, int]]) -> bool:
    """Whether one of them is work, and the other lies in work from end to end."""
    others = [each for each in (one, other) if each.activity is not Activity.WORK]
    return len(others) == 1 and any(
        begin_ms <= others[0].start_ms and others[0].end_ms <= end_ms for begin_ms, end_ms in work
    )


def cut(segments: Iterable[PlannedSegment]) -> tuple[PlannedSegment, ...]:
    """Segments in order, WORK cut by whatever else lies in it: people draw a break into a shift
    without taking the shift apart. What is no segment, and others that overlap, stay so, for
    whoever checks it."""
    given = sorted(segments, key=lambda each: (each.start_ms, each.end_ms))
    work = [e for e in given if e.activity is Activity.WORK and e.start_ms < e.end_ms]
    others = [each for each in given if each not in work]
    left = [part for each in work for part in _without(each, others)]
    return tuple(sorted([*others, *left], key=lambda each: (each.start_ms, each.end_ms)))


def _without(work: PlannedSegment, others: Sequence[PlannedSegment]) -> Iterator[PlannedSegment]:
    at_ms = work.start_ms
    for each in others:
        if each.end_ms <= at_ms or work.end_ms <= each.start_ms:
            continue
        if at_ms < each.start_ms:
            yield PlannedSegment(at_ms, each.start_ms, Activity.WORK)
        at_ms = each.end_ms
    if at_ms < work.end_ms:
        yield PlannedSegment(at_ms, work.end_ms, Activity.WORK)


def _filled(whole: Stretch, inner: Iterable[Stretch]) -> Iterator[Stretch]:
    at = whole.start_min
    for each in inner:
        yield Stretch(at, each.start_min, Activity.WORK)
        yield each
        at = each.end_min
    yield Stretch(at, whole.end_min, Activity.WORK)


def _minutes(clock: str) -> int:
    found = minutes(clock)
    if found is None:
        raise ValueError(clock)
    return found


def _seconds(at: datetime) -> int:
    return (at.astimezone(UTC) - _EPOCH) // _SECOND


def _offset(second: int, where: tzinfo) -> timedelta | None:
    return (_EPOCH + second * _SECOND).astimezone(where).utcoffset()
