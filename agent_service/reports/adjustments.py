"""The report of adjustments: what decisions that came after a lock change, in the months in which
they were made. The locked figures stay; these are the differences."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from agent_service.adherence.basis import Basis, read_basis
from agent_service.adherence.day import PersonDate, Whose, read_day_on
from agent_service.attendance.month import own_rows
from agent_service.exceptions import store
from agent_service.exceptions.row import StoredException
from agent_service.locking.adjusting import month_of
from agent_service.locking.teams import Teams
from agent_service.plan_corrections import store as plan_corrections
from agent_service.plan_corrections.row import StoredCorrection
from agent_service.reports.asked import Source
from agent_service.reports.table import Line, Measure, Table, Tally, measured, seconds
from agent_service.requests.store import booked_after_lock
from agent_service.rosters.store import revisions_of
from protocol.facts.request import Account
from protocol.rules.local_day import local_date
from protocol.rules.rounding import percent
from protocol.wire.attendance import AttendanceRow
from protocol.wire.report import Column, ColumnKind, Value

_ADJUSTING = """
    SELECT DISTINCT agent, day FROM day_exception
    WHERE adjusts <> '' AND adjusts BETWEEN ? AND ? AND standing = 'approved'
"""
_HEADS = (
    Column("adjusts", ColumnKind.TEXT),
    Column("day", ColumnKind.DATE),
    Column("agent", ColumnKind.TEXT),
    Column("name", ColumnKind.TEXT),
    Column("locked_attendance", ColumnKind.CODE),
    Column("adjusted_attendance", ColumnKind.CODE),
)
Booked = Mapping[tuple[str, date], Counter[str]]
"""Seconds of overtime by month in which they were booked, of each person's day."""


def _share(name: str, part: str, whole: str) -> Measure:
    """Null in the total, where days of several people stand together."""

    def value(tally: Tally) -> Value:
        return percent(tally[part], tally[whole]) if tally["days"] == 1 else None

    return Measure(Column(name, ColumnKind.PERCENT), value)


_MEASURES = (
    _share("locked_adherence", "in_before", "counted_before"),
    _share("adjusted_adherence", "in_after", "counted_after"),
    seconds("in_more_s"),
    seconds("excluded_more_s"),
    seconds("work_more_s"),
    seconds("booked_more_s"),
    seconds("late_more_s"),
    seconds("early_more_s"),
)


def adjustments(source: Source) -> Table:
    """By month, day and person: the figure as it was before this month's decisions, and as it is
    with them."""
    teams, names, booked = Teams(source.connection), source.names(), _booked(source)
    lines: list[Line] = []
    versions: dict[str, None] = {}
    for agent, day in _days(source, booked):
        whose = Whose(agent, day, teams.on(agent, day))
        if not source.asked.wanted.takes(whose):
            continue
        for step in _steps(source, whose, booked.get((agent, day), Counter())):
            about = step.month, day.isoformat(), agent, names.get(agent, "")
            lines += _lines(source, about, step)
            versions[step.after.version] = None
    lines.sort(key=lambda line: tuple(map(str, line.head)))
    columns, rows, total = measured(_HEADS, _MEASURES, lines)
    return Table("adjustments", *source.asked.span, columns, rows, total, False, tuple(versions))


def _booked(source: Source) -> Booked:
    found: dict[tuple[str, date], Counter[str]] = {}
    months = source.whole_months()
    for row in booked_after_lock(source.connection, Account.OVERTIME, *months):
        month = month_of(local_date(row.booked_ms, source.moment.where))
        key = row.agent, date.fromisoformat(row.day)
        found.setdefault(key, Counter()).update({month: row.seconds})
    return found


def _days(source: Source, booked: Booked) -> Iterator[tuple[str, date]]:
    months = source.asked.months
    agent, rows = source.asked.wanted.agent, source.connection.execute(_ADJUSTING, months)
    found = {(number, date.fromisoformat(day)) for number, day in rows} | booked.keys()
    for owner, day in plan_corrections.adjusting(source.connection, *months):
        found.add((_worked_by(source, owner, day), day))
    for number, day in sorted(found):
        if agent in (None, number):
            yield number, day


def _worked_by(source: Source, owner: str, day: date) -> str:
    """Whose figures go by somebody's plan of a day of a locked month: the substitute's, if there
    was one at the lock."""
    basis = _basis(source, owner, day)
    names = (each.substitute for each in basis.stand_ins(owner, day) if each.agent == owner)
    return next(names, owner)


