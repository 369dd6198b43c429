"""Folding the ledger into the table `locked_month`."""

from collections.abc import Callable

import msgspec

from agent_service.ledger.chain import Entry
from agent_service.ledger.keyed import Key, KeyedProjection
from agent_service.ledger.sessions import SERVICE
from protocol.facts.attendance import MonthLocked
from protocol.facts.record import AnyFact


class LockedMonth(msgspec.Struct, frozen=True, gc=False):
    """A row, its fields in the order of the table's columns."""

    month: str
    """Such as 2026-11."""
    position: int
    """The entry that locked it: figures go by those up to it."""
    locked_ms: int
    actor: str
    digest: str
    """Of the month as it was then."""


class LockProjector(KeyedProjection[LockedMonth]):
    """Months that are locked."""

    def __init__(
        self, publish: Callable[[tuple[LockedMonth, ...]], None] = lambda rows: None
    ) -> None:
        super().__init__("locked_month", LockedMonth, 1, (MonthLocked,), publish)

    def key_of(self, entry: Entry, fact: AnyFact) -> Key | None:
        """The month."""
        if entry.agent != SERVICE or not isinstance(fact, MonthLocked):
            return None
        return (fact.month,)

    def folded(self, row: LockedMonth | None, entry: Entry, fact: AnyFact) -> LockedMonth | None:
        """A month is locked once: the first lock is what its figures stay by."""
        if row is not None or not isinstance(fact, MonthLocked):
            return row
        return LockedMonth(fact.month, entry.position, entry.received_ms, fact.actor, fact.digest)
