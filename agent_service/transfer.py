"""A ledger moved as a file of lines: out of one database, into another."""

import contextlib
import itertools
import sqlite3
from collections.abc import Iterable, Iterator
from pathlib import Path

import msgspec
import sqlite_utils

from agent_service import database, tables
from agent_service.ledger import lines, replay
from agent_service.ledger.append import Head
from agent_service.ledger.chain import Entry
from agent_service.ledger.lines import Lines
from agent_service.ledger.rebuild import Told, refold
from agent_service.lock import Lock
from agent_service.rows import RowWriter
from protocol.wire.errors import Code, Refused

_ROWS = 1024
_TELL_EVERY = 10_000


class Imported(msgspec.Struct, frozen=True):
    """What the database holds after it."""

    ledger: str
    head: Head


def export_facts(folder: Path) -> Iterator[bytes]:
    """The lines of the ledger as it is at this moment, also while the service writes. Raises
    `Refused` with `ledger_broken` at the first entry that does not fit."""
    with tables.reading(database.find(folder)) as (connection, ledger):
        yield from lines.write(connection, ledger)


def import_facts(folder: Path, given: Iterable[bytes], name: str, told: Told) -> Imported:
    """Make these lines the ledger of a folder that holds no facts yet, under the identity that
    it had: a new folder, or one where `init` made an empty ledger. All lines or none.

    Raises `Refused`: `already_serving`, `ledger_not_empty`, or `bad_line` with the file's name,
    the line and its fault.
    """
    read = Lines(given, name)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    lock = Lock(folder)
    try:
        with _database(folder) as opened, opened.atomic():
            _take_identity(opened.conn, folder, read)
            return Imported(read.heading.ledger, _fill(opened.conn, read, told))
    finally:
        lock.release()


@contextlib.contextmanager
def _database(folder: Path) -> Iterator[sqlite_utils.Database]:
    """The folder's own, or a new one that is gone again if the block fails."""
    new = not (folder / database.FILE).exists()
    path = database.create(folder)
    try:
        with contextlib.closing(database.open_writer(path)) as opened:
            database.migrate(opened, tables.SCHEMAS, folder)
            yield opened
    except BaseException:
        if new:
            path.unlink()
        raise


def _take_identity(connection: sqlite3.Connection, folder: Path, read: Lines) -> None:
    entries = replay.last_position(connection)
    if entries:
        raise Refused(Code.LEDGER_NOT_EMPTY, data=str(folder), entries=entries)
    connection.execute("DELETE FROM ledger")
    connection.execute(
        "INSERT INTO ledger (id, created_ms) VALUES (?, ?)",
        (read.heading.ledger, read.heading.created_ms),
    )


def _fill(connection: sqlite3.Connection, read: Lines, told: Told) -> Head:
    entries = _stored(connection, _counted(read, told))
    try:
        head = refold(connection, entries, read.heading.ledger, tables.empty_projections())
    except Refused as refused:
        if refused.code == Code.LEDGER_BROKEN:
            line = int(refused.params["position"]) + 1  # the heading is the first
            raise read.bad(str(refused.params["detail"]), line) from refused
        raise
    read.check_end(head)
    return head


def _counted(read: Lines, told: Told) -> Iterator[Entry]:
    for entry in read.entries():
        if entry.position % _TELL_EVERY == 0:
            told(entry.position, read.heading.entries)
        yield entry


def _stored(connection: sqlite3.Connection, entries: Iterator[Entry]) -> Iterator[Entry]:
    """The entries one by one, each stored once who asked for it has taken it."""
    writer = RowWriter("entry", Entry.__struct_fields__)
    while page := list(itertools.islice(entries, _ROWS)):
        yield from page
        writer.write(connection, [msgspec.structs.astuple(entry) for entry in page])
