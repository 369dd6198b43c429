"""Handing over from one shift to the next."""

from datetime import date
from enum import StrEnum

import msgspec

from protocol.facts.base import Instant, Int64
from protocol.facts.handover import HandoverItem
from protocol.facts.request import RequestKind, RequestStanding
from protocol.wire.session import FromSeat, FromService

MAX_ITEMS = 50
PAGE_AFTER_S = 600
"""When a team has been short for so long, its leads are paged."""


class HandoverRow(msgspec.Struct, frozen=True, omit_defaults=True):
    """One handover as it stands."""

    handover: str
    agent: str
    to: str
    team: str
    items: tuple[HandoverItem, ...]
    written_ms: Instant
    confirmed_by: str = ""
    confirmed_ms: Instant | None = None
    confirmation: str = ""
    settled: dict[int, str] = {}
    """By the number of the item, who settled it."""


class WriteHandover(FromSeat, frozen=True):
    """The outgoing's. Refused with `bad_text`, `unknown_agent`, `own_order` (to oneself), and
    `unknown_team` (to nobody by name, from somebody in no team)."""

    id: Int64
    key: str
    to: str
    items: tuple[HandoverItem, ...]


class ConfirmHandover(FromSeat, frozen=True):
    """The incoming's: whom it names, else the team; or a lead. Refused with `unknown_handover`,
    `own_case` (by whoever wrote it), `not_permitted`, `already_decided` (somebody else did)."""

    id: Int64
    handover: str
    text: str = ""


class SettleItem(FromSeat, frozen=True):
    """One item is done. Refused with `unknown_handover`, `not_permitted`, `unknown_item`."""

    id: Int64
    handover: str
    item: Int64
    text: str = ""


class HandoverStands(FromService, frozen=True):
    """As it stands now."""

    re: Int64
    row: HandoverRow


class GetHandovers(FromSeat, frozen=True):
    """Those to and from the person, and of the own team: open ones (not confirmed, or with items
    that nobody has settled), or all of the last days."""

    id: Int64
    open_only: bool = True


class Handovers(FromService, frozen=True):
    """The newest first."""

    re: Int64
    rows: tuple[HandoverRow, ...]
    names: dict[str, str]
    left_off: Int64 = 0


class PostState(StrEnum):
    """Whether enough people are there."""

    ENOUGH = "enough"
    SHORT = "short"


class AnsweredRequest(msgspec.Struct, frozen=True):
    """What became of a request, in short."""

    what: RequestKind
    day: date
    standing: RequestStanding
    cancelled: bool = False
    """Withdrawn after it was approved."""


class OwnNotices(FromService, frozen=True):
    """Pushed to a signed-in seat at sign-in and on change: what waits for this person."""

    handovers: Int64
    """To be confirmed, or with items that are open."""
    requests: Int64
    """That wait for this person's word."""
    exceptions: Int64
    """That wait for this lead's decision."""
    heads: PostState = PostState.ENOUGH
    """Whether the team has as many people as required just now."""
    present: Int64 = 0
    """0 where nothing is required."""
    required: Int64 = 0
    short_since_ms: Instant | None = None
    """Since when there are too few; null: there are enough."""
    team: str = ""
    """Whose heads these are; empty: the site's."""
    answered: Int64 = 0
    """Requests that concern this person, who has not read what became of them."""
    answer: AnsweredRequest | None = None
    """The one of them that was answered last."""
    asked_to_stay: bool = False
    """The shift is over, or nearly, and without this person the team would have too few. Whoever
    stays has it booked as overtime; nobody is kept."""
    unconfirmed: Int64 = 0
    """Handovers that this person wrote and nobody has confirmed."""
