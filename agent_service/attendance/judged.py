"""What the shifts of a business date were for attendance: pure.

Time that nobody knows counts against nobody. Where it lies between the shift's beginning and the
first sign of somebody, or after the last, so that it may make a difference, the day stays open
until a lead has decided about that time or says that the person was seen.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise

import msgspec

from agent_service.adherence.day import PersonDate
from agent_service.attendance.row import Evidence
from protocol.facts.agent import State
from protocol.facts.shift import PlanCause, PlannedSegment
from protocol.rules.adherence import Slice, Verdict
from protocol.rules.attendance import (
    Attendance,
    AttendanceClass,
    Interval,
    Presence,
    attendance,
)
from protocol.rules.day_segments import DaySegment
from protocol.rules.stand_ins import Shift, StandIn
from protocol.rules.stretches import seconds_of
from protocol.wire.attendance import AttendanceRow

DAY_OFF = "DAY_OFF"
OPEN = AttendanceClass.OPEN
_GIVEN_AWAY = frozenset({PlanCause.LEAVE, PlanCause.SWAP})
"""Why a day without a shift is leave and no day off (domain §4)."""
_LEAVE_CODE = "LEAVE"
_UNKNOWN = frozenset({State.OFFLINE, None})
_NOT_ASKED = frozenset({Verdict.EXCLUDED, Verdict.EXCUSED})


class Part(msgspec.Struct, frozen=True):
    """A shift, and the time [from, until) in ms in which somebody comes to it and leaves it: up
    to the middle between two shifts of a date."""

    shift: Shift
    from_ms: int
    until_ms: int

    @property
    def begin_ms(self) -> int:
        """Of the shift."""
        return self.shift.segments[0].start_ms

    @property
    def end_ms(self) -> int:
        """Likewise."""
        return self.shift.segments[-1].end_ms


class Signs(msgspec.Struct, frozen=True):
    """Of somebody's being there."""

    came_ms: int | None
    left_ms: int | None
    """Null without a sign-in, and while they are there."""


def rows_of(date: PersonDate, seen: Mapping[str, Evidence]) -> list[AttendanceRow]:
    """A row of each shift, one of a shift that somebody else worked, or one of a day off. None of
    a day that has not begun, or of which there is nothing to tell. `seen`: what leads saw, by
    whose shift it was."""
    if date.window[0] > date.as_of_ms:
        return []
    rows = [_shift_row(date, part, seen.get(part.shift.for_agent)) for part in _parts(date)]
    idle = Signs(None, None) if rows else _signs(date, *date.window, seen.get(""))
    rows += [
        _given_away(date, each, idle, seen.get(""))
        for each in date.stand_ins
        if each.agent == date.whose.agent
    ]
    first = rows[0] if rows else _day_off(date, idle, seen.get(""))
    if first is None:
        return []
    overtime_s = date.figure.figure.overtime_work_s
    return [msgspec.structs.replace(first, overtime_s=overtime_s), *rows[1:]]


def _parts(date: PersonDate) -> list[Part]:
    """The shifts of the date, each with its time."""
    shifts = date.shifts
    inner = [
        (before.segments[-1].end_ms + max(before.segments[-1].end_ms, after.segments[0].start_ms))
        // 2
        for before, after in pairwise(shifts)
    ]
    begins, ends = [date.window[0], *inner], [*inner, date.window[1]]
    return [Part(*each) for each in zip(shifts, begins, ends, strict=False)]  # or no shift


def _shift_row(date: PersonDate, part: Part, seen: Evidence | None) -> AttendanceRow:
    signs = _signs(date, part.from_ms, part.until_ms, seen)
    result = _result(date, part, signs, seen)
    row = _row(date, part.shift.segments, signs, OPEN if result is None else result.kind, seen)
    if part.shift.stand_in is not None:
        row = _on_word(row, part.shift.stand_in, for_agent=part.shift.for_agent)
    if result is None:
        return row
    for_another = signs.came_ms is not None and signs.came_ms < part.from_ms
    return msgspec.structs.replace(
        row,
        late_s=result.late_s,
        early_s=result.early_s,
        half_days=result.absent_half_days,
        prepared_s=0 if for_another else result.prep_s or 0,
    )


