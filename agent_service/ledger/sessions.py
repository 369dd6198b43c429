"""The sessions that facts come from, and how far each is recorded: a projection of the ledger.

A seat's session begins with the service's own fact that somebody signed in. The high-water mark
`mark` is what makes a resend harmless: facts come in order, so all up to it are here.
"""

import sqlite3
from collections.abc import Iterator

import msgspec

from agent_service.ledger.chain import Entry
from agent_service.ledger.projection import Row
from agent_service.rows import RowWriter
from protocol.facts.record import AnyFact
from protocol.facts.session import SessionBegan

SERVICE = ""
"""In place of agent and desk, in the service's own sessions."""


_SELECT = "SELECT session, agent, desk, began, mark, heard_ms FROM session"


class Session(msgspec.Struct, gc=False):
    """One session, moved on with each of its facts; its fields in the order of the columns."""

    session: str
    agent: str
    desk: str
    began: int
    """The ledger's position at which it began."""
    mark: int
    """The last sequence number recorded; 0 before the first."""
    heard_ms: int | None
    """When that was received."""


class Sessions:
    """All sessions. Those of past days stay on the disk until somebody asks for them."""

    table = "session"
    columns = Session.__struct_fields__
    _writer = RowWriter(table, columns, key="session")

    def __init__(self) -> None:
        self._known: dict[str, Session] = {}
        self._changed: set[str] = set()

    def load(self, connection: sqlite3.Connection) -> None:
        """Forget what was read; it is read again as it is needed."""
        self._known.clear()
        self._changed.clear()

    def find(self, connection: sqlite3.Connection, session: str) -> Session | None:
        """The session, or None."""
        known = self._known.get(session)
        if known is None:
            row = connection.execute(f"{_SELECT} WHERE session = ?", (session,)).fetchone()
            if row is not None:
                known = self._known[session] = Session(*row)
        return known

    def fold(self, entry: Entry, fact: AnyFact | None) -> None:
        """Move the mark of the entry's session; begin the session that the entry tells of."""
        known = self._known.get(entry.session)
        if known is None:
            known = Session(entry.session, entry.agent, SERVICE, entry.position, 0, None)
            self._known[entry.session] = known
        known.mark = entry.seq
        known.heard_ms = entry.received_ms
        self._changed.add(entry.session)
        if isinstance(fact, SessionBegan) and entry.agent == SERVICE:
            began = Session(fact.seat_session, fact.agent, fact.desk, entry.position, 0, None)
            self._known[began.session] = began
            self._changed.add(began.session)

    def flush(self, connection: sqlite3.Connection) -> None:
        """Store the sessions that changed."""
        rows = [msgspec.structs.astuple(self._known[session]) for session in self._changed]
        self._writer.write(connection, rows)

    def committed(self) -> None:
        """Nothing is left to store."""
        self._changed.clear()

    def rows(self) -> Iterator[tuple[str, Row]]:
        """The sessions in memory: all of them after a rebuild."""
        for session, known in self._known.items():
            yield session, msgspec.structs.astuple(known)

    def stored(self, connection: sqlite3.Connection) -> Iterator[tuple[str, Row]]:
        """The sessions on the disk."""
        for row in connection.execute(f"{_SELECT} ORDER BY began, session"):
            yield row[0], row
