"""Writing into the ledger from a command, also while the service runs.

SQLite lets one process write at a time, and this one reads the ledger's end only once it may:
the chain goes on from there, and the service's writer folds in what came between before it writes
again (`Appender.catch_up`).
"""

import contextlib
import sqlite3
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from agent_service.accounts.register import Register
from agent_service.ledger.append import Appender, Clock
from agent_service.projections import Projections
from agent_service.tables import empty_projections, ledger_of, open_current

_WAIT_MS = 15_000
"""How long to wait for a turn: a service under load leaves only moments between two commits."""


class Books(NamedTuple):
    """What may be written in: the database, the ledger, and the staff."""

    connection: sqlite3.Connection
    appender: Appender
    projections: Projections
    register: Register


@contextlib.contextmanager
def appending(folder: Path, clock: Clock) -> Iterator[Books]:
    """All that is recorded inside is on the disk after it, or, if it raises, nothing is. Raises
    `Refused` as `open_current` does."""
    with contextlib.closing(open_current(folder)) as opened:
        connection = opened.conn
        connection.execute(f"PRAGMA busy_timeout = {_WAIT_MS}")
        connection.execute("BEGIN IMMEDIATE")
        try:
            with books(connection, ledger_of(connection, folder), clock) as open_books:
                yield open_books
            connection.execute("COMMIT")
        except BaseException:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise


@contextlib.contextmanager
def books(connection: sqlite3.Connection, ledger: str, clock: Clock) -> Iterator[Books]:
    """The same within a transaction of the caller's. The facts are of a session of the
    service's own."""
    projections = empty_projections()
    appender = Appender(ledger, str(uuid.uuid4()), clock, projections)
    appender.load(connection)
    register = Register(appender, projections.staff, projections.memberships)
    yield Books(connection, appender, projections, register)
    appender.flush(connection)
