"""The report of adjustments: what decisions that came after a lock change, in the months in which
they were made. The locked figures stay; these are the differences."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date
from typing import NamedTuple

from agent_service.adherence.basis import Basis, read_basis
from agent_service.adherence.day import PersonDate, Whose, read_day_on
from agent_service.exceptions import store
from agent_service.exceptions.row import StoredException
from agent_service.locking.adjusting import month_of
from agent_service.locking.teams import Teams
from agent_service.plan_corrections import store as plan_corrections
from agent_service.plan_corrections.row import StoredCorrection
from agent_service.reports.asked import Source
from agent_service.reports.table import Line, Measure, Table, Tally, measured, seconds
from agent_service.rosters.store import revisions_of
from protocol.rules.rounding import percent
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
)


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
)


def adjustments(source: Source) -> Table:
    """By month, day and person: the figure as it was before this month's decisions, and as it is
    with them."""
    teams, names = Teams(source.connection), source.names()
    lines: list[Line] = []
    versions: dict[str, None] = {}
    for agent, day in _days(source):
        whose = Whose(agent, day, teams.on(agent, day))
        if not source.asked.wanted.takes(whose):
            continue
        for month, before, after in _steps(source, whose):
            lines.append(
                Line(
                    (month, day.isoformat(), agent, names.get(agent, "")),
                    _difference(before, after),
                )
            )
            versions[after.version] = None
    lines.sort(key=lambda line: tuple(map(str, line.head)))
    columns, rows, total = measured(_HEADS, _MEASURES, lines)
    return Table("adjustments", *source.asked.span, columns, rows, total, False, tuple(versions))


def _days(source: Source) -> Iterator[tuple[str, date]]:
    months = month_of(source.asked.first_day), month_of(source.asked.last_day)
    agent, rows = source.asked.wanted.agent, source.connection.execute(_ADJUSTING, months)
    found = {(number, date.fromisoformat(day)) for number, day in rows}
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


def _steps(source: Source, whose: Whose) -> Iterator[tuple[str, PersonDate, PersonDate]]:
    """Each month of the span in which something about the day was decided, with the figures
    before and after it."""
    first, last = month_of(source.asked.first_day), month_of(source.asked.last_day)
    decided = _decided(source, whose)
    months = decided.months()
    for month in sorted(each for each in months if first <= each <= last):
        earlier = max((each for each in months if each < month), default="")
        yield (
            month,
            _figure(source, whose, decided, earlier),
            _figure(source, whose, decided, month),
        )


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


def _difference(before: PersonDate, after: PersonDate) -> Tally:
    one, other = before.figure.figure, after.figure.figure
    return Counter(
        days=1,
        in_before=one.in_adherence_s,
        counted_before=one.counted_s,
        in_after=other.in_adherence_s,
        counted_after=other.counted_s,
        in_more_s=other.in_adherence_s - one.in_adherence_s,
        excluded_more_s=other.excluded_s - one.excluded_s,
        work_more_s=other.actual_work_s - one.actual_work_s,
    )
