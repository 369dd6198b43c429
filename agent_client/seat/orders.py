"""What leads ask of this seat: each applied or shown once, and settled by a fact."""

import logging
from collections.abc import Callable

from agent_client.seat.clock import Clock
from agent_client.seat.desk import Desk
from agent_client.seat.outbox import Outbox
from agent_client.seat.standing import Standing
from protocol.facts.order import OrderKind, OrderOutcome, OrderSettled
from protocol.wire.errors import Code, Refused
from protocol.wire.orders import Order, OrdersWaiting

_log = logging.getLogger(__name__)

_FORCES = frozenset({OrderKind.FORCE_NOT_READY, OrderKind.FORCE_SIGN_OUT})


class Orders:
    """The orders of one seat. Which are settled, the seat's own facts say."""

    def __init__(
        self,
        outbox: Outbox,
        clock: Clock,
        standing: Standing,
        desk: Desk,
        changed: Callable[[], None],
    ) -> None:
        self._outbox = outbox
        self._clock = clock
        self._standing = standing
        self._desk = desk
        self._changed = changed
        self._settled: set[str] | None = None
        self._shown: dict[str, Order] = {}
        self._waiting: dict[str, Order] = {}

    @property
    def shown(self) -> tuple[Order, ...]:
        """What the person has not read yet, in the order in which it came."""
        return tuple(self._shown.values())

    def take(self, waiting: OrdersWaiting) -> None:
        """Take what the service still waits for: new ones, and old ones again."""
        try:
            for order in waiting.orders:
                if order.order not in self._known():
                    self._waiting[order.order] = order
            self.go_on()
        except Refused as refused:
            _log.error("orders wait: %s", refused)
        self._changed()

    def go_on(self) -> None:
        """Try what the disk has refused so far."""
        for order in list(self._waiting.values()):
            if order.order not in self._waiting:
                return  # the one before has signed the person out
            try:
                self._follow(order)
            except Refused as refused:
                _log.error("an order waits: %s", refused)
                return
            self._waiting.pop(order.order, None)

    def see(self, name: str) -> None:
        """The person has read one. Raises `Refused`: `UNKNOWN_ORDER`, or as the disk does."""
        order = self._shown.get(name)
        if order is None:
            raise Refused(Code.UNKNOWN_ORDER)
        if name not in self._known():
            self._settle(order, OrderOutcome.SEEN)
        del self._shown[name]
        self._changed()

    def forget(self) -> None:
        """The person has signed out: what was not read waits at the service. That somebody was
        signed out by a lead stays to be read."""
        known = self._settled or set()
        self._waiting.clear()
        self._shown = {name: each for name, each in self._shown.items() if name in known}

    def _follow(self, order: Order) -> None:
        now_ms = self._clock.now_ms()
        if now_ms is not None and now_ms > order.expires_ms:
            self._settle(order, OrderOutcome.EXPIRED)
            self._shown.pop(order.order, None)
        elif order.what in _FORCES:
            self._force(order)
            self._shown[order.order] = order
        else:
            self._shown[order.order] = order

    def _force(self, order: Order) -> None:
        """The state and its order in one transaction; a refusal of the state table is an outcome
        as well."""
        try:
            outcome = self._desk.force(
                order.what,
                order.actor,
                lambda outcome: (OrderSettled(order.order, outcome),),
            )
        except Refused as refused:
            if refused.code == Code.DISK_FAILED:
                raise
            self._settle(order, OrderOutcome.REFUSED, refused.code)
            return
        _log.info("a lead's order %s: %s", order.what, outcome)
        self._known().add(order.order)

    def _settle(self, order: Order, outcome: OrderOutcome, code: str = "") -> None:
        self._standing.record((OrderSettled(order.order, outcome, code),))
        self._known().add(order.order)

    def _known(self) -> set[str]:
        """The orders that this desk's facts have settled. Raises `Refused(DISK_FAILED)`."""
        if self._settled is None:
            facts = self._outbox.facts_of(OrderSettled)
            self._settled = {fact.order for fact in facts if isinstance(fact, OrderSettled)}
        return self._settled
