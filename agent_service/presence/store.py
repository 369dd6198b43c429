"""The table `presence`, read and written."""

import sqlite3
from collections.abc import Iterable, Iterator, Sequence

import msgspec

from agent_service.presence.row import Presence
from agent_service.rows import RowWriter, Value

_writer = RowWriter("presence", Presence.__struct_fields__, key="agent")


def select(connection: sqlite3.Connection) -> Iterator[tuple[Value, ...]]:
    """All rows as they are on the disk."""
    yield from connection.execute(
        f"SELECT {', '.join(Presence.__struct_fields__)} FROM presence ORDER BY agent"  # noqa: S608 - names of ours
    )


def rows(connection: sqlite3.Connection) -> dict[str, Presence]:
    """All rows by agent."""
    return {row.agent: row for row in map(_read, select(connection))}


def write(connection: sqlite3.Connection, changed: Sequence[Presence]) -> None:
    """Store rows, each whole. The transaction is the caller's."""
    _writer.write(connection, [msgspec.structs.astuple(row) for row in changed])


def _read(row: Iterable[Value]) -> Presence:
    fields = dict(zip(Presence.__struct_fields__, row, strict=True))
    return msgspec.convert(fields, Presence, strict=False)
