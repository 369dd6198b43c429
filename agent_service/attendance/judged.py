"""What a business date was for attendance: pure.

Time that nobody knows counts against nobody. Where it lies between the shift's beginning and the
first sign of somebody, or after the last, so that it may make a difference, the day stays open
until a lead has decided about that time or says that the person was seen.
"""

from collections.abc import Iterable, Iterator
from itertools import pairwise

import msgspec

from agent_service.adherence.day import PersonDate
from agent_service.attendance.projector import Evidence
from protocol.facts.agent import State
from protocol.facts.shift import PlanCause
from protocol.rules.adherence import Slice, Verdict
from protocol.rules.attendance import (
    Attendance,
    AttendanceClass,
    Interval,
    Presence,
    attendance,
)
from protocol.rules.day_segments import DaySegment
from protocol.wire.attendance import AttendanceRow

DAY_OFF = "DAY_OFF"
OPEN = AttendanceClass.OPEN
_GIVEN_AWAY = frozenset({PlanCause.LEAVE, PlanCause.SWAP})
"""Why a day without a shift is leave and no day off (domain §4)."""
_LEAVE_CODE = "LEAVE"
_UNKNOWN = frozenset({State.OFFLINE, None})
_NOT_ASKED = frozenset({Verdict.EXCLUDED, Verdict.EXCUSED})


class Signs(msgspec.Struct, frozen=True):
    """Of somebody's being there."""

    came_ms: int | None
    left_ms: int | None
    """Null without a sign-in, and while they are there."""


def row_of(date: PersonDate, seen: Evidence | None, substitute: str) -> AttendanceRow | None:
    """The person's own row; None for a day that has not begun, or of which there is nothing to
    tell."""
    if date.window[0] > date.as_of_ms:
        return None
    signs = signs_of(date, seen)
    if not date.segments:
        return _day_off(date, signs, seen)
    if substitute:
        return msgspec.structs.replace(
            _row(date, signs, AttendanceClass.LEAVE, seen), substitute=substitute
        )
    return shift_row(date, seen)


def shift_row(date: PersonDate, seen: Evidence | None) -> AttendanceRow:
    """The row of a day with a shift, whoever's it was to be."""
    signs = signs_of(date, seen)
    result = _result(date, signs, seen)
    row = _row(date, signs, OPEN if result is None else result.kind, seen)
    if result is None:
        return row
    return msgspec.structs.replace(
        row,
        late_s=result.late_s,
        early_s=result.early_s,
        half_days=result.absent_half_days,
        prepared_s=result.prep_s or 0,
    )


def signs_of(date: PersonDate, seen: Evidence | None) -> Signs:
    """The first sign-in and the last sign-out of the business date, or what a lead saw."""
    there = [each for each in date.figure.counted if _is_there(each)]
    came = there[0].from_ms if there else None
    left = there[-1].until_ms if there else None
    if left is not None and left >= min(date.window[1], date.as_of_ms):
        left = None
    if seen is None:
        return Signs(came, left)
    return Signs(
        came if seen.arrived_ms is None else seen.arrived_ms,
        left if seen.left_ms is None else seen.left_ms,
    )


def _is_there(segment: DaySegment) -> bool:
    return segment.state not in _UNKNOWN and segment.state is not State.LOGGED_OFF


def _day_off(date: PersonDate, signs: Signs, seen: Evidence | None) -> AttendanceRow | None:
    if date.plan is None and signs.came_ms is None:
        return None
    is_leave = date.plan is not None and date.plan.cause in _GIVEN_AWAY
    return _row(date, signs, AttendanceClass.LEAVE if is_leave else DAY_OFF, seen)


def _row(date: PersonDate, signs: Signs, code: str, seen: Evidence | None) -> AttendanceRow:
    plan = date.segments
    return AttendanceRow(
        agent=date.whose.agent,
        day=date.whose.day,
        code=code,
        shift_start_ms=plan[0].start_ms if plan else None,
        shift_end_ms=plan[-1].end_ms if plan else None,
        signed_in_ms=signs.came_ms,
        signed_out_ms=signs.left_ms,
        late_s=None,
        early_s=None,
        half_days=0,
        overtime_s=date.figure.figure.overtime_work_s,
        evidence="" if seen is None else seen.text,
    )


def _result(date: PersonDate, signs: Signs, seen: Evidence | None) -> Attendance | None:
    """None while it is open."""
    begin_ms, end_ms = date.segments[0].start_ms, date.segments[-1].end_ms
    if date.as_of_ms < end_ms:
        return None
    rules, asked_not = date.rules.attend, list(_not_asked(date))
    unknown = list(_within_sight(_unknown(date.figure.counted), seen))
    presence = None if seen is None else Presence(seen.arrived_ms, seen.left_ms)
    best, worst = (
        attendance(
            begin_ms,
            end_ms,
            signs.came_ms,
            signs.left_ms,
            rules,
            leave=asked_not,
            unknown=each,
            presence=presence,
        )
        for each in (unknown, ())
    )
    if best != worst or best.kind is OPEN:
        return None
    if best.kind is AttendanceClass.LEAVE and not _is_leave(date.figure.slices):
        return msgspec.structs.replace(best, kind=AttendanceClass.NORMAL)
    return best


def _not_asked(date: PersonDate) -> Iterator[Interval]:
    """What lies between the parts of a shift, and what was granted."""
    for before, after in pairwise(date.segments):
        if before.end_ms < after.start_ms:
            yield before.end_ms, after.start_ms
    for each in date.figure.slices:
        if each.verdict in _NOT_ASKED:
            yield each.start_s * 1000, each.end_s * 1000


def _is_leave(slices: Iterable[Slice]) -> bool:
    """Whether what was granted is leave, and not a fault that kept somebody from being seen."""
    return all(
        each.exception is not None and each.exception.reason == _LEAVE_CODE
        for each in slices
        if each.verdict in _NOT_ASKED
    )


def _unknown(segments: Iterable[DaySegment]) -> Iterator[Interval]:
    return ((each.from_ms, each.until_ms) for each in segments if each.state in _UNKNOWN)


def _within_sight(intervals: Iterable[Interval], seen: Evidence | None) -> Iterator[Interval]:
    """Without what a lead knows: when the person came, and when they left."""
    from_ms = seen.arrived_ms if seen is not None and seen.arrived_ms is not None else None
    until_ms = seen.left_ms if seen is not None and seen.left_ms is not None else None
    for begin, end in intervals:
        cut = (
            begin if from_ms is None else max(begin, from_ms),
            end if until_ms is None else min(end, until_ms),
        )
        if cut[0] < cut[1]:
            yield cut
