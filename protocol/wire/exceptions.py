"""Exceptions and corrections of a day: asked for, proposed, decided; and the queue of all that
waits for leads."""

from datetime import date

import msgspec

from protocol.facts.agent import Reason, State
from protocol.facts.base import Instant, Int64
from protocol.facts.correction import Overlay
from protocol.rules.day_figure import Applied
from protocol.rules.exception_decisions import (
    Standing as Standing,  # noqa: PLC0414 - a name of the wire as well
)
from protocol.rules.exceptions import SYSTEM, Derived, ExceptionStatus
from protocol.wire.incidents import IncidentRow
from protocol.wire.plan_corrections import PlanCorrectionRow
from protocol.wire.session import FromSeat, FromService

MAX_EXCEPTION_TEXT = 1000
MAX_EVIDENCE, MAX_EVIDENCE_TEXT = 16, 200
"""How many things show an exception at most, and how many characters each takes."""
MAX_DECIDED = 200
"""Exceptions that are decided at once."""


_STATUS = {
    Standing.PENDING: ExceptionStatus.PENDING,
    Standing.SECOND: ExceptionStatus.PENDING,
    Standing.APPROVED: ExceptionStatus.APPROVED,
    Standing.REJECTED: ExceptionStatus.REJECTED,
    Standing.WITHDRAWN: ExceptionStatus.REJECTED,
}


class ExceptionRow(msgspec.Struct, frozen=True, omit_defaults=True):
    """One exception as it stands."""

    exception: str
    agent: str
    day: date
    start_ms: Instant
    end_ms: Instant
    what: Overlay
    code: str
    text: str
    actor: str
    """Who proposed it: a staff number, or `system`."""
    standing: Standing
    proposed_ms: Instant
    state: State | None = None
    reason: Reason | None = None
    evidence: tuple[str, ...] = ()
    deciders: tuple[str, ...] = ()
    """Who has decided, in order."""
    decided_ms: Instant | None = None
    """When it came to stand as it does."""
    decision: str = ""
    """What the last of them said."""
    adjusts: str = ""
    """Decided after its month was locked: the month in which it counts instead."""

    def applied(self) -> Applied:
        """As it enters the figures of its day."""
        return Applied(
            self.exception,
            self.start_ms,
            self.end_ms,
            self.what,
            self.code,
            _STATUS[self.standing],
            self.actor,
            self.state,
            self.reason,
        )


class ProposeException(FromSeat, frozen=True):
    """Somebody asks for an exception of their own day, or a lead proposes one for somebody they
    lead (and has thereby approved it). Refused with `not_permitted`, `unknown_agent`, `bad_text`,
    `bad_interval` (also for a state that is still to come)."""

    id: Int64
    key: str
    agent: str
    day: date
    start_ms: Instant
    end_ms: Instant
    what: Overlay
    code: str
    text: str
    evidence: tuple[str, ...] = ()
    """What shows it: numbers of tickets, recordings, letters; each printable."""
    state: State | None = None
    reason: Reason | None = None


class ExceptionMade(FromService, frozen=True):
    """It is on the disk, and stands so."""

    re: Int64
    row: ExceptionRow


class DecideExceptions(FromSeat, frozen=True):
    """Approve or reject, many at once; each by itself."""

    id: Int64
    exceptions: tuple[str, ...]
    """At most `MAX_DECIDED`."""
    approved: bool
    text: str = ""


class ExceptionsDecided(FromService, frozen=True):
    """What became of each."""

    re: Int64
    rows: tuple[ExceptionRow, ...]
    refused: dict[str, str] = msgspec.field(default_factory=dict)
    """By exception, the code of why not: `own_case`, `not_permitted`, `already_decided`,
    `unknown_exception`, `second_by_same`."""


class WithdrawException(FromSeat, frozen=True):
    """Take back what one has asked for."""

    id: Int64
    exception: str


class GetExceptions(FromSeat, frozen=True):
    """The exceptions of those whom the person leads (or the own ones), newest days first."""

    id: Int64
    first_day: date
    last_day: date
    open_only: bool = True
    team: str = ""
    agent: str = ""


class Share(msgspec.Struct, frozen=True):
    """How many exceptions a lead has decided in that span, and how much time."""

    lead: str
    name: str
    approved: Int64
    rejected: Int64
    approved_s: Int64


class Exceptions(FromService, frozen=True):
    """The queue. `shares` and `incidents` are told to managers and supervisors alone."""

    re: Int64
    rows: tuple[ExceptionRow, ...]
    names: dict[str, str]
    """Of the people in it, by staff number."""
    shares: tuple[Share, ...] = ()
    left_off: Int64 = 0
    """How many exceptions, corrections and incidents together an answer can't hold."""
    corrections: tuple[PlanCorrectionRow, ...] = ()
    """Plans of these days that are to be others than they were, newest first: of these people
    alone."""
    incidents: tuple[IncidentRow, ...] = ()
    """That touch these days, newest first."""


def derived_row(agent: str, day: date, each: Derived) -> ExceptionRow:
    """What follows from the facts of a day alone, as it is listed beside what people decided."""
    approved = each.status is ExceptionStatus.APPROVED
    return ExceptionRow(
        exception=each.exception_id,
        agent=agent,
        day=day,
        start_ms=each.start_ms,
        end_ms=each.end_ms,
        what=Overlay(each.kind),
        code=each.reason,
        text="",
        actor=SYSTEM,
        standing=Standing.APPROVED if approved else Standing.PENDING,
        proposed_ms=each.end_ms,
        deciders=(each.actor,) if approved else (),
    )
