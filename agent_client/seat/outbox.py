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

from agent_client.seat.clock import Reading
from agent_client.seat.outbox_schema import open_database
from protocol.facts.record import AnyFact, MalformedFact, Record, encode_fact, read_fact
from protocol.facts.session import FactsLost
from protocol.rules.placing import Timed, Unread
from protocol.wire.errors import Code, Refused
from protocol.wire.sync import MAX_COMPARED, Ack

_log = logging.getLogger(__name__)

KEEP_MS = 14 * 24 * 3600 * 1000
"""Acknowledged facts are kept so long after it, for a service that was restored from a backup."""

_BEGINS = b'{"kind":"'
"""How each fact's bytes begin, before its kind."""

WITNESSES = 1000
"""So many of the newest heads of the service's chain are kept, and all disputed ones."""


class Session(msgspec.Struct, frozen=True):
    """One session as the disk has it."""

    number: int
    id: str
    acked: int
    last_seq: int
    alive_ms: int | None


class Forgotten(msgspec.Struct, frozen=True):
    """A session whose facts the service had acknowledged, all of them, and this desk has let go."""

    id: str
    last_seq: int
    since_ms: int | None
    """When it began (server time)."""


_OLD = """
    SELECT number, id, max(acked, last_seq), since_ms FROM (
        SELECT number, id, acked, coalesce(acked_ms, alive_ms) AS acked_ms,
            (SELECT coalesce(max(seq), 0) FROM fact WHERE session = number) AS last_seq,
            (SELECT occurred_ms FROM fact WHERE session = number AND seq = 1) AS since_ms
        FROM session
    )
    WHERE acked >= last_seq AND acked_ms + ? < (SELECT max(acked_ms) FROM session)
        AND number IS NOT ?
"""