def _basis(source: Source, agent: str, day: date) -> Basis:
    return read_basis(source.connection, day, day, source.moment.where, (agent,))


class _Step(NamedTuple):
    """A month in which something about a day was decided, with the day before and after it."""

    month: str
    before: PersonDate
    after: PersonDate
    booked_s: int
    """As overtime, in that month."""


def _steps(source: Source, whose: Whose, booked: Counter[str]) -> Iterator[_Step]:
    """Those of the span."""
    first, last = source.asked.months
    decided = _decided(source, whose)
    months = decided.months() | booked.keys()
    for month in sorted(each for each in months if first <= each <= last):
        earlier = max((each for each in months if each < month), default="")
        before, after = (_figure(source, whose, decided, each) for each in (earlier, month))
        yield _Step(month, before, after, booked[month])


class _Decided(NamedTuple):
    """All that people decided about one person's day."""

    basis: Basis
    """As of the lock."""
    planned_for: Sequence[str]
    """By whose plans the day's figures go: the person's own, and those of the shifts that the
    person stood in for."""
    exceptions: Sequence[StoredException]
    corrections: Sequence[StoredCorrection]
    """Those that the lock did not know."""

    def months(self) -> set[str]:
        """Those in which something of it counts that came after the lock."""
        months = {each.adjusts for each in self.exceptions}
        return {*months, *(each.adjusts for each in self.corrections)} - {""}


def _decided(source: Source, whose: Whose) -> _Decided:
    connection, (agent, day) = source.connection, (whose.agent, whose.day)
    basis = _basis(source, agent, day)
    concerned = basis.stand_ins(agent, day)
    owners = (agent, *(each.agent for each in concerned if each.substitute == agent))
    corrections = (
        each for owner in owners for each in plan_corrections.of_day(connection, owner, day)
    )
    return _Decided(
        basis,
        owners,
        store.of_day(connection, agent, day),
        [each for each in corrections if each.position > basis.upto],
    )


def _figure(source: Source, whose: Whose, decided: _Decided, upto: str) -> PersonDate:
    """The locked day with what was decided later, up to a month; empty: nothing."""
    key, connection, basis = (whose.agent, whose.day), source.connection, decided.basis
    known = (
        each if each.adjusts and each.adjusts <= upto else each.as_of(basis.upto)
        for each in decided.exceptions
    )
    basis = basis.with_exceptions({key: [each for each in known if each is not None]})
    names = {each.correction for each in decided.corrections if "" < each.adjusts <= upto}
    for owner in decided.planned_for:
        for row in revisions_of(connection, owner, whose.day):
            if row.request in names:
                basis = basis.with_plan(row)
    return read_day_on(connection, basis, whose, source.moment)


def _lines(source: Source, about: tuple[Value, ...], step: _Step) -> Iterator[Line]:
    """One; and another for each further shift of the date that is judged otherwise."""
    before, after = (own_rows(source.connection, each) for each in (step.before, step.after))
    tally = _difference(step)
    tally.update(_lateness(after))
    tally.subtract(_lateness(before))
    for codes in _judged(before, after):
        yield Line((*about, *codes), tally)
        tally = Counter()


def _judged(
    before: Iterable[AttendanceRow], after: Iterable[AttendanceRow]
) -> list[tuple[Value, Value]]:
    """What the shifts that are judged otherwise were, and are; or the first of them all."""
    one, other = (
        {(row.for_agent, row.substitute): row.code for row in rows} for rows in (before, after)
    )
    codes: list[tuple[Value, Value]] = [(one.get(key), other.get(key)) for key in one | other]
    return [each for each in codes if each[0] != each[1]] or codes[:1] or [(None, None)]


def _lateness(rows: Iterable[AttendanceRow]) -> Tally:
    found: Tally = Counter()
    for row in rows:
        found.update(late_more_s=row.late_s or 0, early_more_s=row.early_s or 0)
    return found


def _difference(step: _Step) -> Tally:
    one, other = step.before.figure.figure, step.after.figure.figure
    return Counter(
        days=1,
        in_before=one.in_adherence_s,
        counted_before=one.counted_s,
        in_after=other.in_adherence_s,
        counted_after=other.counted_s,
        in_more_s=other.in_adherence_s - one.in_adherence_s,
        excluded_more_s=other.excluded_s - one.excluded_s,
        work_more_s=other.actual_work_s - one.actual_work_s,
        booked_more_s=step.booked_s,
    )
