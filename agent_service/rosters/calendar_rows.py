"""What calendars are to hold of business dates: each person's own shifts, and those that they work
for others."""

import sqlite3
from collections.abc import Collection, Iterator, Sequence
from datetime import date
from typing import NamedTuple

from agent_service.attendance.stand_ins import StandIns, stand_ins_between
from agent_service.attendance.store import ever_named
from agent_service.persons.store import EVER
from agent_service.rosters import store
from agent_service.rosters.row import PlannedDay
from protocol.facts.shift import PlannedSegment
from protocol.rules.stand_ins import shifts_of

_Plans = dict[tuple[str, date], PlannedDay]


class Shown(NamedTuple):
    """One shift of a date, or a day off."""

    agent: str
    """Whose calendar it is in."""
    plan: PlannedDay
    """In force; its agent is another one where the shift is worked for somebody."""
    segments: Sequence[PlannedSegment | None]
    """What stands: null is a day off."""
    dropped: Sequence[PlannedSegment]
    """What a calendar may still hold after these, and has to let go of."""

    @property
    def for_agent(self) -> str:
        """Empty: it is the person's own."""
        return "" if self.plan.agent == self.agent else self.plan.agent


def calendar_rows(
    connection: sqlite3.Connection, first_day: date, last_day: date, agents: Collection[str]
) -> list[Shown]:
    """Of these people, by date and person. A shift that somebody else works stands in nobody's
    calendar but theirs."""
    span = first_day, last_day
    named = [each for each in ever_named(connection, *span) if each[2] in agents]
    people = {*agents, *(owner for owner, _, _ in named)}
    plans, longest = (read(connection, *span, people) for read in (store.in_force, store.longest))
    stand_ins = stand_ins_between(connection, *span, agents, EVER)
    found = [
        *_own({key: row for key, row in plans.items() if key[0] in agents}, longest, stand_ins),
        *_worked(named, plans, longest, stand_ins),
    ]
    return sorted(found, key=lambda each: (each.plan.day, each.agent, each.for_agent))


def _own(plans: _Plans, longest: _Plans, stand_ins: StandIns) -> Iterator[Shown]:
    for key, plan in plans.items():
        given = any(each.agent == plan.agent for each in stand_ins.get(key, ()))
        segments = () if given else plan.planned_segments() or (None,)
        yield Shown(plan.agent, plan, segments, _rest(longest[key], segments))


def _worked(
    named: Collection[tuple[str, date, str]], plans: _Plans, longest: _Plans, stand_ins: StandIns
) -> Iterator[Shown]:
    """Also by those whose naming was taken back."""
    for owner, day, substitute in named:
        plan, own = plans.get((owner, day)), plans.get((substitute, day))
        if plan is None:
            continue
        shifts = shifts_of(
            substitute,
            () if own is None else own.planned_segments(),
            stand_ins.get((substitute, day), ()),
        )
        segments = [part for each in shifts if each.for_agent == owner for part in each.segments]
        yield Shown(substitute, plan, segments, _rest(longest[owner, day], segments))


def _rest(
    longest: PlannedDay, segments: Sequence[PlannedSegment | None]
) -> Sequence[PlannedSegment]:
    return longest.planned_segments()[len(segments) :]
