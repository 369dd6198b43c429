"""The seat's disk: every fact, before anybody sees it, until long after the service has it.

One SQLite file. `append` returns when the facts are on the disk (write-ahead log, synchronous
FULL): a few tenths of a millisecond, which is why it is called straight from the event loop and
nothing can come between a fact and what follows from it.
"""

import logging
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec
from sqlite_utils import Database, Migrations

from agent_client.seat.clock import Reading
from protocol.facts.record import AnyFact, MalformedFact, Record, encode_fact, read_fact
from protocol.rules.placing import Timed
from protocol.wire.errors import Code, Refused

_log = logging.getLogger(__name__)

KEEP_MS = 14 * 24 * 3600 * 1000
"""Acknowledged facts are kept so long, for a service that was restored from a backup."""

WITNESSES = 1000
"""So many of the newest heads of the service's chain are kept, and all disputed ones."""

migrations = Migrations("outbox")


@migrations()
def create_outbox(db: Database) -> None:
    """Sessions in the order in which they began, their facts, and the service's witness."""
    for statement in (
        """CREATE TABLE session (
               number INTEGER PRIMARY KEY,
               id TEXT NOT NULL UNIQUE,
               acked INTEGER NOT NULL DEFAULT 0,
               alive_ms INTEGER,
               begun_wall_ms INTEGER NOT NULL
           ) STRICT""",
        """CREATE TABLE fact (
               session INTEGER NOT NULL REFERENCES session(number),
               seq INTEGER NOT NULL,
               occurred_ms INTEGER,
               wall_ms INTEGER NOT NULL,
               mono_ms INTEGER NOT NULL,
               body BLOB NOT NULL,
               PRIMARY KEY (session, seq)
           ) STRICT, WITHOUT ROWID""",
        """CREATE TABLE witness (
               position INTEGER PRIMARY KEY,
               head TEXT NOT NULL
           ) STRICT""",
    ):
        db.execute(statement)


@migrations()
def add_disputes(db: Database) -> None:
    """Witnesses that the service's chain did not bear out: kept, and not asked about again."""
    db.execute("ALTER TABLE witness ADD COLUMN disputed INTEGER NOT NULL DEFAULT 0")


class Session(msgspec.Struct, frozen=True):
    """One session as the disk has it."""

    number: int
    id: str
    acked: int
    last_seq: int
    alive_ms: int | None
    begun_wall_ms: int


