"""Appending to the ledger: in memory first, then all that a group of batches brought at once.

Used by the writer's thread alone. `append` checks before it changes anything, so that a refused
batch leaves no trace; `flush` writes what was gathered; `committed` or, after a failure, `load`
brings memory and disk together again.
"""

import sqlite3
from collections.abc import Callable, Sequence

import msgspec

from agent_service.ledger import chain, replay
from agent_service.ledger.admission import Admitted
from agent_service.ledger.chain import Entry, Salts
from agent_service.ledger.keyed import KeyedProjection
from agent_service.ledger.projection import Projection, folding
from agent_service.ledger.sessions import SERVICE, Session, Sessions
from agent_service.rows import RowWriter
from protocol.facts.record import AnyFact, encode_fact
from protocol.wire.errors import Code, Refused


class Batch(msgspec.Struct, frozen=True):
    """Facts of one session in order, as they came from one desk."""

    session: str
    desk: str
    received_ms: int
    facts: tuple[Admitted, ...]


class Head(msgspec.Struct, frozen=True):
    """The end of the ledger."""

    position: int
    hash: bytes


class Clock(msgspec.Struct, frozen=True):
    """The two clocks of the server."""

    now_ms: Callable[[], int]
    """Milliseconds since 1970 (UTC)."""
    mono_ms: Callable[[], int]
    """Milliseconds that no correction moves."""


class Appender:
    """The ledger's end, and the projections that follow it in the same transaction."""

    _writer = RowWriter("entry", Entry.__struct_fields__)

    def __init__(
        self, ledger: str, own_session: str, clock: Clock, projections: Sequence[Projection]
    ) -> None:
        self.ledger = ledger
        self.head = Head(0, chain.genesis(ledger))
        self._own_session = own_session
        self._clock = clock
        self._sessions = Sessions()
        self._projections: tuple[Projection, ...] = (self._sessions, *projections)
        self._fold = folding(self._projections)
        self._salts = Salts()
        self._entries: list[Entry] = []

    def load(self, connection: sqlite3.Connection) -> None:
        """Start from what is on the disk."""
        self._entries.clear()
        row = connection.execute(
            "SELECT position, hash FROM entry ORDER BY position DESC LIMIT 1"
        ).fetchone()
        self.head = Head(0, chain.genesis(self.ledger)) if row is None else Head(*row)
        for projection in self._projections:
            projection.load(connection)

    def catch_up(self, connection: sqlite3.Connection) -> None:
        """Take in what another process has written since: its entries are folded, and what
        they changed is passed on. Called at the beginning of a transaction, when nothing of our
        own waits."""
        for entry in replay.entries(connection, after=self.head.position):
            self._sessions.find(connection, entry.session)
            self._fold(entry, replay.fact_of(entry))
            self.head = Head(entry.position, entry.hash)
        for projection in self._projections:
            if isinstance(projection, KeyedProjection):
                projection.read_news(connection)
            projection.committed()

    def session(self, connection: sqlite3.Connection, session: str) -> Session | None:
        """A session as it is at this point of the group."""
        return self._sessions.find(connection, session)

    def append(self, connection: sqlite3.Connection, batch: Batch) -> int:
        """Take in what is new of a batch; returns the session's mark after it.

        Raises `Refused` with `not_your_session`, or `sequence_gap` and the number expected.
        """
        session = self._sessions.find(connection, batch.session)
        if session is None or session.desk != batch.desk or not session.desk:
            raise Refused(Code.NOT_YOUR_SESSION, session=batch.session)
        if not batch.facts:
            return session.mark
        first = batch.facts[0].seq
        if first > session.mark + 1:
            raise Refused(Code.SEQUENCE_GAP, session=batch.session, expected=session.mark + 1)
        new = batch.facts[session.mark + 1 - first :]
        self._extend(session.session, session.agent, batch.received_ms, new)
        return max(session.mark, batch.facts[-1].seq)

    def record(self, connection: sqlite3.Connection, fact: AnyFact) -> None:
        """Append a fact of the service's own."""
        own = self._sessions.find(connection, self._own_session)
        now_ms = self._clock.now_ms()
        admitted = Admitted(
            seq=1 if own is None else own.mark + 1,
            occurred_ms=now_ms,
            wall_ms=now_ms,
            mono_ms=self._clock.mono_ms(),
            kind=str(fact.__struct_config__.tag),
            payload=encode_fact(fact),
            fact=fact,
        )
        self._extend(self._own_session, SERVICE, now_ms, (admitted,))

    def _extend(
        self, session: str, agent: str, received_ms: int, facts: Sequence[Admitted]
    ) -> None:
        position, previous = self.head.position, self.head.hash
        for fact in facts:
            position += 1
            entry = Entry(
                position,
                session,
                fact.seq,
                agent,
                fact.kind,
                fact.occurred_ms,
                fact.wall_ms,
                fact.mono_ms,
                received_ms,
                self._salts.next(),
                fact.payload,
                b"",
            )
            previous = chain.link(previous, entry)
            msgspec.structs.force_setattr(entry, "hash", previous)
            self._entries.append(entry)
            self._fold(entry, fact.fact)
        self.head = Head(position, previous)

    def flush(self, connection: sqlite3.Connection) -> None:
        """Write the gathered entries and what they changed. The transaction is the caller's."""
        self._writer.write(connection, [msgspec.structs.astuple(entry) for entry in self._entries])
        for projection in self._projections:
            projection.flush(connection)

    def committed(self) -> None:
        """The transaction is on the disk."""
        self._entries.clear()
        for projection in self._projections:
            projection.committed()
