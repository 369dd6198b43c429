"""The figure `adherence`: JSON in, the rule `protocol.rules.adherence`, JSON out."""

from collections.abc import Sequence
from datetime import date
from typing import Annotated
from zoneinfo import ZoneInfo

import msgspec

from agent_service.calc.input import bad_input, decode, decoder
from agent_service.calc.intervals import Interval, refuse_overlap, spans
from agent_service.calc.times import ZONE, shown, zone_of
from protocol.facts.agent import Reason, State
from protocol.facts.shift import Activity, PlannedSegment
from protocol.rules.adherence import Adherence, CalendarDay, Deviation, adherence
from protocol.rules.day_rules import AdherenceRules, DayRules, version
from protocol.rules.day_segments import DaySegment
from protocol.rules.exceptions import DayException, ExceptionKind, ExceptionStatus
from protocol.rules.rounding import percent


class _Segment(Interval, frozen=True):
    activity: Activity


class _Actual(Interval, frozen=True):
    state: State
    reason: Reason | None = None
    call_id: str | None = None
    line: str = ""
    acw_extra_s: Annotated[int, msgspec.Meta(ge=0, le=86_400)] = 0


class _Exception(Interval, frozen=True):
    kind: ExceptionKind
    status: ExceptionStatus
    reason: str = ""


class Input(msgspec.Struct, frozen=True):
    """What is given."""

    schedule: tuple[_Segment, ...]
    actual: tuple[_Actual, ...]
    exceptions: tuple[_Exception, ...] = ()
    config: AdherenceRules = AdherenceRules()
    tz: str = ZONE


class _CalendarDay(msgspec.Struct, frozen=True, rename={"day": "date"}):
    day: date
    scheduled_s: int
    in_s: int
    adherence_pct: float | None


class _Deviation(msgspec.Struct, frozen=True):
    start: str
    end: str
    seconds: int
    planned: Activity
    actual: str
    counted: bool


class _Output(msgspec.Struct, frozen=True):
    business_date: date | None
    scheduled_s: int
    excluded_s: int
    in_adherence_s: int
    out_of_adherence_s: int
    adherence_pct: float | None
    adherence_high_pct: float | None
    scheduled_work_s: int
    actual_work_s: int
    conformance_pct: float | None
    conformance_high_pct: float | None
    pre_shift_work_s: int
    overtime_work_s: int
    auto_excused_s: int
    approved_excused_s: int
    grace_forgiven_s: int
    personal_allowance_used_s: int
    pending_review_s: int
    unknown_s: int
    provisional: bool
    rule_version: str
    by_calendar_day: tuple[_CalendarDay, ...]
    deviations: tuple[_Deviation, ...]


_decoder = decoder(Input)
_LONGEST_MS = 7 * 86_400_000
"""Of a planned segment: nobody is on duty for a week on end."""


def figure(given: bytes) -> _Output:
    """The figure of one input. Raises `BadInput`."""
    read = decode(_decoder, given)
    zone = zone_of(read.tz)
    schedule = _schedule(read.schedule, zone)
    actual = _actual(read.actual, zone)
    exceptions = _exceptions(read.exceptions, zone)
    try:
        found = adherence(schedule, actual, exceptions, read.config, zone)
    except (OverflowError, ValueError) as error:
        raise bad_input("$", str(error)) from error
    return _output(found, version(DayRules(adherence=read.config)), zone)


def _schedule(given: Sequence[_Segment], zone: ZoneInfo) -> list[PlannedSegment]:
    found = spans("$.schedule", given, zone)
    refuse_overlap("$.schedule", found)
    for number, (start_ms, end_ms) in enumerate(found):
        if end_ms - start_ms > _LONGEST_MS:
            raise bad_input(f"$.schedule[{number}].end", given[number].end.isoformat())
    return [PlannedSegment(*span, each.activity) for span, each in zip(found, given, strict=True)]


def _actual(given: Sequence[_Actual], zone: ZoneInfo) -> list[DaySegment]:
    found = spans("$.actual", given, zone)
    refuse_overlap("$.actual", found)
    for number, each in enumerate(given):
        if each.reason is not None and each.state is not State.NOT_READY:
            raise bad_input(f"$.actual[{number}].reason", each.reason)
    return [
        DaySegment(
            *span,
            each.state,
            each.reason,
            call_id=each.call_id,
            line=each.line,
            acw_extra_s=each.acw_extra_s,
        )
        for span, each in zip(found, given, strict=True)
    ]


def _exceptions(given: Sequence[_Exception], zone: ZoneInfo) -> list[DayException]:
    found = spans("$.exceptions", given, zone)
    return [
        DayException(*span, each.kind, each.reason, each.status)
        for span, each in zip(found, given, strict=True)
    ]


def _output(found: Adherence, rule_version: str, zone: ZoneInfo) -> _Output:
    return _Output(
        business_date=found.business_date,
        scheduled_s=found.scheduled_s,
        excluded_s=found.excluded_s,
        in_adherence_s=found.in_adherence_s,
        out_of_adherence_s=found.out_of_adherence_s,
        adherence_pct=percent(found.in_adherence_s, found.counted_s),
        adherence_high_pct=percent(found.in_adherence_high_s, found.counted_s),
        scheduled_work_s=found.scheduled_work_s,
        actual_work_s=found.actual_work_s,
        conformance_pct=percent(found.actual_work_s, found.scheduled_work_s),
        conformance_high_pct=percent(found.actual_work_high_s, found.scheduled_work_s),
        pre_shift_work_s=found.pre_shift_work_s,
        overtime_work_s=found.overtime_work_s,
        auto_excused_s=found.auto_excused_s,
        approved_excused_s=found.approved_excused_s,
        grace_forgiven_s=found.grace_forgiven_s,
        personal_allowance_used_s=found.personal_allowance_used_s,
        pending_review_s=found.pending_review_s,
        unknown_s=found.unknown_s,
        provisional=found.provisional,
        rule_version=rule_version,
        by_calendar_day=tuple(_calendar_day(each) for each in found.by_calendar_day),
        deviations=tuple(_deviation(each, zone) for each in found.deviations),
    )


def _calendar_day(each: CalendarDay) -> _CalendarDay:
    return _CalendarDay(each.day, each.scheduled_s, each.in_s, percent(each.in_s, each.scheduled_s))


def _deviation(each: Deviation, zone: ZoneInfo) -> _Deviation:
    start, end = shown(each.start_s, zone), shown(each.end_s, zone)
    doing = f"{each.state}:{each.reason}" if each.reason else str(each.state)
    return _Deviation(start, end, each.end_s - each.start_s, each.planned, doing, each.counted)
