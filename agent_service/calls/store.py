"""The table `call_history`, read."""

import sqlite3
from collections.abc import Iterator
from itertools import takewhile

import msgspec

from agent_service.calls.row import CallRow
from protocol.wire.calls import MAX_RECALLED

_COLUMNS = ", ".join(CallRow.__struct_fields__)


def with_number(connection: sqlite3.Connection, number: str) -> list[CallRow]:
    """The newest calls with a number, at most `MAX_RECALLED`."""
    query = (
        f"SELECT {_COLUMNS} FROM call_history WHERE number = ?"  # noqa: S608 - names of ours
        " ORDER BY order_ms DESC LIMIT ?"
    )
    return [_read(row) for row in connection.execute(query, (number, MAX_RECALLED))]


def told_since(connection: sqlite3.Connection, position: int) -> Iterator[CallRow]:
    """Calls whose first fact is the ledger's entry `position` or a later one, the newest first.
    Rows lie in the order of first facts, so that the first that has not changed since ends it."""
    query = f"SELECT {_COLUMNS} FROM call_history ORDER BY rowid DESC"  # noqa: S608 - names of ours
    rows = map(_read, connection.execute(query))
    return takewhile(lambda row: row.position >= position, rows)


def _read(stored: tuple[object, ...]) -> CallRow:
    fields = dict(zip(CallRow.__struct_fields__, stored, strict=True))
    return msgspec.convert(fields, CallRow, strict=False)
