"""Folding the ledger into the table `adopted_rules`."""

import msgspec

from agent_service.ledger.chain import Entry
from agent_service.ledger.keyed import Key, KeyedProjection
from agent_service.ledger.sessions import SERVICE
from protocol.facts.record import AnyFact
from protocol.facts.shift import RulesAdopted


class StoredRules(msgspec.Struct, frozen=True, gc=False):
    """A row, its fields in the order of the table's columns."""

    position: int
    """The entry that it comes of. Of two adoptions the later one holds."""
    version: str
    since: str
    """The first business date, ISO 8601."""
    values_json: str
    adopted_ms: int


class RulesProjector(KeyedProjection[StoredRules]):
    """Every adoption, in order."""

    def __init__(self) -> None:
        super().__init__("adopted_rules", StoredRules, 1, (RulesAdopted,))

    def key_of(self, entry: Entry, fact: AnyFact) -> Key | None:
        """Each is a row."""
        if entry.agent != SERVICE or not isinstance(fact, RulesAdopted):
            return None
        return (str(entry.position),)

    def is_new(self, fact: AnyFact) -> bool:
        """An adoption is told once."""
        return True

    def folded(self, row: StoredRules | None, entry: Entry, fact: AnyFact) -> StoredRules | None:
        """The values as they came, also those that this version can't read."""
        if not isinstance(fact, RulesAdopted):
            return row
        values = bytes(fact.values).decode("utf-8", "replace")
        return StoredRules(
            entry.position, fact.version, fact.since.isoformat(), values, entry.received_ms
        )
