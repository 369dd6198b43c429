"""The report of attendance: shifts by what they were. Open days are counted apart."""

from collections import Counter
from collections.abc import Collection
from datetime import date

from agent_service.adherence.basis import months_of
from agent_service.attendance.judged import DAY_OFF
from agent_service.attendance.month import rows_between
from agent_service.reports.asked import Source
from agent_service.reports.table import (
    Key,
    Table,
    Tally,
    by_person,
    count,
    measured,
    seconds,
    share,
)
from agent_service.rosters import store as rosters
from protocol.facts.shift import Activity
from protocol.rules.attendance import AttendanceClass
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
    for span in months_of(*source.asked.span):
        learning = _learning(source, span)
        found = rows_between(source.connection, span, source.moment, source.asked.wanted)
        for rows in found.values():
            for row in rows:
                key = source.asked.month(row.day), row.agent
                is_learning = (row.for_agent or row.agent, row.day) in learning
                tallies.setdefault(key, Counter()).update(_tally(row, is_learning))
    heads, lines = by_person(tallies, source.names())
    provisional = any(tally["open_days"] for tally in tallies.values())
    columns, rows_shown, total = measured(heads, _MEASURES, lines)
    return Table("attendance", *source.asked.span, columns, rows_shown, total, provisional, ())


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


def _learning(source: Source, span: tuple[date, date]) -> Collection[tuple[str, date]]:
    """Whose shifts were training alone: they are neither on time nor late."""
    plans = rosters.in_force(source.connection, *span, source.agents())
    found = set()
    for key, row in plans.items():
        what = {each.activity for each in row.plan().segments} - _RESTS
        if what and what <= _LEARNING:
            found.add(key)
    return found
