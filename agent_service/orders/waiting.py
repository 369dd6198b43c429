"""Orders on their way to seats: all that wait are pushed to a seat that signs in, and again when
there is a new one. Lives in the event loop's thread."""

from collections.abc import Callable, Iterable

from agent_service.orders.row import OrderRow
from protocol.wire.orders import Order, OrdersWaiting
from protocol.wire.session import Person

Push = Callable[[str, OrdersWaiting], None]
"""Sends to somebody's seat, if it is connected."""


class Waiting:
    """Follows the commits. What a seat was sent and did not settle waits until it expires."""

    def __init__(
        self,
        rows: Iterable[OrderRow],
        find: Callable[[str], Person | None],
        now_ms: Callable[[], int],
    ) -> None:
        self.push: Push = lambda agent, message: None
        self._find = find
        self._now_ms = now_ms
        self._orders: dict[str, dict[str, OrderRow]] = {}
        for row in rows:
            self._note(row)

    def take(self, rows: Iterable[OrderRow]) -> None:
        """Orders that a commit changed."""
        for agent in {row.agent for row in rows if self._note(row)}:
            self.greet(agent)

    def _note(self, row: OrderRow) -> bool:
        """Whether it is a new one that waits."""
        orders = self._orders.setdefault(row.agent, {})
        if row.waits(self._now_ms()):
            new = row.order_id not in orders
            orders[row.order_id] = row
            return new
        orders.pop(row.order_id, None)
        return False

    def greet(self, agent: str) -> None:
        """Send what waits to somebody's seat."""
        now_ms = self._now_ms()
        rows = [row for row in self._orders.get(agent, {}).values() if row.waits(now_ms)]
        self._orders[agent] = {row.order_id: row for row in rows}
        if rows:
            ordered = sorted(rows, key=lambda row: row.position)
            self.push(agent, OrdersWaiting(tuple(map(self._order, ordered))))
        else:
            del self._orders[agent]

    def _order(self, row: OrderRow) -> Order:
        actor = self._find(row.actor)
        name = "" if actor is None else actor.name
        return Order(
            row.order_id, row.what, row.actor, name, row.text, row.placed_ms, row.expires_ms
        )
