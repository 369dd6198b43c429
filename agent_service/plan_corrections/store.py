"""The table `plan_correction`, read."""

import json
import sqlite3
from collections.abc import Collection, Iterator
from datetime import date

import msgspec

from agent_service.plan_corrections.row import StoredCorrection
from protocol.facts.correction import PlanInstead
from protocol.wire.plan_corrections import PlanCorrectionRow

_NAMES = StoredCorrection.__struct_fields__
_SELECT = f"SELECT {', '.join(_NAMES)} FROM plan_correction"  # noqa: S608 - names of ours
_OPEN = "standing = 'second'"
_IN_SPAN = "last_day >= :first AND first_day <= :last"
_OF_THESE = """NOT EXISTS (SELECT 1 FROM json_each(days)
    WHERE value ->> 'agent' NOT IN (SELECT value FROM json_each(:agents)))"""
_OF_DAY = """EXISTS (SELECT 1 FROM json_each(days)
    WHERE value ->> 'agent' = :agent AND value ->> 'day' = :first)"""
_ADJUSTING = """
    SELECT DISTINCT value ->> 'agent', value ->> 'day' FROM plan_correction, json_each(days)
    WHERE adjusts <> '' AND adjusts BETWEEN ? AND ? AND EXISTS (
        SELECT 1 FROM locked_month
        WHERE month = substr(value ->> 'day', 1, 7)
        AND locked_month.position < plan_correction.position)
"""


def find(connection: sqlite3.Connection, correction: str) -> StoredCorrection | None:
    """One of them."""
    return next(_read(connection, f"{_SELECT} WHERE correction = :name", name=correction), None)


def open_ones(connection: sqlite3.Connection) -> Iterator[StoredCorrection]:
    """All that wait for a second person."""
    return _read(connection, f"{_SELECT} WHERE {_OPEN}")


def open_between(connection: sqlite3.Connection, first: date, last: date) -> list[StoredCorrection]:
    """Those that wait for a second person and whose first to last day touch a span, the oldest
    first."""
    query = f"{_SELECT} WHERE {_IN_SPAN} AND {_OPEN} ORDER BY proposed"
    return list(_read(connection, query, first=first.isoformat(), last=last.isoformat()))


def newest(
    connection: sqlite3.Connection,
    span: tuple[date, date],
    agents: Collection[str] | None,
    open_only: bool,
    most: int,
) -> tuple[list[StoredCorrection], int]:
    """The first `most` of a span of days, the newest first, and how many there are: of those that
    are about these people alone, or (None) of all."""
    where = [_IN_SPAN]
    if agents is not None:
        where.append(_OF_THESE)
    if open_only:
        where.append(_OPEN)
    wanted = " AND ".join(where)
    first, last = (day.isoformat() for day in span)
    values = {"first": first, "last": last, "agents": json.dumps(sorted(agents or ()))}
    (count,) = connection.execute(
        f"SELECT count(*) FROM plan_correction WHERE {wanted}",  # noqa: S608 - conditions of ours
        values,
    ).fetchone()
    query = f"{_SELECT} WHERE {wanted} ORDER BY proposed DESC LIMIT :most"
    return list(_read(connection, query, **values, most=most)), int(count)


def of_day(connection: sqlite3.Connection, agent: str, day: date) -> list[StoredCorrection]:
    """Those about one person's business date, in the order in which they were proposed."""
    query = f"{_SELECT} WHERE {_IN_SPAN} AND {_OF_DAY} ORDER BY proposed"
    shown = day.isoformat()
    return list(_read(connection, query, first=shown, last=shown, agent=agent))


def told_of(connection: sqlite3.Connection, agent: str, day: date) -> list[PlanCorrectionRow]:
    """The same as this person is told of them: without anybody else's plan."""
    return [_own(row.row(), agent) for row in of_day(connection, agent, day)]


def adjusting(connection: sqlite3.Connection, first: str, last: str) -> Iterator[tuple[str, date]]:
    """Whose days were planned otherwise after their month was locked, by corrections that count
    in these months, such as 2026-11."""
    for agent, day in connection.execute(_ADJUSTING, (first, last)):
        yield agent, date.fromisoformat(day)


def _own(row: PlanCorrectionRow, agent: str) -> PlanCorrectionRow:
    own: tuple[PlanInstead, ...] = tuple(each for each in row.days if each.agent == agent)
    return msgspec.structs.replace(row, days=own)


def _read(
    connection: sqlite3.Connection, query: str, **values: str | int
) -> Iterator[StoredCorrection]:
    for row in connection.execute(query, values):
        fields = dict(zip(_NAMES, row, strict=True))
        yield msgspec.convert(fields, StoredCorrection, strict=False)
