"""What tasks assign by themselves is assigned: in rounds, each time from the tables, so that it
does not matter when the service was away. Lives in the event loop's thread."""

import asyncio
import contextlib
import logging
import sqlite3
from collections.abc import Mapping, Sequence

from agent_service.log import fields
from agent_service.reader import Reader
from agent_service.training.news import TrainingNews
from agent_service.training.register import TrainingRegister
from agent_service.training.rules import Due, due
from agent_service.writer import Writer
from protocol.rules.exceptions import SYSTEM
from protocol.wire.errors import Refused
from protocol.wire.session import Person, Role

_log = logging.getLogger(__name__)

_EVERY_S = 60.0
_SOON_S = 0.2
"""After a commit: others that come with it are looked at together with it."""
_AT_ONCE = 100
"""In one transaction."""


class RuleRounds:
    """Looks soon after a commit that may matter, and now and then."""

    def __init__(
        self,
        news: TrainingNews,
        register: TrainingRegister,
        reader: Reader,
        writer: Writer,
        people: Mapping[str, Person],
    ) -> None:
        self._register = register
        self._reader = reader
        self._writer = writer
        self._people = people
        self._news = asyncio.Event()
        self._refused: dict[str, str] = {}
        """By task, why nothing can be assigned: told once."""
        news.ruled = self._news.set

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            await self.look()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(_EVERY_S):
                    await self._news.wait()
            await asyncio.sleep(_SOON_S)
            self._news.clear()

    async def look(self) -> None:
        """Assign what is lacking. Raises `Refused` with `ledger_unavailable`."""
        agents = frozenset(
            person.number for person in self._people.values() if Role.AGENT in person.roles
        )
        lacking = await self._reader.run(lambda connection: due(connection, agents))
        refused: dict[str, str] = {}
        for begin in range(0, len(lacking), _AT_ONCE):
            some = lacking[begin : begin + _AT_ONCE]
            refused |= await self._writer.run(lambda connection: self._assign(connection, some))  # noqa: B023 - done with before the next round
        for task, code in refused.items():
            if self._refused.get(task) != code:
                _log.warning("training_not_assigned", extra=fields(task=task, code=code))
        self._refused = refused

    def _assign(self, connection: sqlite3.Connection, some: Sequence[Due]) -> dict[str, str]:
        """Returns the tasks of which nothing could be assigned, and why."""
        refused = {}
        for each in some:
            try:
                self._register.assign_by_rule(
                    connection, each.name, each.task, each.agent, SYSTEM, each.cause, each.items
                )
            except Refused as refusal:
                refused[each.task] = refusal.code
        return refused
