"""One person's day laid out over its hours: what each cell of a strip stands for."""

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from typing import TypeVar

from protocol.facts.agent import State
from protocol.wire.person import Segment

_Kind = TypeVar("_Kind", bound=Hashable)

HOUR = timedelta(hours=1)
SHORTEST = timedelta(hours=4)
"""A strip shows as much at least, so that the first minutes do not fill it."""


@dataclass(frozen=True)
class Span:
    """The hours that a strip stands for."""

    start: datetime
    end: datetime

    def place(self, at: datetime, width: int) -> float:
        """Where an instant lies in so many cells; before the first or behind the last one too."""
        return (at - self.start) / (self.end - self.start) * width


@dataclass(frozen=True)
class Cell:
    """What took most of a cell's time: a state, or (null) nobody knows. `empty`: neither."""

    state: State | None
    empty: bool = False


def span(segments: Sequence[Segment], now: datetime | None, zone: tzinfo) -> Span | None:
    """Whole hours of the site around all that happened; null for a day without anything."""
    if not segments:
        return None
    start = min(segment.start for segment in segments)
    return around(start, max(end_of(segment, now) for segment in segments), zone)


def around(start: datetime, last: datetime, zone: tzinfo) -> Span:
    """Whole hours of the site around a stretch of time."""
    first, end = _hour(start, zone), _hour(last, zone)
    if end < last:
        end += HOUR
    return Span(first, max(end, first + SHORTEST))


def end_of(segment: Segment, now: datetime | None) -> datetime:
    """When a stretch ended; that goes on: now, as far as the time is known."""
    return segment.end or max(now or segment.start, segment.start)


def cells(segments: Sequence[Segment], over: Span, width: int, now: datetime | None) -> list[Cell]:
    """The strip: each cell as the state that took most of it."""
    stretches = ((each.start, end_of(each, now), Cell(each.state)) for each in segments)
    return [cell or Cell(None, empty=True) for cell in mostly(stretches, over, width)]


def mostly(
    stretches: Iterable[tuple[datetime, datetime, _Kind]], over: Span, width: int
) -> list[_Kind | None]:
    """What took most of each cell; null where nothing did."""
    shares: list[dict[_Kind, float]] = [{} for _ in range(width)]
    for start, end, kind in stretches:
        first = max(0.0, over.place(start, width))
        last = min(float(width), over.place(end, width))
        for place in range(int(first), min(width, int(last) + 1)):
            covered = min(last, place + 1) - max(first, place)
            if covered > 0:
                shares[place][kind] = shares[place].get(kind, 0.0) + covered
    return [max(share, key=lambda kind: share[kind]) if share else None for share in shares]


def hours(over: Span, width: int, zone: tzinfo) -> str:
    """The axis below a strip: hours of the site, as many as there is room for."""
    axis = [" "] * width
    free = 0
    at = over.start
    while at < over.end:
        place = round(over.place(at, width))
        label = f"{at.astimezone(zone):%H}"
        if place >= free and place + len(label) <= width:
            axis[place : place + len(label)] = label
            free = place + len(label) + 1
        at += HOUR
    return "".join(axis)


def _hour(at: datetime, zone: tzinfo) -> datetime:
    """The beginning of the site's hour; as an instant, since local hours may repeat."""
    local = at.astimezone(zone)
    return at - timedelta(
        minutes=local.minute, seconds=local.second, microseconds=local.microsecond
    )
