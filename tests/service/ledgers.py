"""A ledger without a server: facts go in as the writer would put them there."""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

from agent_service import database, tables
from agent_service.commands.ledger import verify
from agent_service.ledger.admission import admit
from agent_service.ledger.append import Appender, Batch, Clock
from protocol.facts.record import AnyFact
from protocol.facts.session import SessionBegan
from tests.service.client import records

DESK = "desk-1"


class Ledger:
    """A database with an appender, one transaction at a time."""

    def __init__(self, folder: Path, connection: sqlite3.Connection, ledger: str) -> None:
        self.folder = folder
        self.connection = connection
        self.projections = tables.empty_projections()
        clock = Clock(lambda: 5_000, lambda: 6_000)
        self.appender = Appender(ledger, "own", clock, self.projections)
        self.appender.load(connection)
        self._marks: dict[str, int] = {}

    def begin(self, agent: str, session: str) -> None:
        """Somebody signs in."""
        with self.committed():
            self.appender.record(self.connection, SessionBegan(agent, DESK, session))

    def record(self, fact: AnyFact) -> None:
        """A fact of the service's own."""
        with self.committed():
            self.appender.record(self.connection, fact)

    def append(self, session: str, facts: Sequence[AnyFact], at_ms: int | None = 1_000) -> None:
        """Facts of a seat."""
        mark = self._marks.get(session, 0)
        admitted = admit(session, records(*facts, first=mark + 1, at_ms=at_ms))
        with self.committed():
            self.appender.append(self.connection, Batch(session, DESK, 4_000, admitted))
        self._marks[session] = mark + len(facts)

    @contextmanager
    def committed(self) -> Iterator[None]:
        """What is done inside is one transaction."""
        self.connection.execute("BEGIN IMMEDIATE")
        yield
        self.appender.flush(self.connection)
        self.connection.execute("COMMIT")
        self.appender.committed()

    def verify(self) -> int:
        """The number of entries. Raises `Refused`."""
        head = verify(self.folder)
        assert head == self.appender.head
        return head.position


@contextmanager
def new_ledger(folder: Path) -> Iterator[Ledger]:
    """In a new database, without any staff."""
    with closing(database.open_writer(database.create(folder))) as opened:
        database.migrate(opened, tables.SCHEMAS, folder)
        with opened.atomic():
            opened.conn.execute("INSERT INTO ledger (id, created_ms) VALUES ('a ledger', 1)")
        opened.conn.execute("PRAGMA synchronous = OFF")
        yield Ledger(folder, opened.conn, "a ledger")
