"""Heads present against heads required (domain §4). Pure."""

from collections.abc import Mapping, Sequence

_HALF_HOUR_MS = 1_800_000

Span = tuple[int, int]
"""[begin, end) in which somebody was there (ms)."""


def heads_at(required: Mapping[int, int], at_ms: int) -> int:
    """How many should be there, by the starts (ms) of half hours; 0 where nothing is required."""
    return max(
        (n for start, n in required.items() if start <= at_ms < start + _HALF_HOUR_MS), default=0
    )


def short_since(
    required: Mapping[int, int], there: Sequence[Span], from_ms: int, now_ms: int
) -> int:
    """The end of the last moment of [from_ms, now_ms) at which there were enough; `from_ms` where
    there were too few all the time, `now_ms` where there were enough to the end."""
    half_hours = {at for start in required for at in (start, start + _HALF_HOUR_MS)}
    edges = half_hours | {at for span in there for at in span}
    since_ms = now_ms
    for begin_ms in sorted({from_ms, *(at for at in edges if from_ms < at < now_ms)}, reverse=True):
        present = sum(begin <= begin_ms < end for begin, end in there)
        if present >= heads_at(required, begin_ms):
            break
        since_ms = begin_ms
    return since_ms
