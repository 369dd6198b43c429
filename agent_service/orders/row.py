"""What a lead asked of a seat, and what became of it: pure."""

import msgspec

from agent_service.ledger.chain import Entry
from protocol.facts.order import OrderKind, OrderOutcome, OrderPlaced, OrderSettled

OPEN = (None, OrderOutcome.QUEUED)
"""The outcomes that another may follow."""


class OrderRow(msgspec.Struct, frozen=True, gc=False):
    """One order, its fields in the order of the table's columns."""

    order_id: str
    agent: str
    what: OrderKind
    actor: str
    text: str
    placed_ms: int
    expires_ms: int
    act: str
    """The same for all orders that one act placed."""
    outcome: OrderOutcome | None = None
    """Null while it waits."""
    code: str = ""
    position: int = 0
    """The last entry that changed this row."""

    def waits(self, now_ms: int) -> bool:
        """Whether its seat may still carry it out."""
        return self.outcome is None and now_ms <= self.expires_ms


def placed(entry: Entry, fact: OrderPlaced) -> OrderRow:
    """A new order."""
    return OrderRow(
        fact.order,
        fact.agent,
        fact.what,
        fact.actor,
        fact.text,
        entry.received_ms,
        fact.expires_ms,
        fact.group,
        position=entry.position,
    )


def settled(row: OrderRow, entry: Entry, fact: OrderSettled) -> OrderRow:
    """The order after its seat told of it. What was queued is told of again; anything else
    stands, whatever another desk of the person's says later."""
    if row.agent != entry.agent or row.outcome not in OPEN:
        return row
    return msgspec.structs.replace(
        row, outcome=fact.outcome, code=fact.code[:64], position=entry.position
    )
