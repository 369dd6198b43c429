"""The floor, sent to those who may see it: whole rows, from a cursor on, a few times a second.

Nobody has a queue: what changed is a set of staff numbers, and a batch is made of the rows as
they are when it is sent. Who subscribes again and again is sent the floor no more often than its
changes, and all who want the same are sent the same frames.
"""

import asyncio
from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from typing import Protocol

from agent_service.presence.floor import Floor
from protocol.wire import codec
from protocol.wire.session import Person, Role
from protocol.wire.sync import Cursor, FloorBatch, FloorRow

ROLES = (Role.LEADER, Role.SUPERVISOR, Role.MANAGER, Role.ADMIN)
"""Who may see the floor; a leader sees the own team."""
_ALL_TEAMS = frozenset(ROLES) - {Role.LEADER}
_BATCH_ROWS = 500


class Reader(Protocol):
    """Where batches go."""

    def send_frame(self, frame: bytes) -> None:
        """Send at once; cuts itself off when the other side reads too slowly."""


class Feed:
    """All subscribers. `run` sends; the rest only notes."""

    def __init__(
        self, floor: Floor, ledger: str, now_ms: Callable[[], int], interval_s: float
    ) -> None:
        self._floor = floor
        self._ledger = ledger
        self._now_ms = now_ms
        self._interval_s = interval_s
        self._teams: dict[Reader, str | None] = {}
        """Whose rows each may see; none: everybody's."""
        self._behind: dict[Reader, Cursor | None] = {}
        """Who has just subscribed, and from where on."""
        self._dirty: set[str] = set()
        self._news = asyncio.Event()
        floor.changed = self._note

    def _note(self, agents: Iterable[str]) -> None:
        self._dirty.update(agents)
        self._news.set()

    def add(self, reader: Reader, person: Person, cursor: Cursor | None) -> None:
        """Send all that lies behind the cursor, and from then on what changes."""
        self._teams[reader] = None if _ALL_TEAMS & set(person.roles) else person.team
        self._behind[reader] = cursor
        self._news.set()

    def remove(self, reader: Reader) -> None:
        """Send no more. Unknown readers are no error."""
        self._teams.pop(reader, None)
        self._behind.pop(reader, None)

    async def run(self) -> None:
        """Send what is wanted as it comes, then wait at least the interval, until cancelled."""
        while True:
            await self._news.wait()
            self._news.clear()
            behind, self._behind = self._behind, {}
            self._catch_up(behind)
            self._publish(behind.keys())
            await asyncio.sleep(self._interval_s)

    def _knows(self, cursor: Cursor) -> bool:
        return cursor.ledger == self._ledger and 0 <= cursor.position <= self._floor.position

    def _is_new(self, agent: str, after: int) -> bool:
        """People without any fact have no position to go by, so they are always sent."""
        position = self._floor.position_of(agent)
        return position == 0 or position > after

    def _catch_up(self, behind: Mapping[Reader, Cursor | None]) -> None:
        frames: dict[tuple[str | None, int, bool], list[bytes]] = {}
        for reader, cursor in behind.items():
            known = cursor is not None and self._knows(cursor)
            after = cursor.position if cursor is not None and known else -1
            wanted = self._teams[reader], after, cursor is not None and not known
            if wanted not in frames:
                frames[wanted] = self._from(*wanted)
            for frame in frames[wanted]:
                reader.send_frame(frame)

    def _from(self, team: str | None, after: int, reset: bool) -> list[bytes]:
        agents = [agent for agent in self._floor.staff if self._is_new(agent, after)]
        return self._frames(_visible(self._views(agents), team), reset)

    def _publish(self, up_to_date: Container[Reader]) -> None:
        rows = self._views(self._dirty & self._floor.staff.keys())
        self._dirty.clear()
        frames: dict[str | None, list[bytes]] = {}
        for reader, team in self._teams.items():
            if reader in up_to_date:
                continue
            if team not in frames:
                visible = _visible(rows, team)
                frames[team] = self._frames(visible) if visible else []
            for frame in frames[team]:
                reader.send_frame(frame)

    def _views(self, agents: Iterable[str]) -> list[FloorRow]:
        return [self._floor.view(agent) for agent in sorted(agents, key=self._floor.position_of)]

    def _frames(self, rows: Sequence[FloorRow], reset: bool = False) -> list[bytes]:
        """The rows in batches that fit a frame, at least one batch. The cursor of each is how
        far its reader has come with it."""
        batches = [rows[at : at + _BATCH_ROWS] for at in range(0, len(rows), _BATCH_ROWS)] or [()]
        ends = [batch[-1].position for batch in batches[:-1]] + [self._floor.position]
        now_ms = self._now_ms()
        frames = []
        for number, (batch, end) in enumerate(zip(batches, ends, strict=True)):
            cursor = Cursor(self._ledger, end)
            first = reset and number == 0
            frames.append(codec.encode(FloorBatch(cursor, tuple(batch), now_ms, first)))
        return frames


def _visible(rows: Iterable[FloorRow], team: str | None) -> list[FloorRow]:
    """What the leader of a team may see: it, and those who are in none."""
    return [row for row in rows if team is None or row.team in ("", team)]
