"""The plans that a request is about: nobody's word holds for others."""

import sqlite3
from collections.abc import Iterable, Mapping
from hashlib import sha256

from agent_service.rosters.projector import PlanProjector
from agent_service.rosters.row import encode_segments
from protocol.facts.request import PlanSeen
from protocol.rules.roster_requests import PersonDay, Segments
from protocol.wire.errors import Code, Refused

_DIGEST_LENGTH = 32


def seen(plans: Mapping[PersonDay, Segments]) -> tuple[PlanSeen, ...]:
    """What there is to compare with, by person and business date."""
    return tuple(PlanSeen(agent, day, digest(plans[agent, day])) for agent, day in sorted(plans))


def digest(plan: Segments) -> str:
    """The same for the same segments; a date that was never planned is like a day off."""
    return sha256(encode_segments(plan).encode()).hexdigest()[:_DIGEST_LENGTH]


def check_unchanged(
    connection: sqlite3.Connection, plans: PlanProjector, known: Iterable[PlanSeen]
) -> None:
    """Raises `Refused` with `plan_changed` where another plan is in force."""
    for each in known:
        rows = plans.in_force(connection, each.day, each.day, (each.agent,))
        row = rows.get((each.agent, each.day))
        if digest(row.planned_segments() if row is not None else ()) != each.digest:
            raise Refused(Code.PLAN_CHANGED, agent=each.agent, day=each.day.isoformat())
