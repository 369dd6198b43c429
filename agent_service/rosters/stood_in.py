"""Shifts that others stand in for, where plans are made: who has to work them, and who may change
them. Pure."""

from collections.abc import Callable, Collection, Iterable, Mapping
from typing import NamedTuple

from protocol.rules.roster_requests import PersonDay, Segments
from protocol.wire.errors import Code

PlansOfAll = Mapping[PersonDay, Segments]
"""Plans by person and business date."""
StandsIn = Mapping[PersonDay, str]
"""Who works whose shift of a business date in their place, by staff number."""


class Actor(NamedTuple):
    """Who would change plans."""

    number: str
    may_plan: Callable[[str], bool]
    """Whether they may plan the shifts of a staff number."""


def forbidden(stands_in: StandsIn, days: Iterable[PersonDay], actor: Actor) -> Code | None:
    """Why the actor has no say in the plans of these days: a shift that somebody stands in for is
    what the substitute has to work. None: nothing of that kind is in the way."""
    standing_in = substitutes(stands_in, days)
    if actor.number in standing_in:
        return Code.OWN_CASE
    return None if all(map(actor.may_plan, standing_in)) else Code.NOT_PERMITTED


def substitutes(stands_in: StandsIn, days: Iterable[PersonDay]) -> set[str]:
    """Who works any of these shifts in somebody's place."""
    return {stands_in[each] for each in days if each in stands_in}


def involved(stands_in: StandsIn, days: Collection[PersonDay]) -> set[str]:
    """All whose plans say what another plan of these days would ask of anybody."""
    workers = {stands_in.get(each, each[0]) for each in days}
    owners = {owner for (owner, _), who in stands_in.items() if who in workers}
    return {agent for agent, _ in days} | workers | owners


def worked(plans: PlansOfAll, stands_in: StandsIn) -> dict[PersonDay, Segments]:
    """What people have to work, in the order of time, also where two shifts overlap."""
    found: dict[PersonDay, Segments] = {}
    for (agent, day), segments in plans.items():
        key = stands_in.get((agent, day), agent), day
        joined = (*found.get(key, ()), *segments)
        found[key] = tuple(sorted(joined, key=lambda segment: segment.start_ms))
    return found
