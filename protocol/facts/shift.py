"""Facts about what somebody was to do and when: the published roster, and the rules of the day.

They are the service's own. A day's plan is whole in one fact, so that the plan in force is the
last one published before the shift began (domain §3.1).
"""

from datetime import date
from enum import StrEnum

import msgspec

from protocol.facts.base import Fact, Instant, Int64


class Activity(StrEnum):
    """What a segment of a shift is for. The codes are stable; labels come from the catalogue."""

    WORK = "WORK"
    BREAK = "BREAK"
    MEAL = "MEAL"
    TRAINING = "TRAINING"
    MEETING = "MEETING"
    COACHING = "COACHING"
    EXAM = "EXAM"
    BACKOFFICE = "BACKOFFICE"
    OUTBOUND = "OUTBOUND"
    ONLINE = "ONLINE"


class PlanCause(StrEnum):
    """Why a day's plan is another than before."""

    ROSTER = "roster"
    """A planner published a roster."""
    LEAVE = "leave"
    SWAP = "swap"
    """Two people exchanged shifts."""
    MOVE = "move"
    """Hours moved from slack to peak."""
    OVERTIME = "overtime"
    RELEASE = "release"
    """Sent home early."""
    CORRECTION = "correction"
    """The shift had begun, and the plan was another than agreed: decided by two people."""


class PlannedSegment(msgspec.Struct, frozen=True):
    """[start_ms, end_ms) (server time, ms since 1970) is planned for one activity."""

    start_ms: Instant
    end_ms: Instant
    activity: Activity


class ShiftPlanned(Fact, frozen=True, tag="shift.planned"):
    """The whole plan of one person for one business date, in place of any earlier one."""

    agent: str
    day: date
    """The business date: the site's local date on which the first segment starts."""
    revision: Int64
    """Of the site's roster: 1, 2, 3 …; each publication and each approved change has its own."""
    segments: tuple[PlannedSegment, ...]
    """In order, without overlap; a gap is off duty. Empty: a day off."""
    actor: str
    cause: PlanCause
    pattern: str = ""
    """The shift pattern that it was made with."""
    request: str = ""
    """The request that it comes of."""


class RosterPublished(Fact, frozen=True, tag="shift.roster_published"):
    """A planner published a revision; what it changed stands in the `shift.planned` beside it."""

    revision: Int64
    first_day: date
    last_day: date
    days: Int64
    """How many days of people it changed."""
    actor: str
    note: str
    accepted: tuple[str, ...] = ()
    """Warnings that the planner saw and went on with, as `CODE agent date`."""
    act: str = ""
    """The same when the same act comes again."""


class RulesAdopted(Fact, frozen=True, tag="shift.rules_adopted"):
    """From a business date on figures are made by these values. What was before stays as it was."""

    version: str
    """Names the values: the beginning of their hash."""
    since: date
    values: msgspec.Raw
    """As JSON (`protocol.rules.day_rules.DayRules`)."""


class IncidentConfirmed(Fact, frozen=True, tag="shift.incident_confirmed"):
    """A fault of the organisation's was confirmed: time that people lost to it is excluded, once
    a second person has confirmed it where one is not enough."""

    incident: str
    start_ms: Instant
    end_ms: Instant
    team: str
    """Empty: the whole site."""
    actor: str
    text: str
    needs_second: bool = False
    """Whether, as the rules and the day's other incidents were then, one person is not enough."""


class IncidentDecided(Fact, frozen=True, tag="shift.incident_decided"):
    """A second person confirmed it, or somebody rejected it before that."""

    incident: str
    approved: bool
    actor: str
    text: str = ""


class IncidentWithdrawn(Fact, frozen=True, tag="shift.incident_withdrawn"):
    """It was no fault of the organisation's, or none then or there: from here on it excludes
    nothing."""

    incident: str
    actor: str
    text: str
