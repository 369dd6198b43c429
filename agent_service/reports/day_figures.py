"""The reports that are sums of business dates: adherence, conformance and overtime.

A day with time that nobody knows is provisional: it is counted apart, and no sum that anything may
be decided by holds it. Beside these stand the least and the most over all days, provisional or not.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date

from agent_service.adherence.basis import months_of
from agent_service.adherence.day import PersonDate, Whose
from agent_service.locking.adjusting import month_of
from agent_service.locking.store import lock_of
from agent_service.locking.teams import Teams
from agent_service.persons.store import EVER
from agent_service.reports.asked import Source
from agent_service.reports.table import (
    Key,
    Measure,
    Table,
    Tally,
    count,
    measured,
    seconds,
    share,
)
from protocol.facts.request import Account
from protocol.wire.report import Column, ColumnKind, Value

_BOOKED = """
    SELECT agent, day, seconds FROM hours_booking
    WHERE account = ? AND day BETWEEN ? AND ? AND position <= ?
"""


def _target_met(tally: Tally) -> Value:
    if not tally["counted_s"]:
        return None
    return "yes" if tally["in_s"] * 100 >= tally["target"] else "no"


_PROVISIONAL = count("provisional_days")
_ADHERENCE = (
    count("days"),
    seconds("scheduled_s"),
    seconds("excluded_s"),
    seconds("in_s"),
    seconds("out_s"),
    share("adherence", "in_s", "counted_s"),
    share("raw", "raw_in_s", "raw_counted_s"),
    Measure(Column("target_met", ColumnKind.CODE), _target_met),
    _PROVISIONAL,
    seconds("unknown_s"),
    share("adherence_low", "low_in_s", "all_counted_s"),
    share("adherence_high", "high_in_s", "all_counted_s"),
)
_CONFORMANCE = (
    count("days"),
    seconds("scheduled_work_s"),
    seconds("actual_work_s"),
    share("conformance", "actual_work_s", "scheduled_work_s"),
    _PROVISIONAL,
    share("conformance_low", "low_work_s", "all_work_s"),
    share("conformance_high", "high_work_s", "all_work_s"),
)
_OVERTIME = (
    count("days"),
    seconds("pre_shift_work_s"),
    seconds("overtime_work_s"),
    seconds("booked_s"),
    _PROVISIONAL,
)


def adherence(source: Source) -> Table:
    """By person: planned, excluded, in and out, and the shares; raw and counted side by side."""
    return _table("adherence", source, _ADHERENCE)


def conformance(source: Source) -> Table:
    """By person: work done over work planned."""
    return _table("conformance", source, _CONFORMANCE)


def overtime(source: Source) -> Table:
    """By person: work before shifts and beyond them, and what was booked as overtime."""
    return _table("overtime", source, _OVERTIME, list(_booked(source)))


def _table(
    name: str,
    source: Source,
    measures: Sequence[Measure],
    more: Sequence[tuple[Key, Tally]] = (),
) -> Table:
    tallies: dict[Key, Tally] = {}
    versions: dict[str, None] = {}
    for each in source.dates():
        key = source.key(each.whose)
        tallies.setdefault(key, Counter()).update(_tally(each))
        versions[each.version] = None
    for key, tally in more:
        tallies.setdefault(key, Counter()).update(tally)
    heads, lines = source.lines(tallies)
    provisional = any(tally["provisional_days"] for tally in tallies.values())
    columns, rows, total = measured(heads, measures, lines)
    span = source.asked.span
    return Table(name, *span, columns, rows, total, provisional, tuple(versions))


def _tally(each: PersonDate) -> Tally:
    figure, raw = each.figure.figure, each.figure.raw
    of_all = Counter(
        low_in_s=figure.in_adherence_s,
        high_in_s=figure.in_adherence_high_s,
        all_counted_s=figure.counted_s,
        unknown_s=figure.unknown_s,
        low_work_s=figure.actual_work_s,
        high_work_s=figure.actual_work_high_s,
        all_work_s=figure.scheduled_work_s,
    )
    if figure.provisional:
        return of_all + Counter(provisional_days=1)
    return of_all + Counter(
        days=int(figure.scheduled_s > 0 or figure.actual_work_s > 0),
        scheduled_s=figure.scheduled_s,
        excluded_s=figure.excluded_s,
        counted_s=figure.counted_s,
        in_s=figure.in_adherence_s,
        out_s=figure.out_of_adherence_s,
        target=each.rules.adherence.target_pct * figure.counted_s,
        raw_in_s=0 if raw.provisional else raw.in_adherence_s,
        raw_counted_s=0 if raw.provisional else raw.counted_s,
        scheduled_work_s=figure.scheduled_work_s,
        actual_work_s=figure.actual_work_s,
        pre_shift_work_s=figure.pre_shift_work_s,
        overtime_work_s=figure.overtime_work_s,
    )


def _booked(source: Source) -> Iterator[tuple[Key, Tally]]:
    """What was booked as overtime for days of the span, of everybody who is wanted on them; of a
    locked month, what had been booked by then."""
    teams = Teams(source.connection)
    agents = source.agents()
    for first, last in months_of(*source.asked.span):
        lock = lock_of(source.connection, month_of(first))
        upto = EVER if lock is None else lock.position
        values = str(Account.OVERTIME), first.isoformat(), last.isoformat(), upto
        rows = source.connection.execute(_BOOKED, values)
        for agent, day_text, booked_s in rows:
            day = date.fromisoformat(day_text)
            whose = Whose(agent, day, teams.on(agent, day))
            if (agents is None or agent in agents) and source.asked.wanted.takes(whose):
                yield source.key(whose), Counter(booked_s=booked_s)
