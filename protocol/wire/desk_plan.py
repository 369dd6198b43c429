"""Terminal ↔ seat: what is asked of the service through the seat, and the person's own plan and
figures, which the seat computes itself."""

from datetime import date

from protocol.facts.base import Instant, Int64
from protocol.facts.shift import Activity, PlannedSegment
from protocol.rules.adherence import Adherence
from protocol.rules.fatigue import Fatigue
from protocol.wire.desk_base import Answering, Request
from protocol.wire.handover import OwnNotices
from protocol.wire.person import Segment
from protocol.wire.relayed import RelayedAnswer, RelayedRequest
from protocol.wire.roster import DayPlan


class AskService(Request, frozen=True):
    """Answered by `ServiceAnswered`. Needs the service, but for one's own adherence, which the
    seat computes too. What changes something is sent again where the link was cut before the
    answer; the seat fills in an empty `key`, and the `id` of the message."""

    message: RelayedRequest


class ServiceAnswered(Answering, frozen=True):
    """What the service said."""

    re: Int64
    message: RelayedAnswer


class WatchDay(Request, frozen=True):
    """`Done`, then `OwnDay` at once, on every change of it, and once a minute."""


class OwnDay(Answering, frozen=True):
    """The present business date of the person who is signed in, as the seat computes it."""

    day: date | None
    """Null while nobody is signed in."""
    as_of_ms: Instant
    plan: tuple[PlannedSegment, ...] = ()
    planned: bool = False
    """Whether a plan is known: without segments a day off."""
    tomorrow: DayPlan | None = None
    """The next business date with a shift."""
    counted: tuple[Segment, ...] = ()
    figure: Adherence | None = None
    """So far; null without a plan."""
    now_planned: Activity | None = None
    now_until_ms: Instant | None = None
    """When the present segment ends."""
    next_planned: Activity | None = None
    """What comes then; null at the end of the shift."""
    adhering: bool | None = None
    """Whether the present state goes with the plan; null outside it."""
    fatigue: Fatigue | None = None
    notices: OwnNotices | None = None
    alone: bool = False
    """Computed without what other desks may have told: the service has told of no plan in this
    session yet."""
    zone: str = "UTC"
    """The site's."""
