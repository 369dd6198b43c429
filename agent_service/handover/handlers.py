"""Handing over from one shift to the next: writing, taking over, settling, and the list."""

import sqlite3
from collections.abc import Callable, Iterable

from msgspec.structs import replace

from agent_service.accounts.directory import Directory
from agent_service.allowance import Allowance
from agent_service.asking import asker
from agent_service.dispatch import Standing, handles
from agent_service.handover import store
from agent_service.handover.permits import may_settle
from agent_service.handover.register import HandoverRegister
from agent_service.handover.row import LISTED_MS, StoredHandover
from agent_service.identity import name_of_act
from agent_service.orders.text import check_text, optional_text
from agent_service.persons.bounded import newest_within
from agent_service.persons.day import MOST_BYTES
from agent_service.reader import Reader
from agent_service.requests.permits import known
from agent_service.session import Conversation
from agent_service.writer import Writer
from protocol.facts.handover import HandoverItem, HandoverWritten
from protocol.rules.masking import mask
from protocol.wire.errors import Code, Refused
from protocol.wire.handover import (
    MAX_ITEMS,
    ConfirmHandover,
    GetHandovers,
    HandoverRow,
    Handovers,
    HandoverStands,
    SettleItem,
    WriteHandover,
)
from protocol.wire.session import Person
from protocol.wire.texts import TextFault, bad_text

MOST = 200
"""Handovers in one answer."""
_CALL_LENGTH = 256


class HandoverHandlers:
    """What the outgoing leaves to the incoming."""

    def __init__(
        self,
        register: HandoverRegister,
        writer: Writer,
        archive: Reader,
        directory: Directory,
        allowance: Allowance,
        now_ms: Callable[[], int],
    ) -> None:
        self._register = register
        self._writer = writer
        self._archive = archive
        self._directory = directory
        self._allowance = allowance
        self._now_ms = now_ms

    @handles(WriteHandover, Standing.PERSON)
    async def write(self, peer: Conversation, message: WriteHandover) -> HandoverStands:
        """It is on the disk; whom it is for is told."""
        actor = asker(peer, self._allowance)
        self._check_recipient(actor, message.to)
        if not 0 < len(message.items) <= MAX_ITEMS:
            raise Refused(Code.MALFORMED_MESSAGE, detail="items")
        fact = HandoverWritten(
            name_of_act(actor.number, key=message.key),
            actor.number,
            message.to,
            actor.team,
            tuple(map(_checked, message.items)),
        )
        row = await self._writer.run(lambda connection: self._register.write(connection, fact))
        return HandoverStands(message.id, row.told())

    @handles(ConfirmHandover, Standing.PERSON)
    async def confirm(self, peer: Conversation, message: ConfirmHandover) -> HandoverStands:
        """The incoming takes it over."""
        actor, text = asker(peer, self._allowance), optional_text(message.text)
        row = await self._writer.run(
            lambda connection: self._register.confirm(connection, message.handover, actor, text)
        )
        return HandoverStands(message.id, row.told())

    @handles(SettleItem, Standing.PERSON)
    async def settle(self, peer: Conversation, message: SettleItem) -> HandoverStands:
        """One item is done."""
        actor, text = asker(peer, self._allowance), optional_text(message.text)
        row = await self._writer.run(
            lambda connection: self._register.settle(
                connection, message.handover, message.item, actor, text
            )
        )
        return HandoverStands(message.id, row.told())

    @handles(GetHandovers, Standing.PERSON)
    async def get(self, peer: Conversation, message: GetHandovers) -> Handovers:
        """The newest first, at most `MOST`."""
        actor = asker(peer, self._allowance)
        since_ms = self._now_ms() - LISTED_MS
        find = self._directory.find

        def read(connection: sqlite3.Connection) -> list[StoredHandover]:
            rows = store.open_ones(connection)
            if not message.open_only:
                rows = store.open_or_since(connection, since_ms)
            return [row for row in rows if may_settle(actor, row, find)]

        found = await self._archive.run(read)
        told = [row.told() for row in found[:MOST]]
        rows = newest_within(told[::-1], MOST_BYTES)[::-1]
        return Handovers(message.id, rows, self._names(rows), len(found) - len(rows))

    def _check_recipient(self, actor: Person, number: str) -> None:
        """Raises `Refused` with `unknown_agent`, `own_order`, or `unknown_team` when it is for
        the team of somebody who is in none."""
        if number == actor.number:
            raise Refused(Code.OWN_ORDER)
        if number:
            known(self._directory.find, number)
        elif not actor.team:
            raise Refused(Code.UNKNOWN_TEAM, team="")

    def _names(self, rows: Iterable[HandoverRow]) -> dict[str, str]:
        return self._directory.names(
            number
            for row in rows
            for number in (row.agent, row.to, row.confirmed_by, *row.settled.values())
        )


def _checked(item: HandoverItem) -> HandoverItem:
    """Raises `Refused` with `bad_text` or `malformed_message`."""
    for name, text in (("call", item.call), ("call_peer", item.call_peer)):
        if len(text) > _CALL_LENGTH:
            raise Refused(Code.MALFORMED_MESSAGE, detail=name)
        if not text.isprintable():
            raise bad_text(TextFault.UNREADABLE, _CALL_LENGTH)
    return replace(item, text=check_text(item.text), call_peer=mask(item.call_peer))
