"""The figures of the present day at this seat, from its own facts: pure."""

from collections.abc import Iterable

import msgspec

from protocol.facts import call
from protocol.rules.day_segments import SessionFacts, changes_of, day_segments
from protocol.rules.state_time import StateTime, state_time


class DayFigures(msgspec.Struct, frozen=True):
    """What the day holds so far."""

    calls_answered: int
    """Customers' calls that the agent took; not those that the agent made."""
    calls_missed: int
    time: StateTime


def day_figures(sessions: Iterable[SessionFacts], from_ms: int, until_ms: int) -> DayFigures:
    """Fold the facts of all sessions, in order, over [from_ms, until_ms)."""
    each_session = list(sessions)
    timed = [placed for session in each_session for placed in session.facts]
    offered = {fact.call_id for _, fact in timed if isinstance(fact, call.CallOffered)}
    today = [fact for at, fact in timed if at is not None and from_ms <= at < until_ms]
    segments = day_segments(each_session, from_ms, until_ms)
    return DayFigures(
        calls_answered=sum(
            isinstance(fact, call.CallAnswered) and fact.call_id in offered for fact in today
        ),
        calls_missed=sum(isinstance(fact, call.CallMissed) for fact in today),
        time=state_time(changes_of(segments), from_ms, until_ms),
    )
