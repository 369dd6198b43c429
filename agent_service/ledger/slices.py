"""Folding a ledger of any length: what the entries changed is stored after every so many of them,
so that memory holds no more than the service itself would."""

import contextlib
import sqlite3
from collections.abc import Iterable, Iterator, Sequence

from agent_service.ledger.chain import Entry
from agent_service.ledger.projection import Projection

SLICE = 10_000
"""Entries between two times of storing."""

_CACHE_KIB = 65_536
_SCHEMA = """
    SELECT sql FROM sqlite_master WHERE tbl_name = ? AND type IN ('table', 'index')
        AND sql IS NOT NULL ORDER BY type = 'index'
"""


def in_slices(
    connection: sqlite3.Connection, entries: Iterable[Entry], projections: Sequence[Projection]
) -> Iterator[Entry]:
    """The entries, for somebody who folds each into `projections` before taking the next. The
    tables have to be empty; the transaction is the caller's. Raises `OSError` where they can't be
    stored, which is not to be taken for entries that can't be read."""
    for projection in projections:
        projection.load(connection)
    for number, entry in enumerate(entries, start=1):
        yield entry
        if number % SLICE == 0:
            _store(connection, projections)
    _store(connection, projections)


def _store(connection: sqlite3.Connection, projections: Sequence[Projection]) -> None:
    try:
        for projection in projections:
            projection.flush(connection)
    except sqlite3.OperationalError as error:
        raise OSError(str(error)) from error
    for projection in projections:
        projection.committed()


@contextlib.contextmanager
def empty_copies(
    connection: sqlite3.Connection, tables: Iterable[str]
) -> Iterator[sqlite3.Connection]:
    """A database with the same tables, empty. It is gone after the block, and goes to a temporary
    file as far as it outgrows its cache."""
    with contextlib.closing(sqlite3.connect("", isolation_level=None)) as copy:
        copy.execute(f"PRAGMA cache_size = -{_CACHE_KIB}")
        copy.execute("PRAGMA journal_mode = OFF")
        copy.execute("PRAGMA synchronous = OFF")
        for table in tables:
            for (statement,) in connection.execute(_SCHEMA, (table,)).fetchall():
                copy.execute(statement)
        copy.execute("BEGIN")
        yield copy
