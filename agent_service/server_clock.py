"""The server's clock, which never goes back while the service runs."""

import logging
import threading
from collections.abc import Callable

from agent_service.log import fields

_log = logging.getLogger(__name__)

_TOLD_MS = 1000
"""A step back that is worth a line in the log."""


class ServerClock:
    """Reads the wall clock; when that is set back, goes on by the monotonic clock until the wall
    clock has caught up or the service is started again. What happened later is so never recorded
    as earlier. A step forward is followed. For all threads."""

    def __init__(self, wall_ms: Callable[[], int], mono_ms: Callable[[], int]) -> None:
        self._wall_ms = wall_ms
        self._mono_ms = mono_ms
        self._lock = threading.Lock()
        self._last_ms = wall_ms()
        self._last_mono_ms = mono_ms()
        self._ahead_ms = 0

    def now_ms(self) -> int:
        """Milliseconds since 1970 (UTC)."""
        with self._lock:
            wall, mono = self._wall_ms(), self._mono_ms()
            due = self._last_ms + mono - self._last_mono_ms
            self._tell(due - wall)
            self._last_ms, self._last_mono_ms = max(wall, due), mono
            return self._last_ms

    def _tell(self, ahead_ms: int) -> None:
        """Say once by how much the wall clock was set back."""
        if ahead_ms > self._ahead_ms + _TOLD_MS:
            self._ahead_ms = ahead_ms
            _log.warning("clock_set_back", extra=fields(seconds=ahead_ms // 1000))
