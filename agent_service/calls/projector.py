"""Folding the ledger into the table `call_history`: every call of every seat, also of sessions
that are long over."""

from collections.abc import Callable

from agent_service.calls.row import REMEMBERED, CallRow, begins, folded, is_remembered
from agent_service.ledger.chain import Entry
from agent_service.ledger.keyed import Key, KeyedProjection
from agent_service.ledger.sessions import SERVICE
from protocol.facts.record import AnyFact


class CallProjector(KeyedProjection[CallRow]):
    """Calls by agent and call."""

    def __init__(self, publish: Callable[[tuple[CallRow, ...]], None] = lambda rows: None) -> None:
        super().__init__("call_history", CallRow, 2, REMEMBERED, publish)

    def key_of(self, entry: Entry, fact: AnyFact) -> Key | None:
        """A call belongs to the agent whose seat tells of it."""
        if entry.agent == SERVICE or not is_remembered(fact):
            return None
        return entry.agent, fact.call_id

    def is_new(self, fact: AnyFact) -> bool:
        """A call that begins is folded without a look at the disk."""
        return begins(fact)

    def folded(self, row: CallRow | None, entry: Entry, fact: AnyFact) -> CallRow | None:
        """The call after a fact."""
        return folded(row, entry, fact) if is_remembered(fact) else row
