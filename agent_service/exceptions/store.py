"""The table `day_exception`, read."""

import sqlite3
from collections.abc import Collection, Iterable
from datetime import date
from typing import NamedTuple

import msgspec

from agent_service.exceptions.row import StoredException

_NAMES = StoredException.__struct_fields__
_COLUMNS = ", ".join(_NAMES)
_SELECT = f"SELECT {_COLUMNS} FROM day_exception"  # noqa: S608 - names of ours
_IN_SPAN = "WHERE day BETWEEN :first AND :last"
_OF_AGENTS = " AND agent IN (SELECT value FROM json_each(:agents))"
_OPEN = "standing IN ('pending', 'second')"
_AFTER_THE_LOCK = """
    standing IN ('approved', 'rejected') AND decided_ms >= ? AND decided_ms < ?
    AND position > (SELECT position FROM locked_month WHERE month = substr(day, 1, 7))
"""
_SHARES = """
    SELECT each.value, sum(standing = 'approved'), sum(standing = 'rejected'),
        sum(CASE standing WHEN 'approved' THEN end_ms - start_ms ELSE 0 END) / 1000
    FROM day_exception, json_each(deciders) AS each {where}
    AND (standing = 'approved'
        OR (standing = 'rejected' AND each.key = json_array_length(deciders) - 1))
    GROUP BY each.value ORDER BY each.value
"""
EVER = 1 << 62


class Wanted(NamedTuple):
    """Which exceptions are asked for."""

    first_day: date
    last_day: date
    agents: Collection[str] | None = None
    """Null: everybody's."""

    @property
    def where(self) -> str:
        """The condition."""
        return _IN_SPAN if self.agents is None else _IN_SPAN + _OF_AGENTS

    def values(self) -> dict[str, str]:
        """What the condition names."""
        return {
            "first": self.first_day.isoformat(),
            "last": self.last_day.isoformat(),
            "agents": _json(self.agents or ()),
        }


class Counted(NamedTuple):
    """What one person has decided."""

    lead: str
    approved: int
    rejected: int
    approved_s: int


def of_days(
    connection: sqlite3.Connection,
    first_day: date,
    last_day: date,
    agents: Collection[str] | None = None,
    position: int = EVER,
) -> dict[tuple[str, date], list[StoredException]]:
    """The exceptions of business dates by person and date, in the order in which they were
    proposed: of these people, or of all; as of the ledger's entry `position`."""
    wanted = Wanted(first_day, last_day, agents)
    rows = connection.execute(f"{_SELECT} {wanted.where} ORDER BY proposed", wanted.values())
    found: dict[tuple[str, date], list[StoredException]] = {}
    for row in _read(rows):
        then = row.as_of(position)
        if then is not None:
            found.setdefault((row.agent, date.fromisoformat(row.day)), []).append(then)
    return found


def of_day(connection: sqlite3.Connection, agent: str, day: date) -> list[StoredException]:
    """The exceptions of one person's business date, in the order in which they were proposed."""
    return of_days(connection, day, day, (agent,)).get((agent, day), [])


def decided_late(
    connection: sqlite3.Connection, from_ms: int, until_ms: int
) -> list[StoredException]:
    """Those that were decided in [from_ms, until_ms), after the month of their day was locked, in
    the order of that."""
    query = f"{_SELECT} WHERE {_AFTER_THE_LOCK} ORDER BY position"
    return list(_read(connection.execute(query, (from_ms, until_ms))))


def find(connection: sqlite3.Connection, exceptions: Iterable[str]) -> dict[str, StoredException]:
    """Those of the exceptions that there are, by identity."""
    query = f"{_SELECT} WHERE exception IN (SELECT value FROM json_each(?))"  # noqa: S608 - names of ours
    rows = connection.execute(query, (_json(exceptions),))
    return {row.exception: row for row in _read(rows)}


def open_ones(connection: sqlite3.Connection) -> list[StoredException]:
    """All that wait for a decision."""
    return list(_read(connection.execute(f"{_SELECT} WHERE {_OPEN}")))


def open_between(connection: sqlite3.Connection, first: date, last: date) -> list[StoredException]:
    """Those about business dates of a span that wait for a decision, the oldest day first."""
    query = f"{_SELECT} {_IN_SPAN} AND {_OPEN} ORDER BY day, agent, proposed"
    return list(_read(connection.execute(query, Wanted(first, last).values())))


def newest(
    connection: sqlite3.Connection, wanted: Wanted, open_only: bool, most: int
) -> tuple[list[StoredException], int]:
    """The first `most` of those that are wanted, newest days first, and how many there are."""
    where = f"{wanted.where} AND {_OPEN}" if open_only else wanted.where
    values = wanted.values()
    (count,) = connection.execute(f"SELECT count(*) FROM day_exception {where}", values).fetchone()  # noqa: S608 - names of ours
    rows = connection.execute(
        f"{_SELECT} {where} ORDER BY day DESC, proposed DESC LIMIT :most", {**values, "most": most}
    )
    return list(_read(rows)), int(count)


def shares(connection: sqlite3.Connection, wanted: Wanted) -> list[Counted]:
    """What each has decided of those that are wanted. An approval counts for both who gave it,
    a rejection for the one who did."""
    return [
        Counted(*row)
        for row in connection.execute(_SHARES.format(where=wanted.where), wanted.values())
    ]


def _json(texts: Iterable[str]) -> str:
    return msgspec.json.encode(list(texts)).decode()


def _read(rows: Iterable[tuple[object, ...]]) -> Iterable[StoredException]:
    for row in rows:
        yield msgspec.convert(dict(zip(_NAMES, row, strict=True)), StoredException, strict=False)
