"""Facts about exceptions and corrections: overlays on a day, and other plans of what has begun,
proposed by somebody and decided by somebody else. What a seat recorded stays as it is.

They are the service's own.
"""

from datetime import date
from enum import StrEnum

import msgspec

from protocol.facts.agent import Reason, State
from protocol.facts.attendance import Month
from protocol.facts.base import Fact, Instant, Int64
from protocol.facts.shift import PlannedSegment


class Overlay(StrEnum):
    """What an exception does to its interval."""

    EXCUSE = "excuse"
    """It counts as in adherence."""
    EXCLUDE = "exclude"
    """It leaves both sides of the figure."""
    CORRECT = "correct"
    """The state was another; what follows from that is computed."""


class ExceptionProposed(Fact, frozen=True, tag="correction.proposed"):
    """Somebody asked for, or a lead or the system proposed, an exception of [start_ms, end_ms) of
    a business date. It changes no figure until it is decided."""

    exception: str
    agent: str
    day: date
    start_ms: Instant
    end_ms: Instant
    what: Overlay
    code: str
    """Why, as a stable code such as `LEAVE`, `COACHING`, `NETWORK_OUTAGE` or `UNKNOWN_TIME`."""
    text: str
    """Why, in the words of whoever proposes it."""
    actor: str
    """Staff number, or `system`."""
    evidence: tuple[str, ...] = ()
    """What shows it: names of facts, calls, tickets."""
    state: State | None = None
    """With an excuse or a correction: what the state was in truth; null: as recorded."""
    reason: Reason | None = None


class ExceptionDecided(Fact, frozen=True, tag="correction.decided"):
    """Somebody approved or rejected it. A long or old one needs two who approve; one who rejects
    is enough."""

    exception: str
    approved: bool
    actor: str
    text: str = ""
    needs_second: bool = False
    """Whether, as the rules and the day's other exceptions were then, this approval is not
    enough alone."""
    adjusts: Month = ""
    """Decided after the month of its day was locked: the month in which it counts instead."""


class ExceptionWithdrawn(Fact, frozen=True, tag="correction.withdrawn"):
    """Whoever asked for it takes it back, undecided."""

    exception: str
    actor: str


class PlanInstead(msgspec.Struct, frozen=True, omit_defaults=True):
    """Another plan of one person's business date. No segments: a day off."""

    agent: str
    day: date
    before: tuple[PlannedSegment, ...]
    """What was in force when it was proposed."""
    segments: tuple[PlannedSegment, ...]
    pattern: str = ""
    """The shift pattern that it was made with."""


class PlanCorrectionProposed(Fact, frozen=True, tag="correction.plan_proposed"):
    """A planner says that a plan whose shift has begun was not what had been agreed. It changes
    nothing until somebody else approves it."""

    correction: str
    days: tuple[PlanInstead, ...]
    """All of them or none; of a swap those of both people."""
    actor: str
    text: str
    evidence: tuple[str, ...] = ()
    """What shows that it was so: a ticket, a recording, a message."""


class PlanCorrectionDecided(Fact, frozen=True, tag="correction.plan_decided"):
    """A second lead approved it, or somebody rejected it."""

    correction: str
    approved: bool
    actor: str
    text: str = ""
    revision: Int64 = 0
    """Of the roster, that it became."""
    adjusts: Month = ""
    """Approved after a month of its days was locked: the month in which it counts instead."""
