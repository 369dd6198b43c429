"""The command that makes statistics: `report`."""

import sqlite3
import sys
import unicodedata
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

import msgspec

from agent_service import bootstrap, database, tables
from agent_service.accounts.projector import memberships_of_all, staff_rows
from agent_service.adherence.basis import Moment
from agent_service.arguments import Commands
from agent_service.attendance.month import Wanted
from agent_service.commands.invocation import Invocation
from agent_service.commands.people import today
from agent_service.printable import printable
from agent_service.publishing import new_file
from agent_service.reports import shown
from agent_service.reports.asked import Asked
from agent_service.reports.making import REPORTS, make
from agent_service.reports.table import Table
from protocol.facts.staff import Group
from protocol.i18n import Catalogue
from protocol.wire.errors import Code, Refused
from protocol.wire.report import ColumnKind

TABLE, JSON, XLSX = "table", "json", "xlsx"
_AS_TEXT = frozenset({ColumnKind.TEXT, ColumnKind.CODE, ColumnKind.DATE})
_WIDE = frozenset({"W", "F"})


def add_commands(commands: Commands) -> None:
    """Add it to the command line."""
    parser, text = commands.add("report", "report", _report), commands.text
    parser.add_argument("name", metavar="NAME", choices=tuple(REPORTS), help=text("report_name"))
    parser.add_argument(
        "--from", dest="first", type=parser.day, metavar="DATE", help=text("report_from")
    )
    parser.add_argument(
        "--to", dest="last", type=parser.day, metavar="DATE", help=text("report_to")
    )
    whose = parser.add_mutually_exclusive_group()
    whose.add_argument("--team", metavar="TEAM", help=text("report_team"))
    whose.add_argument("--agent", metavar="NUMBER", help=text("report_agent"))
    parser.add_argument("--by-team", action="store_true", help=text("report_by_team"))
    parser.add_argument(
        "--format", choices=(TABLE, JSON, XLSX), default=TABLE, help=text("report_format")
    )
    parser.add_argument("-o", "--output", type=Path, metavar="FILE", help=text("report_output"))


def _report(invocation: Invocation) -> None:
    asked = invocation.asked
    if asked.format == XLSX and asked.output is None:
        raise Refused(Code.NOTHING_ASKED, options="-o")
    content = _content(_made(invocation), asked.format, invocation.catalogue)
    if asked.output is None:
        sys.stdout.buffer.write(content)
        sys.stdout.buffer.flush()
        return
    with new_file(asked.output) as draft:
        draft.write_bytes(content)
    invocation.say("report_written", file=asked.output)


def _made(invocation: Invocation) -> Table:
    asked, now = invocation.asked, today(invocation)
    last: date = asked.last or now
    first: date = asked.first or last.replace(day=1)
    moment = Moment(ZoneInfo(invocation.settings.site.zone), bootstrap.now_ms())
    with tables.reading(database.find(invocation.folder)) as (connection, _):
        wanted = _wanted(connection, asked.team, asked.agent)
        whose = Asked(first, last, wanted, asked.by_team)
        return make(connection, asked.name, whose, moment)


def _wanted(connection: sqlite3.Connection, team: str | None, agent: str | None) -> Wanted:
    """Raises `Refused` with `unknown_agent`, or `unknown_team` for one in which nobody ever was."""
    if agent is not None and all(row.number != agent for row in staff_rows(connection)):
        raise Refused(Code.UNKNOWN_AGENT, agent=agent)
    known = (each for of_one in memberships_of_all(connection).values() for each in of_one)
    if team and all((each.group, each.name) != (Group.TEAM, team) for each in known):
        raise Refused(Code.UNKNOWN_TEAM, team=team)
    return Wanted(team, agent)


def _content(table: Table, form: str, catalogue: Catalogue) -> bytes:
    if form == XLSX:
        return shown.excel(table, catalogue)
    if form == JSON:
        return msgspec.json.encode(table) + b"\n"
    return ("\n".join(_drawn(table, catalogue)) + "\n").encode()


def _drawn(table: Table, catalogue: Catalogue) -> list[str]:
    """Columns under one another, numbers to the right."""
    name = catalogue.text(f"report.name.{table.name}")
    span = catalogue.text("report.from_to", first=table.first_day, last=table.last_day)
    heads = tuple(shown.headings(table, catalogue))
    rows = [tuple(map(printable, row)) for row in shown.lines(table, catalogue)]
    rows[-1] = (catalogue.text("report.total"), *rows[-1][1:])
    widths = [max(map(_cells, column)) for column in zip(heads, *rows, strict=True)]
    left = [column.kind in _AS_TEXT for column in table.columns]
    drawn = [_line(row, widths, left) for row in (heads, *rows)]
    rule = "  ".join("-" * width for width in widths)
    noted = [catalogue.text("report.provisional")] if table.provisional else []
    return [f"{name}  {span}", "", drawn[0], rule, *drawn[1:-1], rule, drawn[-1], *noted]


def _line(row: Sequence[str], widths: Sequence[int], left: Sequence[bool]) -> str:
    cells = [
        text + " " * (width - _cells(text)) if is_left else " " * (width - _cells(text)) + text
        for text, width, is_left in zip(row, widths, left, strict=True)
    ]
    return "  ".join(cells).rstrip()


def _cells(text: str) -> int:
    """How wide it is on a terminal."""
    return sum(2 if unicodedata.east_asian_width(each) in _WIDE else 1 for each in text)