class Outbox:
    """The facts of one seat. To be used from one thread."""

    def __init__(self, file: Path) -> None:
        """Open the file, or make it. Raises `Refused(DISK_FAILED)`."""
        try:
            file.touch(mode=0o600)  # what SQLite makes beside it gets the same mode
            self._db = Database(sqlite3.connect(file))
            self._db.enable_wal()
            self._db.conn.execute("PRAGMA synchronous=FULL")
            self._db.conn.execute("PRAGMA foreign_keys=ON")
            migrations.apply(self._db)
        except (OSError, sqlite3.Error) as failed:
            raise Refused(Code.DISK_FAILED, detail=str(failed)) from failed
        self._present = self.last_session()

    @property
    def present(self) -> Session | None:
        """The session that facts are appended to."""
        return self._present

    def sessions(self) -> list[Session]:
        """All sessions, the oldest first."""
        rows = self._rows(
            "SELECT number, id, acked,"
            " coalesce((SELECT max(seq) FROM fact WHERE session = number), 0),"
            " alive_ms, begun_wall_ms FROM session ORDER BY number"
        )
        return [Session(*row) for row in rows]

    def last_session(self) -> Session | None:
        """The newest session on the disk."""
        sessions = self.sessions()
        return sessions[-1] if sessions else None

    def unsent_sessions(self) -> list[Session]:
        """Sessions with facts that the service has not acknowledged, the oldest first."""
        return [s for s in self.sessions() if s.acked < s.last_seq]

    def begin(self, session: str, at: Reading, facts: Sequence[AnyFact]) -> None:
        """Begin a session with its first facts, in one transaction."""
        with self._on_disk():
            cursor = self._db.conn.execute(
                "INSERT INTO session (id, begun_wall_ms, alive_ms) VALUES (?, ?, ?)",
                (session, at.wall_ms, at.occurred_ms),
            )
            assert cursor.lastrowid is not None
            self._insert(cursor.lastrowid, 1, at, facts)
        self._present = self.last_session()

    def append(self, at: Reading, facts: Sequence[AnyFact]) -> None:
        """Add facts to the present session: all of them or none.

        Raises `Refused(DISK_FAILED)`; then nothing was written.
        """
        present = self._present
        assert present is not None, "facts are recorded only after signing in"
        with self._on_disk():
            self._insert(present.number, present.last_seq + 1, at, facts)
        last_seq = present.last_seq + len(facts)
        self._present = msgspec.structs.replace(present, last_seq=last_seq)

    def _insert(self, number: int, first: int, at: Reading, facts: Sequence[AnyFact]) -> None:
        self._db.conn.executemany(
            "INSERT INTO fact VALUES (?, ?, ?, ?, ?, ?)",
            [
                (number, first + i, at.occurred_ms, at.wall_ms, at.mono_ms, encode_fact(fact))
                for i, fact in enumerate(facts)
            ],
        )

    def records(self, session: Session, after: int, limit: int) -> tuple[Record, ...]:
        """The session's facts from `after` + 1 on, in order."""
        rows = self._rows(
            "SELECT seq, occurred_ms, wall_ms, mono_ms, body FROM fact"
            " WHERE session = ? AND seq > ? ORDER BY seq LIMIT ?",
            (session.number, after, limit),
        )
        return tuple(
            Record(
                seq=seq, occurred_ms=occurred, wall_ms=wall, mono_ms=mono, body=msgspec.Raw(body)
            )
            for seq, occurred, wall, mono, body in rows
        )

    def facts(self, session: Session) -> list[tuple[int | None, AnyFact]]:
        """What happened in a session: (server time in ms, fact), in order."""
        return [(timed.occurred_ms, timed.fact) for _, timed in self.timed(session)]

    def timed(self, session: Session, after: int = 0) -> list[tuple[int, Timed]]:
        """A session's facts from number `after` + 1 on, in order: (number, what and when). One
        that this version can't read is kept and sent, and tells nothing here."""
        rows = self._rows(
            "SELECT seq, occurred_ms, mono_ms, body FROM fact WHERE session = ? AND seq > ?"
            " ORDER BY seq",
            (session.number, after),
        )
        read = ((seq, occurred, mono, _read(body)) for seq, occurred, mono, body in rows)
        return [
            (seq, Timed(occurred, mono, fact))
            for seq, occurred, mono, fact in read
            if fact is not None
        ]

    def acknowledge(self, session: str, upto: int, position: int, head: str) -> None:
        """The service has the session's facts up to `upto` on its disk, and says how its chain
        stands. An older acknowledgement changes nothing; one of facts that are not written yet
        counts for none of them."""
        with self._on_disk():
            self._db.conn.execute(
                "UPDATE session SET acked = max(acked, min(?,"
                " (SELECT coalesce(max(seq), 0) FROM fact WHERE session = number))) WHERE id = ?",
                (upto, session),
            )
            self._db.conn.execute(
                "INSERT OR IGNORE INTO witness (position, head) VALUES (?, ?)",
                (position, head),
            )
        self._present = self.last_session()

    def rewind(self, session: str, acked: int) -> None:
        """The service has less than it had acknowledged: what lies above counts as unsent."""
        with self._on_disk():
            self._db.conn.execute(
                "UPDATE session SET acked = ? WHERE id = ? AND acked > ?", (acked, session, acked)
            )
        self._present = self.last_session()

    def seen_alive(self, alive_ms: int) -> None:
        """The present session runs at this instant: what a later one knows of its end."""
        if self._present is None:
            return
        with self._on_disk():
            self._db.conn.execute(
                "UPDATE session SET alive_ms = ? WHERE number = ?",
                (alive_ms, self._present.number),
            )

    def unsent(self) -> int:
        """How many facts the service has not acknowledged."""
        return sum(session.last_seq - session.acked for session in self.unsent_sessions())

    def witness(self) -> tuple[int, str] | None:
        """The newest head of the service's chain that this desk was told."""
        rows = self._rows(
            "SELECT position, head FROM witness WHERE NOT disputed ORDER BY position DESC LIMIT 1"
        )
        return (int(rows[0][0]), str(rows[0][1])) if rows else None

    def dispute_witnesses(self) -> None:
        """The service's chain is another than the one that this desk was told of."""
        with self._on_disk():
            self._db.conn.execute("UPDATE witness SET disputed = 1")

    def prune(self, wall_ms: int) -> None:
        """Forget acknowledged sessions, but the present one, that began longer ago than facts
        are kept, and old witnesses."""
        present = self._present.number if self._present is not None else None
        done = [
            session.number
            for session in self.sessions()
            if session.acked >= session.last_seq and session.number != present
        ]
        with self._on_disk():
            for number in done:
                old = (number, wall_ms - KEEP_MS)
                self._db.conn.execute(
                    "DELETE FROM fact WHERE session = ? AND session IN"
                    " (SELECT number FROM session WHERE begun_wall_ms < ?)",
                    old,
                )
                self._db.conn.execute(
                    "DELETE FROM session WHERE number = ? AND begun_wall_ms < ?", old
                )
            self._db.conn.execute(
                "DELETE FROM witness WHERE NOT disputed AND position NOT IN (SELECT position"
                " FROM witness WHERE NOT disputed ORDER BY position DESC LIMIT ?)",
                (WITNESSES,),
            )

    def close(self) -> None:
        """Let the file go."""
        self._db.close()

    def _rows(self, query: str, values: tuple[int, ...] = ()) -> list[tuple[Any, ...]]:
        """What a query finds; a disk that can't be read has a code."""
        try:
            return self._db.conn.execute(query, values).fetchall()
        except sqlite3.Error as failed:
            raise Refused(Code.DISK_FAILED, detail=str(failed)) from failed

    @contextmanager
    def _on_disk(self) -> Iterator[None]:
        """A transaction; its failure has a code."""
        try:
            with self._db.atomic():
                yield
        except sqlite3.Error as failed:
            raise Refused(Code.DISK_FAILED, detail=str(failed)) from failed


def _read(body: bytes) -> AnyFact | None:
    try:
        return read_fact(body)
    except MalformedFact as error:
        _log.error("a fact on this disk can't be read: %s", error)
        return None
