"""Making every projection anew from the ledger."""

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence

from agent_service.ledger import replay
from agent_service.ledger.append import Head
from agent_service.ledger.chain import Entry
from agent_service.ledger.projection import Projection
from agent_service.ledger.sessions import Sessions
from agent_service.ledger.slices import in_slices
from agent_service.ledger.verify import follow

Told = Callable[[int, int], None]
"""Called now and then with how many entries are done, and of how many."""
_TELL_EVERY = 10_000


def rebuild(
    connection: sqlite3.Connection, ledger: str, empty: Sequence[Projection], told: Told
) -> Head:
    """Empty the tables and fold the whole ledger into `empty` projections. The transaction is
    the caller's, and to be rolled back on a failure: tables are made of a ledger that is whole, or
    left as they are. Returns the head. Raises `Refused` with `ledger_broken`."""
    last = replay.last_position(connection)
    entries = _counted(replay.entries(connection), last, told)
    return refold(connection, entries, ledger, empty)


def refold(
    connection: sqlite3.Connection,
    entries: Iterable[Entry],
    ledger: str,
    empty: Sequence[Projection],
) -> Head:
    """The same, of entries that come from elsewhere."""
    projections = (Sessions(), *empty)
    for projection in projections:
        connection.execute(f"DELETE FROM {projection.table}")  # noqa: S608 - a name of ours
    return follow(in_slices(connection, entries, projections), ledger, projections)


def _counted(entries: Iterator[Entry], last: int, told: Told) -> Iterator[Entry]:
    for entry in entries:
        if entry.position % _TELL_EVERY == 0:
            told(entry.position, last)
        yield entry
