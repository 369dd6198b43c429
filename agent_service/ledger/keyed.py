"""A projection with a row for each thing that facts tell of, such as a call: too many to keep in
memory, so that a row is read from the disk when a fact of it comes."""

import sqlite3
from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Iterator
from typing import Generic, TypeVar

import msgspec

from agent_service.ledger.chain import Entry
from agent_service.ledger.projection import Row
from agent_service.rows import RowWriter
from protocol.facts.record import AnyFact

_KEPT = 20_000
"""Rows in memory, the newest: those that facts are likely to come of."""

Key = tuple[str, ...]
R = TypeVar("R", bound=msgspec.Struct)


class KeyedProjection(ABC, Generic[R]):
    """Rows of one kind, its fields in the order of the table's columns, the key's first."""

    def __init__(
        self,
        table: str,
        kind: type[R],
        key: int,
        facts: Collection[type[AnyFact]],
        publish: Callable[[tuple[R, ...]], None] = lambda rows: None,
    ) -> None:
        """The first `key` columns are the key; only these kinds of facts matter. `publish` is
        told, in the writer's thread, of the rows that a commit changed."""
        self.table = table
        self.columns: tuple[str, ...] = kind.__struct_fields__
        self.facts = facts
        self._kind = kind
        self._publish = publish
        names = ", ".join(self.columns)
        marks = " AND ".join(f"{name} = ?" for name in self.columns[:key])
        self._all = f"SELECT {names} FROM {table}"  # noqa: S608 - names of ours
        self._one = f"SELECT {names} FROM {table} WHERE {marks}"  # noqa: S608 - names of ours
        self._writer = RowWriter(table, self.columns, key=", ".join(self.columns[:key]))
        self._rows: dict[Key, R] = {}
        self._news: dict[Key, list[tuple[Entry, AnyFact]]] = {}
        """What is not folded yet, since its row may be on the disk."""
        self._changed: dict[Key, None] = {}
        """In the order of their first facts, in which new rows are stored."""

    @abstractmethod
    def key_of(self, entry: Entry, fact: AnyFact) -> Key | None:
        """Whose row a fact changes; None if no one's."""

    def is_new(self, fact: AnyFact) -> bool:
        """Whether the row begins with this fact, whatever was told before."""
        return False

    @abstractmethod
    def folded(self, row: R | None, entry: Entry, fact: AnyFact) -> R | None:
        """The row after a fact; None if there is still none."""

    def load(self, connection: sqlite3.Connection) -> None:
        """Forget what was read; it is read again as it is needed."""
        self._rows.clear()
        self._news.clear()
        self._changed.clear()

    def find(self, connection: sqlite3.Connection, *key: str) -> R | None:
        """A row as it is at this point of the group."""
        row = self._rows.get(key)
        if row is None:
            stored = connection.execute(self._one, key).fetchone()
            row = None if stored is None else self._read(stored)
        for entry, fact in self._news.get(key, ()):
            row = self.folded(row, entry, fact)
        return row

    def fold(self, entry: Entry, fact: AnyFact | None) -> None:
        """Take in one entry, at once where its row is in memory."""
        key = None if fact is None else self.key_of(entry, fact)
        if fact is None or key is None:
            return
        row = self._rows.get(key)
        if self.is_new(fact):
            self._news.pop(key, None)
            self._put(key, self.folded(None, entry, fact))
        elif row is None:
            self._news.setdefault(key, []).append((entry, fact))
        else:
            self._put(key, self.folded(row, entry, fact))

    def _put(self, key: Key, row: R | None) -> None:
        if row is not None:
            self._rows[key] = row
            self._changed[key] = None

    def flush(self, connection: sqlite3.Connection) -> None:
        """Store the rows that changed."""
        found = {key: self.find(connection, *key) for key in self._news}
        self._news.clear()
        for key, row in found.items():
            self._put(key, row)
        rows = [msgspec.structs.astuple(self._rows[key]) for key in self._changed]
        self._writer.write(connection, rows)

    def read_news(self, connection: sqlite3.Connection) -> None:
        """Take what another process wrote: it has stored what its facts changed."""
        for key in self._news:
            stored = connection.execute(self._one, key).fetchone()
            self._put(key, None if stored is None else self._read(stored))
        self._news.clear()

    def committed(self) -> None:
        """Pass on what changed, and keep no more in memory than is useful."""
        if self._changed:
            self._publish(tuple(self._rows[key] for key in self._changed))
            self._changed.clear()
        while len(self._rows) > _KEPT:
            del self._rows[next(iter(self._rows))]

    def stored(self, connection: sqlite3.Connection) -> Iterator[tuple[str, Row]]:
        """All rows of the table."""
        key = self._one.count("?")
        for row in connection.execute(self._all):
            yield "/".join(map(str, row[:key])), row

    def _read(self, stored: Row) -> R:
        fields = dict(zip(self.columns, stored, strict=True))
        return msgspec.convert(fields, self._kind, strict=False)
