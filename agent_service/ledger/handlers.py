"""Facts come in, acks go out."""

import sqlite3
from collections.abc import Callable

from agent_service.dispatch import Standing, handles
from agent_service.ledger.admission import admit
from agent_service.ledger.append import Appender, Batch
from agent_service.session import Conversation
from agent_service.writer import Outcome, Writer
from protocol.wire.errors import Code, Refused
from protocol.wire.session import Error
from protocol.wire.sync import Ack, Append

_ENVELOPE_BYTES = 100


class LedgerHandlers:
    """Appending."""

    def __init__(self, appender: Appender, writer: Writer, now_ms: Callable[[], int]) -> None:
        self._appender = appender
        self._writer = writer
        self._now_ms = now_ms

    @handles(Append, Standing.DESK)
    async def append(self, peer: Conversation, message: Append) -> None:
        """Hand a batch to the writer. The ack, or the error, follows its commit."""
        assert peer.desk is not None
        facts = admit(message.session, message.facts)
        batch = Batch(message.session, peer.desk, self._now_ms(), facts)
        self._writer.submit(_AppendJob(peer, batch, self._appender))


class _AppendJob:
    """One batch on its way to the disk."""

    def __init__(self, peer: Conversation, batch: Batch, appender: Appender) -> None:
        self.weight = max(1, len(batch.facts))
        self._peer = peer
        self._batch = batch
        self._appender = appender
        self._mark = 0
        self._bytes = sum(_ENVELOPE_BYTES + len(fact.payload) for fact in batch.facts)
        peer.owe(self._bytes)

    def work(self, connection: sqlite3.Connection) -> None:
        """In the writer's thread: append what is new."""
        self._mark = self._appender.append(connection, self._batch)

    def settle(self, outcome: Outcome) -> None:
        """In the loop, after the commit: tell the seat."""
        self._peer.settled(self._bytes)
        session = self._batch.session
        if isinstance(outcome, Refused):
            self._peer.send(Error(outcome.code, {"session": session, **outcome.params}))
        elif isinstance(outcome, Exception):
            self._peer.send(Error(Code.INTERNAL, {"session": session}))
        else:
            ack = Ack(
                session,
                self._mark,
                self._batch.received_ms,
                outcome.position,
                outcome.hash.hex(),
            )
            self._peer.ack(ack)
