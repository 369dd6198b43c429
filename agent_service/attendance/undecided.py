"""What waits for a second person's word, and would change the figures of a month."""

import sqlite3
from datetime import date, timedelta, tzinfo

from agent_service.exceptions import incidents
from agent_service.exceptions.incident_row import StoredIncident
from agent_service.exceptions.struck import struck_shifts
from agent_service.plan_corrections import store as plan_corrections
from agent_service.plan_corrections.row import StoredCorrection
from agent_service.rosters import store as rosters
from protocol.rules.local_day import day_bounds

_DAY = timedelta(days=1)


def open_incidents(
    connection: sqlite3.Connection, span: tuple[date, date], where: tzinfo
) -> list[StoredIncident]:
    """Those that touch days of a span, or a shift of its last night; the earliest first."""
    from_ms, until_ms = day_bounds(span[0], where)[0], day_bounds(span[1], where)[1]
    next_ends_ms = day_bounds(span[1] + _DAY, where)[1]
    found = incidents.open_between(connection, from_ms, next_ends_ms)
    return [
        row
        for row in found
        if row.start_ms < until_ms or any(struck_shifts(connection, span[1], row.team, row.span()))
    ]


def open_corrections(
    connection: sqlite3.Connection, span: tuple[date, date]
) -> list[tuple[StoredCorrection, date]]:
    """Those of plans that can still be approved, with the first of their days in the span; the
    oldest proposal first."""
    found = []
    for row in plan_corrections.open_between(connection, *span):
        days = [each.day for each in row.plans() if span[0] <= each.day <= span[1]]
        if days and not _is_stale(connection, row):
            found.append((row, min(days)))
    return found


def _is_stale(connection: sqlite3.Connection, row: StoredCorrection) -> bool:
    """Whether a plan is another by now than the one that was to be corrected."""
    plans = row.plans()
    days = [each.day for each in plans]
    known = rosters.in_force(connection, min(days), max(days), row.people())
    for each in plans:
        plan = known.get((each.agent, each.day))
        if (() if plan is None else plan.planned_segments()) != each.before:
            return True
    return False
