"""The figure `fatigue`: JSON in, the rule `protocol.rules.fatigue`, JSON out."""

from zoneinfo import ZoneInfo

import msgspec

from agent_service.calc.input import decode, decoder
from agent_service.calc.intervals import Interval, refuse_overlap, spans
from agent_service.calc.times import ZONE, shown, zone_of
from protocol.facts.agent import Reason, State
from protocol.rules.day_rules import RosterRules
from protocol.rules.day_segments import DaySegment
from protocol.rules.fatigue import Fatigue, fatigue


class _Actual(Interval, frozen=True):
    state: State | None
    """Null: nobody knows."""
    reason: Reason | None = None


class Input(msgspec.Struct, frozen=True):
    """What is given."""

    actual: tuple[_Actual, ...]
    config: RosterRules = RosterRules()
    tz: str = ZONE


class _Output(msgspec.Struct, frozen=True):
    longest_run_s: int
    warn: bool
    offer: bool
    limit_reached: bool
    limit_reached_at: str | None
    current_run_s: int
    warn_at: str | None
    offer_at: str | None
    limit_at: str | None
    unknown_s: int
    longest_run_at_most_s: int


_decoder = decoder(Input)


def figure(given: bytes) -> _Output:
    """The figure of one input. Raises `BadInput`."""
    read = decode(_decoder, given)
    zone = zone_of(read.tz)
    return _output(fatigue(_segments(read, zone), read.config), zone)


def _segments(read: Input, zone: ZoneInfo) -> list[DaySegment]:
    """In the order of time, whatever the order of the input."""
    found = spans("$.actual", read.actual, zone)
    refuse_overlap("$.actual", found)
    segments = [
        DaySegment(*span, each.state, each.reason)
        for span, each in zip(found, read.actual, strict=True)
    ]
    return sorted(segments, key=lambda segment: (segment.from_ms, segment.until_ms))


def _output(found: Fatigue, zone: ZoneInfo) -> _Output:
    return _Output(
        longest_run_s=found.longest_run_s,
        warn=found.warn,
        offer=found.offer,
        limit_reached=found.limit_reached,
        limit_reached_at=_shown(found.limit_reached_ms, zone),
        current_run_s=found.current_run_s,
        warn_at=_shown(found.warn_at_ms, zone),
        offer_at=_shown(found.offer_at_ms, zone),
        limit_at=_shown(found.limit_at_ms, zone),
        unknown_s=found.unknown_s,
        longest_run_at_most_s=found.longest_run_at_most_s,
    )


def _shown(instant_ms: int | None, zone: ZoneInfo) -> str | None:
    return None if instant_ms is None else shown(instant_ms // 1000, zone)
