"""Shifts that others worked, read with their plans."""

import sqlite3
from collections.abc import Collection, Mapping
from datetime import date

from agent_service.attendance import store
from agent_service.attendance.row import Substitute
from agent_service.persons.store import EVER
from agent_service.rosters import store as rosters
from agent_service.rosters.row import PlannedDay
from protocol.facts.shift import PlannedSegment
from protocol.rules.stand_ins import StandIn, joined_plan, shifts_of

StandIns = Mapping[tuple[str, date], tuple[StandIn, ...]]
"""By person and business date: of the shift that was theirs, and of those that they worked."""


def stand_ins_between(
    connection: sqlite3.Connection,
    first: date,
    last: date,
    agents: Collection[str] | None,
    upto: int,
) -> StandIns:
    """Of these people, or of all, as of the ledger's entry `upto`. One of a shift that is not
    planned any more is none."""
    told = store.substitutes_between(connection, first, last, upto)
    if agents is not None:
        told = {
            key: row for key, row in told.items() if row.agent in agents or row.substitute in agents
        }
    if not told:
        return {}
    plans = rosters.in_force(connection, first, last, {owner for owner, _ in told}, upto)
    return stand_ins_of(told, plans, agents)


def stand_ins_of(
    told: Mapping[tuple[str, date], Substitute],
    plans: Mapping[tuple[str, date], PlannedDay],
    agents: Collection[str] | None,
) -> StandIns:
    """Of these people, or of all: who was named for whose shifts, with the owners' plans."""
    found: dict[tuple[str, date], tuple[StandIn, ...]] = {}
    for (owner, day), row in told.items():
        stand_in = _stand_in(row, day, plans.get((owner, day)))
        for who in (owner, row.substitute):
            if stand_in.segments and (agents is None or who in agents):
                found[who, day] = (*found.get((who, day), ()), stand_in)
    return found


def worked_between(
    connection: sqlite3.Connection,
    first: date,
    last: date,
    agents: Collection[str] | None = None,
    upto: int = EVER,
) -> dict[tuple[str, date], tuple[PlannedSegment, ...]]:
    """What people have to work on business dates, by person and date, as it is now; or as of the
    ledger's entry `upto`."""
    plans = rosters.in_force(connection, first, last, agents, upto)
    stand_ins = stand_ins_between(connection, first, last, agents, upto)
    found = {key: row.planned_segments() for key, row in plans.items()}
    for (who, day), told in stand_ins.items():
        found[who, day] = joined_plan(shifts_of(who, found.get((who, day), ()), told))
    return found


def _stand_in(row: Substitute, day: date, plan: PlannedDay | None) -> StandIn:
    segments = () if plan is None else plan.planned_segments()
    return StandIn(row.agent, day, row.substitute, row.actor, row.text, row.told_ms, segments)
