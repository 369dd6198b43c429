"""Milliseconds of the server's clock as instants to show."""

from datetime import UTC, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def instant(ms: int | None) -> datetime | None:
    """An aware UTC instant, to the second; null stays null."""
    return None if ms is None else _EPOCH + timedelta(seconds=ms // 1000)


def milliseconds(at: datetime) -> int:
    """Milliseconds since 1970 of an aware instant."""
    return (at - _EPOCH) // timedelta(milliseconds=1)


def zone(name: str) -> tzinfo:
    """A site's time zone; UTC when this desk does not know it."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return UTC


def local_midnight(now_ms: int, where: tzinfo) -> datetime:
    """The beginning of the local day that an instant lies in."""
    local = (_EPOCH + timedelta(milliseconds=now_ms)).astimezone(where)
    return local.replace(hour=0, minute=0, second=0, microsecond=0)
