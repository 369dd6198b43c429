"""Leads who say who works whose shift, in the writer's place."""

from agent_service.attendance.recording import AttendanceRecorder
from agent_service.rosters.planning import Planner
from agent_service.rosters.stood_in import Actor
from protocol.facts.attendance import SubstituteNamed
from tests.service.rosters import BOOK
from tests.service.shifts import DAY, Shifts


def planner_of(floor: Shifts) -> Planner:
    """With the rules of work and rest as they are by default."""
    kept = floor.projections
    return Planner(
        BOOK,
        floor.appender,
        kept.plans,
        kept.revisions,
        kept.substitutes,
        lambda: floor.now_ms,
    )


def recorder_of(floor: Shifts) -> AttendanceRecorder:
    """At the time of the floor."""
    return AttendanceRecorder(
        floor.appender, floor.projections, planner_of(floor), lambda: floor.now_ms
    )


def leading(number: str = "2001", *others: str) -> Actor:
    """A lead who leads everybody but these."""
    return Actor(number, lambda agent: agent not in others)


def named(
    floor: Shifts,
    recorder: AttendanceRecorder,
    agent: str,
    *substitutes: str,
    actor: str = "2001",
    may_plan: bool = True,
) -> None:
    """One after another, in one group of the writer's."""
    with floor.committed():
        for each in substitutes:
            fact = SubstituteNamed(agent, DAY, each, actor, "ill")
            recorder.substitute(floor.connection, fact, Actor(actor, lambda number: may_plan))
