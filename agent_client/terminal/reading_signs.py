"""Which of the reader's keys the seat is told of: one a second at most, and the last one always."""

from agent_client.terminal.clock import Monotonic

EVERY_S = 1.0


class KeySigns:
    """Of one reader."""

    def __init__(self, monotonic: Monotonic) -> None:
        self._monotonic = monotonic
        self._told_at: float | None = None
        self._waiting: int | None = None

    def key(self, section: int) -> int | None:
        """A key at a page: the page to tell of, or nothing as yet."""
        self._waiting = section
        return self.due()

    def due(self) -> int | None:
        """What waits, once a second has passed since the last."""
        now = self._monotonic()
        if self._told_at is not None and now - self._told_at < EVERY_S:
            return None
        return self.last()

    def last(self) -> int | None:
        """What waits, whenever that is."""
        section, self._waiting = self._waiting, None
        if section is not None:
            self._told_at = self._monotonic()
        return section
