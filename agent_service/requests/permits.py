"""Who may ask what of the roster, and who may decide it: pure."""

from collections.abc import Callable, Iterable

from msgspec.structs import replace

from agent_service.requests.row import AskedRow
from agent_service.rosters.stood_in import StandsIn, forbidden
from agent_service.rosters.whose import acting
from protocol.facts.request import RequestKind, RosterRequest
from protocol.rules.permissions import may_plan
from protocol.rules.roster_requests import people_of
from protocol.wire.errors import Code, Refused
from protocol.wire.session import Person

Find = Callable[[str], Person | None]
"""Somebody by staff number, as they are today."""

_BY_LEADS = (RequestKind.RELEASE, RequestKind.OVERTIME)
_WITH_ACCOUNT = (RequestKind.LEAVE, RequestKind.OVERTIME)
_SHOWN = 64


def known(find: Find, number: str) -> Person:
    """Raises `Refused` with `unknown_agent`."""
    person = find(number)
    if person is None:
        raise Refused(Code.UNKNOWN_AGENT, agent=number[:_SHOWN])
    return person


def permit_asking(actor: Person, asked: RosterRequest, find: Find) -> None:
    """One asks for oneself; a lead may ask whom they lead to go early or to stay. Raises
    `Refused` with `unknown_agent` or `not_permitted`."""
    for number in people_of(asked):
        known(find, number)
    if asked.what is RequestKind.SWAP and asked.partner == asked.agent:
        raise Refused(Code.NOT_PERMITTED)
    if asked.agent == actor.number:
        return
    if asked.what not in _BY_LEADS or not may_plan(actor, known(find, asked.agent)):
        raise Refused(Code.NOT_PERMITTED)


def permit_deciding(actor: Person, row: AskedRow, find: Find) -> None:
    """Whoever leads all whose plans it changes, and is none of them. Who stands in for them is
    looked at where it is decided. Raises `Refused` with `own_case` or `not_permitted`."""
    reason = undecidable(actor, row, find, {})
    if reason is not None:
        raise Refused(reason)


def undecidable(actor: Person, row: AskedRow, find: Find, stands_in: StandsIn) -> Code | None:
    """Why somebody can't decide it: `own_case` or `not_permitted`."""
    people = people_of(row.roster_request())
    if actor.number in people:
        return Code.OWN_CASE
    if not all(leads(actor, number, find) for number in people):
        return Code.NOT_PERMITTED
    return forbidden(stands_in, row.days(), acting(actor, find))


def leads(actor: Person, number: str, find: Find) -> bool:
    """Whether the actor plans for somebody who is still on the staff."""
    subject = find(number)
    return subject is not None and may_plan(actor, subject)


def led_by(actor: Person, people: Iterable[Person]) -> frozenset[str]:
    """The staff numbers of those for whom the actor plans."""
    return frozenset(person.number for person in people if may_plan(actor, person))


def essential(asked: RosterRequest) -> RosterRequest:
    """Without what means nothing with its kind."""
    if asked.what is not RequestKind.SWAP:
        asked = replace(asked, partner="", partner_day=None)
    if asked.what is not RequestKind.MOVE:
        asked = replace(asked, to_start_ms=0, to_end_ms=0)
    if asked.what in (RequestKind.SWAP, RequestKind.RELEASE):
        asked = replace(asked, end_ms=0)
    if asked.what is RequestKind.SWAP:
        asked = replace(asked, start_ms=0)
    return asked if asked.what in _WITH_ACCOUNT else replace(asked, account=None)
