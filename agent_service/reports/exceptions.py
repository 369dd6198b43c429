"""The report of exceptions: what each lead has decided, by its reason."""

from collections import Counter
from collections.abc import Iterator

from agent_service.accounts.memberships import team_on
from agent_service.accounts.projector import memberships_of_all
from agent_service.adherence.day import Whose
from agent_service.exceptions import store
from agent_service.exceptions.row import StoredException
from agent_service.reports.asked import Source
from agent_service.reports.table import Line, Table, Tally, count, measured, seconds
from protocol.wire.exceptions import ExceptionRow, Standing
from protocol.wire.report import Column, ColumnKind

_HEADS = (
    Column("lead", ColumnKind.TEXT),
    Column("name", ColumnKind.TEXT),
    Column("exception_code", ColumnKind.CODE),
)
_MEASURES = (count("approved"), count("rejected"), seconds("approved_s"))


def exceptions(source: Source) -> Table:
    """By lead and reason. An approval counts for each who gave it, a rejection for the one who
    did; the total counts an exception once for each of them."""
    tallies: dict[tuple[str, str], Tally] = {}
    for stored in _wanted(source):
        for lead, tally in _decisions(stored.row()):
            tallies.setdefault((lead, stored.code), Counter()).update(tally)
    names = source.names()
    lines = [
        Line((lead, names.get(lead, ""), code), tally)
        for (lead, code), tally in sorted(tallies.items())
    ]
    columns, rows, total = measured(_HEADS, _MEASURES, lines)
    return Table("exceptions", *source.asked.span, columns, rows, total, False, ())


def _wanted(source: Source) -> Iterator[StoredException]:
    teams = memberships_of_all(source.connection)
    found = store.of_days(source.connection, *source.asked.span, source.agents())
    for (agent, day), rows in found.items():
        if source.asked.wanted.takes(Whose(agent, day, team_on(teams.get(agent, ()), day))):
            yield from rows


def _decisions(row: ExceptionRow) -> Iterator[tuple[str, Tally]]:
    if row.standing is Standing.APPROVED:
        length_s = (row.end_ms - row.start_ms) // 1000
        for lead in row.deciders:
            yield lead, Counter(approved=1, approved_s=length_s)
    elif row.standing is Standing.REJECTED and row.deciders:
        yield row.deciders[-1], Counter(rejected=1)
