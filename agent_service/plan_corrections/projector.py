"""Folding the ledger into the table `plan_correction`."""

import sqlite3
from collections.abc import Callable

from agent_service.ledger.chain import Entry
from agent_service.ledger.keyed import Key, KeyedProjection
from agent_service.ledger.sessions import SERVICE
from agent_service.plan_corrections import row as rows
from agent_service.plan_corrections import store
from agent_service.plan_corrections.row import StoredCorrection
from protocol.facts.correction import PlanCorrectionDecided, PlanCorrectionProposed
from protocol.facts.record import AnyFact

_Speaking = PlanCorrectionProposed | PlanCorrectionDecided


class CorrectionProjector(KeyedProjection[StoredCorrection]):
    """Corrections of plans by their identity. `publish` is also told of those that are open when
    the projection starts from the disk."""

    def __init__(
        self, publish: Callable[[tuple[StoredCorrection, ...]], None] = lambda rows: None
    ) -> None:
        super().__init__("plan_correction", StoredCorrection, 1, _Speaking.__args__, publish)

    def load(self, connection: sqlite3.Connection) -> None:
        """Start from the disk."""
        super().load(connection)
        self._publish(tuple(store.open_ones(connection)))

    def key_of(self, entry: Entry, fact: AnyFact) -> Key | None:
        """The service alone speaks of them."""
        if entry.agent != SERVICE or not isinstance(fact, _Speaking):
            return None
        return (fact.correction,)

    def folded(
        self, row: StoredCorrection | None, entry: Entry, fact: AnyFact
    ) -> StoredCorrection | None:
        """It is proposed once, with at least one day; what nobody proposed can't be decided."""
        if row is None:
            if isinstance(fact, PlanCorrectionProposed) and fact.days:
                return rows.proposed(entry, fact)
            return None
        if isinstance(fact, PlanCorrectionDecided):
            return rows.decided(row, entry, fact)
        return row
