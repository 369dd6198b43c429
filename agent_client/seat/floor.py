"""The floor as this seat last heard of it, for the lead's terminal; a cache and nothing more."""

from collections.abc import Callable, Iterator

from agent_client.seat.clock import Clock
from agent_client.seat.instants import instant
from protocol.wire import sync
from protocol.wire.desk_floor import Floor

PIECE_ROWS = 500
"""Rows in one message: well below the longest line, however long people's names are."""


class FloorCache:
    """Rows by staff number, and how far they go."""

    def __init__(self, clock: Clock, push: Callable[[Floor], None]) -> None:
        self._clock = clock
        self._push = push
        self._rows: dict[str, sync.FloorRow] = {}
        self._stale = True
        self.cursor: sync.Cursor | None = None

    def take(self, batch: sync.FloorBatch) -> None:
        """Rows that the service sent."""
        if batch.reset:
            self._rows.clear()
        self._rows.update((row.agent, row) for row in batch.rows)
        self.cursor, self._stale = batch.cursor, False
        if not batch.reset:
            self._push(Floor(batch.rows, instant(self._clock.now_ms())))
            return
        for piece in self.whole():
            self._push(piece)

    def lost(self) -> None:
        """The link is down: the rows are as old as they are."""
        if not self._stale:
            self._stale = True
            self._push(Floor((), instant(self._clock.now_ms()), stale=True))

    def forget(self) -> None:
        """Whoever was allowed to see them has signed out."""
        self._rows.clear()
        self.cursor, self._stale = None, True

    def whole(self) -> Iterator[Floor]:
        """Everything, for a terminal that begins to watch: the first piece says to forget what
        was, and none is too long for a line."""
        rows = tuple(self._rows.values())
        now = instant(self._clock.now_ms())
        for first in range(0, max(1, len(rows)), PIECE_ROWS):
            piece = rows[first : first + PIECE_ROWS]
            yield Floor(piece, now, reset=first == 0, stale=self._stale)
