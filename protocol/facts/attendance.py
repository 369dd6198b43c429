"""Facts about attendance that no seat can record: evidence of presence, substitutes, the signing
and the locking of a month. They are the service's own."""

from datetime import date

from protocol.facts.base import Fact, Instant

Month = str
"""A natural month of business dates, such as 2026-11."""


class PresenceEvidenced(Fact, frozen=True, tag="attendance.presence_evidenced"):
    """The machine failed and somebody saw the person: these take the place of the first sign-in
    and the last sign-out of a shift; null: as recorded."""

    agent: str
    day: date
    arrived_ms: Instant | None
    left_ms: Instant | None
    actor: str
    text: str
    for_agent: str = ""
    """Whose shift it was, where `agent` stood in for somebody; empty: their own."""


class SubstituteNamed(Fact, frozen=True, tag="attendance.substitute_named"):
    """Somebody else worked the shift: it is the substitute's plan of that date, and so are its
    lateness and early leave. An empty `substitute` takes that back."""

    agent: str
    day: date
    substitute: str
    actor: str
    text: str


class MonthSigned(Fact, frozen=True, tag="attendance.month_signed"):
    """The group leader signed a team's month as it was: `digest` is the hash of its rows."""

    month: Month
    team: str
    digest: str
    actor: str
    text: str = ""


class MonthLocked(Fact, frozen=True, tag="attendance.month_locked"):
    """From here on the month's figures stay as the entries before this one make them. What is
    decided later enters as adjustments of the month in which it is decided."""

    month: Month
    digest: str
    actor: str