def _given_away(
    date: PersonDate, stand_in: StandIn, signs: Signs, seen: Evidence | None
) -> AttendanceRow:
    row = _row(date, stand_in.segments, signs, AttendanceClass.LEAVE, seen)
    return _on_word(row, stand_in, substitute=stand_in.substitute)


def _on_word(
    row: AttendanceRow, stand_in: StandIn, for_agent: str = "", substitute: str = ""
) -> AttendanceRow:
    return msgspec.structs.replace(
        row,
        for_agent=for_agent,
        substitute=substitute,
        named_by=stand_in.actor,
        because=stand_in.text,
    )


def _signs(date: PersonDate, from_ms: int, until_ms: int, seen: Evidence | None) -> Signs:
    """When somebody came who was there in a part of the date, and when they left, or what a lead
    saw of it. Who was there all the time between two shifts came to the first one, and left after
    the second."""
    there = [each for each in _presences(date) if each[0] < until_ms and each[1] > from_ms]
    came = there[0][0] if there else None
    left = there[-1][1] if there else None
    if left is not None and left >= min(date.window[1], date.as_of_ms):
        left = None
    if seen is None:
        return Signs(came, left)
    return Signs(
        came if seen.arrived_ms is None else seen.arrived_ms,
        left if seen.left_ms is None else seen.left_ms,
    )


def _presences(date: PersonDate) -> list[Interval]:
    """When the person was there, each time from a sign-in on, or from time that nobody knows."""
    found: list[Interval] = []
    for each in date.figure.counted:
        if each.state in _UNKNOWN or each.state is State.LOGGED_OFF:
            continue
        if found and found[-1][1] == each.from_ms:
            found[-1] = found[-1][0], each.until_ms
        else:
            found.append((each.from_ms, each.until_ms))
    return found


def _day_off(date: PersonDate, signs: Signs, seen: Evidence | None) -> AttendanceRow | None:
    if date.plan is None and signs.came_ms is None:
        return None
    is_leave = date.plan is not None and date.plan.cause in _GIVEN_AWAY
    return _row(date, (), signs, AttendanceClass.LEAVE if is_leave else DAY_OFF, seen)


def _row(
    date: PersonDate,
    plan: Sequence[PlannedSegment],
    signs: Signs,
    code: str,
    seen: Evidence | None,
) -> AttendanceRow:
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
        evidence="" if seen is None else seen.text,
    )


def _result(date: PersonDate, part: Part, signs: Signs, seen: Evidence | None) -> Attendance | None:
    """None while it is open."""
    if date.as_of_ms < part.end_ms:
        return None
    rules, asked_not = date.rules.attend, list(_not_asked(date, part))
    unknown = list(_within_sight(_unknown(date.figure.counted), seen))
    presence = None if seen is None else Presence(seen.arrived_ms, seen.left_ms)
    best, worst = (
        attendance(
            part.begin_ms,
            part.end_ms,
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
    if best.kind is AttendanceClass.LEAVE and not _is_leave(_granted(date, part)):
        return msgspec.structs.replace(best, kind=AttendanceClass.NORMAL)
    return best


def _not_asked(date: PersonDate, part: Part) -> Iterator[Interval]:
    """What lies between the segments of a shift, and what was granted of it."""
    for before, after in pairwise(part.shift.segments):
        if before.end_ms < after.start_ms:
            yield before.end_ms, after.start_ms
    for each in _granted(date, part):
        yield each.start_s * 1000, each.end_s * 1000


def _granted(date: PersonDate, part: Part) -> list[Slice]:
    begin_s, end_s = seconds_of(part.begin_ms, part.end_ms)
    return [
        each
        for each in date.figure.slices
        if each.verdict in _NOT_ASKED and begin_s <= each.start_s < end_s
    ]


def _is_leave(granted: Iterable[Slice]) -> bool:
    """Whether it is leave, and not a fault that kept somebody from being seen."""
    return all(
        each.exception is not None and each.exception.reason == _LEAVE_CODE for each in granted
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
