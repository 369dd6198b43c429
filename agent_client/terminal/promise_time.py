"""Reading the time for which a call-back is promised, as people type it in a hurry.

`+30m`, `+2h`, `+1h30m`, `+45` (minutes); `15:30` (the next one); `tomorrow 9:00`; `12-01 9:00`,
`2026-12-01 9:00`. Full-width figures and colons are as good as the others. Pure.
"""

import re
import unicodedata
from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta, tzinfo

LONGEST = timedelta(days=366)
"""Nobody promises a call for later than that."""

_RELATIVE = re.compile(r"\+\s*(?:(\d{1,4})\s*h)?\s*(?:(\d{1,5})\s*(?:m|min)?)?")
_TIME = re.compile(r"(\d{1,2})(?:[:.](\d{2}))?")
_DATE = re.compile(r"(?:(\d{4})[-/])?(\d{1,2})[-/](\d{1,2})\s+")


def read(text: str, now: datetime, zone: tzinfo, day_words: Mapping[str, int]) -> datetime | None:
    """The moment meant (UTC), later than `now`; null where the text says none. `day_words` names
    days by how many lie between them and today."""
    typed = unicodedata.normalize("NFKC", text).casefold().strip()
    now = now.astimezone(UTC)  # within one zone Python compares wall clocks, not instants
    local = now.astimezone(zone)
    try:
        found = _relative(typed, local) or _on_a_day(typed, local, day_words)
    except (ValueError, OverflowError):  # no such date or time
        return None
    return found if found is not None and now < found <= now + LONGEST else None


def _relative(typed: str, local: datetime) -> datetime | None:
    match = _RELATIVE.fullmatch(typed)
    if match is None or not any(match.groups()):
        return None
    hours, minutes = (int(part or 0) for part in match.groups())
    ahead = timedelta(hours=hours, minutes=minutes)
    return _whole_minute(local, ahead) if ahead else None


def _whole_minute(local: datetime, ahead: timedelta) -> datetime:
    """By instants, since a clock change may lie between; never earlier than was said."""
    seconds = -(-(local.timestamp() + ahead.total_seconds()) // 60) * 60
    return datetime.fromtimestamp(seconds, UTC)


def _on_a_day(typed: str, local: datetime, day_words: Mapping[str, int]) -> datetime | None:
    today = local.date()
    if (match := _DATE.match(typed)) is not None:
        clock = _clock(typed[match.end() :])
        return None if clock is None else _dated(match, clock, local)
    for word, days in day_words.items():
        if typed.startswith(word.casefold()):
            clock = _clock(typed[len(word) :].strip())
            return None if clock is None else _at(today + timedelta(days=days), clock, local)
    clock = _clock(typed) if ":" in typed or "." in typed else None
    if clock is None:
        return None
    meant = _at(today, clock, local)
    return meant if meant > local else _at(today + timedelta(days=1), clock, local)


def _dated(match: re.Match[str], clock: time, local: datetime) -> datetime:
    """Without a year, the next such day."""
    year, month, day = (int(part) if part else None for part in match.groups())
    assert month is not None
    assert day is not None
    if year is not None:
        return _at(date(year, month, day), clock, local)
    meant = _at(date(local.year, month, day), clock, local)
    return meant if meant > local else _at(date(local.year + 1, month, day), clock, local)


def _clock(typed: str) -> time | None:
    match = _TIME.fullmatch(typed.strip())
    return time(int(match[1]), int(match[2] or 0)) if match else None


def _at(day: date, clock: time, local: datetime) -> datetime:
    return datetime.combine(day, clock, local.tzinfo).astimezone(UTC)
