"""What people ask of the roster: asking, agreeing, deciding, and the list of it."""

from collections.abc import Callable, Iterable

from msgspec.structs import replace

from agent_service.accounts.directory import Directory
from agent_service.allowance import Allowance
from agent_service.asking import asker
from agent_service.dispatch import Standing, handles
from agent_service.identity import name_of_act
from agent_service.orders.text import optional_text
from agent_service.persons.bounded import newest_within
from agent_service.persons.day import MOST_BYTES
from agent_service.reader import Reader
from agent_service.requests import store
from agent_service.requests.permits import (
    essential,
    known,
    led_by,
    permit_asking,
    permit_deciding,
    undecidable,
)
from agent_service.requests.register import RequestRegister
from agent_service.requests.row import AskedRow
from agent_service.requests.waiting import WaitingRequests
from agent_service.rosters.whose import acting
from agent_service.session import Conversation
from agent_service.writer import Writer
from protocol.rules.permissions import LEADS
from protocol.wire.errors import Code, Refused
from protocol.wire.requests import (
    ConsentRequest,
    DecideRequest,
    GetRequests,
    MakeRequest,
    RequestRow,
    Requests,
    RequestsSeen,
    RequestStands,
    SeeRequests,
    WithdrawRequest,
)
from protocol.wire.session import Person

MOST = 200
"""Requests in one answer."""
_SHOWN = 64


class RequestHandlers:
    """Leave, swaps, moved hours, overtime, early release."""

    def __init__(
        self,
        register: RequestRegister,
        writer: Writer,
        archive: Reader,
        waiting: WaitingRequests,
        directory: Directory,
        allowance: Allowance,
        now_ms: Callable[[], int],
    ) -> None:
        self._register = register
        self._writer = writer
        self._archive = archive
        self._waiting = waiting
        self._directory = directory
        self._allowance = allowance
        self._now_ms = now_ms

    @handles(MakeRequest, Standing.PERSON)
    async def make(self, peer: Conversation, message: MakeRequest) -> RequestStands:
        """The request is on the disk; whose word it needs is told."""
        actor = asker(peer, self._allowance)
        asked, text = essential(message.asked), optional_text(message.text)
        permit_asking(actor, asked, self._directory.find)
        name = name_of_act(actor.number, key=message.key)
        row = await self._writer.run(
            lambda connection: self._register.make(connection, name, asked, actor.number, text)
        )
        return self._stands(message.id, row)

    @handles(ConsentRequest, Standing.PERSON)
    async def consent(self, peer: Conversation, message: ConsentRequest) -> RequestStands:
        """The other person agrees, or does not."""
        actor, text = asker(peer, self._allowance).number, optional_text(message.text)
        row = await self._writer.run(
            lambda connection: self._register.consent(
                connection, message.request, actor, message.consents, text
            )
        )
        return self._stands(message.id, row)

    @handles(DecideRequest, Standing.PERSON, LEADS)
    async def decide(self, peer: Conversation, message: DecideRequest) -> RequestStands:
        """With the plan and the hours that come of it in the same commit."""
        actor, text = asker(peer, self._allowance), optional_text(message.text)
        await self._permit_deciding(actor, message.request)
        deciding = acting(actor, self._directory.find)
        act = self._register.approve if message.approved else self._register.reject
        row = await self._writer.run(
            lambda connection: act(connection, message.request, deciding, text)
        )
        return self._stands(message.id, row)

    @handles(WithdrawRequest, Standing.PERSON)
    async def withdraw(self, peer: Conversation, message: WithdrawRequest) -> RequestStands:
        """Taken back."""
        actor, find = asker(peer, self._allowance), self._directory.find
        text = optional_text(message.text)
        row = await self._writer.run(
            lambda connection: self._register.withdraw(
                connection,
                message.request,
                acting(actor, find),
                text,
                lambda row: permit_deciding(actor, row, find),
            )
        )
        return self._stands(message.id, row)

    @handles(GetRequests, Standing.PERSON)
    async def get(self, peer: Conversation, message: GetRequests) -> Requests:
        """The newest first, at most `MOST`."""
        actor = asker(peer, self._allowance)
        people = led_by(actor, self._directory.people.values()) | {actor.number}
        if message.agent:
            known(self._directory.find, message.agent)
            if message.agent not in people:
                raise Refused(Code.NOT_PERMITTED)
            people = frozenset({message.agent})
        now_ms = self._now_ms()
        open_at_ms = now_ms if message.open_only else None
        unread = self._waiting.unread_by(actor.number)
        found, count = await self._archive.run(
            lambda connection: store.newest(connection, people, open_at_ms, MOST, unread)
        )
        told = [self._told(row, actor, now_ms) for row in found]
        rows = newest_within(told[::-1], MOST_BYTES)[::-1]
        return Requests(message.id, rows, self._names(rows), count - len(rows))

    @handles(SeeRequests, Standing.PERSON)
    async def see(self, peer: Conversation, message: SeeRequests) -> RequestsSeen:
        """Read by the person."""
        actor, seen = asker(peer, self._allowance).number, message.seen[:MOST]
        await self._writer.run(lambda connection: self._register.see(connection, actor, seen))
        return RequestsSeen(message.id)

    async def _permit_deciding(self, actor: Person, name: str) -> None:
        row = await self._archive.run(lambda connection: store.find(connection, name))
        if row is None:
            raise Refused(Code.UNKNOWN_REQUEST, request=name[:_SHOWN])
        permit_deciding(actor, row, self._directory.find)

    def _told(self, row: AskedRow, reader: Person, now_ms: int) -> RequestRow:
        told = row.told(now_ms, reader.number)
        if set(LEADS).isdisjoint(reader.roles):
            return told
        reason = undecidable(reader, row, self._directory.find, self._waiting.stands_in)
        return told if reason is None else replace(told, undecidable=reason)

    def _names(self, rows: Iterable[RequestRow]) -> dict[str, str]:
        return self._directory.names(
            number
            for row in rows
            for number in (
                row.asked.agent,
                row.asked.partner,
                row.actor,
                row.decided_by,
                row.withdrawn_by,
            )
        )

    def _stands(self, re: int, row: AskedRow) -> RequestStands:
        return RequestStands(re, row.told(self._now_ms()))
