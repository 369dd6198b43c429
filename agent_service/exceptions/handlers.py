"""What is asked about exceptions, and the queue of all that waits for leads."""

import sqlite3
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from datetime import tzinfo
from typing import Protocol

from agent_service.allowance import Allowance
from agent_service.asking import asker
from agent_service.dispatch import Standing, handles
from agent_service.exceptions import listing, store
from agent_service.exceptions.deciding import ExceptionDecider, Judgement
from agent_service.exceptions.proposal import proposal
from agent_service.exceptions.row import StoredException
from agent_service.exceptions.waiting import PendingExceptions, subject_of
from agent_service.orders.text import optional_text
from agent_service.reader import Reader
from agent_service.session import Conversation
from agent_service.writer import Writer
from protocol.rules.permissions import LEADS, has_site, may_decide
from protocol.wire.errors import Code, Refused
from protocol.wire.exceptions import (
    MAX_DECIDED,
    DecideExceptions,
    ExceptionMade,
    Exceptions,
    ExceptionsDecided,
    GetExceptions,
    ProposeException,
    WithdrawException,
)
from protocol.wire.session import Person

_SHOWN = 64
Propose = Callable[[Collection[str]], Awaitable[None]]
"""Records what follows from facts and is not on record."""


class Staff(Protocol):
    """Who works here today (`accounts.directory`)."""

    def find(self, number: str) -> Person | None:
        """Somebody by staff number."""

    def members(self, team: str) -> list[Person]:
        """Who is in a team."""


class ExceptionHandlers:
    """Asked for by agents, proposed and decided by leads."""

    def __init__(
        self,
        decider: ExceptionDecider,
        writer: Writer,
        reader: Reader,
        staff: Staff,
        propose: Propose,
        waiting: PendingExceptions,
        allowance: Allowance,
        where: tzinfo,
        now_ms: Callable[[], int],
    ) -> None:
        self._decider = decider
        self._writer = writer
        self._reader = reader
        self._staff = staff
        self._propose = propose
        self._waiting = waiting
        self._allowance = allowance
        self._where = where
        self._now_ms = now_ms

    @handles(ProposeException, Standing.PERSON)
    async def propose(self, peer: Conversation, message: ProposeException) -> ExceptionMade:
        """Anybody for the own day, a lead for somebody they lead."""
        actor = asker(peer, self._allowance)
        subject = self._staff.find(message.agent)
        if subject is None:
            raise Refused(Code.UNKNOWN_AGENT, agent=message.agent[:_SHOWN])
        if actor.number != subject.number and not may_decide(actor, subject):
            raise Refused(Code.NOT_PERMITTED)
        fact = proposal(message, actor.number, self._where, self._now_ms())
        row = await self._writer.run(lambda connection: self._decider.propose(connection, fact))
        return ExceptionMade(message.id, row.row())

    @handles(DecideExceptions, Standing.PERSON, LEADS)
    async def decide(self, peer: Conversation, message: DecideExceptions) -> ExceptionsDecided:
        """Those that can be decided are, in one commit. Whose they are never changes, so that it
        is read beforehand."""
        actor = asker(peer, self._allowance)
        asked = tuple(dict.fromkeys(message.exceptions))
        if len(asked) > MAX_DECIDED or any(len(each) > _SHOWN for each in asked):
            raise Refused(Code.MALFORMED_MESSAGE, detail="exceptions")
        text = optional_text(message.text)
        known = await self._known(asked)
        leads = {each: each in known and self._leads(actor, known[each].agent) for each in asked}
        judgement = Judgement(actor.number, message.approved, text)
        rows, refused = await self._writer.run(
            lambda connection: self._decider.decide(connection, leads, judgement)
        )
        return ExceptionsDecided(message.id, listing.decided(rows), refused)

    @handles(WithdrawException, Standing.PERSON)
    async def withdraw(self, peer: Conversation, message: WithdrawException) -> ExceptionMade:
        """By whoever proposed it, while it is open."""
        actor, exception = asker(peer, self._allowance).number, message.exception[:_SHOWN]
        row = await self._writer.run(
            lambda connection: self._decider.withdraw(connection, exception, actor)
        )
        return ExceptionMade(message.id, row.row())

    @handles(GetExceptions, Standing.PERSON)
    async def get(self, peer: Conversation, message: GetExceptions) -> Exceptions:
        """The queue, newest days first."""
        actor, find = asker(peer, self._allowance), self._staff.find
        wanted = listing.wanted(actor, message, find, self._staff.members)
        asked = listing.Asked(wanted, message.open_only, has_site(actor), self._where)

        def read(connection: sqlite3.Connection) -> listing.Found:
            return listing.read(connection, asked)

        found = await self._reader.run(read)
        return listing.answer(
            message.id, found, find, lambda row: self._waiting.undecidable(actor, row)
        )

    async def _known(self, asked: Sequence[str]) -> Mapping[str, StoredException]:
        """By identity. What follows from the facts of a day can be seen before it is on record:
        then it is put there."""

        def read(connection: sqlite3.Connection) -> dict[str, StoredException]:
            return store.find(connection, asked)

        known = await self._reader.run(read)
        lacking = frozenset(asked) - known.keys()
        if not lacking:
            return known
        await self._propose(lacking)
        return await self._reader.run(read)

    def _leads(self, actor: Person, agent: str) -> bool:
        return may_decide(actor, subject_of(agent, self._staff.find))
