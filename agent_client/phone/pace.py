"""How fast calls may come and go.

Each call opens two sockets. The library has room for 64, gives one back half a second after its
end, and aborts the process when there is none left: a burst of short calls, or a scanner on the
network, would end the call that an agent is in.
"""

import time
from collections import deque

BURST = 10
"""Calls begun within `WINDOW_S` that are still no hurry."""
WINDOW_S = 1.0
SPACING_S = 0.05
"""Pause between calls that arrive in a hurry: half of the room is enough for them."""


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


class Arrivals:
    """Makes strangers wait who call and leave faster than the library can forget them. Used in
    the library's thread, which reads no other message meanwhile."""

    def __init__(self) -> None:
        self._pace = Pace()

    def slow_down(self) -> None:
        """A call has arrived: read the next message a little later if there was a hurry."""
        now = time.monotonic()
        self._pace.note(now)
        if self._pace.hurried(now):
            time.sleep(SPACING_S)
