"""The demonstration's roster: a shift that begins with it, and the days after by patterns."""

import csv
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

_SOON = timedelta(seconds=30)
"""Before the first shift begins everybody has to be planned for it."""
_SHIFT = (
    (50, "WORK"),
    (10, "BREAK"),
    (70, "WORK"),
    (30, "MEAL"),
    (50, "WORK"),
    (30, "TRAINING"),
)
"""Minutes, and what they are for."""
_STAGGER_MIN = 10
"""How much later each person's breaks are than those of the one before."""
_COMING = (
    ("late", "late", "-", "day", "day", "-"),
    ("-", "day", "day", "late", "late", "-"),
    ("late", "-", "day", "day", "-", "early"),
)
"""Patterns of `config/demo-service.toml` for the days after today."""


def write_roster(file: Path, agents: Sequence[str], now: datetime) -> None:
    """Write a table that `agent-service import roster` reads. `now` is aware, of the site's
    zone."""
    begins = (now + _SOON + timedelta(minutes=1)).replace(second=0, microsecond=0)
    with file.open("w", encoding="utf-8", newline="") as stream:
        table = csv.writer(stream)
        table.writerow(("number", "day", "pattern", "start", "end", "activity"))
        for place, agent in enumerate(agents):
            table.writerows(_today(agent, begins, place * _STAGGER_MIN))
            table.writerows(_after(agent, begins, _COMING[place % len(_COMING)]))


def _today(agent: str, begins: datetime, later_min: int) -> list[tuple[str, ...]]:
    rows: list[tuple[str, ...]] = []
    start = begins
    for number, (minutes, activity) in enumerate(_SHIFT):
        end = start + timedelta(minutes=minutes + (later_min if number == 0 else 0))
        day = begins.date().isoformat()
        rows.append((agent, day, "", f"{start:%H:%M}", f"{end:%H:%M}", activity))
        start = end
    return rows


def _after(agent: str, begins: datetime, patterns: Sequence[str]) -> list[tuple[str, ...]]:
    return [
        (agent, (begins.date() + timedelta(days=after)).isoformat(), pattern, "", "", "")
        for after, pattern in enumerate(patterns, 1)
    ]
