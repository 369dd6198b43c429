"""The sessions that facts come from, and how far each is recorded: a projection of the ledger.

A seat's session begins with the service's own fact that somebody signed in, or, where the service
was away then, with the fact that the desk's agent vouched for it. The high-water mark
`mark` is what makes a resend harmless: facts come in order, so all up to it are here.
"""

import sqlite3
from collections.abc import Iterator

import msgspec

from agent_service.ledger.chain import Entry
from agent_service.ledger.projection import Row
from agent_service.rows import RowWriter
from protocol.facts.record import AnyFact
from protocol.facts.session import SessionAdmitted, SessionBegan

SERVICE = ""
"""In place of agent and desk, in the service's own sessions."""


_SELECT = "SELECT session, agent, desk, began, mark, heard_ms, last, first_ms FROM session"


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
    last: int = 0
    """The ledger's position of that; 0 before the first."""
    first_ms: int | None = None
    """When its first fact happened, as the seat said; null where it did not know."""


class Sessions:
    """All sessions. Those of past days stay on the disk until somebody asks for them."""

    table = "session"
    columns = Session.__struct_fields__
    facts = None
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
        if known.mark == 0:
            known.first_ms = entry.occurred_ms
        known.mark = entry.seq
        known.heard_ms = entry.received_ms
        known.last = entry.position
        self._changed.add(entry.session)
        if entry.agent == SERVICE and isinstance(fact, SessionBegan | SessionAdmitted):
            self._begin(entry.position, fact)

    def _begin(self, position: int, fact: SessionBegan | SessionAdmitted) -> None:
        """Facts may come from that desk. A session that is known goes on from its mark."""
        known = self._known.get(fact.seat_session)
        if known is None:
            known = Session(fact.seat_session, fact.agent, fact.desk, position, 0, None)
            self._known[known.session] = known
        known.desk = fact.desk
        self._changed.add(known.session)

    def flush(self, connection: sqlite3.Connection) -> None:
        """Store the sessions that changed."""
        rows = [msgspec.structs.astuple(self._known[session]) for session in self._changed]
        self._writer.write(connection, rows)

    def committed(self) -> None:
        """Nothing is left to store."""
        self._changed.clear()

    def stored(self, connection: sqlite3.Connection) -> Iterator[tuple[str, Row]]:
        """The sessions on the disk."""
        for row in connection.execute(f"{_SELECT} ORDER BY began, session"):
            yield row[0], row
