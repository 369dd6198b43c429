"""The table `training_assignment`, read."""

import json
import sqlite3
from collections.abc import Collection, Iterable
from typing import NamedTuple

import msgspec

from agent_service.training.row import StoredAssignment
from agent_service.training.statistics import Assigned

_SELECT = f"SELECT {', '.join(StoredAssignment.__struct_fields__)} FROM training_assignment"  # noqa: S608 - names of ours
_OPEN = "done_ms IS NULL AND withdrawn = 0"
_AMONG = "IN (SELECT value FROM json_each(?))"
_NEVER_DUE = 1 << 62


class Filter(NamedTuple):
    """Which assignments; null: whichever."""

    agents: Collection[str] | None = None
    task: str = ""
    open_only: bool = False
    found_in: tuple[Collection[str], Collection[str]] | None = None
    """Tasks and people, one of which it has to be of."""
    first_ms: int | None = None
    """Assigned within [first, last)."""
    last_ms: int | None = None
    standing_only: bool = False
    """Without those that were withdrawn."""


def find(connection: sqlite3.Connection, assignment: str) -> StoredAssignment | None:
    """One of them."""
    query = f"{_SELECT} WHERE assignment = ?"
    return next(iter(_read(connection.execute(query, (assignment,)))), None)


def page(
    connection: sqlite3.Connection, wanted: Filter, count: int, skip: int
) -> list[StoredAssignment]:
    """So many after so many, the newest first."""
    where, values = _where(wanted)
    query = f"{_SELECT} WHERE {where} ORDER BY began DESC LIMIT ? OFFSET ?"
    return list(_read(connection.execute(query, (*values, count, skip))))


def all_of(connection: sqlite3.Connection, wanted: Filter) -> Iterable[StoredAssignment]:
    """All of them, in the order of assigning."""
    where, values = _where(wanted)
    return _read(connection.execute(f"{_SELECT} WHERE {where} ORDER BY began", values))


def count(connection: sqlite3.Connection, wanted: Filter) -> int:
    """How many there are."""
    where, values = _where(wanted)
    query = f"SELECT count(*) FROM training_assignment WHERE {where}"  # noqa: S608 - words of ours
    return int(connection.execute(query, values).fetchone()[0])


def open_of(connection: sqlite3.Connection, agent: str) -> list[StoredAssignment]:
    """What a person still has to do: the next due first, then in the order of assigning."""
    rows = _read(connection.execute(f"{_SELECT} WHERE agent = ? AND {_OPEN}", (agent,)))
    return sorted(
        rows, key=lambda row: (_NEVER_DUE if row.due_ms is None else row.due_ms, row.began)
    )


def completed(connection: sqlite3.Connection, task: str) -> dict[str, StoredAssignment]:
    """By person, what they completed last of a task."""
    query = f"{_SELECT} WHERE task = ? AND done_ms IS NOT NULL AND withdrawn = 0 ORDER BY began"
    return {row.agent: row for row in _read(connection.execute(query, (task,)))}


def holders(connection: sqlite3.Connection, task: str, open_only: bool = False) -> frozenset[str]:
    """Who has a task, or has done it; `open_only`: who still has to do it."""
    where = _OPEN if open_only else "withdrawn = 0"
    query = f"SELECT DISTINCT agent FROM training_assignment WHERE task = ? AND {where}"  # noqa: S608 - words of ours
    return frozenset(agent for (agent,) in connection.execute(query, (task,)))


def tallied(connection: sqlite3.Connection, wanted: Filter) -> dict[str, list[Assigned]]:
    """By task, what a statistic reads of its assignments."""
    where, values = _where(wanted)
    query = f"SELECT task, done_ms, trained_s FROM training_assignment WHERE {where}"  # noqa: S608 - words of ours
    found: dict[str, list[Assigned]] = {}
    for task, done_ms, trained_s in connection.execute(query, values):
        found.setdefault(task, []).append(Assigned(done_ms is not None, trained_s))
    return found


def _where(wanted: Filter) -> tuple[str, tuple[object, ...]]:
    """A condition of SQL with its values."""
    parts: list[tuple[str, tuple[object, ...]]] = [("1", ())]
    if wanted.agents is not None:
        parts.append((f"agent {_AMONG}", (_listed(wanted.agents),)))
    if wanted.task:
        parts.append(("task = ?", (wanted.task,)))
    if wanted.open_only:
        parts.append((_OPEN, ()))
    if wanted.found_in is not None:
        both = f"(task {_AMONG} OR agent {_AMONG})"
        parts.append((both, tuple(map(_listed, wanted.found_in))))
    if wanted.first_ms is not None:
        parts.append(("assigned_ms >= ?", (wanted.first_ms,)))
    if wanted.last_ms is not None:
        parts.append(("assigned_ms < ?", (wanted.last_ms,)))
    if wanted.standing_only:
        parts.append(("withdrawn = 0", ()))
    values = (value for _, some in parts for value in some)
    return " AND ".join(condition for condition, _ in parts), tuple(values)


def _listed(names: Iterable[str]) -> str:
    return json.dumps(sorted(names))


def _read(rows: Iterable[tuple[object, ...]]) -> Iterable[StoredAssignment]:
    names = StoredAssignment.__struct_fields__
    for row in rows:
        yield msgspec.convert(dict(zip(names, row, strict=True)), StoredAssignment, strict=False)
