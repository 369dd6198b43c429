"""Folding the ledger into the table `handover`."""

import sqlite3
from collections.abc import Callable

from agent_service.handover import store
from agent_service.handover.row import StoredHandover, changed, written
from agent_service.ledger.chain import Entry
from agent_service.ledger.keyed import Key, KeyedProjection
from agent_service.ledger.sessions import SERVICE
from protocol.facts.handover import HandoverConfirmed, HandoverWritten, ItemSettled
from protocol.facts.record import AnyFact

_Changing = HandoverConfirmed | ItemSettled


class HandoverProjector(KeyedProjection[StoredHandover]):
    """Handovers by their identity. `publish` is also told of those that are open when the
    projection starts from the disk."""

    def __init__(
        self, publish: Callable[[tuple[StoredHandover, ...]], None] = lambda rows: None
    ) -> None:
        facts = (HandoverWritten, *_Changing.__args__)
        super().__init__("handover", StoredHandover, 1, facts, publish)

    def load(self, connection: sqlite3.Connection) -> None:
        """Start from the disk."""
        super().load(connection)
        self._publish(tuple(store.open_ones(connection)))

    def key_of(self, entry: Entry, fact: AnyFact) -> Key | None:
        """The service alone speaks of handovers."""
        if entry.agent != SERVICE or not isinstance(fact, HandoverWritten | _Changing):
            return None
        return (fact.handover,)

    def is_new(self, fact: AnyFact) -> bool:
        """A handover is written once."""
        return isinstance(fact, HandoverWritten)

    def folded(
        self, row: StoredHandover | None, entry: Entry, fact: AnyFact
    ) -> StoredHandover | None:
        """The handover after a fact; nothing becomes of one that nobody wrote."""
        if isinstance(fact, HandoverWritten):
            return written(entry, fact)
        if isinstance(fact, _Changing) and row is not None:
            return changed(row, entry, fact)
        return row
