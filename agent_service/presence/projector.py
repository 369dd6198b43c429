"""Folding the ledger into the table `presence`, in the transaction of the append."""

import sqlite3
from collections.abc import Callable, Iterator

from agent_service.ledger.chain import Entry
from agent_service.ledger.projection import Row
from agent_service.ledger.sessions import SERVICE
from agent_service.presence import store
from agent_service.presence.row import FOLDED, Presence, began, folded, ordered, settled
from protocol.facts.order import OrderPlaced, OrderSettled
from protocol.facts.record import AnyFact
from protocol.facts.session import LinkBack, LinkLost, SessionBegan, SignedOffByService

_OF_A_LINK = (LinkLost, LinkBack, SignedOffByService)

Publish = Callable[[tuple[Presence, ...]], None]
"""Told, in the writer's thread, of the rows that a commit changed."""


class PresenceProjector:
    """All rows, in memory and on the disk."""

    table = "presence"
    columns = Presence.__struct_fields__
    facts = (*FOLDED, OrderPlaced, OrderSettled, SessionBegan)

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
        if entry.agent == SERVICE:
            self._fold_own(entry, fact)
        elif fact is not None:
            row = self._rows.get(entry.agent)
            if type(fact) is OrderSettled:  # whichever of the agent's sessions tells of it
                self._put(row, row and settled(row, entry, fact))
            elif row is not None and row.session == entry.session:
                self._put(row, folded(row, entry, fact))

    def _fold_own(self, entry: Entry, fact: AnyFact | None) -> None:
        """What the service says of an agent, or of one of their sessions."""
        if isinstance(fact, SessionBegan):
            row = self._rows.get(fact.agent)
            self._put(row, began(entry, fact, row))
        elif isinstance(fact, OrderPlaced):
            row = self._rows.get(fact.agent)
            self._put(row, row and ordered(row, entry, fact))
        elif isinstance(fact, _OF_A_LINK):
            row = self._rows.get(fact.agent)
            if row is not None and row.session == fact.seat_session:
                self._put(row, folded(row, entry, fact))

    def _put(self, before: Presence | None, row: Presence | None) -> None:
        if row is not None and row is not before:
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

    def stored(self, connection: sqlite3.Connection) -> Iterator[tuple[str, Row]]:
        """All rows of the table."""
        for row in store.select(connection):
            yield str(row[0]), row
