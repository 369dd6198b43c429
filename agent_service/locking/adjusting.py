"""In which month a decision counts that comes after the month of its day was locked."""

import sqlite3
from collections.abc import Callable
from datetime import date, tzinfo

from agent_service.locking.projector import LockProjector
from protocol.rules.local_day import local_date

_LENGTH = len("2026-11")


def month_of(day: date) -> str:
    """The natural month of a date, such as 2026-11."""
    return day.isoformat()[:_LENGTH]


class Adjusting:
    """Looks as the transaction does. Lives where the appender lives."""

    def __init__(self, locks: LockProjector, where: tzinfo, now_ms: Callable[[], int]) -> None:
        self._locks = locks
        self._where = where
        self._now_ms = now_ms

    def today(self) -> date:
        """The date at the site."""
        return local_date(self._now_ms(), self._where)

    def month_for(self, connection: sqlite3.Connection, day: date) -> str:
        """Empty while the month of a business date is open; else the present month, whose
        figures a decision about that date adjusts."""
        if self._locks.find(connection, month_of(day)) is None:
            return ""
        return month_of(self.today())
