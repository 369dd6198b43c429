"""Folding the ledger into the table `presence`, in the transaction of the append."""

import sqlite3
from collections.abc import Callable, Iterator

import msgspec

from agent_service.ledger.chain import Entry
from agent_service.ledger.projection import Row
from agent_service.ledger.sessions import SERVICE
from agent_service.presence import store
from agent_service.presence.row import Presence, began, folded, ordered, settled
from protocol.facts.order import OrderPlaced, OrderSettled
from protocol.facts.record import AnyFact
from protocol.facts.session import LinkBack, LinkLost, SessionBegan, SignedOffByService

Publish = Callable[[tuple[Presence, ...]], None]
"""Told, in the writer's thread, of the rows that a commit changed."""


class PresenceProjector:
    """All rows, in memory and on the disk."""

    table = "presence"
    columns = Presence.__struct_fields__

    def __init__(self, publish: Publish | None = None) -> None:
        self._publish = publish
        self._rows: dict[str, Presence] = {}
        self._changed: set[str] = set()

    def load(self, connection: sqlite3.Connection) -> None:
        """Take the rows from the disk."""
        self._rows = store.rows(connection)
        self._changed.clear()

    def of(self, agent: str) -> Presence | None:
        """An agent's row, as of the last entry folded."""
        return self._rows.get(agent)

    def fold(self, entry: Entry, fact: AnyFact | None) -> None:
        """Take in one entry: of an agent's latest session, or of the service about it."""
        if fact is None:
            return
        if isinstance(fact, (OrderPlaced, OrderSettled)):
            self._fold_order(entry, fact)
        elif entry.agent != SERVICE:
            self._fold(entry.agent, entry.session, entry, fact)
        elif isinstance(fact, SessionBegan):
            self._put(began(entry, fact, self._rows.get(fact.agent)))
        elif isinstance(fact, LinkLost | LinkBack | SignedOffByService):
            self._fold(fact.agent, fact.seat_session, entry, fact)

    def _fold(self, agent: str, session: str, entry: Entry, fact: AnyFact) -> None:
        row = self._rows.get(agent)
        if row is None or row.session != session:
            return
        after = folded(row, entry, fact)
        if after is not row:
            self._put(after)

    def _fold_order(self, entry: Entry, fact: OrderPlaced | OrderSettled) -> None:
        """An order is asked of a person, whichever session settles it."""
        of_service = entry.agent == SERVICE
        if isinstance(fact, OrderPlaced):
            row = self._rows.get(fact.agent)
            if row is not None and of_service:
                self._put(ordered(row, entry, fact))
            return
        row = self._rows.get(entry.agent)
        if row is not None and (after := settled(row, entry, fact)) is not row:
            self._put(after)

    def _put(self, row: Presence) -> None:
        self._rows[row.agent] = row
        self._changed.add(row.agent)

    def flush(self, connection: sqlite3.Connection) -> None:
        """Store the rows that changed."""
        store.write(connection, [self._rows[agent] for agent in self._changed])

    def committed(self) -> None:
        """Pass on what changed."""
        if self._changed and self._publish is not None:
            self._publish(tuple(self._rows[agent] for agent in self._changed))
        self._changed.clear()

    def rows(self) -> Iterator[tuple[str, Row]]:
        """All rows in memory."""
        for agent, row in self._rows.items():
            yield agent, msgspec.structs.astuple(row)

    def stored(self, connection: sqlite3.Connection) -> Iterator[tuple[str, Row]]:
        """All rows of the table."""
        for row in store.select(connection):
            yield str(row[0]), row
