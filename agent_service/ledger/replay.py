"""Reading the ledger from its beginning."""

import sqlite3
from collections.abc import Iterator

from agent_service.ledger.chain import Entry
from protocol.facts.record import AnyFact, MalformedFact, read_fact

_PAGE = 1000
_BEFORE_ALL = -(1 << 62)
"""Before 1, since an entry that was tampered with may stand there."""


def ledger_id(connection: sqlite3.Connection) -> str | None:
    """The ledger's identity, or None before `init`."""
    row = connection.execute("SELECT id FROM ledger").fetchone()
    return None if row is None else str(row[0])


def last_position(connection: sqlite3.Connection) -> int:
    """The position of the last entry; 0 without any."""
    (position,) = connection.execute("SELECT MAX(position) FROM entry").fetchone()
    return 0 if position is None else int(position)


def entries(connection: sqlite3.Connection, after: int = _BEFORE_ALL) -> Iterator[Entry]:
    """All entries in order, or those after a position, a page at a time."""
    cursor = connection.execute(
        "SELECT position, session, seq, agent, kind, occurred_ms, wall_ms, mono_ms, received_ms,"
        " salt, payload, hash FROM entry WHERE position > ? ORDER BY position",
        (after,),
    )
    while page := cursor.fetchmany(_PAGE):
        for row in page:
            yield Entry(*row)


def fact_of(entry: Entry) -> AnyFact | None:
    """The fact of an entry; None for a kind that this version does not know, or for one that it
    reads more strictly than the version that accepted it."""
    try:
        return read_fact(entry.payload)
    except MalformedFact:
        return None


def position_at(connection: sqlite3.Connection, ms: int) -> int:
    """The first entry that was received at an instant (ms) or later; one after the last if none
    was. By halving, since entries lie in the order of receipt."""
    low, high = 1, last_position(connection) + 1
    query = "SELECT received_ms FROM entry WHERE position = ?"
    while low < high:
        middle = (low + high) // 2
        row = connection.execute(query, (middle,)).fetchone()
        if row is None or row[0] >= ms:
            high = middle
        else:
            low = middle + 1
    return low
