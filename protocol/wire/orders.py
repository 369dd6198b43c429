"""What leads ask of seats: forced states, requests and messages, and their way to the seat."""

import msgspec

from protocol.facts.base import Instant, Int64
from protocol.facts.order import OrderKind
from protocol.wire.session import FromSeat, FromService

MAX_TEXT = 1000
"""Characters of a reason or a message."""
MAX_WAITING = 200
"""Orders that may wait for one seat."""


class PlaceOrder(FromSeat, frozen=True):
    """A lead's order for one agent, or for a team (messages only): the other is empty.

    A leader's own team; everybody for a supervisor. Refused with `own_order` for oneself,
    `not_permitted`, `unknown_agent`, `unknown_team`, `bad_text`, `agent_signed_out` (forces only),
    `too_many_orders`.
    """

    id: Int64
    what: OrderKind
    text: str
    agent: str = ""
    team: str = ""
    key: str = ""
    """Makes a repetition harmless: the same key places the same order once."""


class OrderAccepted(FromService, frozen=True):
    """It is on the service's disk, for so many seats."""

    re: Int64
    orders: tuple[str, ...]


class Order(msgspec.Struct, frozen=True):
    """One order as its seat gets it."""

    order: str
    what: OrderKind
    actor: str
    actor_name: str
    text: str
    placed_ms: Instant
    expires_ms: Instant


class OrdersWaiting(FromService, frozen=True):
    """Pushed to a signed-in seat: all orders that it has not settled, at sign-in and whenever
    there is a new one. The seat settles each by a fact (`agent.order_settled`), once."""

    orders: tuple[Order, ...]
