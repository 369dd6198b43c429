"""Whether somebody can be named as who worked a shift: checked in the writer's thread.

Until the shift begins anybody may be named who is free and has the rest that a planned shift asks
for. Once it has begun, naming moves what already happened from one person to another: then facts
have to show that the person was there.
"""

import sqlite3
from collections.abc import Callable, Sequence
from datetime import timedelta

from agent_service.adherence.day import read_sessions
from agent_service.attendance.row import Evidence
from agent_service.persons.store import EVER
from agent_service.projections import Projections
from agent_service.requests.effect import shown
from agent_service.rosters.planning import Planner
from protocol.facts.attendance import SubstituteNamed
from protocol.facts.shift import PlannedSegment
from protocol.rules.day_segments import day_segments
from protocol.rules.stand_ins import overlap
from protocol.wire.errors import Code, Refused

_DAY = timedelta(days=1)
_DAY_MS = 86_400_000


class Substituting:
    """Checks what is told of a shift with these `segments`: that it is the substitute's, or, where
    none is named any more, its owner's again."""

    def __init__(self, tables: Projections, planner: Planner, now_ms: Callable[[], int]) -> None:
        self._tables = tables
        self._planner = planner
        self._now_ms = now_ms

    def check(
        self,
        connection: sqlite3.Connection,
        fact: SubstituteNamed,
        segments: Sequence[PlannedSegment],
    ) -> None:
        """Raises `Refused` with `substitute_busy`, `substitute_absent` or `roster_refused`."""
        self._check_free(connection, fact, segments)
        if segments[0].start_ms <= self._now_ms():
            self._check_seen(connection, fact, segments)
        else:
            shift = fact.agent, fact.day
            self._planner.check_substitute(connection, shift, fact.substitute)

    def _check_free(
        self,
        connection: sqlite3.Connection,
        fact: SubstituteNamed,
        segments: Sequence[PlannedSegment],
    ) -> None:
        """Nobody works two shifts at once."""
        who, around = _worker(fact), (fact.day - _DAY, fact.day + _DAY)
        others = self._planner.stands_in(connection, *around)
        others.pop((fact.agent, fact.day), None)
        people = {who, *(owner for (owner, _), other in others.items() if other == who)}
        plans = self._tables.plans.in_force(connection, *around, people)
        plans.pop((fact.agent, fact.day), None)
        for key, row in plans.items():
            shift = row.planned_segments()
            if others.get(key, row.agent) == who and overlap(segments, shift) is not None:
                raise self._refusal(Code.SUBSTITUTE_BUSY, who, shift)

    def _check_seen(
        self,
        connection: sqlite3.Connection,
        fact: SubstituteNamed,
        segments: Sequence[PlannedSegment],
    ) -> None:
        """Sessions are read from tables, which lack what this group of the writer's brought: who
        signed in a moment ago is refused, and can be named a moment later."""
        who, start_ms, end_ms = _worker(fact), segments[0].start_ms, segments[-1].end_ms
        whose = fact.agent if fact.substitute else ""
        told = self._tables.evidence.in_force(connection, who, fact.day).values()
        if any(_was_there(each, whose, start_ms, end_ms) for each in told):
            return
        window = start_ms, min(end_ms, self._now_ms())
        sessions = read_sessions(connection, who, (start_ms - _DAY_MS, window[1]), EVER)
        if not any(each.is_there for each in day_segments(sessions, *window)):
            raise self._refusal(Code.SUBSTITUTE_ABSENT, who, segments)

    def _refusal(self, code: Code, who: str, shift: Sequence[PlannedSegment]) -> Refused:
        where = self._planner.book.zone
        start, end = shown(shift[0].start_ms, where), shown(shift[-1].end_ms, where)
        return Refused(code, agent=who, start=start, end=end)


def _worker(fact: SubstituteNamed) -> str:
    """Who is to have worked the shift."""
    return fact.substitute or fact.agent


def _was_there(told: Evidence, whose: str, start_ms: int, end_ms: int) -> bool:
    """Whether a lead saw somebody in [start, end). What is not told of another shift than that of
    `whose` is no reason to think that they stayed, or had come before."""
    begin_ms, until_ms = told.arrived_ms, told.left_ms
    if told.for_agent != whose:
        begin_ms = until_ms if begin_ms is None else begin_ms
        until_ms = begin_ms if until_ms is None else until_ms
    return (begin_ms is None or begin_ms < end_ms) and (until_ms is None or until_ms > start_ms)
