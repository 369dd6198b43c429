"""Facts about handing over: what the outgoing leaves to the incoming. The service's own."""

from enum import StrEnum

import msgspec

from protocol.facts.base import Fact, Instant, Int64


class ItemKind(StrEnum):
    """What is handed over."""

    OPEN = "open"
    """Work that is not finished."""
    ISSUE = "issue"
    """Something the next one has to know."""
    FOLLOW_UP = "follow_up"
    """To be done at a time."""


class HandoverItem(msgspec.Struct, frozen=True):
    """One thing that is handed over."""

    what: ItemKind
    text: str
    due_ms: Instant | None = None
    """When it has to be followed up."""
    call: str = ""
    """The call that it is about."""
    call_ms: Instant | None = None
    """When that call was."""
    call_peer: str = ""
    """Its number. The service masks it before it is kept."""


class HandoverWritten(Fact, frozen=True, tag="handover.written"):
    """The outgoing wrote it, for one person or (an empty `to`) for whoever of the team comes
    next."""

    handover: str
    agent: str
    to: str
    team: str
    items: tuple[HandoverItem, ...]


class HandoverConfirmed(Fact, frozen=True, tag="handover.confirmed"):
    """The incoming has read it and takes it over."""

    handover: str
    actor: str
    text: str = ""


class ItemSettled(Fact, frozen=True, tag="handover.item_settled"):
    """One of its items (counted from 0) is done."""

    handover: str
    item: Int64
    actor: str
    text: str = ""
