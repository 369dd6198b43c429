"""Several queries that see the tables as they are at one moment."""

import contextlib
import sqlite3
from collections.abc import Iterator


@contextlib.contextmanager
def snapshot(connection: sqlite3.Connection) -> Iterator[None]:
    """One read transaction, or the caller's where there is one."""
    if connection.in_transaction:
        yield
        return
    connection.execute("BEGIN")
    try:
        yield
    finally:
        connection.execute("COMMIT")
