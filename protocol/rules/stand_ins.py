"""Shifts that somebody else worked than they were planned for (domain §4): pure.

Such a shift is nothing that its owner was to work: it is part of the substitute's plan of that
business date, beside a shift of their own. The service and the seat ask here, so that every figure
goes by the same plan.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

import msgspec

from protocol.facts.base import Instant
from protocol.facts.shift import PlannedSegment


class StandIn(msgspec.Struct, frozen=True, omit_defaults=True):
    """Somebody stood in for another's shift of a business date."""

    agent: str
    """Whose shift it was."""
    day: date
    substitute: str
    actor: str
    """On whose word: a staff number …"""
    text: str
    """… in their words …"""
    told_ms: Instant
    """… and when."""
    segments: tuple[PlannedSegment, ...] = ()
    """The shift as it is planned."""


class Shift(msgspec.Struct, frozen=True):
    """What somebody was to work in one piece."""

    segments: tuple[PlannedSegment, ...]
    stand_in: StandIn | None = None
    """Null: it is the person's own."""

    @property
    def for_agent(self) -> str:
        """Whose it was; empty: the person's own."""
        return "" if self.stand_in is None else self.stand_in.agent


def shifts_of(
    agent: str, own: Sequence[PlannedSegment], stand_ins: Iterable[StandIn]
) -> tuple[Shift, ...]:
    """What somebody was to work on a business date, in the order of time: their own shift, unless
    another stood in for it, and those that they stood in for. Where plans that came later make
    two of them overlap, the time is of the own shift, else of the one that was named first."""
    found: list[Shift] = []
    concerned = sorted(stand_ins, key=lambda each: (each.told_ms, each.agent))
    if own and not any(each.agent == agent for each in concerned):
        found.append(Shift(tuple(own)))
    for each in concerned:
        if each.substitute == agent:
            free = tuple(_free(each.segments, joined_plan(found)))
            found += [Shift(free, each)] if free else []
    return tuple(sorted(found, key=lambda shift: shift.segments[0].start_ms))


def joined_plan(shifts: Iterable[Shift]) -> tuple[PlannedSegment, ...]:
    """All that is planned in them, in the order of time."""
    segments = (segment for shift in shifts for segment in shift.segments)
    return tuple(sorted(segments, key=lambda segment: segment.start_ms))


def overlap(
    one: Iterable[PlannedSegment], other: Sequence[PlannedSegment]
) -> tuple[int, int] | None:
    """The first time [from, until) in ms that is planned in both; None without any."""
    spans = [
        (max(each.start_ms, beside.start_ms), min(each.end_ms, beside.end_ms))
        for each in one
        for beside in other
    ]
    return min(((begin, end) for begin, end in spans if begin < end), default=None)


def _free(
    segments: Iterable[PlannedSegment], taken: Sequence[PlannedSegment]
) -> Iterator[PlannedSegment]:
    """The segments without the time of others, which are in order."""
    for segment in segments:
        from_ms = segment.start_ms
        for each in taken:
            if each.end_ms <= from_ms or each.start_ms >= segment.end_ms:
                continue
            if from_ms < each.start_ms:
                yield msgspec.structs.replace(segment, start_ms=from_ms, end_ms=each.start_ms)
            from_ms = each.end_ms
        if from_ms < segment.end_ms:
            yield msgspec.structs.replace(segment, start_ms=from_ms)
