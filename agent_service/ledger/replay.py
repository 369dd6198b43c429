"""Reading the ledger from its beginning."""

import sqlite3
from collections.abc import Iterator

from agent_service.ledger.chain import Entry
from protocol.facts.record import AnyFact, MalformedFact, read_fact

_PAGE = 1000


def ledger_id(connection: sqlite3.Connection) -> str | None:
    """The ledger's identity, or None before `init`."""
    row = connection.execute("SELECT id FROM ledger").fetchone()
    return None if row is None else str(row[0])


def entries(connection: sqlite3.Connection) -> Iterator[Entry]:
    """All entries in order, a page at a time."""
    cursor = connection.execute(
        "SELECT position, session, seq, agent, kind, occurred_ms, wall_ms, mono_ms, received_ms,"
        " salt, payload, hash FROM entry ORDER BY position"
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
