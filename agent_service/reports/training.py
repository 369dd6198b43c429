"""The report of training: what the tasks that were assigned on business dates have come to."""

from collections import Counter

from agent_service.adherence.day import Whose
from agent_service.documents import store as documents
from agent_service.locking.teams import Teams
from agent_service.reports.asked import Source
from agent_service.reports.table import Line, Table, Tally, count, measured, seconds, share
from agent_service.training import store
from agent_service.training.row import StoredAssignment
from agent_service.training.store import Filter
from protocol.rules.local_day import day_bounds, local_date
from protocol.wire.report import Column, ColumnKind, Value

_HEADS = (Column("task_number", ColumnKind.TEXT), Column("task", ColumnKind.TEXT))
_MEASURES = (
    count("participants"),
    count("not_completed"),
    count("completed"),
    share("completion", "completed", "participants"),
    seconds("trained_s"),
)


def training(source: Source) -> Table:
    """By task, in the order of their numbers; withdrawn assignments are in none."""
    first, last = source.asked.span
    agent, where = source.asked.wanted.agent, source.moment.where
    wanted = Filter(
        None if agent is None else (agent,),
        first_ms=day_bounds(first, where)[0],
        last_ms=day_bounds(last, where)[1],
        standing_only=True,
    )
    teams, tallies = Teams(source.connection), dict[str, Tally]()
    for row in store.all_of(source.connection, wanted):
        day = local_date(row.assigned_ms, where)
        if source.asked.wanted.takes(Whose(row.agent, day, teams.on(row.agent, day))):
            tallies.setdefault(row.task, Counter()).update(_tally(row))
    found = sorted((_number(source, task), task) for task in tallies)
    lines = [Line(_head(source, task), tallies[task]) for _, task in found]
    columns, rows, total = measured(_HEADS, _MEASURES, lines)
    return Table("training", first, last, columns, rows, total, False, ())


def _tally(row: StoredAssignment) -> Tally:
    done = row.done_ms is not None
    return Counter(participants=1, completed=done, not_completed=not done, trained_s=row.trained_s)


def _number(source: Source, task: str) -> int:
    head = documents.head(source.connection, task)
    return 0 if head is None else head.number


def _head(source: Source, task: str) -> tuple[Value, ...]:
    head = documents.head(source.connection, task)
    return ("", "") if head is None else (str(head.number), head.name)
