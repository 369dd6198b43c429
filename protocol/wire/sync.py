"""Facts to the service and back: append and ack, and the feed of what changed on the floor."""

from datetime import date, datetime
from enum import StrEnum

import msgspec

from protocol.facts.agent import Reason, State
from protocol.facts.base import Instant, Int64
from protocol.facts.order import OrderKind, OrderOutcome
from protocol.facts.record import Record
from protocol.facts.shift import Activity
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


class Witness(msgspec.Struct, frozen=True):
    """The head of the chain at a position, as an ack told it."""

    position: Int64
    head: str


class Compare(FromSeat, frozen=True):
    """After `Present`: how far does the service have these sessions of this desk? And does its
    chain still hold what an ack once told?"""

    id: Int64
    sessions: tuple[str, ...]
    """At most `MAX_COMPARED`, the newest."""
    witness: Witness | None = None


class WitnessSeen(StrEnum):
    """What the service's chain has at the witness's position."""

    SAME = "same"
    MISSING = "missing"
    """It does not reach that far: a backup was restored."""
    DIFFERENT = "different"
    """Another entry: the ledger was replaced, or restored and written on."""


class Compared(FromService, frozen=True):
    """The last sequence number of each session that the service has, 0 before its first fact; a
    session that it does not know is left out.
    A seat sends again whatever lies above."""

    re: Int64
    marks: dict[str, Int64]
    witness: WitnessSeen | None = None


MAX_COMPARED = 500


class Claim(FromSeat, frozen=True):
    """The signed-in person vouches for earlier sessions of this desk that the service does not
    know: their facts may come."""

    id: Int64
    sessions: tuple[str, ...]
    """At most `MAX_COMPARED`."""


class Claimed(FromService, frozen=True):
    """They may, but those of sessions that were refused."""

    re: Int64
    refused: dict[str, str] = msgspec.field(default_factory=dict)
    """By session, the code of why: one does not hold back the others."""


class Cursor(msgspec.Struct, frozen=True):
    """How far a subscriber has read: a position in one ledger."""

    ledger: str
    position: Int64


class Link(StrEnum):
    """Whether the service hears a seat."""

    ONLINE = "online"
    OFFLINE = "offline"


class FloorCall(msgspec.Struct, frozen=True, omit_defaults=True):
    """A call as the floor may see it."""

    direction: str
    peer: str
    """Masked: the middle of the number is not shown."""
    since: datetime | None
    line: str = ""
    """The line of business."""
    answered: datetime | None = None
    """When both sides could speak; null before that."""


class FloorRow(msgspec.Struct, frozen=True, omit_defaults=True):
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
    """Incoming ones, on `day`."""
    position: Int64
    day: date | None = None
    """The site's local date on which calls are counted: the count is 0 again at its midnight,
    whether or not a row comes then."""
    calls_missed: int = 0
    """Likewise."""
    locked: bool = False
    """Whether the screen is locked."""
    acw_limit_s: int | None = None
    """In ACW, how long it may last by the line's limit and what it was extended by."""
    order: OrderKind | None = None
    """What was asked of the agent last …"""
    order_outcome: OrderOutcome | None = None
    """… and what the seat did with it; null while it waits."""
    provisional: bool = False
    """Whether the seat has still to confirm this: signed out by the service, or signed in
    without it."""
    planned: Activity | None = None
    """What is planned now; null: nothing."""
    planned_until: datetime | None = None
    adhering: bool | None = None
    """Whether the state goes with that; null: nothing is planned, or nobody knows."""
    counted_s: int | None = None
    """Seconds that count towards adherence of the business date so far: planned, and not excluded;
    null without a plan."""
    in_s: int | None = None
    """In adherence of those, as if all that is unknown were out …"""
    in_high_s: int | None = None
    """… and in."""
    run_s: int | None = None
    """Seconds of work without a rest."""
    fatigue: str = ""
    """`warn`, `offer` or `limit`: how far that has come."""


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
