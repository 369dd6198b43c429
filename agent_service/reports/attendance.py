"""The report of attendance: shifts by what they were. Open days are counted apart."""

from collections import Counter

from agent_service.adherence.basis import months_of
from agent_service.adherence.day import PersonDate
from agent_service.attendance.judged import DAY_OFF
from agent_service.attendance.month import dated_rows
from agent_service.reports.asked import Source
from agent_service.reports.table import (
    Key,
    Table,
    Tally,
    count,
    measured,
    seconds,
    share,
)
from protocol.facts.shift import Activity, PlanCause
from protocol.rules.attendance import AttendanceClass
from protocol.rules.stand_ins import Shift
from protocol.wire.attendance import AttendanceRow

_LEARNING = frozenset({Activity.TRAINING, Activity.EXAM})
_RESTS = frozenset({Activity.BREAK, Activity.MEAL})
_MEASURES = (
    count("shifts"),
    count("normal"),
    count("late"),
    count("early_leave"),
    count("absent_half_day"),
    count("absent"),
    count("leave"),
    count("open_days"),
    seconds("late_s"),
    seconds("early_s"),
    seconds("prepared_s"),
    seconds("overtime_s"),
    share("attendance", "attended_halves", "halves"),
    share("on_time", "punctual", "expected"),
)


def attendance(source: Source) -> Table:
    """By person: shifts that were normal, late …; the shares of days attended and of days on
    time."""
    tallies: dict[Key, Tally] = {}
    versions: dict[str, None] = {}
    for span in months_of(*source.asked.span):
        found = dated_rows(source.connection, span, source.moment, source.asked.wanted)
        for each, rows in found:
            key = source.key(each.whose)
            learning = {shift.for_agent for shift in each.shifts if _is_learning(shift)}
            for row in rows:
                is_learning = not row.substitute and row.for_agent in learning
                told = Counter(leave=1) if _is_swapped_away(each) else _tally(row, is_learning)
                tallies.setdefault(key, Counter()).update(told)
                versions[each.version] = None
    heads, lines = source.lines(tallies)
    provisional = any(tally["open_days"] for tally in tallies.values())
    columns, rows_shown, total = measured(heads, _MEASURES, lines)
    span = source.asked.span
    return Table("attendance", *span, columns, rows_shown, total, provisional, tuple(versions))


def _tally(row: AttendanceRow, is_learning: bool) -> Tally:
    if row.code == AttendanceClass.OPEN:
        return Counter(open_days=1)
    told = Counter(overtime_s=row.overtime_s, prepared_s=row.prepared_s)
    if row.code == DAY_OFF:
        return told
    told[row.code.lower()] = 1
    on_leave = row.code == AttendanceClass.LEAVE
    told.update(
        shifts=1,
        late_s=row.late_s or 0,
        early_s=row.early_s or 0,
        halves=2,
        attended_halves=0 if on_leave else 2 - row.half_days,
        expected=0 if on_leave or is_learning else 1,
        punctual=int(row.code == AttendanceClass.NORMAL and not is_learning),
    )
    return told


def _is_swapped_away(date: PersonDate) -> bool:
    """Whether the day was given for another one: that one is the work day."""
    return not date.segments and date.plan is not None and date.plan.cause == PlanCause.SWAP


def _is_learning(shift: Shift) -> bool:
    """Whether it was training alone: it is neither on time nor late."""
    what = {each.activity for each in shift.segments} - _RESTS
    return bool(what) and what <= _LEARNING
