"""The tables of attendance, read: what was said last, as of an entry of the ledger."""

import sqlite3
from collections.abc import Iterable
from datetime import date
from typing import TypeVar

import msgspec

from agent_service.attendance.row import Evidence, Signature, Substitute

R = TypeVar("R", bound=msgspec.Struct)


def evidence_between(
    connection: sqlite3.Connection, first: date, last: date, upto: int
) -> dict[tuple[str, date], dict[str, Evidence]]:
    """The last evidence by person and day, of each of their shifts by whose it was."""
    found: dict[tuple[str, date], dict[str, Evidence]] = {}
    for row in _between(connection, "presence_evidence", Evidence, first, last, upto):
        key = row.agent, date.fromisoformat(row.day)
        found.setdefault(key, {})[row.for_agent] = row
    return found


def substitutes_between(
    connection: sqlite3.Connection, first: date, last: date, upto: int
) -> dict[tuple[str, date], Substitute]:
    """Whose shift was somebody else's, by person and day."""
    rows = _between(connection, "substitute", Substitute, first, last, upto)
    last_told = {(row.agent, date.fromisoformat(row.day)): row for row in rows}
    return {key: row for key, row in last_told.items() if row.substitute}


def last_named(connection: sqlite3.Connection, first: date, last: date) -> int:
    """The ledger's entry that said last who stands in on these dates; 0 before any."""
    query = "SELECT max(position) FROM substitute WHERE day BETWEEN ? AND ?"
    (position,) = connection.execute(query, (first.isoformat(), last.isoformat())).fetchone()
    return position or 0


def named_for(connection: sqlite3.Connection, agent: str, day: date) -> set[str]:
    """Everybody who was ever named as the substitute for somebody's shift."""
    query = "SELECT substitute FROM substitute WHERE agent = ? AND day = ? AND substitute <> ''"
    return {each for (each,) in connection.execute(query, (agent, day.isoformat()))}


def ever_named(
    connection: sqlite3.Connection, first: date, last: date
) -> list[tuple[str, date, str]]:
    """Whose shift, of which day, and whoever was ever named as the substitute for it."""
    query = (
        "SELECT DISTINCT agent, day, substitute FROM substitute"
        " WHERE day BETWEEN ? AND ? AND substitute <> '' ORDER BY day, agent, substitute"
    )
    rows = connection.execute(query, (first.isoformat(), last.isoformat()))
    return [(agent, date.fromisoformat(day), substitute) for agent, day, substitute in rows]


def signatures_of(connection: sqlite3.Connection, month: str) -> dict[str, Signature]:
    """The last signature of each team."""
    names = ", ".join(Signature.__struct_fields__)
    query = f"SELECT {names} FROM signed_month WHERE month = ? ORDER BY position"  # noqa: S608 - names of ours
    rows = _read(Signature, connection.execute(query, (month,)))
    return {row.team: row for row in rows}


def _between(
    connection: sqlite3.Connection, table: str, kind: type[R], first: date, last: date, upto: int
) -> Iterable[R]:
    names = ", ".join(kind.__struct_fields__)
    query = (
        f"SELECT {names} FROM {table} WHERE day BETWEEN ? AND ? AND position <= ?"  # noqa: S608 - names of ours
        " ORDER BY position"
    )
    return _read(kind, connection.execute(query, (first.isoformat(), last.isoformat(), upto)))


def _read(kind: type[R], rows: Iterable[tuple[object, ...]]) -> Iterable[R]:
    for row in rows:
        yield msgspec.convert(dict(zip(kind.__struct_fields__, row, strict=True)), kind)
