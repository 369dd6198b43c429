"""A business date as the wire tells of it: pure."""

from collections.abc import Iterable, Sequence

import msgspec

from agent_service.adherence.day import PersonDate
from agent_service.persons.bounded import newest_within
from protocol.rules.adherence import Adherence
from protocol.wire.adherence import AdherenceDay
from protocol.wire.attendance import AttendanceRow
from protocol.wire.exceptions import ExceptionRow, derived_row
from protocol.wire.plan_corrections import PlanCorrectionRow
from protocol.wire.roster import DayPlan
from protocol.wire.segments import told_segments
from protocol.wire.session import Person

_SEGMENTS_BYTES = 192 << 10
"""Of what was recorded, of what counts, and of the slices: together with the rest they leave room
in a frame."""
_DEVIATIONS_BYTES = 64 << 10
_EXCEPTIONS_BYTES = 128 << 10
_PLANS_BYTES = 64 << 10


class Asked(msgspec.Struct, frozen=True):
    """Who is shown, in answer to what."""

    re: int
    person: Person
    zone: str


def adherence_day(
    asked: Asked,
    date: PersonDate,
    plans: Iterable[DayPlan],
    corrections: Sequence[PlanCorrectionRow],
    attendance: tuple[AttendanceRow, ...],
) -> AdherenceDay:
    """The whole page. Of a day with more than an answer may hold, the newest part; the figures
    are of the whole day."""
    made = date.figure
    recorded = told_segments(date.recorded, date.as_of_ms)
    counted = told_segments(made.counted, date.as_of_ms)
    newest = newest_within(recorded, _SEGMENTS_BYTES)
    newest_counted = newest_within(counted, _SEGMENTS_BYTES)
    return AdherenceDay(
        re=asked.re,
        person=asked.person,
        day=date.whose.day,
        zone=asked.zone,
        as_of_ms=date.as_of_ms,
        from_ms=date.window[0],
        until_ms=date.window[1],
        plans=newest_within(tuple(plans), _PLANS_BYTES),
        recorded=newest,
        counted=newest_counted,
        raw=_bounded(made.raw),
        figure=_bounded(made.figure),
        slices=newest_within(made.slices, _SEGMENTS_BYTES),
        exceptions=newest_within(exceptions_shown(date), _EXCEPTIONS_BYTES),
        incidents=newest_within(date.incidents, _PLANS_BYTES),
        attendance=attendance,
        fatigue=made.fatigue,
        version=date.version,
        values=date.rules,
        locked=date.locked,
        stand_ins=date.stand_ins,
        left_off=len(recorded) - len(newest) + len(counted) - len(newest_counted),
        corrections=newest_within(corrections, _PLANS_BYTES),
    )


def exceptions_shown(date: PersonDate) -> tuple[ExceptionRow, ...]:
    """What was proposed and decided, and what follows from the facts alone."""
    follow = (derived_row(date.whose.agent, date.whose.day, each) for each in date.figure.derived)
    return (*date.exceptions, *follow)


def _bounded(figure: Adherence) -> Adherence:
    newest = newest_within(figure.deviations, _DEVIATIONS_BYTES)
    return msgspec.structs.replace(figure, deviations=newest)
