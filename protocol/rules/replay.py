"""What a seat recorded, put on the server's time after the event: replay.

The time of an event is its session's anchor and the seat's monotonic clock, never later than its
receipt. Wall clocks are compared and never trusted. What comes out depends neither on the order
in which events arrived nor on how often.
"""

from collections.abc import Iterable, Mapping, Sequence
from itertools import accumulate, pairwise
from operator import attrgetter

import msgspec


class Anchor(msgspec.Struct, frozen=True):
    """An instant that both clocks of a session know."""

    server_ms: int
    mono_ms: int


class Event(msgspec.Struct, frozen=True):
    """A state that was entered, as a seat recorded it."""

    session: str
    seq: int
    """1, 2, 3 … within the session."""
    received_ms: int
    mono_ms: int
    wall_ms: int | None
    state: str
    """A state, or `STATE:REASON`."""


class Gap(msgspec.Struct, frozen=True):
    """Sequence numbers of a session that are missing, both ends included: unknown time."""

    session: str
    missing_from: int
    missing_to: int


class Interval(msgspec.Struct, frozen=True):
    """[start, end) in a state. Instants are whole seconds."""

    session: str
    start_s: int
    end_s: int
    state: str


class Replay(msgspec.Struct, frozen=True):
    """What the events say."""

    accepted: int
    duplicates: int
    gaps: tuple[Gap, ...]
    max_abs_wall_skew_s: int | None
    """The furthest that a wall clock was from the event's time; null without any."""
    clamped: int
    """Events whose time would have been later than their receipt."""
    unanchored: int
    """Events of sessions without an anchor: when they were, nobody knows."""
    intervals: tuple[Interval, ...]
    """From each event to the next of its session. One before a gap stands as it is: a figure
    that counts against anybody treats it as unknown."""


class _Timed(msgspec.Struct, frozen=True):
    """An event and when it was."""

    event: Event
    at_ms: int
    clamped: bool


def replay(anchors: Mapping[str, Anchor], events: Iterable[Event]) -> Replay:
    """Put events on the server's time. Of copies of an event the one received first counts."""
    given = sorted(events, key=_order)
    sessions = _by_session(given)
    timed = {
        session: _timed(anchors[session], own)
        for session, own in sessions.items()
        if session in anchors
    }
    in_time = sorted(timed, key=lambda session: (timed[session][0].at_ms, session))
    accepted = sum(len(own) for own in sessions.values())
    anchored = [each for session in in_time for each in timed[session]]
    return Replay(
        accepted=accepted,
        duplicates=len(given) - accepted,
        gaps=tuple(gap for own in sessions.values() for gap in _gaps(own)),
        max_abs_wall_skew_s=max(_skews(anchored), default=None),
        clamped=sum(each.clamped for each in anchored),
        unanchored=accepted - len(anchored),
        intervals=tuple(part for session in in_time for part in _intervals(timed[session])),
    )


def _order(event: Event) -> tuple[object, ...]:
    """By session and number; among copies, the one received first. Total, so that what differs
    between copies is decided the same way in whatever order they come."""
    wall = event.wall_ms
    return (
        event.session,
        event.seq,
        event.received_ms,
        event.mono_ms,
        wall is None,
        wall or 0,
        event.state,
    )


def _by_session(ordered: Iterable[Event]) -> dict[str, list[Event]]:
    sessions: dict[str, list[Event]] = {}
    for event in ordered:
        own = sessions.setdefault(event.session, [])
        if not own or own[-1].seq != event.seq:
            own.append(event)
    return sessions


def _timed(anchor: Anchor, events: Sequence[Event]) -> list[_Timed]:
    """An event is no later than the one after it: where a clock or a receipt says otherwise, the
    earlier time holds for both."""
    wanted = [anchor.server_ms + event.mono_ms - anchor.mono_ms for event in events]
    limits = [min(at_ms, event.received_ms) for at_ms, event in zip(wanted, events, strict=True)]
    times = list(accumulate(reversed(limits), min))[::-1]
    return [
        _Timed(event, at_ms, wanted_ms > event.received_ms)
        for event, at_ms, wanted_ms in zip(events, times, wanted, strict=True)
    ]


def _gaps(events: Sequence[Event]) -> Iterable[Gap]:
    numbers = [0, *map(attrgetter("seq"), events)]
    for before, after in pairwise(numbers):
        if after > before + 1:
            yield Gap(events[0].session, before + 1, after - 1)


def _skews(timed: Iterable[_Timed]) -> Iterable[int]:
    for each in timed:
        if each.event.wall_ms is not None:
            yield abs(each.event.wall_ms // 1000 - each.at_ms // 1000)


def _intervals(timed: Sequence[_Timed]) -> Iterable[Interval]:
    for one, two in pairwise(timed):
        event = one.event
        yield Interval(event.session, one.at_ms // 1000, two.at_ms // 1000, event.state)
