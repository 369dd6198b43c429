"""The floor as this seat last heard of it, for the lead's terminal; a cache and nothing more."""

from collections.abc import Callable

from agent_client.seat.clock import Clock
from agent_client.seat.instants import instant
from protocol.wire import sync
from protocol.wire.desk import Floor


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
        if batch.reset:
            self._push(self.whole())
        else:
            self._push(Floor(batch.rows, instant(self._clock.now_ms())))

    def lost(self) -> None:
        """The link is down: the rows are as old as they are."""
        if not self._stale:
            self._stale = True
            self._push(Floor((), instant(self._clock.now_ms()), stale=True))

    def forget(self) -> None:
        """Whoever was allowed to see them has signed out."""
        self._rows.clear()
        self.cursor, self._stale = None, True

    def whole(self) -> Floor:
        """Everything, for a terminal that begins to watch."""
        rows = tuple(self._rows.values())
        now = instant(self._clock.now_ms())
        return Floor(rows, now, reset=True, stale=self._stale)
