"""Calls that run over the end of planned work, and what that excuses by itself (domain §3.6). Pure.

A call that was there when a break began is no choice of the agent's: its work is excused until it
ends, and the break may end later by as much.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

import msgspec

from protocol.facts.agent import State
from protocol.facts.shift import Activity
from protocol.rules.adherence_planned import RESTS
from protocol.rules.adherence_slices import Span
from protocol.rules.day_rules import AdherenceRules
from protocol.rules.day_segments import DaySegment

_ACW = State.ACW


class Overrun(msgspec.Struct, frozen=True):
    """Of one planned segment: where work states are excused, and where resting is."""

    work: Span
    rest: Span | None
    """Null where the break does not float."""


class _Call(msgspec.Struct):
    """When it began and its parts ended (ms)."""

    start_ms: int
    talk_end_ms: int | None = None
    acw_end_ms: int | None = None
    acw_limit_s: int = 0

    def end_s(self) -> int:
        """With after-call work, as far as its limit. Where nothing but that is known of the
        call, the talk ended as it began."""
        talk_end_ms = self.start_ms if self.talk_end_ms is None else self.talk_end_ms
        if self.acw_end_ms is None:
            return talk_end_ms // 1000
        return min(self.acw_end_ms // 1000, talk_end_ms // 1000 + self.acw_limit_s)


def overruns(
    plan: Sequence[tuple[int, int, Activity]],
    actual: Sequence[DaySegment],
    rules: AdherenceRules,
) -> Iterator[Overrun]:
    """Those of a plan (in whole seconds, in order), of the segments that directly follow WORK."""
    calls = _calls(actual, rules)
    for (_, work_end_s, before), (start_s, end_s, planned) in pairwise(plan):
        if before is not Activity.WORK or planned is Activity.WORK or work_end_s != start_s:
            continue
        over_s = _over_s(calls, start_s, rules)
        if over_s > start_s:
            floats = rules.break_floats and planned in RESTS
            rest = (end_s, end_s + over_s - start_s) if floats else None
            yield Overrun((start_s, min(over_s, end_s)), rest)


def _over_s(calls: Iterable[_Call], boundary_s: int, rules: AdherenceRules) -> int:
    """When the last of the calls ends that were there at a boundary; no later than the cap."""
    latest_s = boundary_s + rules.grace_s
    ends = [call.end_s() for call in calls if call.start_ms // 1000 <= latest_s]
    return min(max(ends, default=boundary_s), boundary_s + rules.overrun_cap_s)


def _calls(actual: Sequence[DaySegment], rules: AdherenceRules) -> Iterable[_Call]:
    calls: dict[str, _Call] = {}
    for each in actual:
        if each.call_id is None:
            continue
        call = calls.get(each.call_id)
        if call is None:
            call = calls[each.call_id] = _Call(each.from_ms)
        elif each.from_ms < call.start_ms:
            call.start_ms = each.from_ms
        if each.state is _ACW:
            limit_s = rules.acw_limit_of(each.line) + each.acw_extra_s
            call.acw_limit_s = max(call.acw_limit_s, limit_s)
            if call.acw_end_ms is None or call.acw_end_ms < each.until_ms:
                call.acw_end_ms = each.until_ms
        elif call.talk_end_ms is None or call.talk_end_ms < each.until_ms:
            call.talk_end_ms = each.until_ms
    return calls.values()
