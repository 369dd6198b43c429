"""Many rows in few statements: each statement costs a thread switch, which is what is slow."""

import sqlite3
from collections.abc import Sequence
from itertools import chain

Value = str | int | bytes | None
_CHUNKS = (256, 128, 64, 32, 16, 8, 4, 2, 1)


class RowWriter:
    """Inserts rows of one table, or overwrites those whose key is there already."""

    def __init__(self, table: str, columns: Sequence[str], key: str | None = None) -> None:
        names = ", ".join(columns)
        row = "(" + ", ".join("?" * len(columns)) + ")"
        others = ", ".join(f"{name} = excluded.{name}" for name in columns if name != key)
        end = "" if key is None else f" ON CONFLICT ({key}) DO UPDATE SET {others}"
        self._statements = {
            size: f"INSERT INTO {table} ({names}) VALUES {', '.join([row] * size)}{end}"  # noqa: S608 - names of ours, values by parameters
            for size in _CHUNKS
        }

    def write(self, connection: sqlite3.Connection, rows: Sequence[tuple[Value, ...]]) -> None:
        """Write all rows. The transaction is the caller's."""
        begin = 0
        for size in _CHUNKS:
            while len(rows) - begin >= size:
                parameters = list(chain.from_iterable(rows[begin : begin + size]))
                connection.execute(self._statements[size], parameters)
                begin += size
