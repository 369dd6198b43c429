"""Seats are told of their persons' training: at the sign-in, and whenever something of it changed.
Lives in the event loop's thread; what is told is read beside it."""

import asyncio
import contextlib
import sqlite3
from collections.abc import Callable, Collection, Iterable

from agent_service.reader import Reader
from agent_service.training import store
from agent_service.training.news import TrainingNews
from agent_service.training.own import Teller, Waiting, first_within
from agent_service.training.planned import PlannedTraining
from agent_service.training.told import told
from protocol.wire.errors import Refused
from protocol.wire.session import Person
from protocol.wire.training import OwnTraining

_SOON_S = 0.1
"""After a commit or a sign-in: others that come with it are told once."""
_EVERY_S = 2.0
"""How often the clock, the plans and the service level are looked at."""

Push = Callable[[str, OwnTraining], None]
"""Sends to somebody's seat, if it is connected."""


class OwnTrainings:
    """Follows the commits, and the clock."""

    def __init__(
        self,
        news: TrainingNews,
        teller: Teller,
        planned: PlannedTraining,
        reader: Reader,
        find: Callable[[str], Person | None],
        signed_in: Callable[[], Iterable[str]],
        push: Push,
        now_ms: Callable[[], int],
    ) -> None:
        self._recalled = news.recalled
        self._teller = teller
        self._planned = planned
        self._reader = reader
        self._find = find
        self._signed_in = signed_in
        self._push = push
        self._now_ms = now_ms
        self._waiting: dict[str, Waiting] = {}
        """Of those who are signed in: what they have to do, as it was read last."""
        self._told: dict[str, OwnTraining] = {}
        self._stale: set[str] = set()
        self._news = asyncio.Event()
        news.changed = self.note

    def greet(self, agent: str) -> None:
        """Somebody has just signed in, and is told soon."""
        self._told.pop(agent, None)
        self.note((agent,))

    def note(self, agents: Collection[str]) -> None:
        """Something of these people's training changed."""
        self._stale.update(agents)
        self._news.set()

    async def run(self) -> None:
        """Look now and then, and soon after a commit, until cancelled."""
        while True:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(_EVERY_S):
                    await self._news.wait()
            await asyncio.sleep(_SOON_S)
            self._news.clear()
            await self.look()

    async def look(self) -> None:
        """Tell everybody for whom something changed. Raises `Refused` with
        `ledger_unavailable`."""
        present = set(self._signed_in())
        self._waiting = {agent: each for agent, each in self._waiting.items() if agent in present}
        self._told = {agent: own for agent, own in self._told.items() if agent in present}
        await self._read((self._stale & present) | (present - self._waiting.keys()))
        await self._planned.read([agent for agent, each in self._waiting.items() if each.rows])
        for agent in present:
            self._tell(agent)

    async def _read(self, stale: set[str]) -> None:
        """What changes meanwhile is read the next time, as is what could not be read."""
        self._stale.clear()
        if not stale:
            return
        try:
            found = await self._reader.run(lambda connection: _waiting(connection, stale))
        except Refused:
            self._stale |= stale
            raise
        self._waiting.update(found)

    def _tell(self, agent: str) -> None:
        person = self._find(agent)
        if person is None:
            return
        before = self._told.get(agent)
        own = self._teller.own(
            person,
            self._waiting.get(agent, Waiting()),
            self._recalled.get(agent),
            None if before is None else before.offer,
            self._now_ms(),
        )
        if own != before:
            self._told[agent] = own
            self._push(agent, own)


def _waiting(connection: sqlite3.Connection, agents: Iterable[str]) -> dict[str, Waiting]:
    found = {}
    for agent in agents:
        rows = store.open_of(connection, agent)
        found[agent] = Waiting(rows, first_within(told(connection, rows)))
    return found
