"""How often a wrong password may be tried: counted by staff number and by desk."""

from collections.abc import Callable
from math import ceil

import msgspec

from protocol.wire.errors import Code, Refused

_KEPT = 10_000


class _Count(msgspec.Struct):
    """Tries since the last right password."""

    tries: int
    until_s: float
    """When they are forgotten."""


class Attempts:
    """Tries under way count as wrong until they prove right, so that many at once win nothing."""

    def __init__(self, most: int, wait_s: int, mono_s: Callable[[], float]) -> None:
        self._most = most
        self._wait_s = wait_s
        self._mono_s = mono_s
        self._counts: dict[str, _Count] = {}

    def begin(self, *keys: str) -> None:
        """Count a try for each key. Raises `Refused` with `too_many_attempts`, counting
        nothing, when one of them has none left."""
        now_s = self._mono_s()
        self._forget(now_s)
        for key in keys:
            count = self._counts.get(key)
            if count is not None and count.tries >= self._most:
                wait_s = max(1, ceil(count.until_s - now_s))
                raise Refused(Code.TOO_MANY_ATTEMPTS, wait_s=wait_s)
        for key in keys:
            count = self._counts.setdefault(key, _Count(0, 0))
            count.tries += 1
            count.until_s = now_s + self._wait_s

    def succeeded(self, *keys: str) -> None:
        """The password was right."""
        for key in keys:
            self._counts.pop(key, None)

    def _forget(self, now_s: float) -> None:
        """Drop what has run out; of too many, which only an attack brings, the oldest."""
        gone = [key for key, count in self._counts.items() if count.until_s <= now_s]
        gone += list(self._counts)[: max(0, len(self._counts) - len(gone) - _KEPT)]
        for key in gone:
            self._counts.pop(key, None)
