"""Days and spans as leads type them. Pure."""

import re
import unicodedata
from datetime import date

_DAY = re.compile(r"(?:(\d{4})[-/.])?(\d{1,2})[-/.](\d{1,2})")


def read_day(text: str, near: date) -> date | None:
    """`2026-11-23` or `11-23`, the latter of the year in which it is nearest to a day; None where
    it is no day."""
    found = _DAY.fullmatch(unicodedata.normalize("NFKC", text).strip())
    if found is None:
        return None
    month, day = int(found[2]), int(found[3])
    years = [int(found[1])] if found[1] else [near.year - 1, near.year, near.year + 1]
    days = [made for year in years if (made := _made(year, month, day)) is not None]
    return min(days, key=lambda each: abs(each - near), default=None)


def _made(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
