"""The entries of many sessions, read in one pass over the ledger.

`persons.store` finds one session's entries between those of all others, which is right for one
person and quadratic for a floor. Here each entry is read once, in the ledger's order, and kept
with its session until no day needs it any more. Sessions that last, or came late, for longer than
two days would make the pass wait with all others in memory: they are read by themselves.
"""

import sqlite3
from collections.abc import Collection, Iterable

import msgspec

from agent_service.persons.entries import Read, read_entry
from agent_service.persons.session_row import SessionRow, facts_of
from protocol.facts.agent import AcwExtended, StateEntered
from protocol.facts.call import CallDialled, CallOffered
from protocol.facts.session import (
    FactsLost,
    SessionAnchored,
    SessionConfirmed,
    SessionProvisional,
)
from protocol.rules.placing import Timed, Told, Unread

_LONG_MS = 2 * 86_400_000
_SESSIONS = """
    SELECT session.session, session.agent, began, last, heard_ms,
        min(coalesce(first_ms, 0), received_ms) AS first
    FROM session JOIN entry ON position = began
    WHERE mark > 0 AND heard_ms >= ? AND first < ? ORDER BY began
"""
_ENTRIES = """
    SELECT session, occurred_ms, mono_ms, received_ms, payload FROM entry
    WHERE position BETWEEN ? AND ? AND session IN (SELECT value FROM json_each(?))
    ORDER BY position
"""
_OF_DAYS = (StateEntered, AcwExtended, SessionAnchored, SessionProvisional, FactsLost, Unread)
"""The facts that make a day; others say no more than that the seat was running."""
_OF_CALLS = (CallOffered, CallDialled)
"""Of these the day needs the line alone."""
RUNNING = SessionConfirmed()
"""In place of those others."""


def sessions_between(
    connection: sqlite3.Connection, from_ms: int, until_ms: int, agents: Collection[str] | None
) -> list[SessionRow]:
    """The sessions that reach into a span, in the order in which they began: of these people, or
    of all."""
    rows = (SessionRow(*row) for row in connection.execute(_SESSIONS, (from_ms, until_ms)))
    return [row for row in rows if row.agent and (agents is None or row.agent in agents)]


def is_long(row: SessionRow) -> bool:
    """Whether it is read by itself."""
    return row.heard_ms - row.first_ms > _LONG_MS


class Tape:
    """Moves on through the ledger, never back."""

    def __init__(self, connection: sqlite3.Connection, sessions: Iterable[SessionRow]) -> None:
        self._connection = connection
        self._ahead = {each.session: each for each in sessions if not is_long(each)}
        """Those that are not read to their end, in the order in which they began."""
        self._heard: dict[str, int] = {}
        """When those that are kept were heard last."""
        self._kept: dict[str, list[Read]] = {}
        self._read_to = 0

    def read_to(self, position: int) -> None:
        """Read on to an entry of the ledger."""
        if position <= self._read_to:
            return
        begun = [each for each in self._ahead.values() if each.began <= position]
        for each in begun:
            self._kept.setdefault(each.session, [])
            self._heard[each.session] = each.heard_ms
        names = msgspec.json.encode([each.session for each in begun]).decode()
        first = max(self._read_to + 1, min((each.began for each in begun), default=0))
        for session, *entry in self._connection.execute(_ENTRIES, (first, position, names)):
            read = read_entry(*entry)
            if read is not None:
                self._kept[session].append(light(read))
        for each in begun:
            if each.last <= position:
                del self._ahead[each.session]
        self._read_to = position

    def facts(self, row: SessionRow, upto: int) -> list[Read]:
        """A session's entries, as of the entry `upto`. One that is not long has to be read."""
        if row.last > upto:
            return self._alone(row, upto)
        if is_long(row) and row.session not in self._kept:
            self._kept[row.session] = self._alone(row, row.last)
            self._heard[row.session] = row.heard_ms
        return self._kept[row.session]

    def _alone(self, row: SessionRow, last: int) -> list[Read]:
        read = facts_of(self._connection, row.session, row.began, last)
        return [light(each) for each in read]

    def forget(self, before_ms: int) -> None:
        """Keep no session that was heard last before an instant."""
        for session in [each for each, heard_ms in self._heard.items() if heard_ms < before_ms]:
            del self._heard[session]
            del self._kept[session]
            self._ahead.pop(session, None)


def of_days(fact: Told) -> Told:
    """Without what no day is made of; `RUNNING` where nothing is left."""
    if isinstance(fact, _OF_DAYS):
        return fact
    if isinstance(fact, _OF_CALLS) and fact.line:
        return type(fact)(fact.call_id, "", line=fact.line)
    return RUNNING


def light(read: Read) -> Read:
    """Without what no day is made of."""
    fact = of_days(read.timed.fact)
    if fact is read.timed.fact:
        return read
    return Read(Timed(read.timed.occurred_ms, read.timed.mono_ms, fact), read.received_ms)
