"""Requests for another roster: leave, swaps, moves, overtime, early release; and hours owed."""

from datetime import date

import msgspec

from protocol.facts.base import Instant, Int64
from protocol.facts.request import Account, RequestStanding, RosterRequest
from protocol.wire.session import FromSeat, FromService


class RequestRow(msgspec.Struct, frozen=True, omit_defaults=True):
    """One request as it stands."""

    request: str
    asked: RosterRequest
    actor: str
    text: str
    standing: RequestStanding
    made_ms: Instant
    deadline_ms: Instant
    consented_ms: Instant | None = None
    decided_by: str = ""
    decided_ms: Instant | None = None
    decision: str = ""
    revision: Int64 = 0
    withdrawn_by: str = ""
    """Whoever asked; of approved leave also a lead."""
    withdrawn_ms: Instant | None = None
    withdrawal: str = ""
    """A lead's reason."""
    unread: bool = False
    """What became of it concerns whoever is told, who has not read it yet."""
    undecidable: str = ""
    """In a list that a lead asked for, why they can't decide it: `own_case`, also of a shift that
    they stand in for, or `not_permitted`."""


class MakeRequest(FromSeat, frozen=True):
    """Ask. For oneself; a lead may ask for RELEASE and OVERTIME of somebody they lead, who then
    consents. Refused with `not_permitted`, `unknown_agent`, `bad_interval`, `on_leave` (it would
    put work into somebody's approved leave), `no_shift` (nothing planned to swap, move or leave),
    `shift_begun`, `too_late` (the deadline has passed)."""

    id: Int64
    key: str
    asked: RosterRequest
    text: str = ""


class ConsentRequest(FromSeat, frozen=True):
    """The partner of a swap, or the person of whom a lead asks something, agrees or does not; and
    may take it back until a lead decides. Refused with `unknown_request`, `not_permitted`,
    `already_decided`, `too_late`; agreeing also with `plan_changed` (a plan that it is about is
    another than when it was asked)."""

    id: Int64
    request: str
    consents: bool
    text: str = ""


class DecideRequest(FromSeat, frozen=True):
    """A lead approves or rejects. Refused with `unknown_request`, `own_case`, `not_permitted`,
    `already_decided`, `too_late` (it has lapsed); approving also with `consent_missing`,
    `plan_changed` (a plan that it is about is another than when it was asked), `shift_begun`,
    `on_leave` (it would put work into leave that was approved since),
    `bad_plan` and `roster_refused` (what would come of it may not be published), `hours_missing`
    (the account holds too little)."""

    id: Int64
    request: str
    approved: bool
    text: str = ""


class WithdrawRequest(FromSeat, frozen=True):
    """Whoever asked takes it back. Approved leave is cancelled, by them or a lead, before it
    begins: the plan and the hours are as before. Refused with `unknown_request`, `not_permitted`,
    `own_case`, `already_decided`, `too_late`, `bad_text` (a lead needs to say why); cancelling
    also with `plan_changed` (something else was planned since), `shift_begun`,
    `roster_refused`."""

    id: Int64
    request: str
    text: str = ""


class RequestStands(FromService, frozen=True):
    """The request as it stands now."""

    re: Int64
    row: RequestRow


class GetRequests(FromSeat, frozen=True):
    """Own ones, those that wait for one's consent, and those of whom one leads. The open ones are
    told with those whose outcome one has not read."""

    id: Int64
    open_only: bool = True
    agent: str = ""


class Requests(FromService, frozen=True):
    """The newest first."""

    re: Int64
    rows: tuple[RequestRow, ...]
    names: dict[str, str]
    left_off: Int64 = 0


class SeenRequest(msgspec.Struct, frozen=True):
    """A request, and where it stood when somebody read it."""

    request: str
    standing: RequestStanding


class SeeRequests(FromSeat, frozen=True):
    """The person has read what became of these. One that does not concern them, or stands
    elsewhere by now, is passed over."""

    id: Int64
    seen: tuple[SeenRequest, ...]


class RequestsSeen(FromService, frozen=True):
    """They count as read."""

    re: Int64


class BookHours(FromSeat, frozen=True):
    """A lead or HR puts hours into an account, or takes them out. The answer is `Hours`. Refused
    with `unknown_agent`, `own_case`, `not_permitted`, `bad_text` (it needs one)."""

    id: Int64
    key: str
    agent: str
    account: Account
    seconds: Int64
    day: date
    text: str


class GetHours(FromSeat, frozen=True):
    """The accounts of one person, for themselves, their leads and HR. Refused with
    `unknown_agent`, `not_permitted`."""

    id: Int64
    agent: str


class Booking(msgspec.Struct, frozen=True):
    """One entry of an account."""

    account: Account
    seconds: Int64
    day: date
    actor: str
    text: str
    booked_ms: Instant
    request: str = ""


class Hours(FromService, frozen=True):
    """Balances in seconds, and the newest entries."""

    re: Int64
    agent: str
    balances: dict[Account, Int64]
    bookings: tuple[Booking, ...]
