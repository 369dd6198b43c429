"""One person's day, for a lead or the person."""

import sqlite3
from collections.abc import Callable
from datetime import tzinfo

from agent_service.adherence.day import read_sessions
from agent_service.adherence.snapshot import snapshot
from agent_service.allowance import Allowance
from agent_service.asking import asker
from agent_service.dispatch import Standing, handles
from agent_service.persons.day import Asked, person_day
from agent_service.persons.store import EVER
from agent_service.presence.floor import Floor
from agent_service.reader import Reader
from agent_service.session import Conversation
from protocol.rules.local_day import day_bounds
from protocol.rules.permissions import may_see
from protocol.wire.errors import Code, Refused
from protocol.wire.person import GetPersonDay, PersonDay
from protocol.wire.session import Person

_SHOWN = 64


class PersonHandlers:
    """What was when."""

    def __init__(
        self,
        floor: Floor,
        find: Callable[[str], Person | None],
        reader: Reader,
        allowance: Allowance,
        where: tzinfo,
        now_ms: Callable[[], int],
    ) -> None:
        self._floor = floor
        self._find = find
        self._reader = reader
        self._allowance = allowance
        self._where = where
        self._now_ms = now_ms

    @handles(GetPersonDay, Standing.PERSON)
    async def get_day(self, peer: Conversation, message: GetPersonDay) -> PersonDay:
        """The day's segments, calls and figures, up to now. They are put together beside the
        event loop too, since a day may hold many thousand facts."""
        actor = asker(peer, self._allowance)
        person = self._find(message.agent)
        if person is None:
            raise Refused(Code.UNKNOWN_AGENT, agent=message.agent[:_SHOWN])
        if not may_see(actor, person):
            raise Refused(Code.NOT_PERMITTED)
        asked = self._asked(message, person)
        row = self._floor.view(person.number) if person.number in self._floor.staff else None
        window = asked.from_ms, asked.until_ms

        def read(connection: sqlite3.Connection) -> PersonDay:
            with snapshot(connection):
                sessions = read_sessions(connection, person.number, window, EVER)
            return person_day(asked, row, sessions)

        return await self._reader.run(read)

    def _asked(self, message: GetPersonDay, person: Person) -> Asked:
        """Raises `Refused` with `malformed_message` for a day that no calendar has whole."""
        try:
            from_ms, until_ms = day_bounds(message.day, self._where)
        except (OverflowError, ValueError) as error:
            raise Refused(Code.MALFORMED_MESSAGE, detail="day") from error
        return Asked(message.id, person, message.day, from_ms, until_ms, self._now_ms())
