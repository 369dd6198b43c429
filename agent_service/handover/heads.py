"""Heads present against heads required, by team. Lives in the event loop's thread."""

from collections import Counter
from collections.abc import Callable, Iterable
from datetime import date
from functools import partial

import msgspec

from agent_service.handover.disk import Disk
from agent_service.handover.ended_shifts import presence
from agent_service.presence.floor import Floor
from agent_service.rosters.book import RosterBook
from protocol.rules.heads import Span, heads_at, short_since
from protocol.rules.local_day import local_date
from protocol.rules.permissions import has_site
from protocol.wire.session import Person
from protocol.wire.sync import Link

_RECALLED_MS = 4 * 3_600_000
"""So far back it is looked since when a post has been short."""
_SITE = ""


class Post(msgspec.Struct, frozen=True):
    """How many are there and how many should be, just now."""

    team: str
    present: int = 0
    required: int = 0
    short_since_ms: int | None = None
    """Since when there are too few; null: there are enough."""


class Heads:
    """Looked at a few times a minute. Whoever can't be heard is not counted as present."""

    def __init__(self, floor: Floor, book: RosterBook, now_ms: Callable[[], int]) -> None:
        self._floor = floor
        self._book = book
        self._now_ms = now_ms
        self._teams = sorted({each.team for each in book.requirements})
        self._day: date | None = None
        self._required: dict[str, dict[int, int]] = {}
        self._posts: dict[str, Post] = {}
        self._signed_in: Counter[str] = Counter()

    def look(self) -> None:
        """Count."""
        if not self._teams:
            return
        now_ms = self._now_ms()
        self._turn(local_date(now_ms, self._book.zone))
        self._signed_in = Counter(person.team for person in self._there())
        for team in self._teams:
            required = heads_at(self._required[team], now_ms)
            self._posts[team] = self._post(team, self.present_of(team), required, now_ms)

    async def recall(self, archive: Disk) -> None:
        """At a start: what is short by now may have been so before it, as the ledger tells."""
        self.look()
        for team in [post.team for post in self._posts.values() if post.short_since_ms is not None]:
            since_ms = await self._short_since(team, archive)
            post = self._posts[team]
            if post.short_since_ms is not None and since_ms < post.short_since_ms:
                self._posts[team] = msgspec.structs.replace(post, short_since_ms=since_ms)

    async def _short_since(self, team: str, archive: Disk) -> int:
        """One person at a time: others want the disk too."""
        now_ms = self._now_ms()
        from_ms = now_ms - _RECALLED_MS
        members = [each for each, who in self._floor.staff.items() if team in (_SITE, who.team)]
        there: list[Span] = []
        for number in members:
            there += await archive.run(
                partial(presence, agent=number, from_ms=from_ms, until_ms=now_ms)
            )
        zone = self._book.zone
        required = self._book.required(local_date(from_ms, zone), local_date(now_ms, zone), team)
        return short_since(required, there, from_ms, now_ms)

    def of(self, person: Person) -> Post:
        """What concerns a person: the own team, else the site; of those who have the site and
        are in no team, the team that has been short for longest."""
        if person.team in self._posts and person.team:
            return self._posts[person.team]
        short = [post for post in self._posts.values() if post.short_since_ms is not None]
        if short and has_site(person):
            return min(short, key=lambda post: (post.short_since_ms or 0, post.team))
        return self.post_of(_SITE)

    def post_of(self, team: str) -> Post:
        """The post that the people of a team are at: the team's, else the site's."""
        return self._posts.get(team) or self._posts.get(_SITE, Post(_SITE))

    def present_of(self, team: str) -> int:
        """How many of a team were there at the last look, whatever was required; of all people for
        the site."""
        return self._signed_in.total() if team == _SITE else self._signed_in[team]

    def required_at(self, team: str, at_ms: int) -> int:
        """How many should be there at an instant; 0 where nothing is required."""
        day = local_date(at_ms, self._book.zone)
        return heads_at(self._book.required(day, day, team), at_ms)

    def is_present(self, number: str) -> bool:
        """Whether somebody is signed in and can be heard."""
        row = self._floor.rows.get(number)
        return row is not None and row.signed_in and row.link is Link.ONLINE

    def _turn(self, day: date) -> None:
        if day != self._day:
            self._day = day
            self._required = {team: self._book.required(day, day, team) for team in self._teams}

    def _there(self) -> Iterable[Person]:
        return (person for number, person in self._floor.staff.items() if self.is_present(number))

    def _post(self, team: str, present: int, required: int, now_ms: int) -> Post:
        if not required:
            return Post(team)
        if present >= required:
            return Post(team, present, required)
        before = self._posts.get(team, Post(team)).short_since_ms
        return Post(team, present, required, now_ms if before is None else before)
