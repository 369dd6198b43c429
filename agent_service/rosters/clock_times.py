"""Dates and times as people write them in tables: pure.

`2026-12-01`, `2026/12/1` and the like are dates. `9:00`, `09:00:30` and `24:00` are times of the
business date's clock; a date before one, as in `2026-12-02 02:00`, says which day's; an offset
behind it, as in `02:30+01:00`, says which of two that come twice.
"""

import re
from datetime import UTC, date, datetime, timedelta, tzinfo

import msgspec

from agent_service.rosters.patterns import YEARS, instant
from protocol.wire.errors import Code, Refused

DAY_S = 86_400
_SHOWN = 32
_DAY = re.compile(r"(\d{4})\D(\d{1,2})\D(\d{1,2})\D*")
CLOCK = (
    r"(?:\d{4}\D\d{1,2}\D\d{1,2}[^\d\s]?[\sT]\s*)?"
    r"\d{1,2}[:：]\d\d(?:[:：]\d\d)?(?:[+-](?:0\d|1[0-4]):[0-5]\d)?"
)
"""The form of a time, as a pattern without groups."""
_CLOCK = re.compile(
    r"(?:(\d{4})\D(\d{1,2})\D(\d{1,2})[^\d\s]?[\sT]\s*)?"
    r"(\d{1,2})[:：](\d\d)(?:[:：](\d\d))?(?:([+-])(\d\d):(\d\d))?"
)


class ClockTime(msgspec.Struct, frozen=True):
    """What a clock shows."""

    second: int
    """After midnight; 86,400 at most."""
    day: date | None = None
    """Whose clock; null: of the date that it stands for, or of the one after."""
    offset_s: int | None = None
    """What it is before UTC; null: as the site's zone says."""

    def at(self, day: date, where: tzinfo) -> int:
        """The instant (ms) on its own date, else on that one."""
        if self.offset_s is None:
            return instant(self.day or day, self.second, where)
        midnight = datetime.combine(self.day or day, datetime.min.time(), UTC)
        return (int(midnight.timestamp()) + self.second - self.offset_s) * 1000

    def after(self, day: date, earliest_ms: int, where: tzinfo) -> int:
        """Likewise; without a date of its own on the day after, if it would come earlier than
        that."""
        at_ms = self.at(day, where)
        if at_ms >= earliest_ms or self.day is not None:
            return at_ms
        return self.at(day + timedelta(days=1), where)


def read_day(cell: str) -> date:
    """Raises `Refused` with `bad_date`."""
    found = _DAY.fullmatch(cell)
    if found is None:
        raise Refused(Code.BAD_DATE, text=cell[:_SHOWN])
    return _date(found.groups(), cell)


def is_day(cell: str) -> bool:
    """Whether it is a date, or what somebody took for one."""
    return _DAY.fullmatch(cell) is not None


def read_clock(cell: str) -> ClockTime:
    """Raises `Refused` with `bad_clock_time`, or `bad_date`."""
    found = _CLOCK.fullmatch(cell.strip())
    if found is None:
        raise _bad(cell)
    hour, minute, second = (int(part or 0) for part in found.group(4, 5, 6))
    seconds = hour * 3600 + minute * 60 + second
    if minute > 59 or second > 59 or seconds > DAY_S:
        raise _bad(cell)
    day = _date(found.group(1, 2, 3), cell) if found[1] else None
    offset_s = None
    if found[7]:
        offset_s = (int(found[8]) * 3600 + int(found[9]) * 60) * (-1 if found[7] == "-" else 1)
    return ClockTime(seconds, day, offset_s)


def shown_clock(at_ms: int, day: date, where: tzinfo) -> str:
    """An instant as a time of a business date, such that reading it gives the same instant."""
    local = datetime.fromtimestamp(at_ms / 1000, where)
    text = local.strftime("%H:%M:%S" if local.second else "%H:%M")
    if local.fold:
        offset_min = int((local.utcoffset() or timedelta()).total_seconds()) // 60
        sign = "-" if offset_min < 0 else "+"
        text += f"{sign}{abs(offset_min) // 60:02}:{abs(offset_min) % 60:02}"
    return text if local.date() == day else f"{local.date().isoformat()} {text}"


def _date(parts: tuple[str | None, ...], cell: str) -> date:
    try:
        year, month, day = (int(part or 0) for part in parts)
        found = date(year, month, day)
        if found.year not in YEARS:
            raise ValueError(year)
    except ValueError as error:
        raise Refused(Code.BAD_DATE, text=cell[:_SHOWN]) from error
    return found


def _bad(cell: str) -> Refused:
    return Refused(Code.BAD_CLOCK_TIME, text=cell[:_SHOWN])
