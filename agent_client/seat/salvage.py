"""Opening the records where they may be damaged, or gone.

A database that SQLite finds damaged is set aside, never changed and never deleted. What can be read
of it goes on in a new one, each session up to its first fact that can't; the rest is noted to be
declared as lost. An interruption at any moment is made good by the next start.
"""

import logging
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from itertools import takewhile
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from agent_client.seat.outbox import Outbox
from agent_client.seat.outbox_schema import open_database
from agent_client.seat.place import SeatPlace, sync_folder
from protocol.facts.record import MalformedFact, read_fact
from protocol.facts.session import FactsLost
from protocol.wire.errors import Code, Refused

_log = logging.getLogger(__name__)

WHATEVER = FactsLost("", 1, None)
"""Facts of sessions that nobody can name."""


class Opened(NamedTuple):
    """The records, and what had to be set aside for them."""

    outbox: Outbox
    damaged: Path | None = None


def open_records(place: SeatPlace) -> Opened:
    """Open the seat's records. Raises `Refused(DISK_FAILED)`."""
    file = place.outbox
    try:
        damaged = _mend(file)
        gone = damaged is None and place.anchor.exists() and not file.exists()
    except (OSError, sqlite3.Error) as failed:
        raise Refused(Code.DISK_FAILED, detail=str(failed)) from failed
    outbox = Outbox(file)
    if gone:
        _log.error("the records of this seat are gone")
        outbox.lose(WHATEVER)
    return Opened(outbox, damaged)


def _mend(file: Path) -> Path | None:
    """Put a new database in the place of a damaged one, which it returns."""
    salvaged = file.with_suffix(".salvaged")
    aside = _free_name(file)
    if not file.exists() and salvaged.exists():
        aside = _name(file, _newest(file))
    elif _is_damaged(file):
        _log.error("the records are damaged; they are set aside as %s", aside.name)
        for each in (salvaged, _beside(salvaged, "-wal"), _beside(salvaged, "-shm")):
            each.unlink(missing_ok=True)
        _salvage(file, salvaged)
        file.rename(aside)
    else:
        return None
    for suffix in ("-wal", "-shm"):
        if _beside(file, suffix).exists():
            _beside(file, suffix).rename(_beside(aside, suffix))
    salvaged.rename(file)
    sync_folder(file.parent)
    return aside


def _is_damaged(file: Path) -> bool:
    """What can't even be opened or read is for the system to mend."""
    if not file.is_file():
        return False
    try:
        with closing(_open(file)) as db:
            return bool(db.execute("PRAGMA quick_check(1)").fetchone() != ("ok",))
    except sqlite3.OperationalError:
        return False
    except sqlite3.DatabaseError:
        return True


def _open(file: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True)


def _salvage(damaged: Path, salvaged: Path) -> None:
    """Copy what can be read."""
    with closing(open_database(salvaged)) as db, closing(_open(damaged)) as old, db.atomic():
        sessions, whole = _read(
            old, "SELECT number, id, acked, alive_ms, begun_wall_ms FROM session ORDER BY number"
        )
        lost = [] if whole else [WHATEVER]
        for session in sessions:
            lost += _copy(old, db.conn, session)
        _put(db.conn, "loss", [(*msgspec.structs.astuple(each), 0) for each in lost])
        for table in ("loss", "forgotten", "witness"):
            _put(db.conn, table, _read(old, f"SELECT * FROM {table}")[0])  # noqa: S608 - a table of ours


def _copy(
    old: sqlite3.Connection, new: sqlite3.Connection, session: Sequence[Any]
) -> list[FactsLost]:
    """Copy a session up to its first fact that can't be read. Returns what is lost of it: nothing
    that the service has acknowledged."""
    number, id_, acked, *_ = session
    facts, _ = _read(old, "SELECT * FROM fact WHERE session = ? ORDER BY seq", number)
    good = [fact for _, fact in takewhile(_follows, enumerate(facts, 1))]
    new.execute(
        "INSERT INTO session (number, id, acked, alive_ms, begun_wall_ms) VALUES (?, ?, ?, ?, ?)",
        session,
    )
    _put(new, "fact", good)
    last, known = _read(old, "SELECT max(seq) FROM fact WHERE session = ?", number)
    to_seq = (last[0][0] or 0) if known else None
    from_seq = max(acked, len(good)) + 1
    if to_seq is not None and to_seq < from_seq:
        return []
    since_ms = next((fact[2] for fact in reversed(good) if fact[2] is not None), None)
    return [FactsLost(id_, from_seq, to_seq, since_ms)]


def _follows(numbered: tuple[int, Sequence[Any]]) -> bool:
    """Whether it is the next fact of its session, and can be read."""
    expected, (_, seq, *_, body) = numbered
    return seq == expected and _readable(body)


def _put(db: sqlite3.Connection, table: str, rows: Sequence[Sequence[Any]]) -> None:
    """Add rows, each with all its columns; one that is there already stays as it is."""
    for row in rows:
        marks = ", ".join("?" * len(row))
        db.execute(f"INSERT OR IGNORE INTO {table} VALUES ({marks})", row)  # noqa: S608 - a table of ours


def _read(db: sqlite3.Connection, query: str, *values: int) -> tuple[list[tuple[Any, ...]], bool]:
    """The rows that can be read, and whether they are all."""
    rows: list[tuple[Any, ...]] = []
    try:
        rows.extend(db.execute(query, values))
    except sqlite3.Error as damaged:
        _log.warning("not all of it can be read: %s", damaged)
        return rows, False
    return rows, True


def _readable(body: object) -> bool:
    try:
        read_fact(body if isinstance(body, bytes) else b"")
    except MalformedFact:
        return False
    return True


def _beside(file: Path, suffix: str) -> Path:
    return file.with_name(file.name + suffix)


def _name(file: Path, number: int) -> Path:
    return file.with_name(f"{file.stem}.damaged-{number}{file.suffix}")


def _newest(file: Path) -> int:
    """The number of the database that was set aside last; 0 without one."""
    number = 0
    while _name(file, number + 1).exists():
        number += 1
    return number


def _free_name(file: Path) -> Path:
    return _name(file, _newest(file) + 1)
