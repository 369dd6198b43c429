"""What the service remembers of calls: asked by a seat while a call rings."""

from datetime import datetime

import msgspec

from protocol.facts.base import Int64
from protocol.wire.session import FromSeat, FromService

MAX_RECALLED = 20


class Recall(FromSeat, frozen=True):
    """Which calls were there with this number? (For agents and leads.)"""

    id: Int64
    peer: str


class PastCall(msgspec.Struct, frozen=True):
    """One call with a number, by whomever it was taken."""

    at: datetime | None
    """When it began (UTC)."""
    direction: str
    agent: str
    agent_name: str
    answered: bool
    talk_s: int | None
    line: str = ""
    category: str = ""
    outcome: str = ""
    note: str = ""
    promised: datetime | None = None
    """A call-back that was promised for then and is not settled."""
    call_id: str = ""


class Recalled(FromService, frozen=True):
    """The newest first, at most `MAX_RECALLED`; one that is just going on may be among them."""

    re: Int64
    calls: tuple[PastCall, ...]
