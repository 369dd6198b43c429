"""Facts come in, acks go out; and which sessions they may come from."""

import logging
import sqlite3
from collections.abc import Callable, Sequence

from agent_service.allowance import Allowance
from agent_service.dispatch import Standing, handles
from agent_service.ledger import claims
from agent_service.ledger.admission import Admitted, admit
from agent_service.ledger.append import Appender, Batch
from agent_service.log import fields
from agent_service.reader import Reader
from agent_service.session import Conversation, check_session
from agent_service.tally import Unread
from agent_service.writer import Outcome, Writer
from protocol.wire.errors import Code, Refused
from protocol.wire.session import Error
from protocol.wire.sync import MAX_COMPARED, Ack, Append, Claim, Claimed, Compare, Compared

_log = logging.getLogger(__name__)

_ENVELOPE_BYTES = 100
"""About what a fact, or a batch even of none, takes beside its payload."""


class LedgerHandlers:
    """Appending, and what a seat asks before it does."""

    def __init__(
        self,
        appender: Appender,
        writer: Writer,
        reader: Reader,
        allowance: Allowance,
        unread: Unread,
        now_ms: Callable[[], int],
    ) -> None:
        self._appender = appender
        self._writer = writer
        self._reader = reader
        self._allowance = allowance
        self._unread = unread
        self._now_ms = now_ms

    @handles(Append, Standing.DESK)
    async def append(self, peer: Conversation, message: Append) -> None:
        """Hand a batch to the writer. The ack, or the error, follows its commit."""
        assert peer.desk is not None
        facts = admit(message.session, message.facts)
        self._note_unread(message.session, facts)
        batch = Batch(message.session, peer.desk, self._now_ms(), facts)
        self._writer.submit(AppendJob(peer, batch, self._appender))

    def _note_unread(self, session: str, facts: Sequence[Admitted]) -> None:
        """Tell the operator once of each kind that is kept and means nothing here."""
        for fact in facts:
            if fact.fact is None and self._unread.is_first(fact.kind):
                told = fields(kind=fact.kind, session=session, seq=fact.seq)
                _log.warning("fact_unreadable", extra=told)

    @handles(Compare, Standing.DESK)
    async def compare(self, peer: Conversation, message: Compare) -> Compared:
        """How far the sessions of this desk are on the disk, and the chain where an ack told."""
        assert peer.desk is not None
        desk, witness = peer.desk, message.witness
        self._spend(desk, message.sessions)

        def look(connection: sqlite3.Connection) -> Compared:
            marks = claims.marks(connection, desk, message.sessions)
            seen = None if witness is None else claims.look_up(connection, witness)
            return Compared(message.id, marks, seen)

        return await self._reader.run(look)

    @handles(Claim, Standing.PERSON)
    async def claim(self, peer: Conversation, message: Claim) -> Claimed:
        """Let facts of sessions come that began while the service was away; one that is somebody
        else's holds back no other."""
        assert peer.desk is not None
        assert peer.person is not None
        agent, desk = peer.person.number, peer.desk
        self._spend(desk, message.sessions)
        refused = await self._writer.run(
            lambda connection: claims.admit(
                connection, self._appender, agent, desk, message.sessions
            )
        )
        if refused:
            _log.warning("claim_refused", extra=fields(agent=agent, desk=desk, of=len(refused)))
        return Claimed(message.id, refused)

    def _spend(self, desk: str, sessions: Sequence[str]) -> None:
        if len(sessions) > MAX_COMPARED:
            raise Refused(Code.MALFORMED_MESSAGE, detail="sessions")
        for session in sessions:
            check_session(session)
        self._allowance.spend(desk)


class AppendJob:
    """One batch on its way to the disk."""

    def __init__(self, peer: Conversation, batch: Batch, appender: Appender) -> None:
        self.weight = max(1, len(batch.facts))
        self._peer = peer
        self._batch = batch
        self._appender = appender
        self._mark = 0
        self._bytes = _ENVELOPE_BYTES + sum(
            _ENVELOPE_BYTES + len(fact.payload) for fact in batch.facts
        )
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
