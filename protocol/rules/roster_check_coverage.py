"""How many people a roster plans for each half hour, and how many are required: pure."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence

import msgspec

from protocol.facts.shift import Activity, PlannedSegment
from protocol.rules.stretches import joined, seconds_of

HALF_HOUR_S = 1800
SERVING = frozenset({Activity.WORK, Activity.ONLINE, Activity.OUTBOUND})
"""What is planned for customers."""


class HalfHour(msgspec.Struct, frozen=True):
    """A half hour with a requirement."""

    start_ms: int
    planned_s: int
    """Seconds of people in it: one who is planned for 15 minutes of it adds 900."""
    heads: int
    """Whole heads that these seconds make."""
    required: int
    short: int
    """Heads that are lacking: each that is begun counts whole."""


def coverage(
    plans: Iterable[Sequence[PlannedSegment]], required: Mapping[int, int]
) -> list[HalfHour]:
    """The half hours with a requirement, in order. `plans` has one item for each person, so that
    nobody counts twice; `required` has the heads by the start of the half hour (ms)."""
    starts = sorted(start_ms // 1000 for start_ms in required)
    planned = dict.fromkeys(starts, 0)
    for plan in plans:
        serving = (each for each in plan if each.activity in SERVING)
        for begin, end in joined(seconds_of(each.start_ms, each.end_ms) for each in serving):
            met = slice(bisect_right(starts, begin - HALF_HOUR_S), bisect_left(starts, end))
            for start in starts[met]:
                planned[start] += min(end, start + HALF_HOUR_S) - max(begin, start)
    return [
        _half_hour(start_ms, planned[start_ms // 1000], heads)
        for start_ms, heads in sorted(required.items())
    ]


def _half_hour(start_ms: int, planned_s: int, required: int) -> HalfHour:
    heads = planned_s // HALF_HOUR_S
    return HalfHour(start_ms, planned_s, heads, required, max(0, required - heads))
