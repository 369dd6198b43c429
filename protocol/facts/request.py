"""Facts about what people ask of the roster: leave, swaps, moved hours, overtime, early release.

They are the service's own. An approved one makes another plan (`shift.planned`) in the same
commit.
"""

from datetime import date
from enum import StrEnum

import msgspec

from protocol.facts.base import Fact, Instant, Int64


class RequestKind(StrEnum):
    """What can be asked."""

    LEAVE = "leave"
    """Not to work on [start_ms, end_ms)."""
    SWAP = "swap"
    """Two people exchange their shifts of a day each."""
    MOVE = "move"
    """One person's hours, from one time to another."""
    OVERTIME = "overtime"
    """To work [start_ms, end_ms) besides the plan."""
    RELEASE = "release"
    """To go home early, at the lead's or the own wish."""


class RequestStanding(StrEnum):
    """Where a request stands."""

    ASKED = "asked"
    """It waits for the partner of a swap, if there is one, else for the lead."""
    CONSENTED = "consented"
    """The partner agreed, and may take it back; it waits for the lead."""
    APPROVED = "approved"
    REJECTED = "rejected"
    """By the lead, or the partner did not agree."""
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"
    """Nobody decided in time."""


class Account(StrEnum):
    """What hours are kept for each person."""

    OWED_LEAVE = "owed_leave"
    """Hours the organisation owes, to be taken as leave."""
    OVERTIME = "overtime"
    """Hours worked beyond the plan, to be paid."""


class RosterRequest(msgspec.Struct, frozen=True):
    """What is asked, whole."""

    what: RequestKind
    agent: str
    """Whose plan it changes."""
    day: date
    """The business date whose plan it changes."""
    start_ms: Instant = 0
    """Of the time that it is about; 0 with a swap."""
    end_ms: Instant = 0
    to_start_ms: Instant = 0
    """With a move: when the hours are worked instead."""
    to_end_ms: Instant = 0
    partner: str = ""
    """With a swap: the other person …"""
    partner_day: date | None = None
    """… and the day of theirs that is exchanged."""
    account: Account | None = None
    """With leave or overtime: whose hours it takes or gives."""


class PlanSeen(msgspec.Struct, frozen=True):
    """A plan that a request is about, as it was when somebody asked."""

    agent: str
    day: date
    digest: str
    """Of the segments in force."""


class RequestMade(Fact, frozen=True, tag="request.made"):
    """Somebody asks. Undecided at its deadline, it lapses."""

    request: str
    asked: RosterRequest
    actor: str
    text: str
    deadline_ms: Instant
    plans: tuple[PlanSeen, ...] = ()
    """All that it would change: nobody's word holds for others."""


class RequestConsented(Fact, frozen=True, tag="request.consented"):
    """The other person of a swap agreed, or did not; or takes it back while it is undecided."""

    request: str
    actor: str
    consents: bool
    text: str = ""


class RequestDecided(Fact, frozen=True, tag="request.decided"):
    """A lead approved or rejected it."""

    request: str
    actor: str
    approved: bool
    text: str = ""
    revision: Int64 = 0
    """Of the roster that came of it; 0: none."""


class RequestWithdrawn(Fact, frozen=True, tag="request.withdrawn"):
    """Whoever asked takes it back, undecided; or approved leave is not taken after all, as whoever
    asked or a lead says."""

    request: str
    actor: str
    text: str = ""
    """A lead's reason."""


class RequestSeen(Fact, frozen=True, tag="request.seen"):
    """Somebody whom it concerns has read where it stands."""

    request: str
    actor: str
    standing: RequestStanding


class HoursBooked(Fact, frozen=True, tag="request.hours_booked"):
    """Hours were added to or taken from somebody's account. A mistake is mended by another."""

    booking: str
    agent: str
    account: Account
    seconds: Int64
    """Negative: taken."""
    day: date
    """The business date that they belong to."""
    actor: str
    """Staff number, or `system`."""
    text: str
    request: str = ""
    """The request or handover that they come of."""
