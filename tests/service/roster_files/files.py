"""Files with rosters, and what came of them."""

import contextlib
import csv
import sqlite3
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

from agent_service import database
from agent_service.rosters import store
from protocol.facts.shift import PlannedSegment
from tests.service.rosters import ZONE, coming_monday, later

MONDAY = coming_monday()
TUESDAY, WEDNESDAY = later(MONDAY, 1), later(MONDAY, 2)
Plans = dict[tuple[str, date], tuple[PlannedSegment, ...]]
Run = Callable[..., tuple[int, str, str]]


def in_force(data: Path) -> Plans:
    with contextlib.closing(sqlite3.connect(data / database.FILE)) as connection:
        rows = store.in_force(connection, date(2026, 1, 1), date(2099, 12, 31))
    return {key: row.planned_segments() for key, row in rows.items()}


def drafted(data: Path) -> int:
    with contextlib.closing(sqlite3.connect(data / database.FILE)) as connection:
        (count,) = connection.execute("SELECT count(*) FROM roster_draft").fetchone()
    return int(count)


def table(folder: Path, *rows: tuple[str, ...], name: str = "roster.csv") -> Path:
    path = folder / name
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows(rows)
    return path


def at(day: date, clock: str) -> int:
    local = datetime.combine(day, datetime.strptime(clock, "%H:%M").time(), ZONE)  # noqa: DTZ007 - a clock alone
    return int(local.timestamp() * 1000)


def stamp(day: date, clock: str) -> str:
    """As calendars write instants."""
    return datetime.fromtimestamp(at(day, clock) / 1000, UTC).strftime("%Y%m%dT%H%M%SZ")


def span(first_day: date = MONDAY, last_day: date = later(MONDAY, 6)) -> tuple[str, ...]:  # noqa: B008 - a date
    return "--from", first_day.isoformat(), "--to", last_day.isoformat()
