"""Planned time cut into slices, each with what was planned, what was, and how it counts. Pure."""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from enum import StrEnum
from operator import attrgetter, itemgetter

import msgspec

from protocol.facts.agent import Reason, State
from protocol.facts.base import Int64
from protocol.facts.shift import Activity, PlannedSegment
from protocol.rules.adherence_planned import RESTS, Doing, in_by_state
from protocol.rules.day_rules import AdherenceRules
from protocol.rules.day_segments import DaySegment
from protocol.rules.exceptions import DayException


class Verdict(StrEnum):
    """How a slice counts; the first test that holds decides (domain §3.6)."""

    EXCLUDED = "excluded"
    """An approved exception takes it out of both sides."""
    IN = "in"
    """In adherence by state."""
    EXCUSED = "excused"
    """An approved exception makes it count as in."""
    OVERRUN = "overrun"
    """Excused by itself: a call ran over the boundary, or the break floats after it."""
    PERSONAL = "personal"
    """Inside the personal allowance."""
    GRACE = "grace"
    """Out, but the whole deviation is so short that it is forgiven."""
    OUT = "out"


class Slice(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    """[start_s, end_s) (server time, whole seconds since 1970) of one planned segment."""

    start_s: Int64
    end_s: Int64
    segment: Int64
    """The place of that segment in the plan: 0, 1, 2 …, in the order of time."""
    planned: Activity
    state: State | None
    """Null: nobody knows."""
    verdict: Verdict
    reason: Reason | None = None
    """Of NOT_READY alone."""
    exception: DayException | None = None
    """The one that excludes or excuses it; of a slice that is out, one that is pending."""


# To name a member of an enumeration costs as much as to make a slice: for the loops over a day.
IN, OUT = Verdict.IN, Verdict.OUT
EXCLUDED = Verdict.EXCLUDED
_NOT_IN = frozenset({EXCLUDED, OUT})

Stretch = tuple[int, int, Doing]
"""From second, until second, and what somebody was doing."""
Span = tuple[int, int]
"""From second, until second."""

_SIGNED_OFF: Doing = (State.LOGGED_OFF, None)
_NOT_READY = State.NOT_READY
_FROM, _UNTIL = itemgetter(0), itemgetter(1)
_start_s = attrgetter("start_s")
_end_s = attrgetter("end_s")


def plan_in_seconds(plan: Sequence[PlannedSegment]) -> list[tuple[int, int, Activity]]:
    """The plan in whole seconds, in order, without what has no second in it."""
    segments = [(each.start_ms // 1000, each.end_ms // 1000, each.activity) for each in plan]
    return sorted((each for each in segments if each[0] < each[1]), key=_FROM)


def stretches(actual: Sequence[DaySegment]) -> list[Stretch]:
    """What was, in whole seconds, in order, without what has no second in it."""
    found = [
        (start_s, end_s, (each.state, each.reason if each.state is _NOT_READY else None))
        for each in actual
        if (start_s := each.from_ms // 1000) < (end_s := each.until_ms // 1000)
    ]
    found.sort(key=_FROM)
    return found


def planned_slices(
    plan: Sequence[tuple[int, int, Activity]], was: Sequence[Stretch], rules: AdherenceRules
) -> list[Slice]:
    """The slices of all planned time, in order: in or out by state alone."""
    may_be_off = _signed_in_span(was) if rules.logged_off_ok_in_break else (0, 0)
    of_each = in_by_state(rules.work_reasons)
    found: list[Slice] = []
    for number, (start_s, end_s, planned) in enumerate(plan):
        of_state = of_each[planned]
        rests = planned in RESTS
        for begin, end, doing in _within(was, start_s, end_s):
            is_in = doing in of_state or (
                rests and doing == _SIGNED_OFF and may_be_off[0] <= begin < may_be_off[1]
            )
            state, reason = doing
            found.append(Slice(begin, end, number, planned, state, IN if is_in else OUT, reason))
    return found


def _within(was: Sequence[Stretch], start_s: int, end_s: int) -> Iterator[Stretch]:
    """All of [start_s, end_s): what nothing covers is signed off."""
    at = start_s
    for number in range(bisect_right(was, start_s, key=_UNTIL), len(was)):
        begin, until, doing = was[number]
        if begin >= end_s:
            break
        if at < begin:
            yield at, begin, _SIGNED_OFF
            at = begin
        end = min(until, end_s)
        if at < end:
            yield at, end, doing
            at = end
    if at < end_s:
        yield at, end_s, _SIGNED_OFF


def _signed_in_span(was: Sequence[Stretch]) -> Span:
    """From the first moment of being signed in at all to the last; empty without one."""
    signed_in = [each for each in was if each[2] != _SIGNED_OFF]
    return (signed_in[0][0], signed_in[-1][1]) if signed_in else (0, 0)


def remark(
    slices: list[Slice],
    span: Span,
    eligible: Callable[[Slice], bool],
    verdict: Verdict,
    exception: DayException | None = None,
) -> None:
    """Give what is eligible inside the span another verdict, cut at its ends."""
    if span[0] >= span[1]:
        return
    low = bisect_right(slices, span[0], key=_end_s)
    high = bisect_left(slices, span[1], low, key=_start_s)
    touched = slices[low:high]
    slices[low:high] = [
        part
        for each in touched
        for part in (_cut(each, span, verdict, exception) if eligible(each) else (each,))
    ]


def _cut(
    whole: Slice, span: Span, verdict: Verdict, exception: DayException | None
) -> Iterator[Slice]:
    begin, end = max(whole.start_s, span[0]), min(whole.end_s, span[1])
    if whole.start_s < begin:
        yield msgspec.structs.replace(whole, end_s=begin)
    yield msgspec.structs.replace(
        whole, start_s=begin, end_s=end, verdict=verdict, exception=exception
    )
    if end < whole.end_s:
        yield msgspec.structs.replace(whole, start_s=end)


def seconds_by_verdict(slices: Iterable[Slice]) -> dict[Verdict, int]:
    """How long each verdict holds."""
    seconds = dict.fromkeys(Verdict, 0)
    for each in slices:
        seconds[each.verdict] += each.end_s - each.start_s
    return seconds


def in_seconds(by: Mapping[Verdict, int]) -> int:
    """Of them, those that count as in adherence."""
    return sum(seconds for verdict, seconds in by.items() if verdict not in _NOT_IN)
