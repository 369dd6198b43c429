"""The server's time between two statements of the seat, and the whole seconds between instants."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta, tzinfo
from math import floor
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

Monotonic = Callable[[], float]
"""Seconds that only go forward, such as `time.monotonic`."""


class SeatClock:
    """The server's clock as the seat last read it, carried on by a monotonic one."""

    def __init__(self, monotonic: Monotonic) -> None:
        self._monotonic = monotonic
        self._anchor: datetime | None = None
        self._anchored_at = 0.0
        self._stopped_at: float | None = None

    def set(self, now: datetime | None) -> None:
        """Take the seat's reading; null means that the time is not known."""
        self._anchor = now
        self._anchored_at = self._monotonic()
        self._stopped_at = None

    def stop(self) -> None:
        """Stand still, since nobody confirms what is shown, until the next `set`."""
        if self._stopped_at is None:
            self._stopped_at = self._monotonic()

    def now(self) -> datetime | None:
        """The server's time (UTC), or null while it is not known."""
        if self._anchor is None:
            return None
        at = self._monotonic() if self._stopped_at is None else self._stopped_at
        return self._anchor + timedelta(seconds=at - self._anchored_at)


def whole_seconds(start: datetime | None, end: datetime | None) -> int | None:
    """Seconds from `start` to `end`, never negative; null where either is not known. Both are
    floored to the second first, so that two displays of one span never differ."""
    if start is None or end is None:
        return None
    return max(0, floor(end.timestamp()) - floor(start.timestamp()))


def zone_of(name: str) -> tzinfo:
    """A site's time zone; UTC where this desk does not know it."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return UTC


def at_site(ms: int, zone: str) -> datetime:
    """An instant in milliseconds as the site's local time."""
    return datetime.fromtimestamp(ms / 1000, zone_of(zone))
