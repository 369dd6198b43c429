"""Hours that are owed, or were worked beyond the plan: each person's accounts."""

import sqlite3

from agent_service.allowance import Allowance
from agent_service.asking import asker
from agent_service.dispatch import Standing, handles
from agent_service.identity import name_of_act
from agent_service.orders.text import check_text
from agent_service.reader import Reader
from agent_service.requests import store
from agent_service.requests.permits import Find, known
from agent_service.requests.register import RequestRegister
from agent_service.session import Conversation
from agent_service.writer import Writer
from protocol.facts.request import HoursBooked
from protocol.rules.permissions import LEADS, may_book_hours
from protocol.wire.errors import Code, Refused
from protocol.wire.requests import BookHours, GetHours, Hours
from protocol.wire.session import Role

MOST = 200
"""Entries in one answer."""
_MOST_S = 744 * 3600
"""Booked at once: the hours of the longest month."""


class HoursHandlers:
    """Booking, and balances."""

    def __init__(
        self,
        register: RequestRegister,
        writer: Writer,
        archive: Reader,
        find: Find,
        allowance: Allowance,
    ) -> None:
        self._register = register
        self._writer = writer
        self._archive = archive
        self._find = find
        self._allowance = allowance

    @handles(BookHours, Standing.PERSON, (*LEADS, Role.HR))
    async def book(self, peer: Conversation, message: BookHours) -> Hours:
        """The accounts with the new entry. An account may be overdrawn by whoever answers for
        it, or else no mistake could be mended."""
        actor = asker(peer, self._allowance)
        subject = known(self._find, message.agent)
        if subject.number == actor.number:
            raise Refused(Code.OWN_CASE)
        if not may_book_hours(actor, subject):
            raise Refused(Code.NOT_PERMITTED)
        if not 0 < abs(message.seconds) <= _MOST_S:
            raise Refused(Code.MALFORMED_MESSAGE, detail="seconds")
        fact = HoursBooked(
            name_of_act(actor.number, key=message.key),
            subject.number,
            message.account,
            message.seconds,
            message.day,
            actor.number,
            check_text(message.text),
        )
        await self._writer.run(lambda connection: self._register.book(connection, fact))
        return await self._hours(message.id, subject.number)

    @handles(GetHours, Standing.PERSON)
    async def get(self, peer: Conversation, message: GetHours) -> Hours:
        """Balances, and the newest entries."""
        actor = asker(peer, self._allowance)
        subject = known(self._find, message.agent)
        if subject.number != actor.number and not may_book_hours(actor, subject):
            raise Refused(Code.NOT_PERMITTED)
        return await self._hours(message.id, subject.number)

    async def _hours(self, re: int, agent: str) -> Hours:
        def read(connection: sqlite3.Connection) -> Hours:
            rows = store.bookings(connection, agent, MOST)
            told = tuple(row.told() for row in rows)
            return Hours(re, agent, store.balances(connection, agent), told)

        return await self._archive.run(read)
