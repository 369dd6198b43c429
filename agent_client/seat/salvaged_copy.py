"""What can be read of damaged records, as a new database.

Each session goes on up to its first fact that can't be read or sent; the rest is noted to be
declared as lost. Nothing that was read is believed before it is seen to fit.
"""

import logging
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from itertools import pairwise, takewhile
from pathlib import Path
from typing import Any

import msgspec
from sqlite_utils import Database

from agent_client.seat.outbox_schema import new_database
from protocol.facts.base import UNREADABLE
from protocol.facts.record import MalformedFact, Record, read_fact
from protocol.facts.session import FactsLost
from protocol.wire.errors import Refused

_log = logging.getLogger(__name__)

WHATEVER = FactsLost("", 1, None)
"""Facts of sessions that nobody can name."""

_DISK = frozenset(
    {
        sqlite3.SQLITE_BUSY,
        sqlite3.SQLITE_CANTOPEN,
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_LOCKED,
        sqlite3.SQLITE_NOMEM,
        sqlite3.SQLITE_PERM,
    }
)
"""What SQLite says when not the records are at fault."""

_GAP = """
    SELECT 1 FROM fact GROUP BY session
    HAVING min(seq) != 1 OR max(seq) != count(*) OR session NOT IN (SELECT number FROM session)
"""
_UNSENT = """
    SELECT seq, occurred_ms, wall_ms, mono_ms, body
    FROM session JOIN fact ON session = number WHERE seq > acked
"""
_record = msgspec.json.Decoder(Record)

Row = tuple[Any, ...]


def is_damage(failed: Exception) -> bool:
    """Whether the records are at fault, and not a disk that may take or give them later."""
    cause = failed.__cause__ if isinstance(failed, Refused) else failed
    if isinstance(cause, (OSError, MemoryError)):
        return False
    return getattr(cause, "sqlite_errorcode", 0) & 0xFF not in _DISK


def open_to_read(file: Path) -> sqlite3.Connection:
    """Open a database so that nothing changes it."""
    return sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True)


def can_all_be_sent(db: sqlite3.Connection) -> bool:
    """Whether facts are numbered without a gap, and the service could read those it has yet to
    get. SQLite has no eye for either."""
    if db.execute("SELECT 1 FROM sqlite_master WHERE name = 'fact'").fetchone() is None:
        return True
    return db.execute(_GAP).fetchone() is None and all(map(_can_be_sent, db.execute(_UNSENT)))


def nothing_left() -> bytes:
    """A database for records that are gone: it has their loss to declare."""
    with closing(new_database()) as new:
        _note(new, [WHATEVER])
        return new.conn.serialize()


def copy_of(damaged: Path) -> bytes:
    """A database with what can be read of a damaged one.

    Raises `OSError` or `sqlite3.Error` when the disk can't be read; damage raises nothing.
    """
    try:
        with closing(new_database()) as new, closing(open_to_read(damaged)) as old:
            with new.atomic():
                lost = _copy_sessions(old, new)
                lost += [WHATEVER] if not _copy_rest(old, new) else []
                _note(new, lost)
            return new.conn.serialize()
    except Exception as failed:
        if not is_damage(failed):
            raise
        _log.exception("nothing of the records can be read")
        return nothing_left()


def _copy_sessions(old: sqlite3.Connection, new: Database) -> list[FactsLost]:
    """Copy all sessions. Returns what is lost."""
    sessions, sure = _sessions(old)
    lost = [] if sure else [WHATEVER]
    for session in sessions:
        lost += _copy_session(old, new, session)
    groups, whole = _read(old, "SELECT session FROM fact GROUP BY session")
    strays = len(groups) > len(set(groups) & {(number,) for number, *_ in sessions})
    if strays or (whole and not _is_intact(old)):
        lost.append(WHATEVER)
    return lost


def _is_intact(old: sqlite3.Connection) -> bool:
    """Whether what reads well is all: damage can also leave facts out, and say nothing."""
    return _read(old, "PRAGMA quick_check") == ([("ok",)], True)


def _sessions(old: sqlite3.Connection) -> tuple[list[Row], bool]:
    """The sessions that the table and its index give the same name, and whether they are all:
    facts must not go on under the name of another session."""
    rows, whole = _read(
        old,
        "SELECT number, id, acked, alive_ms, begun_wall_ms FROM session NOT INDEXED"
        " ORDER BY number",
    )
    named, indexed = _read(
        old, "SELECT number, id FROM session INDEXED BY sqlite_autoindex_session_1"
    )
    if not indexed:
        return rows, whole
    sure = [row for row in rows if row[:2] in named]
    return sure, whole and len(sure) == len(rows) == len(named)


