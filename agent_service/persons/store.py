"""One agent's entries of the ledger.

They are found through their sessions: `session` keeps where each began and ended in the ledger, at
no cost, since its row is written with every fact anyway. Between the two lie other agents' entries,
which SQLite passes over at some 4 million a second. An index by agent would find them at once and
make appending three times slower (measured with 1 million entries of 500 agents).
"""

import sqlite3
from collections.abc import Sequence

import msgspec

from agent_service.ledger.timing import not_after
from protocol.facts.record import MalformedFact, kind_of, read_fact
from protocol.rules.day_segments import SessionFacts
from protocol.rules.placing import Timed, Told, Unread, place

_SESSIONS = """
    SELECT session.session, began, last FROM session JOIN entry ON position = began
    WHERE session.agent = ? AND mark > 0 AND heard_ms >= ?
        AND min(coalesce(first_ms, 0), received_ms) < ?
    ORDER BY began
"""
"""A seat whose clock is ahead says that its first fact is still to come: it counts from when the
service heard of the session."""
_ENTRIES = """
    SELECT occurred_ms, mono_ms, received_ms, payload FROM entry
    WHERE position BETWEEN ? AND ? AND session = ? ORDER BY position
"""


_OF_STATES = "agent."
"""How the kinds begin that may change an agent's state."""


class _Read(msgspec.Struct, frozen=True):
    timed: Timed
    received_ms: int


def sessions_of(
    connection: sqlite3.Connection, agent: str, from_ms: int, until_ms: int
) -> list[SessionFacts]:
    """The sessions of an agent that reach into [from_ms, until_ms), each whole, with the instants
    of their facts as far as they can be known."""
    sessions = connection.execute(_SESSIONS, (agent, from_ms, until_ms)).fetchall()
    read = [(session, _facts(connection, session, *ends)) for session, *ends in sessions]
    placed = iter(place(each.timed for _, facts in read for each in facts))
    return [
        SessionFacts(
            session,
            [(not_after(at, each.received_ms), fact) for each, (at, fact) in zip(facts, placed)],  # noqa: B905 - `placed` goes on with the next session
        )
        for session, facts in read
    ]


def _facts(connection: sqlite3.Connection, session: str, began: int, last: int) -> Sequence[_Read]:
    rows = connection.execute(_ENTRIES, (began, last, session))
    return [
        _Read(Timed(not_after(occurred_ms, received_ms), mono_ms, fact), received_ms)
        for occurred_ms, mono_ms, received_ms, payload in rows
        if (fact := _fact(payload)) is not None
    ]


def _fact(payload: bytes) -> Told | None:
    """None for a kind that this version does not know and that is none of the agent's state's: it
    tells nothing of what is shown."""
    try:
        fact = read_fact(payload)
        may_be_a_state = fact is None and kind_of(payload).startswith(_OF_STATES)
    except MalformedFact:
        return Unread()
    return Unread() if may_be_a_state else fact
