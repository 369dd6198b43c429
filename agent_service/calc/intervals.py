"""Intervals in the input of `calc`: read, and refused where they make no sense."""

from collections.abc import Sequence
from itertools import pairwise
from zoneinfo import ZoneInfo

import msgspec

from agent_service.calc.input import Moment, bad_input
from agent_service.calc.times import milliseconds

Span = tuple[int, int]
"""[start, end) in milliseconds since 1970 (UTC)."""


class Interval(msgspec.Struct, frozen=True):
    """What every interval of an input has. Half-open."""

    start: Moment
    end: Moment


def spans(place: str, given: Sequence[Interval], zone: ZoneInfo) -> list[Span]:
    """The instants of intervals that stand at a place such as `$.actual`. Raises `BadInput` for
    one that ends before it starts."""
    found = [(milliseconds(each.start, zone), milliseconds(each.end, zone)) for each in given]
    for number, (start_ms, end_ms) in enumerate(found):
        if end_ms < start_ms:
            detail = f"{given[number].end.isoformat()} < {given[number].start.isoformat()}"
            raise bad_input(f"{place}[{number}].end", detail)
    return found


def refuse_overlap(place: str, found: Sequence[Span]) -> None:
    """Raises `BadInput` where two of those that stand at a place share time."""
    ordered = sorted(range(len(found)), key=found.__getitem__)
    for before, after in pairwise(ordered):
        if found[after][0] < found[before][1]:
            raise bad_input(f"{place}[{after}].start", f"< {place}[{before}].end")
