"""Who may give tasks to whom, and see what became of them: pure."""

from collections.abc import Callable, Iterable, Mapping

from protocol.rules.permissions import may_assign, teaches
from protocol.wire.errors import Code, Refused
from protocol.wire.session import Person

Find = Callable[[str], Person | None]
"""Somebody by staff number, as they are today."""
_SHOWN = 64


def chosen(
    actor: Person, agents: Iterable[str], teams: Iterable[str], staff: Mapping[str, Person]
) -> tuple[str, ...]:
    """The staff numbers of people and of all of teams, in order. Raises `Refused` with
    `unknown_agent`, `unknown_team`, `nobody_chosen` or `not_permitted`."""
    found: set[str] = set()
    for number in agents:
        if number not in staff:
            raise Refused(Code.UNKNOWN_AGENT, agent=number[:_SHOWN])
        found.add(number)
    for team in teams:
        members = {each.number for each in staff.values() if each.team == team and team}
        if not members:
            raise Refused(Code.UNKNOWN_TEAM, team=team[:_SHOWN])
        found |= members
    if not found:
        raise Refused(Code.NOBODY_CHOSEN)
    if not all(may_assign(actor, staff[number]) for number in found):
        raise Refused(Code.NOT_PERMITTED)
    return tuple(sorted(found))


def permit(actor: Person, agent: str, find: Find) -> None:
    """Raises `Refused` with `not_permitted`. Of those who have left, whoever teaches decides."""
    subject = find(agent)
    if not (teaches(actor) if subject is None else may_assign(actor, subject)):
        raise Refused(Code.NOT_PERMITTED)


def seen_by(actor: Person, staff: Iterable[Person]) -> frozenset[str] | None:
    """Whose assignments the actor sees; null: everybody's, also of those who have left. Raises
    `Refused` with `not_permitted` where it is nobody."""
    if teaches(actor):
        return None
    found = frozenset(each.number for each in staff if may_assign(actor, each))
    if not found:
        raise Refused(Code.NOT_PERMITTED)
    return found
