"""One person's day, as a lead (or the person) may see it."""

from datetime import date, datetime

import msgspec

from protocol.facts.agent import Reason, State
from protocol.facts.base import Int64
from protocol.wire.session import FromSeat, FromService, Person
from protocol.wire.sync import FloorRow


class GetPersonDay(FromSeat, frozen=True):
    """A leader's own team, everybody for a supervisor, oneself for all."""

    id: Int64
    agent: str
    day: date
    """The site's local date."""


class Segment(msgspec.Struct, frozen=True):
    """One stretch of one state. `state` null: nobody knows."""

    start: datetime
    end: datetime | None
    """Null: it goes on."""
    state: State | None
    reason: Reason | None = None
    trigger: str = ""
    """What caused it, as the fact says."""
    actor: str = ""
    text: str = ""
    """What the person said of it, as with a sign-out."""


class DayCall(msgspec.Struct, frozen=True):
    """One call of that day; the number is masked."""

    at: datetime | None
    direction: str
    peer: str
    answered: bool
    missed: str = ""
    """The cause of a miss."""
    ended: str = ""
    """The cause of its end."""
    talk_s: int | None = None
    line: str = ""
    outcome: str = ""


class PersonDay(FromService, frozen=True):
    """The day's segments in order without overlap, and its figures. Of a day with more segments
    or calls than an answer may hold, the newest; the figures are of the whole day."""

    re: Int64
    person: Person
    day: date
    row: FloorRow | None
    """Where the person is now."""
    segments: tuple[Segment, ...]
    calls: tuple[DayCall, ...]
    seconds: dict[State, int]
    unknown_s: int
    calls_answered: int
    calls_missed: int
    provisional: bool
    """Whether facts may still come that change it."""
    segments_left_off: Int64 = 0
    """How many earlier ones there are."""
    calls_left_off: Int64 = 0
    """Likewise."""
