"""Rosters: what is planned, drafted, checked and published, and a person's own plan."""

from datetime import date
from enum import StrEnum

import msgspec

from protocol.facts.base import Instant, Int64
from protocol.facts.shift import Activity, PlanCause, PlannedSegment
from protocol.rules.day_rules import DayRules
from protocol.rules.incident import Incident
from protocol.rules.stand_ins import StandIn
from protocol.wire.exceptions import ExceptionRow
from protocol.wire.session import FromSeat, FromService, Person

MAX_DAYS = 42
"""Of one roster that is asked for at once."""
MAX_SEGMENTS = 48
"""Of one person's day."""
MAX_CHANGES = 5000
"""Days of people that one message drafts or publishes."""
MAX_CORRECTED = 4
"""Days of people in one correction: a swap of two dates."""


class DayPlan(msgspec.Struct, frozen=True, omit_defaults=True):
    """One person's plan of one business date. No segments: a day off."""

    agent: str
    day: date
    segments: tuple[PlannedSegment, ...] = ()
    pattern: str = ""
    revision: Int64 = 0
    """0 for a draft."""
    cause: PlanCause = PlanCause.ROSTER
    request: str = ""
    actor: str = ""
    """Who planned it so: a staff number; empty in a draft …"""
    planned_ms: Instant | None = None
    """… and when."""


class PatternSegment(msgspec.Struct, frozen=True):
    """A stretch of a shift pattern."""

    start: str
    """Local time, `HH:MM`; one that is earlier than the one before is on the next day."""
    end: str
    activity: Activity = Activity.WORK


class Pattern(msgspec.Struct, frozen=True):
    """A shift pattern, as the operator configured it: the whole, and what lies in it that is
    not WORK."""

    name: str
    start: str
    end: str
    labels: dict[str, str] = {}
    """What people read, by language (`en`, `zh_CN`)."""
    segments: tuple[PatternSegment, ...] = ()


class Rotation(msgspec.Struct, frozen=True):
    """A rotation: patterns of successive days, `-` for a day off, from its beginning again
    when it is through."""

    name: str
    days: tuple[str, ...]
    labels: dict[str, str] = {}


class Holiday(msgspec.Struct, frozen=True):
    """A day that is no ordinary one of its weekday."""

    day: date
    name: str
    off: bool
    """A holiday; false: a make-up working day."""


class Requirement(msgspec.Struct, frozen=True):
    """How many heads are required in a half hour of the day."""

    start: str
    """Local time, `HH:MM`, at :00 or :30."""
    heads: Int64
    team: str = ""
    weekdays: tuple[int, ...] = ()
    """1 Monday … 7 Sunday; empty: every day."""


class ProposedDay(msgspec.Struct, frozen=True, omit_defaults=True):
    """What a correction, that another lead is still to decide, would make of a day. No segments:
    a day off."""

    correction: str
    agent: str
    day: date
    actor: str
    """Who proposed it."""
    proposed_ms: Instant
    segments: tuple[PlannedSegment, ...] = ()


class GetRoster(FromSeat, frozen=True):
    """What is published and drafted for a span of business dates. Leads: own team, or everybody.
    Anybody else: their own. Refused with `bad_span`, `not_permitted`."""

    id: Int64
    first_day: date
    last_day: date
    team: str = ""
    agent: str = ""


class Roster(FromService, frozen=True):
    """All of it. A day of a person that stands in neither has no plan."""

    re: Int64
    people: tuple[Person, ...]
    published: tuple[DayPlan, ...]
    drafted: tuple[DayPlan, ...]
    """What differs from what is published, and is no plan yet."""
    patterns: tuple[Pattern, ...]
    rotations: tuple[Rotation, ...]
    holidays: tuple[Holiday, ...]
    revision: Int64
    """The last one of the site."""
    zone: str
    editable: bool
    """Whether the person who asks may plan these people."""
    stand_ins: tuple[StandIn, ...] = ()
    """Of these days, where it is one person's: shifts of theirs that others worked, and of others
    that they did."""
    proposed: tuple[ProposedDay, ...] = ()
    """For leads: undecided corrections of these days, the last one proposed of each."""


class DraftDay(msgspec.Struct, frozen=True):
    """One day of one person in a draft: by a pattern, by segments, or `-` for a day off. With
    neither, the draft of that day is dropped, and what is published stands."""

    agent: str
    day: date
    pattern: str = ""
    segments: tuple[PlannedSegment, ...] = ()


class DraftRoster(FromSeat, frozen=True):
    """Change the draft. All or nothing. Refused with `not_permitted`, `own_case` (a shift that
    one stands in for), `unknown_agent`, `unknown_pattern`, `bad_plan` (and `place`),
    `shift_begun`, `too_many_days`."""

    id: Int64
    days: tuple[DraftDay, ...]
    rotation: str = ""
    """In place of `days`: fill by this rotation …"""
    agents: tuple[str, ...] = ()
    """… these people, each one day of the rotation later than the one before …"""
    first_day: date | None = None
    last_day: date | None = None
    """… on these days."""


class RosterDrafted(FromService, frozen=True):
    """The draft is on the disk."""

    re: Int64
    days: Int64
    """How many days of people differ from what is published, in all of the actor's draft."""


