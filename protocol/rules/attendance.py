"""Whether somebody came to a shift, and stayed (domain §4): pure.

What nobody knows counts against nobody: it is neither late nor early, and where the sign-in may lie
in it, the question stays open.
"""

from collections.abc import Sequence
from enum import StrEnum

import msgspec

from protocol.rules.day_rules import AttendRules
from protocol.rules.stretches import Stretch, covered_s, seconds_of

Interval = tuple[int, int]
"""[from, until) in ms since 1970 (UTC)."""


class AttendanceClass(StrEnum):
    """What a shift was. Absence is reported to people, who decide."""

    NORMAL = "NORMAL"
    LATE = "LATE"
    EARLY_LEAVE = "EARLY_LEAVE"
    ABSENT_HALF_DAY = "ABSENT_HALF_DAY"
    ABSENT = "ABSENT"
    LEAVE = "LEAVE"
    OPEN = "OPEN"
    """No sign-in is known, and nobody knows about a part of the shift."""


class Presence(msgspec.Struct, frozen=True):
    """What a supervisor recorded where the machine failed: it takes the place of the sign-in and
    of the sign-out; null: as the machine has it."""

    arrived_ms: int | None = None
    left_ms: int | None = None


class Attendance(msgspec.Struct, frozen=True):
    """The result of one shift. It belongs to the substitute, where somebody else worked it."""

    kind: AttendanceClass
    late_s: int | None
    """0 within the tolerance; null: nothing was asked, or nobody knows."""
    early_s: int | None
    absent_half_days: int
    """0, 1 or 2."""
    prep_s: int | None
    """Signed in before the shift: told, never fined. Null without a sign-in."""
    prep_login_met: bool | None
    prep_arrival_met: bool | None
    leave_s: int
    """Seconds of the shift that were leave. A shift that is leave in part is judged by the
    rest of it."""


class _Shift(msgspec.Struct, frozen=True):
    """A shift with what is not asked of it, and what nobody knows of it. Seconds."""

    begin: int
    end: int
    leave: Sequence[Stretch]
    unknown: Sequence[Stretch]

    def leave_s(self) -> int:
        return covered_s(self.leave, self.begin, self.end)

    def missing_s(self, begin: int, end: int) -> int:
        """How much of [begin, end) counts when it was missed."""
        return max(0, end - begin) - covered_s([*self.leave, *self.unknown], begin, end)

    def is_open(self) -> bool:
        return self.missing_s(self.begin, self.end) + self.leave_s() < self.end - self.begin


def attendance(
    shift_start_ms: int,
    shift_end_ms: int,
    sign_in_ms: int | None,
    sign_out_ms: int | None,
    rules: AttendRules,
    *,
    leave: Sequence[Interval] = (),
    unknown: Sequence[Interval] = (),
    presence: Presence | None = None,
) -> Attendance:
    """The result of a shift that is over. `sign_in_ms` is the first, `sign_out_ms` the last of it;
    without a sign-out the person is still there, or nobody knows. Who signed out without a sign-in
    came at a time that nobody knows. A sign-in after the end, like a sign-out before the start, is
    none of this shift. While the shift lasts, give no sign-out, and the rest of it as unknown."""
    seen = presence or Presence()
    begin, end = seconds_of(shift_start_ms, shift_end_ms)
    shift = _Shift(begin, end, _stretches(leave), _stretches(unknown))
    came = _second(sign_in_ms if seen.arrived_ms is None else seen.arrived_ms)
    left = _second(sign_out_ms if seen.left_ms is None else seen.left_ms)
    if shift.leave_s() == end - begin:
        return _unmeasured(AttendanceClass.LEAVE, shift)
    if not _was_there(shift, came, left):
        kind = AttendanceClass.OPEN if shift.is_open() else AttendanceClass.ABSENT
        return _unmeasured(kind, shift)
    return _judged(shift, came, left, rules)


def _was_there(shift: _Shift, came: int | None, left: int | None) -> bool:
    if came is None and left is None:
        return False
    return (came is None or came < shift.end) and (left is None or left > shift.begin)


def _judged(shift: _Shift, came: int | None, left: int | None, rules: AttendRules) -> Attendance:
    late_s = None if came is None else _beyond(shift.missing_s(shift.begin, came), rules)
    early_s = None if left is None else _beyond(shift.missing_s(left, shift.end), rules)
    before_s = None if came is None else shift.begin - came
    kind, half_days = _class(late_s or 0, early_s or 0, rules)
    return Attendance(
        kind=kind,
        late_s=late_s,
        early_s=early_s,
        absent_half_days=half_days,
        prep_s=None if before_s is None else max(0, before_s),
        prep_login_met=None if before_s is None else before_s >= rules.login_early_s,
        prep_arrival_met=None if before_s is None else before_s >= rules.arrive_early_s,
        leave_s=shift.leave_s(),
    )


def _class(late_s: int, early_s: int, rules: AttendRules) -> tuple[AttendanceClass, int]:
    """By the worse of the two; of two that are equally bad, the first."""
    worst_s = max(late_s, early_s)
    if worst_s > rules.full_day_s:
        return AttendanceClass.ABSENT, 2
    if worst_s > rules.half_day_s:
        return AttendanceClass.ABSENT_HALF_DAY, 1
    if worst_s == 0:
        return AttendanceClass.NORMAL, 0
    return (AttendanceClass.LATE if late_s == worst_s else AttendanceClass.EARLY_LEAVE), 0


def _unmeasured(kind: AttendanceClass, shift: _Shift) -> Attendance:
    half_days = 2 if kind is AttendanceClass.ABSENT else 0
    return Attendance(kind, None, None, half_days, None, None, None, shift.leave_s())


def _beyond(missing_s: int, rules: AttendRules) -> int:
    """All of it, where it is more than is tolerated."""
    return missing_s if missing_s > rules.tolerance_s else 0


def _stretches(intervals: Sequence[Interval]) -> list[Stretch]:
    return [seconds_of(*each) for each in intervals]


def _second(instant_ms: int | None) -> int | None:
    return None if instant_ms is None else instant_ms // 1000
