"""The table `roster_draft`: what planners have drafted. Documents, which nobody has to obey."""

import json
import sqlite3
from collections.abc import Collection, Iterable
from datetime import date

import msgspec

from agent_service.rosters.row import decode_segments, encode_segments
from protocol.facts.shift import PlannedSegment
from protocol.wire.roster import DayPlan

_NAMES = "agent, day, segments, pattern, base, actor, drafted_ms"

Span = tuple[date, date]
"""The first and the last business date."""


class Asked(msgspec.Struct, frozen=True):
    """Of whom and of which days something is asked."""

    agents: frozenset[str]
    span: Span


class Draft(msgspec.Struct, frozen=True):
    """One person's drafted day. No segments: a day off."""

    agent: str
    day: date
    segments: tuple[PlannedSegment, ...]
    pattern: str
    base: int
    """The revision of that day which it was drawn over; 0 for a day without a plan."""
    actor: str
    drafted_ms: int

    def plan(self) -> DayPlan:
        """As planners see it."""
        return DayPlan(self.agent, self.day, self.segments, self.pattern)


def read(
    connection: sqlite3.Connection, first_day: date, last_day: date, agents: Collection[str]
) -> list[Draft]:
    """The drafts of these people and days, in the order of days."""
    rows = connection.execute(
        f"SELECT {_NAMES} FROM roster_draft WHERE day BETWEEN ? AND ?"  # noqa: S608 - names of ours
        " AND agent IN (SELECT value FROM json_each(?)) ORDER BY day, agent",
        (first_day.isoformat(), last_day.isoformat(), json.dumps(sorted(agents))),
    )
    return [_draft(row) for row in rows]


def count_of(connection: sqlite3.Connection, actor: str) -> int:
    """How many days of people one planner has drafted."""
    (count,) = connection.execute(
        "SELECT count(*) FROM roster_draft WHERE actor = ?", (actor,)
    ).fetchone()
    return int(count)


def put(connection: sqlite3.Connection, drafts: Iterable[Draft]) -> None:
    """Store them, in place of what was drafted for the same days."""
    connection.executemany(
        f"INSERT OR REPLACE INTO roster_draft ({_NAMES}) VALUES (?, ?, ?, ?, ?, ?, ?)",  # noqa: S608 - names of ours
        (
            (
                each.agent,
                each.day.isoformat(),
                encode_segments(each.segments),
                each.pattern,
                each.base,
                each.actor,
                each.drafted_ms,
            )
            for each in drafts
        ),
    )


def drop(connection: sqlite3.Connection, days: Iterable[tuple[str, date]]) -> None:
    """Forget the drafts of these people's days."""
    connection.executemany(
        "DELETE FROM roster_draft WHERE agent = ? AND day = ?",
        ((agent, day.isoformat()) for agent, day in days),
    )


def _draft(row: tuple[str, str, str, str, int, str, int]) -> Draft:
    agent, day, segments, pattern, base, actor, drafted_ms = row
    parts = decode_segments(segments)
    return Draft(agent, date.fromisoformat(day), parts, pattern, base, actor, drafted_ms)
