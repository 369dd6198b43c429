"""What waits for each person who is signed in: pushed at the sign-in, and again when it is
something else. Lives in the event loop's thread."""

import asyncio
import contextlib
from collections.abc import Callable, Iterable

from agent_service.handover.heads import Heads
from agent_service.handover.waiting import WaitingHandovers
from agent_service.requests.waiting import RequestCounts, WaitingRequests
from protocol.rules.permissions import LEADS
from protocol.wire.handover import OwnNotices, PostState
from protocol.wire.session import Person

_EVERY_S = 2.0
_SOON_S = 0.1
"""After a commit or a sign-in: others that come with it are told at once with it."""
_EXCEPTIONS_EVERY_S = 5.0
_EXCEPTIONS_AT_ONCE = 20
"""Counting exceptions goes through all that are open, for each lead: in turns."""

Push = Callable[[str, OwnNotices], None]
"""Sends to somebody's seat, if it is connected."""


class Notices:
    """Follows the commits, and the clock: what has lapsed waits for nobody, and each half hour
    has its own requirement. Nothing here keeps anybody from READY or from signing out."""

    def __init__(
        self,
        requests: WaitingRequests,
        handovers: WaitingHandovers,
        heads: Heads,
        exceptions_waiting: Callable[[Person], int],
        asked_to_stay: Callable[[str], bool],
        find: Callable[[str], Person | None],
        signed_in: Callable[[], Iterable[str]],
        push: Push,
    ) -> None:
        self._requests = requests
        self._handovers = handovers
        self._heads = heads
        self._exceptions_waiting = exceptions_waiting
        self._asked_to_stay = asked_to_stay
        self._find = find
        self._signed_in = signed_in
        self._push = push
        self._told: dict[str, OwnNotices] = {}
        self._new: set[str] = set()
        """Who has signed in and is not told yet."""
        self._stale = True
        """Whether a commit may have changed what others were told."""
        self._news = asyncio.Event()
        self._looked_s = 0.0
        self._exceptions: dict[str, tuple[float, int]] = {}
        """By lead: when they were counted, and how many."""
        self._turns = 0
        requests.changed = self._note
        handovers.changed = self._note

    async def run(self) -> None:
        """Look now and then, and soon after a commit, until cancelled."""
        while True:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(_EVERY_S):  # 3.11's `wait_for` can swallow a cancel
                    await self._news.wait()
                await asyncio.sleep(_SOON_S)
            self._news.clear()
            new, self._new = self._new, set()
            now_s = asyncio.get_running_loop().time()
            if self._stale or now_s - self._looked_s >= _EVERY_S:
                self._stale = False
                self._looked_s = now_s
                self.look()
            else:
                self._tell(new)

    def greet(self, agent: str) -> None:
        """Tell somebody who has just signed in, soon."""
        self._told.pop(agent, None)
        self._new.add(agent)
        self._news.set()

    def _note(self) -> None:
        self._stale = True
        self._news.set()

    def look(self) -> None:
        """Tell everybody for whom something changed."""
        self._heads.look()
        self._turns = _EXCEPTIONS_AT_ONCE
        present = set(self._signed_in())
        self._told = {agent: told for agent, told in self._told.items() if agent in present}
        self._exceptions = {
            agent: counted for agent, counted in self._exceptions.items() if agent in present
        }
        self._tell(present)

    def _tell(self, agents: Iterable[str]) -> None:
        requests = self._requests.counts()
        for agent in agents:
            person = self._find(agent)
            if person is None:
                continue
            notices = self._notices(person, requests)
            if self._told.get(agent) != notices:
                self._told[agent] = notices
                self._push(agent, notices)

    def _notices(self, person: Person, requests: RequestCounts) -> OwnNotices:
        post = self._heads.of(person)
        return OwnNotices(
            self._handovers.waiting(person),
            requests.waiting(person),
            self._exceptions_of(person),
            PostState.ENOUGH if post.short_since_ms is None else PostState.SHORT,
            post.present,
            post.required,
            post.short_since_ms,
            post.team,
            *requests.answered(person),
            asked_to_stay=self._asked_to_stay(person.number),
            unconfirmed=self._handovers.unconfirmed(person.number),
        )

    def _exceptions_of(self, person: Person) -> int:
        if set(LEADS).isdisjoint(person.roles):
            return 0
        now_s = asyncio.get_running_loop().time()
        counted_s, count = self._exceptions.get(person.number, (now_s, None))
        stale = now_s - counted_s >= _EXCEPTIONS_EVERY_S
        if count is None or (stale and self._turns > 0):
            self._turns -= 1
            count = self._exceptions_waiting(person)
            self._exceptions[person.number] = now_s, count
        return count
