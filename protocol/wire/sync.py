"""Facts to the service and back: append and ack, and the feed of what changed on the floor."""

from datetime import datetime
from enum import StrEnum

import msgspec

from protocol.facts.agent import Reason, State
from protocol.facts.base import Instant, Int64
from protocol.facts.record import Record
from protocol.wire.session import FromSeat, FromService

MAX_BATCH = 512
"""Facts in one `Append` at the most."""


class Append(FromSeat, frozen=True):
    """Facts of one session, in order, without a gap."""

    session: str
    facts: tuple[Record, ...]


class Ack(FromService, frozen=True):
    """All facts of the session up to and including `upto` are on the service's disk."""

    session: str
    upto: Int64
    received_ms: Instant
    position: Int64
    """The ledger's last entry at that commit …"""
    head: str
    """… and its hash (hexadecimal): the seat keeps it as a witness."""


class Cursor(msgspec.Struct, frozen=True):
    """How far a subscriber has read: a position in one ledger."""

    ledger: str
    position: Int64


class Link(StrEnum):
    """Whether the service hears a seat."""

    ONLINE = "online"
    OFFLINE = "offline"


class FloorCall(msgspec.Struct, frozen=True):
    """A call as the floor may see it."""

    direction: str
    peer: str
    """Masked: the middle of the number is not shown."""
    since: datetime | None


class FloorRow(msgspec.Struct, frozen=True):
    """One agent on the floor, as of ledger entry `position`."""

    agent: str
    name: str
    team: str
    state: State
    """OFFLINE while the service can't hear the seat."""
    reason: Reason | None
    since: datetime | None
    """When that state began, null where that is not known."""
    last_known: State
    """The last state that a fact told of: the same as `state` unless that is OFFLINE."""
    next_state: str | None
    """`READY`, `LOGGED_OFF` or `NOT_READY:<reason>`."""
    call: FloorCall | None
    link: Link | None
    """Null while signed off."""
    phone: bool | None
    calls_answered: int
    """Incoming ones, since signing in."""
    position: Int64


class Subscribe(FromSeat, frozen=True):
    """Be told of the floor from `cursor` on (null: everything)."""

    id: Int64
    cursor: Cursor | None = None


class Subscribed(FromService, frozen=True):
    """Agreed; batches follow, the first with all that lies behind the cursor."""

    re: Int64


class Unsubscribe(FromSeat, frozen=True):
    """No more."""

    id: Int64


class Unsubscribed(FromService, frozen=True):
    """No batch comes after this."""

    re: Int64


class FloorBatch(FromService, frozen=True):
    """Rows that changed, each whole; keep `cursor` to go on from here. With `reset` the cursor
    that was sent meant nothing here (another ledger): forget all rows first."""

    cursor: Cursor
    rows: tuple[FloorRow, ...]
    server_ms: Instant
    reset: bool = False
