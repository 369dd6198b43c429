"""One person's adherence of one business date, with all that made it."""

from datetime import date

import msgspec

from protocol.facts.base import Instant, Int64
from protocol.rules.adherence import Adherence, Slice
from protocol.rules.day_rules import DayRules
from protocol.rules.fatigue import Fatigue
from protocol.rules.incident import Incident
from protocol.rules.stand_ins import StandIn
from protocol.wire.attendance import AttendanceRow
from protocol.wire.exceptions import ExceptionRow
from protocol.wire.person import Segment
from protocol.wire.plan_corrections import PlanCorrectionRow
from protocol.wire.roster import DayPlan
from protocol.wire.session import FromSeat, FromService, Person


class GetAdherence(FromSeat, frozen=True):
    """Oneself; a lead those whom they lead. Refused with `unknown_agent`, `not_permitted`."""

    id: Int64
    agent: str
    day: date
    """The business date."""


class AdherenceDay(FromService, frozen=True):
    """The figure so far (`as_of`), and why it is what it is."""

    re: Int64
    person: Person
    day: date
    zone: str
    as_of_ms: Instant
    from_ms: Instant
    until_ms: Instant
    """The time that belongs to the business date."""
    plans: tuple[DayPlan, ...]
    """Every plan that the day has had, in order; the last is in force. None: nothing planned."""
    recorded: tuple[Segment, ...]
    """What the facts tell."""
    counted: tuple[Segment, ...]
    """The same under the approved corrections."""
    raw: Adherence
    """Without any exception."""
    figure: Adherence
    """As it counts."""
    slices: tuple[Slice, ...]
    """What `figure` is the sum of."""
    exceptions: tuple[ExceptionRow, ...]
    """Decided, pending, and those that follow from the facts."""
    incidents: tuple[Incident, ...]
    attendance: tuple[AttendanceRow, ...]
    """Of each shift of the date; none at a seat alone."""
    fatigue: Fatigue
    version: str
    """Of the rules."""
    values: DayRules
    locked: bool = False
    offline: bool = False
    """Computed by the seat alone, from what its desk knows."""
    corrections: tuple[PlanCorrectionRow, ...] = ()
    """What was proposed to be another plan after the day had begun, and what became of it; of a
    swap this person's days alone."""
    stand_ins: tuple[StandIn, ...] = ()
    """Whether somebody stood in for the person's shift, and for whom the person did: the plan
    of the date goes by it."""
    names: dict[str, str] = msgspec.field(default_factory=dict)
    """Of those who planned, asked and decided, by staff number; none at a seat alone."""
    left_off: Int64 = 0
    """Stretches of `recorded` and `counted` that an answer can't hold, the earliest."""
