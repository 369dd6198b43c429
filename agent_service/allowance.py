"""How often one may ask: what a signed-in client can send again and again has a limit."""

import math
from collections.abc import Callable

from protocol.wire.errors import Code, Refused

_REMEMBERED = 10_000


class Allowance:
    """So many at once, and so many a second after that, each on their own account. Lives in the
    event loop's thread."""

    def __init__(self, at_once: int, per_s: float, mono_s: Callable[[], float]) -> None:
        self._at_once = at_once
        self._per_s = per_s
        self._mono_s = mono_s
        self._left: dict[str, tuple[float, float]] = {}
        """What was left, and when that was."""

    def spend(self, who: str) -> None:
        """Take one. Raises `Refused` with `too_many_requests` when none is left."""
        now_s = self._mono_s()
        left = self._now_left(who, now_s)
        if left < 1:
            raise Refused(Code.TOO_MANY_REQUESTS, wait_s=math.ceil((1 - left) / self._per_s))
        if len(self._left) >= _REMEMBERED:
            self._forget(now_s)
        self._left[who] = left - 1, now_s

    def _now_left(self, who: str, now_s: float) -> float:
        left, then_s = self._left.get(who, (self._at_once, now_s))
        return min(self._at_once, left + (now_s - then_s) * self._per_s)

    def _forget(self, now_s: float) -> None:
        """Those who have all of it again need no account."""
        full = [who for who in self._left if self._now_left(who, now_s) >= self._at_once]
        for who in full:
            del self._left[who]
