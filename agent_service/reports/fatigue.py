"""The report of work without a rest: each run that reached the limit. It is a breach of the
organisation's, which planned and allowed it, and nobody's fault.

A breach is derived from the facts, like every figure, and so it stays as long as they do. It is of
the business date in which the limit was reached.
"""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, tzinfo

from agent_service.adherence.day import PersonDate
from agent_service.reports.asked import Source
from agent_service.reports.table import Line, Table, count, measured
from protocol.wire.report import Column, ColumnKind, Value

_HEADS = (
    Column("day", ColumnKind.DATE),
    Column("agent", ColumnKind.TEXT),
    Column("name", ColumnKind.TEXT),
    Column("team", ColumnKind.TEXT),
    Column("run_began", ColumnKind.TEXT),
    Column("limit_reached", ColumnKind.TEXT),
)
_MEASURES = (count("organisation_breaches"), count("possible_breaches"))


def fatigue(source: Source) -> Table:
    """By date and person: when the work began, and when it reached the limit. Where nobody knows
    enough to tell whether it did, it is a possible breach, and counted apart."""
    names, lines = source.names(), []
    versions: dict[str, None] = {}
    provisional = False
    for each in source.dates():
        versions[each.version] = None
        about = each.whose.day.isoformat(), each.whose.agent, names.get(each.whose.agent, "")
        for began, reached in _breaches(each, source.moment.where):
            tally = Counter(organisation_breaches=1)
            lines.append(Line((*about, each.whose.team, began, reached), tally))
        if _is_possible(each):
            provisional = True
            tally = Counter(possible_breaches=1)
            lines.append(Line((*about, each.whose.team, None, None), tally))
    columns, rows, total = measured(_HEADS, _MEASURES, lines)
    span = source.asked.span
    return Table("fatigue", *span, columns, rows, total, provisional, tuple(versions))


def _breaches(each: PersonDate, where: tzinfo) -> Iterator[tuple[Value, Value]]:
    for breach in each.figure.fatigue.breaches:
        yield _shown(breach.began_ms, where), _shown(breach.reached_ms, where)


def _is_possible(each: PersonDate) -> bool:
    """Whether only time that nobody knows keeps a run from having reached the limit."""
    limit_s, run = each.rules.roster.run_limit_s, each.figure.fatigue
    return run.longest_run_s < limit_s <= run.longest_run_at_most_s


def _shown(ms: int, where: tzinfo) -> str:
    moment = datetime.fromtimestamp(ms // 1000, UTC)
    return moment.astimezone(where).replace(tzinfo=None).isoformat(" ")
