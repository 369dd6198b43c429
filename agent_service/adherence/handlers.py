"""One person's adherence of one business date, for the person and whoever leads them."""

import sqlite3
from collections.abc import Callable
from datetime import tzinfo

import msgspec

from agent_service.accounts.directory import Directory
from agent_service.adherence.basis import Moment
from agent_service.adherence.day import PersonDate, read_day
from agent_service.adherence.shown import Asked, adherence_day
from agent_service.adherence.snapshot import snapshot
from agent_service.allowance import Allowance
from agent_service.asking import asker
from agent_service.attendance.month import own_rows
from agent_service.dispatch import Standing, handles
from agent_service.locking.adjusting import month_of
from agent_service.locking.store import lock_of
from agent_service.plan_corrections.store import told_of
from agent_service.reader import Reader
from agent_service.rosters.store import revisions_of
from agent_service.session import Conversation
from protocol.rules.permissions import may_see
from protocol.wire.adherence import AdherenceDay, GetAdherence
from protocol.wire.errors import Code, Refused
from protocol.wire.roster import DayPlan

_SHOWN = 64


class AdherenceHandlers:
    """Why a figure is what it is."""

    def __init__(
        self,
        directory: Directory,
        reader: Reader,
        allowance: Allowance,
        where: tzinfo,
        zone: str,
        now_ms: Callable[[], int],
    ) -> None:
        self._directory = directory
        self._reader = reader
        self._allowance = allowance
        self._where = where
        self._zone = zone
        self._now_ms = now_ms

    @handles(GetAdherence, Standing.PERSON)
    async def get(self, peer: Conversation, message: GetAdherence) -> AdherenceDay:
        """The figure up to now, with all that made it."""
        actor = asker(peer, self._allowance)
        person = self._directory.find(message.agent)
        if person is None:
            raise Refused(Code.UNKNOWN_AGENT, agent=message.agent[:_SHOWN])
        if not may_see(actor, person):
            raise Refused(Code.NOT_PERMITTED)
        asked = Asked(message.id, person, self._zone)
        moment = Moment(self._where, self._now_ms())

        def read(connection: sqlite3.Connection) -> AdherenceDay:
            try:
                with snapshot(connection):
                    date = read_day(connection, person.number, message.day, moment)
                    return page(connection, asked, date)
            except (OverflowError, ValueError) as error:
                raise Refused(Code.MALFORMED_MESSAGE, detail="day") from error

        told = await self._reader.run(read)
        return msgspec.structs.replace(told, names=self._names(told))

    def _names(self, told: AdherenceDay) -> dict[str, str]:
        numbers = {plan.actor for plan in told.plans}
        numbers.update(number for row in told.exceptions for number in (row.actor, *row.deciders))
        numbers.update(who for row in told.corrections for who in (row.actor, row.decided_by))
        numbers.update(number for each in told.incidents for number in (each.actor, each.second))
        return self._directory.names(numbers)


def page(connection: sqlite3.Connection, asked: Asked, date: PersonDate) -> AdherenceDay:
    """A business date with its plans, their corrections, and its attendance."""
    corrections = told_of(connection, date.whose.agent, date.whose.day)
    plans, attendance = _plans(connection, date), own_rows(connection, date)
    return adherence_day(asked, date, plans, corrections, attendance)


def _plans(connection: sqlite3.Connection, date: PersonDate) -> list[DayPlan]:
    """Every plan that the day has had until it was locked."""
    agent, day = date.whose.agent, date.whose.day
    lock = lock_of(connection, month_of(day))
    rows = revisions_of(connection, agent, day)
    return [row.plan() for row in rows if lock is None or row.position <= lock.position]
