"""Folding the ledger into the table `placed_order`."""

import sqlite3
from collections.abc import Callable

from agent_service.ledger.chain import Entry
from agent_service.ledger.keyed import Key, KeyedProjection
from agent_service.ledger.sessions import SERVICE
from agent_service.orders import store
from agent_service.orders.row import OrderRow, placed, settled
from protocol.facts.order import OrderPlaced, OrderSettled
from protocol.facts.record import AnyFact


class OrderProjector(KeyedProjection[OrderRow]):
    """Orders by their identity: placed by the service, settled by a seat."""

    def __init__(self, publish: Callable[[tuple[OrderRow, ...]], None] = lambda rows: None) -> None:
        super().__init__("placed_order", OrderRow, 1, (OrderPlaced, OrderSettled), publish)

    def waiting(self, connection: sqlite3.Connection, agent: str, now_ms: int) -> int:
        """How many orders wait for an agent, with those of this group that are not stored yet."""
        new = (self._rows[key] for key in self._changed)
        unstored = sum(row.agent == agent and row.waits(now_ms) for row in new)
        return unstored + store.count_waiting(connection, agent, now_ms)

    def of_act(self, connection: sqlite3.Connection, act: str) -> list[OrderRow]:
        """The orders that one act placed, likewise."""
        new = [self._rows[key] for key in self._changed]
        return store.of_act(connection, act) or [row for row in new if row.act == act]

    def key_of(self, entry: Entry, fact: AnyFact) -> Key | None:
        """Whoever tells of it, it is one order."""
        of_service = entry.agent == SERVICE
        if isinstance(fact, OrderPlaced) and of_service:
            return (fact.order,)
        if isinstance(fact, OrderSettled) and not of_service:
            return (fact.order,)
        return None

    def is_new(self, fact: AnyFact) -> bool:
        """An order is placed once."""
        return isinstance(fact, OrderPlaced)

    def folded(self, row: OrderRow | None, entry: Entry, fact: AnyFact) -> OrderRow | None:
        """The order after a fact; what nobody placed can't be settled."""
        if isinstance(fact, OrderPlaced):
            return placed(entry, fact)
        if isinstance(fact, OrderSettled) and row is not None:
            return settled(row, entry, fact)
        return row
