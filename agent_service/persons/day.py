"""One person's day, put together from the facts: pure."""

from collections.abc import Sequence
from datetime import date

import msgspec

from agent_service.persons.bounded import newest_within
from agent_service.persons.day_calls import day_calls
from protocol.rules.day_segments import SessionFacts, changes_of, day_segments
from protocol.rules.state_time import state_time
from protocol.wire.person import PersonDay
from protocol.wire.segments import told_segments
from protocol.wire.session import Person
from protocol.wire.sync import FloorRow

MOST_BYTES = 448 << 10
"""Of segments, and of calls, in one answer: both together leave room in a frame for the rest."""


class Asked(msgspec.Struct, frozen=True):
    """Whose day, and which."""

    re: int
    person: Person
    day: date
    from_ms: int
    until_ms: int
    now_ms: int


def person_day(asked: Asked, row: FloorRow | None, sessions: Sequence[SessionFacts]) -> PersonDay:
    """The day up to now. `sessions` reach into it, each with all its facts."""
    until_ms = min(asked.until_ms, asked.now_ms)
    segments = day_segments(sessions, asked.from_ms, until_ms)
    time = state_time(changes_of(segments), asked.from_ms, until_ms)
    facts = (fact for session in sessions for fact in session.facts)
    calls = day_calls(facts, asked.from_ms, asked.until_ms)
    shown = told_segments(segments, asked.now_ms)
    newest, newest_calls = newest_within(shown, MOST_BYTES), newest_within(calls.calls, MOST_BYTES)
    unheard = any((session.lost_ms or until_ms) < until_ms for session in sessions)
    return PersonDay(
        re=asked.re,
        person=asked.person,
        day=asked.day,
        row=row,
        segments=newest,
        calls=newest_calls,
        seconds=time.seconds,
        unknown_s=time.unknown_s,
        calls_answered=calls.answered,
        calls_missed=calls.missed,
        provisional=unheard or time.unknown_s > 0,
        segments_left_off=len(shown) - len(newest),
        calls_left_off=len(calls.calls) - len(newest_calls),
    )
