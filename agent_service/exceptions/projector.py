"""Folding the ledger into the table `day_exception`."""

import sqlite3
from collections.abc import Callable
from datetime import date

from agent_service.exceptions import row as rows
from agent_service.exceptions import store
from agent_service.exceptions.row import StoredException
from agent_service.ledger.chain import Entry
from agent_service.ledger.keyed import Key, KeyedProjection
from agent_service.ledger.sessions import SERVICE
from protocol.facts.correction import ExceptionDecided, ExceptionProposed, ExceptionWithdrawn
from protocol.facts.record import AnyFact

_Speaking = ExceptionProposed | ExceptionDecided | ExceptionWithdrawn


class ExceptionProjector(KeyedProjection[StoredException]):
    """Exceptions by their identity."""

    def __init__(
        self, publish: Callable[[tuple[StoredException, ...]], None] = lambda rows: None
    ) -> None:
        super().__init__("day_exception", StoredException, 1, _Speaking.__args__, publish)

    def hold(self, connection: sqlite3.Connection, exception: str) -> StoredException | None:
        """As `find`, and kept in memory: what is recorded of it next is folded at once."""
        row = self.find(connection, exception)
        if row is not None and (exception,) not in self._news:
            self._rows[(exception,)] = row
        return row

    def of_day(
        self, connection: sqlite3.Connection, agent: str, day: date
    ) -> list[StoredException]:
        """All of somebody's business date, with those of this group that are not stored yet."""
        unstored = dict.fromkeys((*self._changed, *self._news))
        told = (self.find(connection, *key) for key in unstored)
        rows = [
            *(
                row
                for row in store.of_day(connection, agent, day)
                if (row.exception,) not in unstored
            ),
            *(row for row in told if row is not None),
        ]
        return [row for row in rows if (row.agent, row.day) == (agent, day.isoformat())]

    def key_of(self, entry: Entry, fact: AnyFact) -> Key | None:
        """The service alone speaks of them."""
        if entry.agent != SERVICE or not isinstance(fact, _Speaking):
            return None
        return (fact.exception,)

    def folded(
        self, row: StoredException | None, entry: Entry, fact: AnyFact
    ) -> StoredException | None:
        """The exception after a fact. It is proposed once; what nobody proposed can't be
        decided."""
        if row is None:
            return rows.proposed(entry, fact) if isinstance(fact, ExceptionProposed) else None
        if isinstance(fact, ExceptionDecided):
            return rows.decided(row, entry, fact)
        if isinstance(fact, ExceptionWithdrawn):
            return rows.withdrawn(row, entry, fact)
        return row
