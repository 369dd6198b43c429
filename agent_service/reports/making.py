"""Which reports there are, and making one."""

import sqlite3
from collections.abc import Callable, Mapping
from datetime import date

from agent_service.adherence.basis import Moment
from agent_service.adherence.snapshot import snapshot
from agent_service.reports import day_figures
from agent_service.reports.adjustments import adjustments
from agent_service.reports.asked import Asked, Source
from agent_service.reports.attendance import attendance
from agent_service.reports.exceptions import agent_exceptions, exceptions
from agent_service.reports.fatigue import fatigue
from agent_service.reports.table import Table
from agent_service.reports.training import training
from protocol.wire.errors import Code, Refused
from protocol.wire.report import MAX_REPORT_DAYS, SINGLE_CASES

REPORTS: Mapping[str, Callable[[Source], Table]] = {
    "adherence": day_figures.adherence,
    "conformance": day_figures.conformance,
    "attendance": attendance,
    "overtime": day_figures.overtime,
    "fatigue": fatigue,
    "exceptions": exceptions,
    "agent_exceptions": agent_exceptions,
    "adjustments": adjustments,
    "training": training,
}
_SHOWN = 64


def check_name(name: str) -> None:
    """Raises `Refused` with `unknown_report`."""
    if name not in REPORTS:
        raise Refused(Code.UNKNOWN_REPORT, report=name[:_SHOWN], reports=", ".join(REPORTS))


def check_grouped(name: str, by_team: bool) -> None:
    """Raises `Refused` with `single_cases`."""
    if by_team and name in SINGLE_CASES:
        raise Refused(Code.SINGLE_CASES, report=name)


def check_span(first: date, last: date) -> None:
    """Raises `Refused` with `bad_span`, also for dates at the ends of the calendar."""
    at_an_end = first.year <= date.min.year or last.year >= date.max.year
    if at_an_end or not 0 <= (last - first).days < MAX_REPORT_DAYS:
        raise Refused(
            Code.BAD_SPAN, first=first.isoformat(), last=last.isoformat(), limit=MAX_REPORT_DAYS
        )


def make(connection: sqlite3.Connection, name: str, asked: Asked, moment: Moment) -> Table:
    """One report as it is now. Raises `Refused` with `unknown_report`, `single_cases` or
    `bad_span`."""
    check_name(name)
    check_grouped(name, asked.by_team)
    check_span(*asked.span)
    with snapshot(connection):
        return REPORTS[name](Source(connection, asked, moment))
