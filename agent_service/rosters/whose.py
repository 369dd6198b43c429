"""Whose roster somebody may see, and whose they may plan: pure."""

from collections.abc import Callable, Iterable, Mapping

from agent_service.rosters.stood_in import Actor
from protocol.rules.permissions import has_site, may_plan, may_see, scope
from protocol.wire.errors import Code, Refused
from protocol.wire.session import Person

_SHOWN = 64


def seen(people: Mapping[str, Person], actor: Person, team: str, agent: str) -> list[Person]:
    """The people of a roster that is asked for, by team and number: one of them, a team's, or,
    with neither, the own team's or, for those who have it, the site's. Raises `Refused` with
    `unknown_agent`, `unknown_team` or `not_permitted`."""
    if agent:
        if agent not in people:
            raise Refused(Code.UNKNOWN_AGENT, agent=agent[:_SHOWN])
        if not may_see(actor, people[agent]):
            raise Refused(Code.NOT_PERMITTED)
        return [people[agent]]
    if scope(actor) is None:
        if team:
            raise Refused(Code.NOT_PERMITTED)
        return [actor]
    return _in_order(_members(people, actor, team))


def planned_by(people: Mapping[str, Person], actor: Person, team: str) -> frozenset[str]:
    """Staff numbers of those whom the actor may plan, of a team or of all. Raises `Refused` with
    `unknown_team` or `not_permitted`."""
    found = {each.number for each in _members(people, actor, team) if may_plan(actor, each)}
    if not found:
        raise Refused(Code.NOT_PERMITTED)
    return frozenset(found)


def acting(actor: Person, find: Callable[[str], Person | None]) -> Actor:
    """Somebody who would change plans. Whoever has left is in no team: those who have the site may
    plan what they would have had to work."""
    return Actor(
        actor.number, lambda number: may_plan(actor, find(number) or Person(number, "", ()))
    )


def check_planned(people: Mapping[str, Person], actor: Person, numbers: Iterable[str]) -> None:
    """Raises `Refused` with `unknown_agent` or `not_permitted` unless the actor may plan all of
    them."""
    for number in numbers:
        if number not in people:
            raise Refused(Code.UNKNOWN_AGENT, agent=number[:_SHOWN])
        if not may_plan(actor, people[number]):
            raise Refused(Code.NOT_PERMITTED)


def _members(people: Mapping[str, Person], actor: Person, team: str) -> list[Person]:
    if not has_site(actor):
        if team not in ("", actor.team):
            raise Refused(Code.NOT_PERMITTED)
        return [each for each in people.values() if actor.team and each.team == actor.team]
    found = [each for each in people.values() if team in ("", each.team)]
    if not found:
        raise Refused(Code.UNKNOWN_TEAM, team=team[:_SHOWN])
    return found


def _in_order(people: Iterable[Person]) -> list[Person]:
    return sorted(people, key=lambda each: (each.team, each.number))
