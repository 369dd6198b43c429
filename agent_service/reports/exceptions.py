"""The report of exceptions: what each lead has decided, by its reason.

A locked month shows what had been decided when it was locked. What was decided about it later
stands with the month in which it was, and is marked so.
"""

from collections import Counter
from collections.abc import Iterator
from datetime import date, tzinfo

from agent_service.adherence.basis import months_of
from agent_service.adherence.day import Whose
from agent_service.exceptions import store
from agent_service.exceptions.row import StoredException
from agent_service.locking.adjusting import month_of
from agent_service.locking.store import lock_of
from agent_service.locking.teams import Teams
from agent_service.reports.asked import Source
from agent_service.reports.table import Key, Line, Measure, Table, Tally, count, measured, seconds
from protocol.rules.exception_decisions import OPEN
from protocol.rules.local_day import local_date
from protocol.rules.rounding import percent
from protocol.wire.exceptions import ExceptionRow, Standing
from protocol.wire.report import Column, ColumnKind

_HEADS = (
    Column("lead", ColumnKind.TEXT),
    Column("name", ColumnKind.TEXT),
    Column("exception_code", ColumnKind.CODE),
    Column("adjusts", ColumnKind.TEXT),
)
_AROUND_MS = 86_400_000
"""More than lies between reading the clock for a decision's month and recording it."""
_MEASURES = (count("approved"), count("rejected"), seconds("approved_s"))
_OF_AGENTS = (count("undecided"), *_MEASURES)


def exceptions(source: Source) -> Table:
    """By lead and reason, and, of what was decided after a lock, the month in which it was. An
    approval counts for each who gave it, a rejection for the one who did; the total counts an
    exception once for each of them. By team, each counts once."""
    if source.asked.by_team:
        return _by_team(source)
    tallies: dict[tuple[str, str, str], Tally] = {}
    for adjusts, stored in (*_in_time(source), *_late(source)):
        for lead, tally in _decisions(stored.row()):
            tallies.setdefault((lead, stored.code, adjusts), Counter()).update(tally)
    names = source.names()
    lines = [
        Line((lead, names.get(lead, ""), code, adjusts), tally)
        for (lead, code, adjusts), tally in sorted(tallies.items())
    ]
    granted_s = sum(line.tally["approved_s"] for line in lines)
    of_all = Measure(
        Column("share", ColumnKind.PERCENT), lambda tally: percent(tally["approved_s"], granted_s)
    )
    columns, rows, total = measured(_HEADS, (*_MEASURES, of_all), lines)
    return Table("exceptions", *source.asked.span, columns, rows, total, False, ())


def agent_exceptions(source: Source) -> Table:
    """By person, or by team, and reason: what was granted, refused, and waits."""
    teams, tallies = Teams(source.connection), dict[tuple[Key, str, str], Tally]()
    for adjusts, stored in (*_in_time(source), *_late(source)):
        day, row = date.fromisoformat(stored.day), stored.row()
        key = source.key(Whose(stored.agent, day, teams.on(stored.agent, day)))
        tally = _outcome(row) or Counter(undecided=int(row.standing in OPEN))
        tallies.setdefault((key, stored.code, adjusts), Counter()).update(tally)
    told = {name: tally for name, tally in tallies.items() if any(tally.values())}
    lines = [
        Line((*line.head, code, adjusts), line.tally)
        for (key, code, adjusts), tally in sorted(told.items())
        for line in source.lines({key: tally})[1]
    ]
    heads, _ = source.lines({key: Counter() for key, _, _ in told})
    columns, rows, total = measured((*heads, *_HEADS[2:]), _OF_AGENTS, lines)
    return Table("agent_exceptions", *source.asked.span, columns, rows, total, False, ())


def _by_team(source: Source) -> Table:
    teams, tallies = Teams(source.connection), dict[tuple[str, str, str], Tally]()
    for adjusts, stored in (*_in_time(source), *_late(source)):
        team = teams.on(stored.agent, date.fromisoformat(stored.day))
        tally = _outcome(stored.row())
        if tally:
            tallies.setdefault((team, stored.code, adjusts), Counter()).update(tally)
    lines = [Line(head, tally) for head, tally in sorted(tallies.items())]
    heads = (Column("team", ColumnKind.TEXT), *_HEADS[2:])
    columns, rows, total = measured(heads, _MEASURES, lines)
    return Table("exceptions", *source.asked.span, columns, rows, total, False, ())


def _in_time(source: Source) -> Iterator[tuple[str, StoredException]]:
    """Of the days of the span, as they stand, or stood when their month was locked."""
    teams, agents = Teams(source.connection), source.agents()
    for first, last in months_of(*source.asked.span):
        lock = lock_of(source.connection, month_of(first))
        upto = store.EVER if lock is None else lock.position
        found = store.of_days(source.connection, first, last, agents, upto)
        for (agent, day), rows in found.items():
            if source.asked.wanted.takes(Whose(agent, day, teams.on(agent, day))):
                yield from (("", row) for row in rows)


def _late(source: Source) -> Iterator[tuple[str, StoredException]]:
    """Of whatever day, decided in the months of the span after that day's was locked."""
    teams, wanted = Teams(source.connection), source.asked.wanted
    first, last = source.asked.months
    from_ms, until_ms = source.whole_months()
    around = from_ms - _AROUND_MS, until_ms + _AROUND_MS
    for row in store.decided_late(source.connection, *around):
        adjusts = _month_of(row, source.moment.where)
        day = date.fromisoformat(row.day)
        if not first <= adjusts <= last or wanted.agent not in (None, row.agent):
            continue
        if wanted.takes(Whose(row.agent, day, teams.on(row.agent, day))):
            yield adjusts, row


def _month_of(row: StoredException, where: tzinfo) -> str:
    """In which it counts; what was refused changes no month, and stands where it was."""
    if row.adjusts or row.decided_ms is None:
        return row.adjusts
    return month_of(local_date(row.decided_ms, where))


def _decisions(row: ExceptionRow) -> Iterator[tuple[str, Tally]]:
    tally = _outcome(row)
    deciders = row.deciders if tally["approved"] else row.deciders[-1:]
    if tally:
        yield from ((lead, tally) for lead in deciders)


def _outcome(row: ExceptionRow) -> Tally:
    """What people decided; nothing where they have not."""
    if row.deciders and row.standing is Standing.APPROVED:
        return Counter(approved=1, approved_s=(row.end_ms - row.start_ms) // 1000)
    return Counter(rejected=1) if row.deciders and row.standing is Standing.REJECTED else Counter()
