"""A look at the ledger's end before it is written on: quick, whatever its length.

It finds what an accident leaves behind: a file that was copied while it was written to, or one
put together from two. `verify` finds everything.
"""

import sqlite3
from collections.abc import Sequence

from agent_service.ledger import chain, replay
from agent_service.ledger.append import Head
from agent_service.ledger.projection import Projection
from agent_service.ledger.verify import broken, check_link, differs

TAIL = 1000
"""Entries that are looked at."""


def check_tail(
    connection: sqlite3.Connection, ledger: str, projections: Sequence[Projection]
) -> Head:
    """The head, if the last entries are a chain, the sessions are as far as it, and no table is
    ahead of it. `projections` are such as have a `position` in few rows. The connection should be
    in one read transaction. Raises `Refused` with `ledger_broken` or `projection_differs`."""
    last = replay.last_position(connection)
    head = head_of(connection, ledger, max(0, last - TAIL))
    marks: dict[str, int] = {}
    for entry in replay.entries(connection, after=head.position):
        check_link(head, entry)
        marks[entry.session] = entry.seq
        head = Head(entry.position, entry.hash)
    _check_sessions(connection, marks, last)
    for projection in projections:
        _check_not_ahead(connection, projection.table, "position", last)
    return head


def head_of(connection: sqlite3.Connection, ledger: str, position: int) -> Head:
    """The ledger's head when it ended at a position; 0 before its first entry. Raises `Refused`
    with `ledger_broken`."""
    if position == 0:
        return Head(0, chain.genesis(ledger))
    row = connection.execute("SELECT hash FROM entry WHERE position = ?", (position,)).fetchone()
    if row is None:
        raise broken(position, "missing")
    return Head(position, row[0])


def _check_sessions(connection: sqlite3.Connection, marks: dict[str, int], last: int) -> None:
    for session, mark in marks.items():
        row = connection.execute(
            "SELECT mark FROM session WHERE session = ?", (session,)
        ).fetchone()
        if row is None:
            raise differs("session", session, "missing")
        if row[0] != mark:
            raise differs("session", session, "mark")
    _check_not_ahead(connection, "session", "began", last)


def _check_not_ahead(connection: sqlite3.Connection, table: str, column: str, last: int) -> None:
    (position,) = connection.execute(f"SELECT MAX({column}) FROM {table}").fetchone()  # noqa: S608 - names of ours
    if position is not None and position > last:
        raise differs(table, str(position), column)