class Outbox:
    """The facts of one seat. To be used from one thread."""

    def __init__(self, file: Path) -> None:
        """Open the file, or make it. Raises `Refused(DISK_FAILED)`."""
        try:
            self._db = open_database(file)
        except (OSError, sqlite3.Error) as failed:
            raise Refused(Code.DISK_FAILED, detail=str(failed)) from failed
        try:
            self._present = self.last_session()
        except Refused:
            self._db.close()
            raise

    @property
    def present(self) -> Session | None:
        """The session that facts are appended to."""
        return self._present

    def sessions(self) -> list[Session]:
        """All sessions, the oldest first."""
        rows = self._rows(
            "SELECT number, id, acked,"
            " coalesce((SELECT max(seq) FROM fact WHERE session = number), 0),"
            " alive_ms FROM session ORDER BY number"
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
        self._db.conn.executemany(
            "UPDATE loss SET declared = 1 WHERE session = ? AND from_seq = ?",
            [(f.lost_session, f.from_seq) for f in facts if isinstance(f, FactsLost)],
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
        return [
            (timed.occurred_ms, timed.fact)
            for _, timed in self.timed(session)
            if not isinstance(timed.fact, Unread)
        ]

    def timed(
        self, session: Session, after: int = 0, families: Sequence[str] = ()
    ) -> list[tuple[int, Timed]]:
        """A session's facts from number `after` + 1 on, in order: (number, what and when); where
        `families` are named, those whose kind begins with one of them. One that this version
        can't read is kept and sent, and tells nothing here."""
        begins = tuple(_BEGINS + each.encode() for each in families) or b""
        rows = self._rows(
            "SELECT seq, occurred_ms, mono_ms, body FROM fact WHERE session = ? AND seq > ?"
            " ORDER BY seq",
            (session.number, after),
        )
        wanted = (row for row in rows if row[3].startswith(begins))
        read = ((seq, occurred, mono, _read(body)) for seq, occurred, mono, body in wanted)
        return [
            (seq, Timed(occurred, mono, fact))
            for seq, occurred, mono, fact in read
            if fact is not None
        ]

    def facts_of(self, kind: type[AnyFact]) -> list[AnyFact]:
        """All facts of one kind on this disk."""
        begins = _BEGINS + str(kind.__struct_config__.tag).encode() + b'"'
        rows = self._rows(
            "SELECT body FROM fact WHERE substr(body, 1, ?) = ?", (len(begins), begins)
        )
        return [fact for (body,) in rows if (fact := _read(body)) is not None]

    def acknowledge(self, ack: Ack) -> None:
        """The service has facts of a session on its disk, and says how its chain stands. An older
        acknowledgement changes nothing; one of facts that are not written yet counts for none of
        them."""
        with self._on_disk():
            changed = self._db.conn.execute(
                "UPDATE session SET acked_ms = ?, acked = max(acked, min(?,"
                " (SELECT coalesce(max(seq), 0) FROM fact WHERE session = number)))"
                " WHERE id = ? AND acked <= ?",
                (ack.received_ms, ack.upto, ack.session, ack.upto),
            )
            if changed.rowcount:
                self._db.conn.execute(
                    "INSERT OR REPLACE INTO witness (position, head) VALUES (?, ?)",
                    (ack.position, ack.head),
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
        """The head of the service's chain that this desk was told last."""
        rows = self._rows(
            "SELECT position, head FROM witness WHERE NOT disputed ORDER BY told DESC LIMIT 1"
        )
        return (int(rows[0][0]), str(rows[0][1])) if rows else None

    def dispute_witnesses(self) -> None:
        """The service's chain is another than the one that this desk was told of."""
        with self._on_disk():
            self._db.conn.execute("UPDATE witness SET disputed = 1")

    def lose(self, lost: FactsLost) -> bool:
        """Facts are known to be lost: note it, to be declared by a fact of whichever session is
        there or comes next. Returns whether it is news."""
        with self._on_disk():
            noted = self._db.conn.execute(
                "INSERT OR IGNORE INTO loss VALUES (?, ?, ?, ?, 0)", msgspec.structs.astuple(lost)
            )
        return noted.rowcount > 0

    def undeclared(self) -> tuple[FactsLost, ...]:
        """Losses of which the service was not told. Writing them declares them."""
        rows = self._rows("SELECT session, from_seq, to_seq, since_ms FROM loss WHERE NOT declared")
        return tuple(FactsLost(*row) for row in rows)

    def forgotten(self) -> list[Forgotten]:
        """Sessions whose facts this desk has let go, the newest first."""
        rows = self._rows("SELECT id, last_seq, since_ms FROM forgotten ORDER BY number DESC")
        return [Forgotten(*row) for row in rows]

    def prune(self) -> None:
        """Forget sessions, but the present one, that the service had on its disk longer before its
        latest acknowledgement than facts are kept, and old witnesses. No clock of this desk has a
        say in it."""
        present = self._present.number if self._present is not None else None
        with self._on_disk():
            old = self._db.conn.execute(_OLD, (KEEP_MS, present)).fetchall()
            for number, id_, last_seq, since_ms in old:
                self._db.conn.execute("DELETE FROM fact WHERE session = ?", (number,))
                self._db.conn.execute("DELETE FROM session WHERE number = ?", (number,))
                self._db.conn.execute(
                    "INSERT OR REPLACE INTO forgotten VALUES (?, ?, ?, ?)",
                    (number, id_, last_seq, since_ms),
                )
            self._db.conn.execute(
                "DELETE FROM forgotten WHERE number NOT IN"
                " (SELECT number FROM forgotten ORDER BY number DESC LIMIT ?)",
                (MAX_COMPARED,),
            )
            self._db.conn.execute(
                "DELETE FROM witness WHERE NOT disputed AND told NOT IN (SELECT told"
                " FROM witness WHERE NOT disputed ORDER BY told DESC LIMIT ?)",
                (WITNESSES,),
            )

    def close(self) -> None:
        """Let the file go."""
        self._db.close()

    def _rows(self, query: str, values: tuple[int | bytes, ...] = ()) -> list[tuple[Any, ...]]:
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
