"""The sessions of the last days with their facts, kept up with the ledger's end: each entry is
read once."""

import sqlite3

import msgspec

from agent_service.adherence.tape import Tape, light, sessions_between
from agent_service.ledger.replay import last_position
from agent_service.ledger.sessions import SERVICE
from agent_service.persons.entries import Read, read_entry
from agent_service.persons.session_row import (
    SessionRow,
    Whole,
    facts_of,
    head,
    later_than,
    with_later,
)
from agent_service.persons.store import EVER

_KEPT_MS = 60 * 3_600_000
"""How far back: the business date before the present one, whole."""
_EVERY_MS = 600_000
_ENTRIES = """
    SELECT position, session, agent, occurred_ms, mono_ms, received_ms, payload FROM entry
    WHERE position > ? ORDER BY position
"""
_SESSION = """
    SELECT session.session, session.agent, began, last, heard_ms,
        min(coalesce(first_ms, 0), received_ms)
    FROM session JOIN entry ON position = began WHERE session.session = ?
"""


class _Kept(msgspec.Struct):
    """One session as far as it is read."""

    row: SessionRow
    heard_ms: int
    facts: list[Read]


class LiveSessions:
    """By agent, in the order in which they began."""

    def __init__(self) -> None:
        self._by_agent: dict[str, dict[str, _Kept]] = {}
        self._position: int | None = None
        self._forgot_ms = 0

    def follow(self, connection: sqlite3.Connection, now_ms: int) -> None:
        """Read what came since the last time; at the first time, all of the last days."""
        if self._position is None:
            self._begin(connection, now_ms)
            return
        self._forget(now_ms)
        for position, session, agent, *entry in connection.execute(_ENTRIES, (self._position,)):
            self._position = position
            if agent != SERVICE:
                self._take(connection, session, agent, read_entry(*entry), entry[2])

    def reaching(self, agent: str, from_ms: int, until_ms: int) -> list[Whole]:
        """An agent's sessions that may tell of something in [from_ms, until_ms), and the
        beginnings of those after that tell of them."""
        kept = self._by_agent.get(agent, {})
        heard = [each for each in kept.values() if each.heard_ms >= from_ms]
        read = [(each.row.session, each.facts) for each in heard if each.row.first_ms < until_ms]
        later = later_than((each.row for each in heard), until_ms)
        return with_later(read, ((row.session, head(kept[row.session].facts)) for row in later))

    def _forget(self, now_ms: int) -> None:
        """Keep only the last days."""
        if now_ms - self._forgot_ms < _EVERY_MS:
            return
        self._forgot_ms = now_ms
        for agent, kept in list(self._by_agent.items()):
            for session in [each for each in kept if kept[each].heard_ms < now_ms - _KEPT_MS]:
                del kept[session]
            if not kept:
                del self._by_agent[agent]

    def _begin(self, connection: sqlite3.Connection, now_ms: int) -> None:
        rows = sessions_between(connection, now_ms - _KEPT_MS, EVER, None)
        tape = Tape(connection, rows)
        self._position = last_position(connection)
        tape.read_to(self._position)
        for row in rows:
            self._put(_Kept(row, row.heard_ms, tape.facts(row, EVER)))

    def _take(
        self,
        connection: sqlite3.Connection,
        session: str,
        agent: str,
        read: Read | None,
        received_ms: int,
    ) -> None:
        known = self._by_agent.get(agent, {}).get(session)
        if known is None:
            self._load(connection, session)
            return
        known.heard_ms = max(known.heard_ms, received_ms)
        if read is not None:
            known.facts.append(light(read))

    def _load(self, connection: sqlite3.Connection, session: str) -> None:
        """One that is not known, up to the entry that is read."""
        assert self._position is not None
        found = connection.execute(_SESSION, (session,)).fetchone()
        row = SessionRow(*found)
        facts = facts_of(connection, session, row.began, self._position)
        heard_ms = facts[-1].received_ms if facts else row.heard_ms
        self._put(_Kept(row, heard_ms, [light(each) for each in facts]))

    def _put(self, kept: _Kept) -> None:
        of_agent = self._by_agent.setdefault(kept.row.agent, {})
        of_agent[kept.row.session] = kept
        if any(each.row.began > kept.row.began for each in of_agent.values()):
            ordered = sorted(of_agent.items(), key=lambda each: each[1].row.began)
            self._by_agent[kept.row.agent] = dict(ordered)
