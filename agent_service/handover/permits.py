"""Whose a handover is: pure."""

from collections.abc import Callable

from agent_service.handover.row import StoredHandover
from protocol.rules.permissions import may_plan
from protocol.wire.session import Person

Find = Callable[[str], Person | None]
"""Somebody by staff number, as they are today."""


def may_take(actor: Person, row: StoredHandover, find: Find) -> bool:
    """Whether the actor may take it over: whom it names, else whoever is of the team; and
    whoever leads its writer. Never the writer."""
    if actor.number == row.agent:
        return False
    if row.recipient:
        return actor.number == row.recipient or _leads(actor, row.agent, find)
    return _of_team(actor, row) or _leads(actor, row.agent, find)


def may_settle(actor: Person, row: StoredHandover, find: Find) -> bool:
    """Whether the actor may say that an item is done: the writer as well, and the team."""
    return actor.number == row.agent or _of_team(actor, row) or may_take(actor, row, find)


def _of_team(actor: Person, row: StoredHandover) -> bool:
    return actor.team != "" and actor.team == row.team


def _leads(actor: Person, number: str, find: Find) -> bool:
    writer = find(number)
    return writer is not None and may_plan(actor, writer)
