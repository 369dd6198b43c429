"""The floor, sent to those who may see it: whole rows, from a cursor on, a few times a second.

Nobody has a queue: what changed is a set of staff numbers, and a batch is made of the rows as
they are when it is sent. Who subscribes again and again is sent the floor no more often than its
changes, and all who want the same are sent the same frames.
"""

import asyncio
from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from typing import Protocol

from agent_service.presence.floor import Floor
from protocol.rules.permissions import Scope, scope
from protocol.wire import codec
from protocol.wire.session import Person
from protocol.wire.sync import Cursor, FloorBatch, FloorRow

_EVERYTHING = Cursor("", 0)
"""A cursor of no ledger: whoever has it is sent all rows, and told to forget those before."""
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
        self._scopes: dict[Reader, Scope] = {}
        """Whose rows each may see."""
        self._behind: dict[Reader, Cursor | None] = {}
        """Who has just subscribed, and from where on."""
        self._restarted_at = -1
        """Where the floor was when it last had to be sent anew."""
        self._dirty: set[str] = set()
        self._news = asyncio.Event()
        floor.changed = self._note

    def __len__(self) -> int:
        return len(self._scopes)

    def _note(self, agents: Iterable[str]) -> None:
        self._dirty.update(agents)
        self._news.set()

    def add(self, reader: Reader, person: Person, cursor: Cursor | None) -> None:
        """Send all that lies behind the cursor, and from then on what changes. Who may not see
        the floor is sent nothing."""
        seen = scope(person)
        if seen is None:
            self.remove(reader)
            return
        self._scopes[reader] = seen
        self._behind[reader] = cursor
        self._news.set()

    def renew(self, reader: Reader, person: Person) -> None:
        """The reader is another person than before, with another team or roles."""
        if reader in self._scopes:
            self.add(reader, person, _EVERYTHING)

    def restart(self) -> None:
        """Send everything again: rows that were shown may have become somebody else's to see.
        Cursors from before it mean nothing any more."""
        self._restarted_at = self._floor.position
        self._behind.update(dict.fromkeys(self._scopes, _EVERYTHING))
        self._news.set()

    def remove(self, reader: Reader) -> None:
        """Send no more. Unknown readers are no error."""
        self._scopes.pop(reader, None)
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
        return (
            cursor.ledger == self._ledger
            and self._restarted_at < cursor.position <= self._floor.position
        )

    def _is_new(self, agent: str, after: int) -> bool:
        """People without any fact have no position to go by, so they are always sent."""
        position = self._floor.position_of(agent)
        return position == 0 or position > after

    def _catch_up(self, behind: Mapping[Reader, Cursor | None]) -> None:
        frames: dict[tuple[Scope, int, bool], list[bytes]] = {}
        for reader, cursor in behind.items():
            known = cursor is not None and self._knows(cursor)
            after = cursor.position if cursor is not None and known else -1
            wanted = self._scopes[reader], after, cursor is not None and not known
            if wanted not in frames:
                frames[wanted] = self._from(*wanted)
            for frame in frames[wanted]:
                reader.send_frame(frame)

    def _from(self, seen: Scope, after: int, reset: bool) -> list[bytes]:
        agents = [agent for agent in self._floor.staff if self._is_new(agent, after)]
        return self._frames(_visible(self._views(agents), seen), reset)

    def _publish(self, up_to_date: Container[Reader]) -> None:
        rows = self._views(self._dirty & self._floor.staff.keys())
        self._dirty.clear()
        frames: dict[Scope, list[bytes]] = {}
        for reader, seen in self._scopes.items():
            if reader in up_to_date:
                continue
            if seen not in frames:
                visible = _visible(rows, seen)
                frames[seen] = self._frames(visible) if visible else []
            for frame in frames[seen]:
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


def _visible(rows: Iterable[FloorRow], seen: Scope) -> list[FloorRow]:
    return [row for row in rows if seen.covers(row.team)]
