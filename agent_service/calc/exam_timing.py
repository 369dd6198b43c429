"""The figure `exam_timing`: JSON in, the rule `agent_service.exams.timing`, JSON out."""

from datetime import datetime
from itertools import pairwise
from typing import Annotated
from zoneinfo import ZoneInfo

import msgspec
from msgspec import Meta

from agent_service.calc.input import Moment, bad_input, decode, decoder
from agent_service.calc.refusal import Refusal
from agent_service.calc.times import ZONE, milliseconds, shown, zone_of
from agent_service.exams.timing import (
    Came,
    ClosedBy,
    NotBegun,
    Sitting,
    SittingEvent,
    Taken,
    Times,
    sitting,
)

_Minutes = Annotated[int, Meta(ge=1, le=10_000)]
GRACE_S = 5
_SECOND_MS, _MINUTE_MS = 1_000, 60_000


class _Event(msgspec.Struct, frozen=True):
    kind: SittingEvent
    server_time: Moment
    extra_min: Annotated[int, Meta(ge=0, le=10_000)] = 0


class Input(msgspec.Struct, frozen=True):
    """What is given, by the server's clock."""

    window_start: Moment
    window_end: Moment
    duration_min: _Minutes
    started: Moment
    events: tuple[_Event, ...] = ()
    submit_grace_s: Annotated[int, Meta(ge=0, le=3600)] = GRACE_S
    tz: str = ZONE


class _Output(msgspec.Struct, frozen=True):
    deadline: str
    events: tuple[Taken, ...]
    closed_by: ClosedBy
    submitted_at: str


_decoder = decoder(Input)


def figure(given: bytes) -> _Output | Refusal:
    """The figure of one input. Raises `BadInput`."""
    read = decode(_decoder, given)
    zone = zone_of(read.tz)
    try:
        found = _sitting(read, zone)
    except NotBegun as not_begun:
        return Refusal(not_begun.fault)
    return _Output(
        shown(found.deadline_ms // _SECOND_MS, zone),
        found.events,
        found.closed_by,
        shown(found.submitted_ms // _SECOND_MS, zone),
    )


def _sitting(read: Input, zone: ZoneInfo) -> Sitting:
    def at(moment: datetime) -> int:
        return milliseconds(moment, zone) // _SECOND_MS * _SECOND_MS

    times = Times(
        at(read.window_start),
        at(read.window_end),
        read.duration_min * _MINUTE_MS,
        at(read.started),
    )
    if times.window_end_ms < times.window_start_ms:
        raise bad_input("$.window_end", "< $.window_start")
    came = [
        Came(each.kind, at(each.server_time), each.extra_min * _MINUTE_MS) for each in read.events
    ]
    for number, (before, after) in enumerate(pairwise(came), 1):
        if after.at_ms < before.at_ms:
            raise bad_input(f"$.events[{number}].server_time", f"< $.events[{number - 1}]")
    return sitting(times, came, read.submit_grace_s * _SECOND_MS)
