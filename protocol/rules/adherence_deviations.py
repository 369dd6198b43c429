"""Where somebody was out of adherence, as a list for people. Pure."""

from collections.abc import Iterable

import msgspec

from protocol.facts.agent import Reason, State
from protocol.facts.base import Int64
from protocol.facts.shift import Activity
from protocol.rules.adherence_slices import Slice, Verdict

_DEVIATES = frozenset({Verdict.GRACE, Verdict.OUT})


class Deviation(msgspec.Struct, frozen=True):
    """[start_s, end_s) of one planned segment and one state, out by every test but the grace."""

    start_s: Int64
    end_s: Int64
    planned: Activity
    state: State | None
    reason: Reason | None
    counted: bool
    """False: forgiven."""


def deviations(slices: Iterable[Slice]) -> tuple[Deviation, ...]:
    """Those of slices in order. Neighbours of one segment and one state are one."""
    found: list[Deviation] = []
    last: Slice | None = None
    for each in slices:
        if each.verdict not in _DEVIATES:
            continue
        if last is not None and _goes_on(last, each):
            found[-1] = msgspec.structs.replace(found[-1], end_s=each.end_s)
        else:
            counted = each.verdict is Verdict.OUT
            found.append(
                Deviation(each.start_s, each.end_s, each.planned, each.state, each.reason, counted)
            )
        last = each
    return tuple(found)


def _goes_on(last: Slice, each: Slice) -> bool:
    same = (last.end_s, last.segment, last.state, last.reason)
    return same == (each.start_s, each.segment, each.state, each.reason)
