"""Paid overtime that records itself: who is asked to stay, since their team would be short without
them, has what they work after the planned end booked, once for that day."""

import asyncio
import sqlite3
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from itertools import groupby

from agent_service.handover.disk import Disk
from agent_service.handover.ended_shifts import Stay, ended_between, is_there, worked_after
from agent_service.handover.heads import Heads
from agent_service.identity import name_of
from agent_service.presence.floor import Floor
from agent_service.requests.permits import Find
from agent_service.rosters.book import RosterBook
from protocol.facts.agent import Reason, State
from protocol.facts.request import Account, HoursBooked
from protocol.rules.exceptions import SYSTEM
from protocol.rules.local_day import local_date

_EVERY_S = 15.0
_LONGEST_MS = 4 * 3_600_000
"""After the planned end: what comes later is another matter, and who was asked longer ago is not
asked any more."""
_GONE_AFTER_MS = 15_000
"""After the planned end: who has signed out by then was not kept."""
_AHEAD_MS = 2 * 60_000
"""Before the planned end: who comes next has begun to prepare by then."""

Book = Callable[[sqlite3.Connection, HoursBooked], None]
"""Puts hours into an account, once."""


class Stays:
    """Looks now and then whose shift has ended meanwhile. Lives in the event loop's thread. Whose
    shift ended not long before a start of the service was asked before it, or would have been: the
    ledger tells, also where the facts of that time come later."""

    def __init__(
        self,
        heads: Heads,
        floor: Floor,
        book: RosterBook,
        work_reasons: frozenset[Reason],
        find: Find,
        archive: Disk,
        writer: Disk,
        put: Book,
        now_ms: Callable[[], int],
    ) -> None:
        self._heads = heads
        self._floor = floor
        self._zone = book.zone
        self._watches = bool(book.requirements)
        self._work_reasons = work_reasons
        self._find = find
        self._archive = archive
        self._writer = writer
        self._put = put
        self._now_ms = now_ms
        self._looked_ms: int | None = None
        """Null before the first look."""
        self._stays: dict[str, Stay] = {}
        self._earlier: list[Stay] = []
        """Shifts that ended before the first look, of whom it is not known whether they stayed."""
        self._asked: frozenset[str] = frozenset()

    def asks(self, agent: str) -> bool:
        """Whether somebody is asked to stay just now, or from the end of their shift on."""
        return agent in self._asked

    async def run(self) -> None:
        """Until cancelled."""
        if self._watches:
            await self._heads.recall(self._archive)
        while True:
            await asyncio.sleep(_EVERY_S)
            if self._watches:
                await self.look()

    async def look(self) -> None:
        """Ask those whose shift has ended, or is about to; book for those who have gone."""
        now_ms, since_ms = self._now_ms(), self._looked_ms
        today = local_date(now_ms, self._zone)
        from_ms = now_ms - _LONGEST_MS if since_ms is None else since_ms
        ending = await self._archive.run(
            lambda connection: ended_between(connection, from_ms, now_ms + _AHEAD_MS, today)
        )
        ended = [stay for stay in ending if stay.end_ms <= now_ms]
        soon = [stay for stay in ending if stay.end_ms > now_ms]
        self._looked_ms = now_ms
        self._heads.look()
        if since_ms is None:
            self._earlier = ended
        else:
            needed = {stay.agent for stay in self._needed(ended, now_ms)}
            self._stays |= {stay.agent: stay for stay in ended if stay.agent in needed}
        await self._ask_earlier(now_ms)
        for stay in list(self._stays.values()):
            if self._has_gone(stay, now_ms):
                await self._book(stay, min(now_ms, stay.end_ms + _LONGEST_MS))
                self._stays.pop(stay.agent, None)
        self._asked = frozenset(stay.agent for stay in self._needed(soon, now_ms))

    def _needed(self, ending: Iterable[Stay], now_ms: int) -> Iterator[Stay]:
        """Of these and of those who stay already, whom their team can't do without, once all whose
        shift is over by then have gone."""
        leaving = {stay.agent: stay for stay in (*ending, *self._stays.values())}
        going: defaultdict[str, list[tuple[int, Stay]]] = defaultdict(list)
        for stay in leaving.values():
            if self._heads.is_present(stay.agent):
                going[self._team(stay.agent)].append((max(stay.end_ms, now_ms), stay))
        for team, goes in going.items():
            left = self._heads.present_of(team)
            goes.sort(key=_when)
            for at_ms, group in groupby(goes, _when):
                stays = [stay for _, stay in group]
                left -= len(stays)
                if left < self._heads.required_at(team, at_ms):
                    yield from stays

    async def _ask_earlier(self, now_ms: int) -> None:
        """Those who were there after the end, while their team could not do without them."""
        left, self._earlier = self._earlier, []
        for stay in left:
            at_ms = stay.end_ms + _GONE_AFTER_MS
            if now_ms >= stay.end_ms + _LONGEST_MS or not self._required(stay):
                continue
            there = None if now_ms < at_ms else await self._was_there(stay.agent, at_ms)
            if there is None:
                self._earlier.append(stay)
            elif there and await self._was_short(stay, left, at_ms):
                self._stays[stay.agent] = stay

    async def _was_short(self, stay: Stay, ended: Iterable[Stay], at_ms: int) -> bool:
        """Without all those whose shift was over."""
        team, required = self._team(stay.agent), self._required(stay)
        leaving = {each.agent for each in ended if each.end_ms <= stay.end_ms}
        for agent in self._floor.staff.keys() - leaving:
            if required > 0 and self._is_of(agent, team):
                required -= await self._was_there(agent, at_ms) is True
        return required > 0

    async def _was_there(self, agent: str, at_ms: int) -> bool | None:
        return await self._archive.run(lambda connection: is_there(connection, agent, at_ms))

    def _required(self, stay: Stay) -> int:
        return self._heads.required_at(self._team(stay.agent), stay.end_ms)

    def _is_of(self, agent: str, team: str) -> bool:
        """Whether somebody counts for a team; everybody does for the site."""
        person = self._find(agent)
        return not team or (person is not None and person.team == team)

    def _team(self, agent: str) -> str:
        person = self._find(agent)
        return self._heads.post_of(person.team if person is not None else "").team

    def _has_gone(self, stay: Stay, now_ms: int) -> bool:
        """Whether the seat itself told of the sign-out: what is not heard may still be work."""
        row = self._floor.rows.get(stay.agent)
        signed_out = row is None or row.state is State.LOGGED_OFF
        return signed_out or now_ms >= stay.end_ms + _LONGEST_MS

    async def _book(self, stay: Stay, until_ms: int) -> None:
        of_work = self._work_reasons
        seconds = await self._archive.run(
            lambda connection: worked_after(connection, stay, until_ms, of_work)
        )
        if seconds:
            booking = name_of("stay", stay.agent, stay.day.isoformat())
            account = Account.OVERTIME
            fact = HoursBooked(booking, stay.agent, account, seconds, stay.day, SYSTEM, "")
            await self._writer.run(lambda connection: self._put(connection, fact))


def _when(going: tuple[int, Stay]) -> int:
    return going[0]
