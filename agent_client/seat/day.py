"""The figures of the present day at this seat, from its own facts: pure."""

from collections.abc import Iterable

import msgspec

from protocol.facts import agent, call
from protocol.facts.record import AnyFact
from protocol.facts.session import SessionAnchored
from protocol.rules.state_time import StateChange, StateTime, state_time

TimedFact = tuple[int | None, AnyFact]
"""When it happened (server time in ms, null if unknown), and what."""


class DayFigures(msgspec.Struct, frozen=True):
    """What the day holds so far."""

    calls_answered: int
    """Customers' calls that the agent took; not those that the agent made."""
    calls_missed: int
    time: StateTime


def day_figures(facts: Iterable[TimedFact], from_ms: int, until_ms: int) -> DayFigures:
    """Fold the facts of all sessions, in order, over [from_ms, until_ms)."""
    timed = list(facts)
    offered = {fact.call_id for _, fact in timed if isinstance(fact, call.CallOffered)}
    today = [fact for at, fact in timed if at is not None and from_ms <= at < until_ms]
    return DayFigures(
        calls_answered=sum(
            isinstance(fact, call.CallAnswered) and fact.call_id in offered for fact in today
        ),
        calls_missed=sum(isinstance(fact, call.CallMissed) for fact in today),
        time=state_time(_changes(timed), from_ms, until_ms),
    )


def _changes(facts: Iterable[TimedFact]) -> list[StateChange]:
    """Changes of state. Where a seat died with somebody signed in, nobody knows from the last
    sign of its running until the next session begins."""
    changes: list[StateChange] = []
    last_ms = 0
    for at, fact in facts:
        known_off = not changes or changes[-1].state is agent.State.LOGGED_OFF
        if isinstance(fact, SessionAnchored) and not known_off:
            lost_ms = max(last_ms, fact.previous_alive_ms or 0)
            changes.append(StateChange(lost_ms, None))
        if isinstance(fact, agent.StateEntered) and at is not None:
            changes.append(StateChange(at, fact.state))
        last_ms = last_ms if at is None else max(last_ms, at)
    return changes
