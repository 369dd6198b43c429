"""Attendance of a month: rows, evidence, substitutes, the leader's signature, the lock."""

from datetime import date

import msgspec

from protocol.facts.attendance import Month
from protocol.facts.base import Instant, Int64
from protocol.wire.session import FromSeat, FromService

MAX_REMARK = 200
"""Characters beside a signature."""


class AttendanceRow(msgspec.Struct, frozen=True, omit_defaults=True):
    """One person's attendance of one shift, or of a business date without any."""

    agent: str
    day: date
    code: str
    """`NORMAL`, `LATE`, `EARLY_LEAVE`, `ABSENT_HALF_DAY`, `ABSENT`, `LEAVE`, `DAY_OFF`, or
    `OPEN` while the shift is not over or time of it is unknown."""
    shift_start_ms: Instant | None
    shift_end_ms: Instant | None
    signed_in_ms: Instant | None
    signed_out_ms: Instant | None
    late_s: Int64 | None
    early_s: Int64 | None
    half_days: Int64
    """Of absence: 0, 1 or 2."""
    prepared_s: Int64 = 0
    """Signed in before the shift: told, never fined."""
    overtime_s: Int64 = 0
    """Of the whole date: it stands in the first of its rows."""
    substitute: str = ""
    """Who worked it; the result is then theirs."""
    for_agent: str = ""
    """Whose shift it was, where the person worked somebody else's."""
    evidence: str = ""
    named_by: str = ""
    """On whose word somebody stood in …"""
    because: str = ""
    """… in their words."""


class GetAttendance(FromSeat, frozen=True):
    """A month of a team, or of one person."""

    id: Int64
    month: Month
    team: str = ""
    agent: str = ""


class AttendanceMonth(FromService, frozen=True):
    """Rows by person and day, and whether somebody has signed them."""

    re: Int64
    month: Month
    team: str
    rows: tuple[AttendanceRow, ...]
    names: dict[str, str]
    digest: str
    """Of the rows: what is signed."""
    signed_by: str = ""
    signed_digest: str = ""
    """Another one than `digest` when something changed since."""
    signed_ms: Instant | None = None
    signed_text: str = ""
    """What the signer said of the month."""
    locked: bool = False
    left_off: Int64 = 0
    """Rows that an answer can't hold, the first ones; the digest covers them."""


class RecordPresence(FromSeat, frozen=True):
    """A lead saw the person though the machine failed. Never one's own."""

    id: Int64
    agent: str
    day: date
    arrived_ms: Instant | None
    left_ms: Instant | None
    text: str
    for_agent: str = ""
    """Whose shift it was, where the person worked it in their place, also before they are named
    as its substitute; empty: their own. Refused with `no_shift` where nothing was planned, and
    with `presence_ahead` for a time that is still to come."""


class NameSubstitute(FromSeat, frozen=True):
    """A lead says who works somebody's shift; empty: nobody else does. Refused with `no_shift`,
    `own_case` or `not_permitted` (also on account of who was named before), and
    `substitute_busy` where a shift of the substitute's overlaps it. Before it begins also with
    `roster_refused` (rest, hours); after that with `substitute_absent` unless the substitute, or
    where it is taken back its owner, was seen in it."""

    id: Int64
    agent: str
    day: date
    substitute: str
    text: str


class AttendanceRecorded(FromService, frozen=True):
    """It is on the disk."""

    re: Int64


class SignMonth(FromSeat, frozen=True):
    """The leader signs the month of the own team as shown: refused with `digest_differs` when it
    is another by now, `month_not_over`, `open_days`, `bad_text`."""

    id: Int64
    month: Month
    team: str
    digest: str
    text: str = ""
    """What they say of the month, if anything: `MAX_REMARK` at most."""


class LockMonth(FromSeat, frozen=True):
    """Supervisors and above: the figures of the month stay. Refused with `month_not_over`,
    `open_days`, `month_not_signed` (and the team), and `open_exceptions`, `open_incidents` or
    `open_corrections` while exceptions of others, incidents or corrections of others' plans wait
    for a decision."""

    id: Int64
    month: Month
