"""Whether the ledger is what was once written, and the tables what the ledger makes of them."""

import sqlite3
from collections.abc import Iterable, Sequence

from agent_service.ledger import chain, replay
from agent_service.ledger.append import Head
from agent_service.ledger.chain import Entry
from agent_service.ledger.projection import Projection, folding
from agent_service.ledger.sessions import Sessions
from protocol.wire.errors import Code, Refused


def verify(connection: sqlite3.Connection, ledger: str, rebuilt: Sequence[Projection]) -> Head:
    """Check the chain and fold every entry into `rebuilt`, then compare each with its table.

    `rebuilt` are empty projections. The connection should be in one read transaction. Returns
    the ledger's head. Raises `Refused` with `ledger_broken` and the first position that does not
    fit, or `projection_differs` and the first row that does not.
    """
    projections = (Sessions(), *rebuilt)
    head = follow(replay.entries(connection), ledger, projections)
    for projection in projections:
        _compare(connection, projection)
    return head


def follow(entries: Iterable[Entry], ledger: str, projections: Sequence[Projection]) -> Head:
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
            fold(entry, replay.fact_of(entry))
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


def _compare(connection: sqlite3.Connection, rebuilt: Projection) -> None:
    wanted = dict(rebuilt.rows())
    for key, stored in rebuilt.stored(connection):
        row = wanted.pop(key, None)
        if row is None:
            raise differs(rebuilt.table, key, "unexpected")
        if row != stored:
            pairs = zip(rebuilt.columns, stored, row, strict=True)
            columns = ", ".join(name for name, one, two in pairs if one != two)
            raise differs(rebuilt.table, key, columns)
    for key in wanted:
        raise differs(rebuilt.table, key, "missing")


def differs(table: str, key: str, detail: str) -> Refused:
    """The refusal that names a row. `detail` names columns and not what stands in them, which
    may be a customer's number."""
    return Refused(Code.PROJECTION_DIFFERS, table=table, key=key, detail=detail)
