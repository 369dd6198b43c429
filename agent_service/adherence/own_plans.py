"""Seats are told of their persons' plans: at the sign-in, and whenever something of them changed.
Lives in the event loop's thread; what is told is read beside it."""

import asyncio
import contextlib
import logging
import sqlite3
from collections.abc import Callable, Collection, Iterable
from datetime import date, tzinfo

from agent_service.adherence.basis import Moment
from agent_service.adherence.own_plan import Seat, read_own_plan
from agent_service.adherence.snapshot import snapshot
from agent_service.presence.floor import Floor
from agent_service.reader import Reader
from protocol.rules.local_day import local_date
from protocol.wire.roster import OwnPlan
from protocol.wire.session import Person

_log = logging.getLogger(__name__)

_SOON_S = 0.1
"""After a commit or a sign-in: others that come with it are told once."""
_LOOK_S = 5.0
"""How often people and the date are looked at, and what failed is tried again."""

Push = Callable[[str, OwnPlan], None]
"""Sends to somebody's seat, if it is connected."""


class OwnPlans:
    """Follows the commits. Whoever is not signed in is told at the next sign-in."""

    def __init__(
        self,
        floor: Floor,
        find: Callable[[str], Person | None],
        reader: Reader,
        where: tzinfo,
        now_ms: Callable[[], int],
    ) -> None:
        self.push: Push = lambda agent, plan: None
        self.signed_in: Callable[[], Iterable[str]] = lambda: ()
        self._floor = floor
        self._find = find
        self._reader = reader
        self._where = where
        self._now_ms = now_ms
        self._stale: dict[str, None] = {}
        """In the order in which they are told."""
        self._told: dict[str, tuple[Person, date]] = {}
        """Who somebody was at the last push, and on which of the site's dates."""
        self._owners: dict[str, frozenset[str]] = {}
        """For whom somebody stood in, at the last push."""
        self._news = asyncio.Event()

    def greet(self, agent: str) -> None:
        """Somebody has signed in."""
        self.note((agent,))

    def note(self, agents: Collection[str] | None) -> None:
        """Something of these people's days changed; None: of everybody's."""
        present = set(self.signed_in())
        for agent in present if agents is None else present & self._beside(agents):
            self._stale[agent] = None
            self._news.set()

    def _beside(self, agents: Collection[str]) -> set[str]:
        """With those who were told that they stand in for one of them."""
        standing_in = (who for who, owners in self._owners.items() if not owners.isdisjoint(agents))
        return {*agents, *standing_in}

    async def run(self) -> None:
        """Tell one after the other, until cancelled."""
        while True:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(_LOOK_S):
                    await self._news.wait()
            await asyncio.sleep(_SOON_S)
            self._news.clear()
            self._look()
            for agent in tuple(self._stale):
                await self._try(agent)

    def _look(self) -> None:
        """Whoever is in another team than before, or in another day, is told again."""
        today, present = local_date(self._now_ms(), self._where), set(self.signed_in())
        for agent in self._told.keys() - present:
            del self._told[agent]
            self._owners.pop(agent, None)
        for agent, told in self._told.items():
            if told != (self._find(agent), today):
                self._stale[agent] = None

    async def _try(self, agent: str) -> None:
        """What comes in meanwhile is told after it; what fails, at the next look."""
        self._stale.pop(agent, None)
        try:
            await self._tell(agent)
        except Exception:  # noqa: BLE001 - the edge: one person's fault is no other's
            _log.exception("own_plan_failed: %s", agent)
            self._stale[agent] = None

    async def _tell(self, agent: str) -> None:
        person, row = self._find(agent), self._floor.rows.get(agent)
        if person is None:
            self._told.pop(agent, None)
            self._owners.pop(agent, None)
            return
        seat = Seat(person, "" if row is None else row.session)
        moment = Moment(self._where, self._now_ms())

        def read(connection: sqlite3.Connection) -> OwnPlan:
            with snapshot(connection):
                return read_own_plan(connection, seat, moment)

        plan = await self._reader.run(read)
        self._owners[agent] = frozenset(each.agent for each in plan.stand_ins) - {agent}
        self.push(agent, plan)
        self._told[agent] = person, local_date(moment.now_ms, self._where)
