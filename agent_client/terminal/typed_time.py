"""Reading days, times of day and lengths as people type them in a hurry. Full-width figures and
colons are as good as the others. Pure."""

import re
import unicodedata
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta, tzinfo

MINUTES = 1440
"""Of a day by the clock."""
_LONGEST_H = 744

_CLOCK = re.compile(r"(\d{1,2})(?:[:.]?(\d{2}))?")
_LENGTH = re.compile(r"([+-]?)(\d{1,3})(?::(\d{2})|[.](\d{1,2}))?")
_DATE = re.compile(r"(?:(\d{4})[-/.])?(\d{1,2})[-/.](\d{1,2})")
_AWAY = re.compile(r"([+-]\d{1,3})")


def read_clock(text: str) -> int | None:
    """Minutes since midnight of `9`, `9:00`, `0900` or `24:00`; null where it says no time."""
    match = _CLOCK.fullmatch(_plain(text))
    if match is None:
        return None
    hour, minute = int(match[1]), int(match[2] or 0)
    minutes = hour * 60 + minute
    return minutes if minute < 60 and minutes <= MINUTES else None


def clock(minutes: int) -> str:
    """`09:00` or `24:00`."""
    hour, minute = divmod(minutes, 60)
    return f"{hour:02}:{minute:02}"


def read_day(text: str, today: date, day_words: Mapping[str, int]) -> date | None:
    """The day of `tomorrow`, `+3`, `12-01` (the nearest one) or `2026-12-01`. `day_words` names
    days by how many lie between them and today."""
    typed = _plain(text)
    for word, days in day_words.items():
        if typed == word.casefold():
            return today + timedelta(days=days)
    try:
        if _AWAY.fullmatch(typed):
            return today + timedelta(days=int(typed))
        match = _DATE.fullmatch(typed)
        return _dated(match, today) if match is not None else None
    except (ValueError, OverflowError):  # no such date
        return None


def read_length(text: str) -> int | None:
    """Seconds of `2`, `2:30`, `2.5` or `-1:15` hours; null where it says no length, or none."""
    match = _LENGTH.fullmatch(_plain(text))
    if match is None or int(match[2]) > _LONGEST_H or int(match[3] or 0) > 59:
        return None
    part = int(match[3] or 0) * 60 + round(float(f"0.{match[4] or 0}") * 3600)
    seconds = int(match[2]) * 3600 + part
    return (-seconds if match[1] == "-" else seconds) or None


def instant_ms(day: date, minutes: int, where: tzinfo) -> int:
    """The instant of a time of day at the site; 24:00 is the next day's midnight."""
    days, minute = divmod(minutes, MINUTES)
    local = datetime.combine(day + timedelta(days=days), time(minute // 60, minute % 60), where)
    return round(local.timestamp()) * 1000


def _dated(match: re.Match[str], today: date) -> date:
    """Without a year, the one that is nearest to today."""
    month, day = int(match[2]), int(match[3])
    if match[1]:
        return date(int(match[1]), month, day)
    years = (today.year - 1, today.year, today.year + 1)
    return min((date(year, month, day) for year in years), key=lambda each: abs(each - today))


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold().strip()