class ProposePlanCorrection(FromSeat, frozen=True):
    """Ask that days of which at least one shift has begun be planned otherwise: all or nothing,
    and of a swap both people's. It changes nothing until another lead approves it. Refused with
    `not_permitted`, `own_case`, `unknown_agent`, `unknown_pattern`, `bad_plan`, `bad_text`,
    `too_many_days`, `same_plan`, `not_begun`, `roster_refused` (what is still to come would
    break a rule)."""

    id: Int64
    key: str
    """Makes a repetition harmless."""
    days: tuple[DraftDay, ...]
    """At most `MAX_CORRECTED`, each by a pattern, by segments, or `-`."""
    text: str
    """Why."""
    evidence: tuple[str, ...] = ()
    """As with an exception."""


class Severity(StrEnum):
    """How grave a finding is."""

    REFUSE = "refuse"
    """It can't be published so."""
    WARN = "warn"
    """It can, by somebody who accepts it by name."""


class Finding(msgspec.Struct, frozen=True):
    """What a check found with one person's plan."""

    code: str
    """`OVERLAP`, `MIN_REST`, `WEEK_HOURS`, `DAY_HOURS`, `CONSECUTIVE_DAYS`, `NO_DAY_OFF`,
    `CONTINUOUS_WORK`, `MONTH_OVERTIME`, `HOLIDAY`, `PLAN_CHANGED` (the draft was drawn over
    another plan than the one in force: draft that day again)."""
    severity: Severity
    agent: str
    day: date
    measured: Int64
    """Seconds, or days of `CONSECUTIVE_DAYS` and `NO_DAY_OFF`; of `PLAN_CHANGED` the revision in
    force …"""
    limit: Int64
    """… and here the one that the draft was drawn over, 0 for none."""

    def name(self) -> str:
        """What accepts it."""
        return f"{self.code} {self.agent} {self.day.isoformat()}"


class HalfHour(msgspec.Struct, frozen=True):
    """Heads of a half hour, as drafted."""

    start_ms: Instant
    planned_s: Int64
    """Seconds of people's work in it."""
    required: Int64
    short: Int64
    """Heads that are lacking."""


class CheckRoster(FromSeat, frozen=True):
    """What would come of publishing the draft?"""

    id: Int64
    first_day: date
    last_day: date
    team: str = ""


class RosterChecked(FromService, frozen=True):
    """Findings, the gravest first; at most `findings_left_off` more are not told."""

    re: Int64
    changes: Int64
    """Days of people that would be changed."""
    findings: tuple[Finding, ...]
    coverage: tuple[HalfHour, ...]
    """Half hours with a requirement."""
    digest: str
    """Of the drafts and of all findings, also those that are not told: what is published by it is
    what was looked at."""
    findings_left_off: Int64 = 0


class PublishRoster(FromSeat, frozen=True):
    """Make the draft the plan, of everybody's drafts of these days. Refused with
    `nothing_drafted`, `too_many_days`, `plan_changed` (a day's plan is another than its draft was
    drawn over), `digest_differs` (the drafts or findings are others than those looked at),
    `roster_refused` (findings that can't be accepted), `roster_warnings` (some that are not in
    `accepted`), `shift_begun`, `own_case` and `not_permitted` (a shift that somebody stands in
    for)."""

    id: Int64
    key: str
    """Makes a repetition harmless."""
    first_day: date
    last_day: date
    digest: str
    """As `RosterChecked` told it."""
    team: str = ""
    note: str = ""
    accepted: tuple[str, ...] = ()
    """Warnings that were told and that the planner accepts, by `Finding.name`; those that were
    not told are accepted by the digest."""


class RosterPublication(FromService, frozen=True):
    """It is the plan, and the people are told."""

    re: Int64
    revision: Int64
    days: Int64


class AdoptedRules(msgspec.Struct, frozen=True):
    """The values of figures from a business date on."""

    since: date
    version: str
    values: DayRules


class ToldFact(msgspec.Struct, frozen=True):
    """One fact of a session, with its instant as the service could place it."""

    session: str
    at_ms: Instant | None
    body: msgspec.Raw


class DateBegins(msgspec.Struct, frozen=True):
    """A business date that begins at an instant (ms) because a lock has fixed it there."""

    day: date
    at_ms: Instant


class OwnPlan(FromService, frozen=True):
    """Pushed to a signed-in seat at sign-in and whenever something of it changed: whole each
    time. It is what the seat computes the person's own figures with, also without the service."""

    agent: str
    plans: tuple[DayPlan, ...]
    """From the day before yesterday on, to two weeks ahead."""
    rules: tuple[AdoptedRules, ...]
    """In the order of their days, the last one that is older than the plans first."""
    exceptions: tuple[ExceptionRow, ...]
    incidents: tuple[Incident, ...]
    before: tuple[ToldFact, ...]
    """What the service has of the person's sessions of these days but the present one, session
    after session, each in order: the seat may have sat at another desk. Only the facts that
    `rules.day_segments` reads."""
    person: Person
    stand_ins: tuple[StandIn, ...] = ()
    """Of these days: shifts of the person that others worked, and of others that they did."""
    fixed: tuple[DateBegins, ...] = ()
    """Of these days: those that begin where a lock had them, whatever is planned by now."""
