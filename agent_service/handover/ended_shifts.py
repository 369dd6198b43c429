"""Shifts that are over, and who was there after them: read from the ledger."""

import sqlite3
from collections.abc import Iterable, Sequence
from datetime import date, timedelta

import msgspec

from agent_service.adherence.links import lost_now, with_links
from agent_service.attendance.stand_ins import worked_between
from agent_service.persons.store import EVER, sessions_of
from protocol.facts.agent import Reason, State
from protocol.facts.shift import Activity
from protocol.rules.adherence_planned import in_by_state
from protocol.rules.adherence_slices import stretches
from protocol.rules.day_segments import DaySegment, day_segments
from protocol.rules.heads import Span

_DAY = timedelta(days=1)
_DAY_MS = 86_400_000
_SECOND_MS = 1_000


class Stay(msgspec.Struct, frozen=True):
    """Somebody whose shift is over and who is asked to stay."""

    agent: str
    day: date
    end_ms: int
    """As it was planned."""


def ended_between(
    connection: sqlite3.Connection, since_ms: int, until_ms: int, today: date
) -> list[Stay]:
    """The shifts that ended after one moment and not after another."""
    plans = worked_between(connection, today - _DAY, today)
    ends = (
        (agent, day, segments[-1].end_ms) for (agent, day), segments in plans.items() if segments
    )
    return [Stay(agent, day, end) for agent, day, end in ends if since_ms < end <= until_ms]


def worked_s(actual: Sequence[DaySegment], work_reasons: frozenset[Reason]) -> int:
    """Seconds of work: states of it, and the reasons that are. What nobody knows is not."""
    of_work = in_by_state(work_reasons)[Activity.WORK]
    return sum(end_s - start_s for start_s, end_s, doing in stretches(actual) if doing in of_work)


def worked_after(
    connection: sqlite3.Connection, stay: Stay, until_ms: int, work_reasons: frozenset[Reason]
) -> int:
    """Up to the next shift, and from the end as it is planned by now: what was approved since is
    booked with the approval."""
    found = worked_between(connection, stay.day, stay.day + _DAY, [stay.agent])
    plans = {day: segments for (_, day), segments in found.items()}
    ends = [stay.end_ms, *(each.end_ms for each in plans.get(stay.day, ()))]
    end_ms = max(ends)
    starts: Iterable[int] = (each.start_ms for each in plans.get(stay.day + _DAY, ()))
    until_ms = min([until_ms, *starts])
    if end_ms >= until_ms:
        return 0
    return worked_s(_actual(connection, stay.agent, end_ms, until_ms), work_reasons)


def is_there(connection: sqlite3.Connection, agent: str, at_ms: int) -> bool | None:
    """Whether somebody was signed in at an instant; null where nobody knows yet."""
    found = _actual(connection, agent, at_ms, at_ms + _SECOND_MS)
    if not found:
        return False
    state = found[0].state
    return None if state in (None, State.OFFLINE) else state is not State.LOGGED_OFF


def presence(connection: sqlite3.Connection, agent: str, from_ms: int, until_ms: int) -> list[Span]:
    """When somebody was signed in, as far as is known."""
    return [
        (each.from_ms, each.until_ms)
        for each in _actual(connection, agent, from_ms, until_ms)
        if each.is_there
    ]


def _actual(
    connection: sqlite3.Connection, agent: str, from_ms: int, until_ms: int
) -> list[DaySegment]:
    """Also from a state that was entered long before and of which nothing was heard since."""
    sessions = sessions_of(connection, agent, from_ms - _DAY_MS, until_ms)
    heard = with_links(connection, sessions, lost_now(connection, agent), EVER, until_ms)
    return day_segments(heard, from_ms, until_ms)
