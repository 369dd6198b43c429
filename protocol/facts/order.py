"""Facts about what leads ask of a seat: placed by the service, settled by the seat.

Nobody's state is changed from outside: an order is a request that the seat applies and records.
"""

from enum import StrEnum

from protocol.facts.base import Fact, Instant


class OrderKind(StrEnum):
    """What can be asked of a seat."""

    FORCE_NOT_READY = "force_not_ready"
    """Out of the line, now or after the call. The interval is excused."""
    FORCE_SIGN_OUT = "force_sign_out"
    """Sign out, now or after the call."""
    ASK_READY = "ask_ready"
    """Please take calls again. READY is the agent's own act: this is shown and no more."""
    MESSAGE = "message"
    """A text to read."""


class OrderOutcome(StrEnum):
    """What became of an order."""

    APPLIED = "applied"
    """The state changed."""
    QUEUED = "queued"
    """It comes when the call is over; told again when it does, or has lapsed."""
    LAPSED = "lapsed"
    """It was queued, and something else was chosen after it, or the seat ended in the call."""
    REFUSED = "refused"
    """The state table does not allow it; `code` says why."""
    EXPIRED = "expired"
    """It reached the seat too late."""
    SEEN = "seen"
    """The person has read it."""


class OrderPlaced(Fact, frozen=True, tag="order.placed"):
    """A lead asked something of one seat. A fact of the service."""

    order: str
    agent: str
    """Of whom it is asked."""
    what: OrderKind
    actor: str
    """Staff number of who asked."""
    text: str
    """The reason, or the message: text from a person."""
    expires_ms: Instant
    """The seat does not apply it later than this."""
    group: str = ""
    """The same for all orders that one act placed (a message to a team)."""


class OrderSettled(Fact, frozen=True, tag="agent.order_settled"):
    """What the seat did with it. A fact of the seat."""

    order: str
    outcome: OrderOutcome
    code: str = ""
