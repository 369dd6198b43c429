"""Since when the seats of sessions have not been heard: now, or as of an entry of the ledger."""

import sqlite3
from collections.abc import Sequence

import msgspec

from agent_service.persons.store import EVER
from protocol.facts.agent import State, StateEntered
from protocol.facts.record import MalformedFact, read_fact
from protocol.facts.session import LinkBack, LinkLost, SessionBegan
from protocol.rules.day_segments import SessionFacts
from protocol.wire.sync import Link

_PRESENT = "SELECT session, link, last_heard_ms FROM presence"
_OF_LINKS = """
    SELECT payload FROM entry
    WHERE position BETWEEN (SELECT began FROM session WHERE session = ?) AND ?
        AND kind IN ('link.lost', 'link.back', 'link.session_began')
    ORDER BY position DESC
"""
_LAST_FACT = 0
"""In place of when it was heard last: no later than its facts tell."""

Lost = dict[str, int | None]
"""By present session: since when it can't be heard (ms); null while it is. Of any other, no more
is known than its facts tell."""


def lost_now(connection: sqlite3.Connection, agent: str | None = None) -> Lost:
    """The present sessions: of one person, or of all."""
    query, values = _PRESENT, []
    if agent is not None:
        query, values = f"{_PRESENT} WHERE agent = ?", [agent]
    return {
        session: (ms or _LAST_FACT) if link == Link.OFFLINE else None
        for session, link, ms in connection.execute(query, values)
    }


def with_links(
    connection: sqlite3.Connection,
    sessions: Sequence[SessionFacts],
    lost: Lost,
    upto: int,
    until_ms: int = EVER,
) -> list[SessionFacts]:
    """The sessions of one agent, the last with the moment since which it can't be heard: none
    follows it that would tell how long it lasted. Nothing is asked where it begins at `until_ms`
    or later."""
    last = max(sessions, key=_began_ms, default=None)
    if last is None or _began_ms(last) >= until_ms or _signed_out(last):
        return list(sessions)
    if upto == EVER:
        lost_ms = lost.get(last.session, _LAST_FACT)
    else:
        lost_ms = _lost_at(connection, last.session, upto)
    heard = msgspec.structs.replace(last, lost_ms=lost_ms)
    return [heard if each is last else each for each in sessions]


def _began_ms(session: SessionFacts) -> int:
    return next((at for at, _ in session.facts if at is not None), -1)


def _signed_out(session: SessionFacts) -> bool:
    entered = [fact for _, fact in session.facts if isinstance(fact, StateEntered)]
    return bool(entered) and entered[-1].state is State.LOGGED_OFF


def _lost_at(connection: sqlite3.Connection, session: str, upto: int) -> int | None:
    """As of an entry: what the service said last of the session's seat, or that another took its
    place."""
    agent = _agent_of(connection, session)
    for (payload,) in connection.execute(_OF_LINKS, (session, upto)):
        try:
            fact = read_fact(payload)
        except MalformedFact:
            continue
        if isinstance(fact, LinkLost) and fact.seat_session == session:
            return fact.last_heard_ms
        if isinstance(fact, LinkBack) and fact.seat_session == session:
            return None
        if isinstance(fact, SessionBegan) and fact.agent == agent:
            return None if fact.seat_session == session else _LAST_FACT
    return _LAST_FACT


def _agent_of(connection: sqlite3.Connection, session: str) -> str:
    found = connection.execute("SELECT agent FROM session WHERE session = ?", (session,)).fetchone()
    return str(found[0])
