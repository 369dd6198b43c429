"""The table `handover`, read."""

import sqlite3
from collections.abc import Iterable, Iterator

import msgspec

from agent_service.handover.row import StoredHandover

_SELECT = f"SELECT {', '.join(StoredHandover.__struct_fields__)} FROM handover"  # noqa: S608 - names of ours


def open_ones(connection: sqlite3.Connection) -> Iterator[StoredHandover]:
    """Those that are not confirmed, or have items that nobody has settled; the newest first."""
    return _read(connection.execute(f"{_SELECT} WHERE open = 1 ORDER BY began DESC"))


def open_or_since(connection: sqlite3.Connection, since_ms: int) -> Iterator[StoredHandover]:
    """Those of the last days, and whatever is open; the newest first."""
    query = f"{_SELECT} WHERE written_ms >= ? OR open = 1 ORDER BY began DESC"
    return _read(connection.execute(query, (since_ms,)))


def _read(rows: Iterable[tuple[object, ...]]) -> Iterator[StoredHandover]:
    for row in rows:
        fields = dict(zip(StoredHandover.__struct_fields__, row, strict=True))
        yield msgspec.convert(fields, StoredHandover, strict=False)
