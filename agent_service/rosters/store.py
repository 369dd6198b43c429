"""The tables of rosters, read."""

import json
import sqlite3
from collections.abc import Collection, Iterable
from datetime import date

import msgspec

from agent_service.rosters.row import PlannedDay

_NAMES = ", ".join(PlannedDay.__struct_fields__)
_IN_FORCE = f"""
    SELECT {_NAMES} FROM planned_day AS told
    WHERE day BETWEEN ? AND ? AND position <= ? AND revision = (
        SELECT max(revision) FROM planned_day
        WHERE agent = told.agent AND day = told.day AND position <= ?)
"""  # noqa: S608 - names of ours
_OF_THESE = "agent IN (SELECT value FROM json_each(?))"
_EVER = 1 << 62


def in_force(
    connection: sqlite3.Connection,
    first_day: date,
    last_day: date,
    agents: Collection[str] | None = None,
    position: int = _EVER,
) -> dict[tuple[str, date], PlannedDay]:
    """The plans of business dates by person and date: of these people, or of all; as of the
    ledger's entry `position`."""
    span = (first_day.isoformat(), last_day.isoformat(), position, position)
    if agents is None:
        rows = connection.execute(f"{_IN_FORCE} ORDER BY day, agent", span)
    else:
        query = f"{_IN_FORCE} AND {_OF_THESE} ORDER BY day, agent"
        rows = connection.execute(query, (*span, json.dumps(sorted(agents))))
    return {(row.agent, date.fromisoformat(row.day)): row for row in _read(rows)}


def longest(
    connection: sqlite3.Connection, first_day: date, last_day: date, agents: Collection[str]
) -> dict[tuple[str, date], PlannedDay]:
    """Of all plans that these people's business dates have had, those with the most segments."""
    query = f"""
        SELECT {_NAMES} FROM planned_day WHERE day BETWEEN ? AND ? AND {_OF_THESE}
        ORDER BY json_array_length(segments), revision
    """  # noqa: S608 - names of ours
    span = (first_day.isoformat(), last_day.isoformat())
    rows = _read(connection.execute(query, (*span, json.dumps(sorted(agents)))))
    return {(row.agent, date.fromisoformat(row.day)): row for row in rows}


def last_position(
    connection: sqlite3.Connection, first_day: date, last_day: date, agents: Collection[str]
) -> int:
    """The ledger's entry that planned any of these people's days last; 0 before any. The same
    again: all of those plans are the same."""
    query = f"SELECT max(position) FROM planned_day WHERE day BETWEEN ? AND ? AND {_OF_THESE}"  # noqa: S608 - names of ours
    span = (first_day.isoformat(), last_day.isoformat())
    (position,) = connection.execute(query, (*span, json.dumps(sorted(agents)))).fetchone()
    return position or 0


def published_by(connection: sqlite3.Connection, act: str) -> tuple[int, int] | None:
    """The revision that an act published, and of how many days; None before it."""
    found: tuple[int, int] | None = connection.execute(
        "SELECT revision, days FROM roster_revision WHERE act = ?", (act,)
    ).fetchone()
    return found


def revisions_of(connection: sqlite3.Connection, agent: str, day: date) -> list[PlannedDay]:
    """Every plan that one person's day has had, in order."""
    query = f"SELECT {_NAMES} FROM planned_day WHERE agent = ? AND day = ? ORDER BY revision"  # noqa: S608 - names of ours
    return list(_read(connection.execute(query, (agent, day.isoformat()))))


def _read(rows: Iterable[tuple[object, ...]]) -> Iterable[PlannedDay]:
    names = PlannedDay.__struct_fields__
    for row in rows:
        yield msgspec.convert(dict(zip(names, row, strict=True)), PlannedDay, strict=False)
