"""Whether the ledger is what was once written, and the tables what the ledger makes of them."""

import sqlite3
from collections.abc import Callable, Iterable, Sequence
from itertools import zip_longest

from agent_service.ledger import chain, replay
from agent_service.ledger.append import Head
from agent_service.ledger.chain import Entry
from agent_service.ledger.projection import Projection, folding
from agent_service.ledger.sessions import Sessions
from agent_service.ledger.slices import empty_copies, in_slices
from protocol.wire.errors import Code, Refused

Unread = Callable[[Entry], None]
"""Told of each entry that this version can't read."""


def verify(
    connection: sqlite3.Connection,
    ledger: str,
    rebuilt: Sequence[Projection],
    unread: Unread = lambda entry: None,
) -> Head:
    """Check the chain and fold every entry into `rebuilt`, then compare each with its table.

    `rebuilt` are empty projections. The connection should be in one read transaction. Returns
    the ledger's head. Raises `Refused` with `ledger_broken` and the first position that does not
    fit, or `projection_differs` and the first row that does not.
    """
    projections = (Sessions(), *rebuilt)
    with empty_copies(connection, [each.table for each in projections]) as copy:
        entries = in_slices(copy, replay.entries(connection), projections)
        head = follow(entries, ledger, projections, unread)
        for projection in projections:
            _compare(connection, copy, projection)
    return head


def follow(
    entries: Iterable[Entry],
    ledger: str,
    projections: Sequence[Projection],
    unread: Unread = lambda entry: None,
) -> Head:
    """Check that the entries are a ledger's chain from its beginning, and fold each. Returns the
    head. Raises `Refused` with `ledger_broken` and the first position that does not fit."""
    head = Head(0, chain.genesis(ledger))
    marks: dict[str, int] = {}
    fold = folding(projections)
    try:
        for entry in entries:
            check_link(head, entry)
            if entry.seq != marks.get(entry.session, 0) + 1:
                raise broken(entry.position, "seq")
            marks[entry.session] = entry.seq
            head = Head(entry.position, entry.hash)
            fact = replay.fact_of(entry)
            if fact is None:
                unread(entry)
            fold(entry, fact)
    except sqlite3.DatabaseError as error:
        raise broken(head.position + 1, str(error)) from error
    return head


def check_link(head: Head, entry: Entry) -> None:
    """Whether the entry is the next after `head`. Raises `Refused` with `ledger_broken`."""
    if entry.position != head.position + 1:
        raise broken(head.position + 1, "missing")
    if chain.link(head.hash, entry) != entry.hash:
        raise broken(entry.position, "hash")


def broken(position: int, detail: str) -> Refused:
    """The refusal that names an entry, and what of it does not fit."""
    return Refused(Code.LEDGER_BROKEN, position=position, detail=detail)


def _compare(
    connection: sqlite3.Connection, copy: sqlite3.Connection, projection: Projection
) -> None:
    """Raises `Refused` where the table is another than its copy. Sorted by all that a row holds,
    equal tables are equal row by row, whatever their length."""
    columns = ", ".join(projection.columns)
    query = f"SELECT {columns} FROM {projection.table} ORDER BY {columns}"  # noqa: S608 - names of ours
    rows = zip_longest(connection.execute(query), copy.execute(query))
    if any(stored != wanted for stored, wanted in rows):
        raise _difference(connection, copy, projection)


def _difference(
    connection: sqlite3.Connection, copy: sqlite3.Connection, projection: Projection
) -> Refused:
    """The first row that is another, by its key."""
    wanted = dict(projection.stored(copy))
    for key, stored in projection.stored(connection):
        row = wanted.pop(key, None)
        if row is None:
            return differs(projection.table, key, "unexpected")
        if row != stored:
            pairs = zip(projection.columns, stored, row, strict=True)
            names = ", ".join(name for name, one, two in pairs if one != two)
            return differs(projection.table, key, names)
    return differs(projection.table, next(iter(wanted)), "missing")


def differs(table: str, key: str, detail: str) -> Refused:
    """The refusal that names a row. `detail` names columns and not what stands in them, which
    may be a customer's number."""
    return Refused(Code.PROJECTION_DIFFERS, table=table, key=key, detail=detail)
