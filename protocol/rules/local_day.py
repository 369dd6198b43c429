"""Which day it is where the floor is: pure."""

from datetime import UTC, date, datetime, time, timedelta, tzinfo

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)


def local_date(ms: int, where: tzinfo) -> date:
    """The local date of an instant (ms since 1970, UTC)."""
    return (_EPOCH + timedelta(milliseconds=ms)).astimezone(where).date()


def day_bounds(day: date, where: tzinfo) -> tuple[int, int]:
    """The instants [from, until) in ms of a local day, which is not always 24 hours long."""
    return _midnight(day, where), _midnight(day + timedelta(days=1), where)


def _midnight(day: date, where: tzinfo) -> int:
    return (datetime.combine(day, time(), where) - _EPOCH) // _MILLISECOND
