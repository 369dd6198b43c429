"""Approved leave that is not taken after all: the plan is as it was before. Called inside a
transaction of the writer's."""

import sqlite3

from agent_service.identity import name_of
from agent_service.requests.row import AskedRow
from agent_service.requests.seen import digest
from agent_service.rosters import store
from agent_service.rosters.checking import Change
from agent_service.rosters.planning import Act, Planner
from agent_service.rosters.projector import PlanProjector
from agent_service.rosters.row import PlannedDay
from agent_service.rosters.stood_in import Actor
from protocol.facts.shift import PlanCause
from protocol.wire.errors import Code, Refused


def plan_back(
    connection: sqlite3.Connection,
    plans: PlanProjector,
    planner: Planner,
    row: AskedRow,
    actor: Actor,
    now_ms: int,
) -> None:
    """Publishes what was in force before. Raises `Refused` with `plan_changed` where something
    was planned after the leave, and as the planner."""
    before = _before(connection, plans, row)
    day = row.roster_request().day
    change = Change(row.agent, day, before.planned_segments(), before.pattern)
    found = planner.check(connection, [change], actor, now_ms)
    name = name_of(row.request, "cancelled")
    act = Act(name, actor, PlanCause.LEAVE, row.request)
    planner.record(connection, [change], (day, day), act, tuple(each.name() for each in found))


def _before(connection: sqlite3.Connection, plans: PlanProjector, row: AskedRow) -> PlannedDay:
    """The plan that the leave was asked of: it was in force when it was approved."""
    day = row.roster_request().day
    present = plans.in_force(connection, day, day, (row.agent,)).get((row.agent, day))
    if present is not None and present.revision == row.revision:
        earlier = (
            each
            for each in store.revisions_of(connection, row.agent, day)[::-1]
            if each.revision < row.revision
        )
        before = next(earlier, None)
        known = {each.digest for each in row.plans_seen()}
        if before is not None and digest(before.planned_segments()) in known:
            return before
    raise Refused(Code.PLAN_CHANGED, agent=row.agent, day=day.isoformat())
