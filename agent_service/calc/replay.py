"""The figure `replay`: JSON in, the rule `protocol.rules.replay`, JSON out."""

from typing import Annotated
from zoneinfo import ZoneInfo

import msgspec
from msgspec import Meta

from agent_service.calc.input import Moment, bad_input, decode, decoder
from agent_service.calc.times import ZONE, milliseconds, shown, zone_of
from protocol.facts.agent import Reason, State
from protocol.facts.base import Int64
from protocol.rules.replay import Anchor, Event, Gap, Interval, Replay, replay


class _Anchor(msgspec.Struct, frozen=True):
    server: Moment
    mono_ms: Int64


class _Event(msgspec.Struct, frozen=True):
    session: str
    seq: Annotated[int, Meta(ge=1, le=(1 << 63) - 1)]
    mono_ms: Int64
    received: Moment
    state: str
    client_wall: Moment | None = None


class Input(msgspec.Struct, frozen=True):
    """What is given."""

    events: tuple[_Event, ...]
    anchors: dict[str, _Anchor] = {}
    tz: str = ZONE


class _Interval(msgspec.Struct, frozen=True):
    start: str
    end: str
    state: str
    seconds: int


class _Output(msgspec.Struct, frozen=True):
    accepted: int
    duplicates: int
    sequence_gaps: tuple[Gap, ...]
    max_abs_wall_skew_s: int | None
    clamped: int
    unanchored: int
    intervals: tuple[_Interval, ...]


_decoder = decoder(Input)
_STATES = frozenset(State) | {f"{State.NOT_READY}:{reason}" for reason in Reason}


def figure(given: bytes) -> _Output:
    """The figure of one input. Raises `BadInput`."""
    read = decode(_decoder, given)
    zone = zone_of(read.tz)
    anchors = {
        session: Anchor(milliseconds(anchor.server, zone), anchor.mono_ms)
        for session, anchor in read.anchors.items()
    }
    events = [_event(number, event, zone) for number, event in enumerate(read.events)]
    return _output(replay(anchors, events), zone)


def _event(number: int, event: _Event, zone: ZoneInfo) -> Event:
    if event.state not in _STATES:
        raise bad_input(f"$.events[{number}].state", event.state)
    wall = event.client_wall
    return Event(
        event.session,
        event.seq,
        milliseconds(event.received, zone),
        event.mono_ms,
        None if wall is None else milliseconds(wall, zone),
        event.state,
    )


def _output(found: Replay, zone: ZoneInfo) -> _Output:
    return _Output(
        found.accepted,
        found.duplicates,
        found.gaps,
        found.max_abs_wall_skew_s,
        found.clamped,
        found.unanchored,
        tuple(_interval(interval, zone) for interval in found.intervals),
    )


def _interval(interval: Interval, zone: ZoneInfo) -> _Interval:
    start, end = interval.start_s, interval.end_s
    return _Interval(shown(start, zone), shown(end, zone), interval.state, end - start)
