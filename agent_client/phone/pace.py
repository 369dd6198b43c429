"""How fast calls may come and go.

Each call opens two sockets. The library has room for 64, gives one back half a second after its
end, and aborts the process when there is none left: a burst of short calls, or a scanner on the
network, would end the call that an agent is in.
"""

from collections import deque

BURST = 10
"""Calls begun within `WINDOW_S` that are still no hurry."""
WINDOW_S = 1.0


class Pace:
    """When the last calls began; loop time in seconds."""

    def __init__(self) -> None:
        self._begun: deque[float] = deque(maxlen=BURST)

    def note(self, now: float) -> None:
        """A call begins."""
        self._begun.append(now)

    def hurried(self, now: float) -> bool:
        """Whether it is time to slow down."""
        return len(self._begun) == BURST and now - self._begun[0] < WINDOW_S
