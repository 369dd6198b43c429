"""Placing orders: in the writer's thread, so that one act places them once."""

import sqlite3

import msgspec

from agent_service.identity import name_of, name_of_act
from agent_service.ledger.append import Appender
from agent_service.orders.projector import OrderProjector
from agent_service.presence.projector import PresenceProjector
from protocol.facts.order import OrderKind, OrderPlaced
from protocol.wire.errors import Code, Refused
from protocol.wire.orders import MAX_WAITING

_FORCES = (OrderKind.FORCE_NOT_READY, OrderKind.FORCE_SIGN_OUT)


class Act(msgspec.Struct, frozen=True):
    """What a lead does at once: the same asked of one agent, or of several."""

    actor: str
    key: str
    """The same act when it comes again; empty: each is another."""
    what: OrderKind
    text: str
    agents: tuple[str, ...]

    def name(self) -> str:
        """The same for the same key of the same actor."""
        return name_of_act(self.actor, key=self.key)


class OrderPlacer:
    """Records orders."""

    def __init__(
        self, appender: Appender, orders: OrderProjector, presence: PresenceProjector
    ) -> None:
        self._appender = appender
        self._orders = orders
        self._presence = presence

    def place(
        self, connection: sqlite3.Connection, act: Act, now_ms: int, expires_ms: int
    ) -> tuple[str, ...]:
        """The orders' identities; those of the first time when the act comes again. Raises
        `Refused` with `agent_signed_out` or `too_many_orders`, having changed nothing."""
        name = act.name()
        earlier = self._orders.of_act(connection, name)
        if earlier:
            return tuple(row.order_id for row in earlier)
        for agent in act.agents:
            self._check(connection, act.what, agent, now_ms)
        return tuple(self._record(connection, act, name, agent, expires_ms) for agent in act.agents)

    def _check(
        self, connection: sqlite3.Connection, what: OrderKind, agent: str, now_ms: int
    ) -> None:
        row = self._presence.of(agent)
        if what in _FORCES and (row is None or not row.signed_in):
            raise Refused(Code.AGENT_SIGNED_OUT, agent=agent)
        if self._orders.waiting(connection, agent, now_ms) >= MAX_WAITING:
            raise Refused(Code.TOO_MANY_ORDERS, agent=agent)

    def _record(
        self, connection: sqlite3.Connection, act: Act, name: str, agent: str, expires_ms: int
    ) -> str:
        order = name_of(name, agent)
        fact = OrderPlaced(order, agent, act.what, act.actor, act.text, expires_ms, name)
        self._appender.record(connection, fact)
        return order