def _copy_session(old: sqlite3.Connection, new: Database, session: Row) -> list[FactsLost]:
    try:
        with new.atomic():
            return _copy_facts(old, new.conn, session)
    except Exception as failed:
        if not is_damage(failed):
            raise
        _log.exception("a session can't be read")
        return [WHATEVER]


def _copy_facts(old: sqlite3.Connection, new: sqlite3.Connection, session: Row) -> list[FactsLost]:
    """Copy a session up to its first fact that can't be read. Returns what is lost of it: nothing
    that the service has acknowledged."""
    number, id_, acked, *_ = session
    new.execute(
        "INSERT INTO session (number, id, acked, alive_ms, begun_wall_ms) VALUES (?, ?, ?, ?, ?)",
        session,
    )
    facts, _ = _read(
        old,
        "SELECT seq, occurred_ms, wall_ms, mono_ms, body FROM fact WHERE session = ? ORDER BY seq",
        number,
    )
    good = [fact for _, fact in takewhile(_follows, enumerate(facts, 1))]
    new.executemany("INSERT INTO fact VALUES (?, ?, ?, ?, ?, ?)", [(number, *f) for f in good])
    last, known = _read(old, "SELECT max(seq) FROM fact WHERE session = ?", number)
    in_order = all(fact[0] < following[0] for fact, following in pairwise(facts))
    to_seq = (last[0][0] or 0) if known and in_order else None
    from_seq = max(acked, len(good)) + 1
    if to_seq is not None and to_seq < from_seq:
        return []
    since_ms = next((fact[1] for fact in reversed(good) if fact[1] is not None), None)
    return [FactsLost(id_, from_seq, to_seq, since_ms)]


def _follows(numbered: tuple[int, Row]) -> bool:
    """Whether it is the next fact of its session, and can be sent."""
    expected, fact = numbered
    return fact[0] == expected and _can_be_sent(fact)


def _can_be_sent(fact: Row) -> bool:
    """Whether the service could read it."""
    seq, occurred_ms, wall_ms, mono_ms, body = fact
    if not isinstance(body, bytes):
        return False
    record = Record(
        seq=seq, occurred_ms=occurred_ms, wall_ms=wall_ms, mono_ms=mono_ms, body=msgspec.Raw(body)
    )
    try:
        _record.decode(msgspec.json.encode(record))
        read_fact(body)
    except (*UNREADABLE, MalformedFact):
        return False
    return True


def _copy_rest(old: sqlite3.Connection, new: Database) -> bool:
    """Copy the tables that an older version may have in another shape, or not at all. Returns
    whether all losses that were noted are still known; nothing hangs on the others."""
    for table in ("forgotten", "witness"):
        _copy_table(old, new, table)
    return _copy_table(old, new, "loss")


def _copy_table(old: sqlite3.Connection, new: Database, table: str) -> bool:
    """Copy the columns that both versions have. Returns whether all could be."""
    there, known = _read(old, "SELECT name FROM pragma_table_info(?)", table)
    both = ", ".join(name for name in new[table].columns_dict if (name,) in there)
    if not both:
        return known
    rows, whole = _read(old, f"SELECT {both} FROM {table}")  # noqa: S608 - a table of ours
    marks = ", ".join("?" * (both.count(",") + 1))
    put = f"INSERT OR IGNORE INTO {table} ({both}) VALUES ({marks})"  # noqa: S608 - a table of ours
    try:
        with new.atomic():
            new.conn.executemany(put, rows)
    except sqlite3.Error as failed:
        _log.warning("%s can't be copied: %s", table, failed)
        return False
    return whole


def _note(new: Database, lost: Sequence[FactsLost]) -> None:
    """Also what was lost and declared before is to be declared again."""
    new.conn.executemany(
        "INSERT OR REPLACE INTO loss VALUES (?, ?, ?, ?, 0)", map(msgspec.structs.astuple, lost)
    )


def _read(db: sqlite3.Connection, query: str, *values: int | str) -> tuple[list[Row], bool]:
    """The rows that can be read, and whether they are all."""
    rows: list[Row] = []
    try:
        rows.extend(db.execute(query, values))
    except (sqlite3.Error, UnicodeDecodeError) as failed:
        if not is_damage(failed):
            raise
        _log.warning("not all of it can be read: %s", failed)
        return rows, False
    return rows, True
