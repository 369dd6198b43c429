"""How much of the time that seats tell of may be credited (domain §6): pure.

What a seat says it credited is held against the time that went by between its facts, by the seat's
word and by the server's clock, and against what the same person was credited elsewhere: no second
counts twice, whatever desks say and in whichever order it comes. What is too much is cut.
"""

from collections.abc import Iterable, Iterator

import msgspec
from msgspec.structs import replace

from protocol.wire.training import HEARTBEAT_S

Span = tuple[int, int]
"""[from, until) in ms."""

_SECOND_MS = 1000
_STRETCH_MS = HEARTBEAT_S * _SECOND_MS
_MOST_SPANS = 32
"""Older ones are taken together with what lies between them."""
_MOST_SESSIONS = 8


class Open(msgspec.Struct, frozen=True, array_like=True):
    """What is open in one session of a seat; of nothing, the names are empty."""

    session: str
    assignment: str
    content: str
    at_ms: int
    """When it last told of it."""
    received_ms: int
    """When that was received."""
    spare_ms: int = 0
    """Time of this opening that went by and is not credited yet: a stretch at most."""
    elapsed_ms: int = 0
    """Server time that went by since the session began and is not credited yet."""
    busy: bool = False
    """Whether the session's state is one in which nobody reads."""


class Reading(msgspec.Struct, frozen=True, array_like=True):
    """What is remembered of one person."""

    spent: tuple[Span, ...] = ()
    """Time that is credited or put by, in order and without overlap."""
    sessions: tuple[Open, ...] = ()
    """The last one that told something stands last."""


class Told(msgspec.Struct, frozen=True):
    """Whose session told of which content, and when."""

    session: str
    assignment: str
    content: str
    at_ms: int
    """By the seat's word, and never after the receipt."""
    received_ms: int


def began(reading: Reading, session: str, at_ms: int | None) -> Reading:
    """Somebody signed in, by the server's clock; null: nobody heard it, so that of the time in it
    the seat's word is all there is."""
    if _known(reading, session) is not None:
        return reading
    since_ms = 0 if at_ms is None else at_ms
    return _with(reading, Open(session, "", "", since_ms, since_ms))


def entered(reading: Reading, session: str, busy: bool) -> Reading:
    """A state was entered; `busy`: one in which nobody reads, so that what was open is closed."""
    known = _known(reading, session)
    if known is None or known.busy is busy:
        return reading
    if busy:
        known = replace(known, assignment="", content="", spare_ms=0)
    return _with(reading, replace(known, busy=busy))


def opened(reading: Reading, told: Told) -> Reading:
    """A content was opened: what was open in the session before is closed. In a state in which
    nobody reads nothing is opened."""
    known = _known(reading, told.session)
    if known is not None and known.busy:
        return reading
    elapsed_ms = 0 if known is None else _elapsed_ms(known, told)
    now = Open(
        told.session,
        told.assignment,
        told.content,
        told.at_ms,
        told.received_ms,
        elapsed_ms=elapsed_ms,
    )
    return _with(reading, now)


def credited(reading: Reading, told: Told, seconds: int) -> tuple[Reading, int]:
    """What is remembered after a seat credited so much, and how much of it counts."""
    known = _known(reading, told.session)
    if known is None or (known.assignment, known.content) != (told.assignment, told.content):
        return reading, 0
    gaps = list(_gaps(reading.spent, known.at_ms, told.at_ms))
    there_ms = known.spare_ms + sum(until - since for since, until in gaps)
    elapsed_ms = _elapsed_ms(known, told)
    counts = max(0, min(seconds, HEARTBEAT_S, there_ms // _SECOND_MS, elapsed_ms // _SECOND_MS))
    counts_ms = counts * _SECOND_MS
    spare_ms = min(there_ms - counts_ms, _STRETCH_MS)
    spent = _spend(reading.spent, gaps, counts_ms + spare_ms - known.spare_ms)
    now = replace(
        known,
        at_ms=told.at_ms,
        received_ms=told.received_ms,
        spare_ms=spare_ms,
        elapsed_ms=elapsed_ms - counts_ms,
    )
    return _with(replace(reading, spent=spent), now), counts


def _known(reading: Reading, session: str) -> Open | None:
    return next((each for each in reading.sessions if each.session == session), None)


def _elapsed_ms(known: Open, told: Told) -> int:
    return known.elapsed_ms + max(0, told.received_ms - known.received_ms)


def _with(reading: Reading, now: Open) -> Reading:
    others = (each for each in reading.sessions if each.session != now.session)
    return replace(reading, sessions=(*others, now)[-_MOST_SESSIONS:])


def _gaps(spent: Iterable[Span], since: int, until: int) -> Iterator[Span]:
    """What is not spent of a stretch of time."""
    for begin, end in spent:
        if begin >= until:
            break
        if since < begin:
            yield since, begin
        since = max(since, end)
    if since < until:
        yield since, until


def _spend(spent: tuple[Span, ...], gaps: Iterable[Span], length_ms: int) -> tuple[Span, ...]:
    """With the last so many ms of the gaps."""
    new: list[Span] = []
    for since, until in reversed(list(gaps)):
        taken = min(length_ms, until - since)
        if taken:
            new.append((until - taken, until))
            length_ms -= taken
    joined: list[Span] = []
    for since, until in sorted((*spent, *new)):
        if joined and joined[-1][1] == since:
            joined[-1] = (joined[-1][0], until)
        else:
            joined.append((since, until))
    while len(joined) > _MOST_SPANS:
        joined[:2] = [(joined[0][0], joined[1][1])]
    return tuple(joined)
