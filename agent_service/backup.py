"""Copies of the database: made while the service runs, and put back when it does not."""

import contextlib
import errno
import os
import sqlite3
import time
from datetime import datetime
from pathlib import Path

import msgspec

from agent_service import database, tables
from agent_service.ledger.append import Head
from agent_service.ledger.rebuild import Told
from agent_service.ledger.verify import verify
from agent_service.lock import Lock
from agent_service.publishing import drafted, new_file, replace, set_aside
from protocol.wire.errors import Code, Refused

_PAGES = 256
"""Copied at a time: 1 MiB."""
_PAUSE_S = 0.001
"""Between two of them, so that the disk is the writer's first."""
_ENDS = ("", "-wal", "-shm")
"""Of the names of the files that are one database."""


class Restored(msgspec.Struct, frozen=True):
    """What is in place, and where that is which was there before."""

    ledger: str
    head: Head
    kept: Path | None


def back_up(folder: Path, file: Path, told: Told) -> Head:
    """Copy the database as it is at this moment, check the copy, and only then give it its name.
    Returns the ledger's head in it. `told` counts pages. Raises `Refused`: `file_exists`,
    `file_refused`, or what `verify` finds."""
    path = database.find(folder)
    with new_file(file) as draft:
        with tables.reading(path) as source:
            _copy(source.connection, draft, told)
        return check(draft)[1]


def restore(folder: Path, file: Path, now: datetime, told: Told) -> Restored:
    """Put a copy in the place of the database, which is kept beside it under a dated name. A
    copy of an older version is brought up to this one. Raises `Refused`: `already_serving`,
    `file_refused`, or what `verify` finds, and nothing was changed."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    lock = Lock(folder)
    try:
        path = folder / database.FILE
        with drafted(path) as draft:
            _copy_back(file, draft, told)
            with contextlib.closing(database.open_writer(draft)) as opened:
                tables.upgrade(opened, file, told)
            ledger, head = check(draft)
            kept = _set_aside(path, now)
            replace(draft, path)
        return Restored(ledger, head, kept)
    finally:
        lock.release()


def check(file: Path) -> tuple[str, Head]:
    """The ledger and its head in a copy that is whole. Raises `Refused`."""
    with tables.reading(file) as (connection, ledger):
        return ledger, verify(connection, ledger, tables.empty_projections())


def _copy_back(file: Path, draft: Path, told: Told) -> None:
    if not file.is_file():
        detail = os.strerror(errno.EISDIR if file.is_dir() else errno.ENOENT)
        raise Refused(Code.FILE_REFUSED, file=str(file), detail=detail)
    try:
        with contextlib.closing(database.open_reader(file)) as source:
            source.execute("BEGIN")
            _copy(source, draft, told)
    except sqlite3.DatabaseError as error:
        raise Refused(Code.FILE_REFUSED, file=str(file), detail=str(error)) from error


def _copy(source: sqlite3.Connection, draft: Path, told: Told) -> None:
    """The source is inside a read transaction, so that what others write meanwhile neither waits
    for the copy nor makes it begin again. The copy is one file, without a log beside it."""

    def progress(_: int, remaining: int, pages: int) -> None:
        told(pages - remaining, pages)
        time.sleep(_PAUSE_S)

    source.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchone()  # from here on it reads
    with contextlib.closing(sqlite3.connect(draft, isolation_level=None)) as target:
        source.backup(target, pages=_PAGES, progress=progress)
        target.execute("PRAGMA journal_mode = DELETE")


def _set_aside(path: Path, now: datetime) -> Path | None:
    """Keep the database that is to be replaced, as it is: it is not even opened, since it may be
    broken. Its log goes along, and must not lie beside the new one."""
    kept = path.with_name(f"{path.stem}.replaced-{now:%Y%m%dT%H%M%SZ}{path.suffix}")
    files = {path.with_name(path.name + end): kept.with_name(kept.name + end) for end in _ENDS}
    there = {old: new for old, new in files.items() if old.exists()}
    set_aside(there)
    return there.get(path)
