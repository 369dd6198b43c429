"""The queue of what waits for leads as it is answered: whose may be seen, and what of it fits."""

import sqlite3
from collections.abc import Callable, Collection, Iterable
from datetime import date, tzinfo
from typing import NamedTuple, TypeVar

import msgspec

from agent_service.exceptions import incidents, store
from agent_service.exceptions.incident_row import StoredIncident
from agent_service.exceptions.row import StoredException
from agent_service.exceptions.store import Counted, Wanted
from agent_service.persons.bounded import newest_within
from agent_service.plan_corrections import store as plan_corrections
from agent_service.plan_corrections.row import StoredCorrection
from protocol.rules.local_day import day_bounds
from protocol.rules.permissions import Scope, has_site, may_decide, scope
from protocol.wire.errors import Code, Refused
from protocol.wire.exceptions import ExceptionRow, Exceptions, GetExceptions, Share
from protocol.wire.incidents import IncidentRow
from protocol.wire.plan_corrections import PlanCorrectionRow
from protocol.wire.session import Person

MOST_ROWS = 500
MOST_OTHERS = 100
"""Corrections of plans, and incidents."""
MOST_BYTES = 448 << 10
_OTHERS_BYTES = 128 << 10
"""Of corrections, and of incidents."""
MOST_DAYS = 366
_SHOWN = 64

R = TypeVar("R", PlanCorrectionRow, IncidentRow)
Find = Callable[[str], Person | None]
Undecidable = Callable[[StoredCorrection | StoredIncident], str | None]
"""The code of why whoever asked can't approve it."""
_encoder = msgspec.json.Encoder()


class Asked(NamedTuple):
    """What is listed."""

    wanted: Wanted
    open_only: bool
    site: bool
    """Whether the actor has the whole of it: incidents, and what each lead has decided."""
    where: tzinfo


class Found(NamedTuple):
    """What the disk has of what was asked."""

    rows: list[StoredException]
    total: int
    """How many there are of all kinds, listed or not."""
    shares: list[Counted]
    corrections: list[StoredCorrection]
    incidents: list[StoredIncident]


def wanted(
    actor: Person, message: GetExceptions, find: Find, members: Callable[[str], list[Person]]
) -> Wanted:
    """What the actor may see of what is asked: a lead those whom they lead, anybody the own.
    Raises `Refused` with `bad_span`, `malformed_message`, `unknown_agent`, `unknown_team` or
    `not_permitted`."""
    first, last = message.first_day, message.last_day
    if not 0 <= (last - first).days < MOST_DAYS:
        raise Refused(
            Code.BAD_SPAN, first=first.isoformat(), last=last.isoformat(), limit=MOST_DAYS
        )
    if message.agent and message.team:
        raise Refused(Code.MALFORMED_MESSAGE, detail="agent or team")
    if message.agent:
        agents: Collection[str] | None = (_agent(actor, message.agent, find),)
    elif message.team:
        agents = _team(actor, message.team, members)
    else:
        agents = _all(actor, members)
    return Wanted(first, last, agents)


def _agent(actor: Person, number: str, find: Find) -> str:
    if number == actor.number:
        return number
    subject = find(number)
    if subject is None:
        raise Refused(Code.UNKNOWN_AGENT, agent=number[:_SHOWN])
    if not may_decide(actor, subject):
        raise Refused(Code.NOT_PERMITTED)
    return number


def _team(actor: Person, team: str, members: Callable[[str], list[Person]]) -> list[str]:
    people = members(team)
    if not people:
        raise Refused(Code.UNKNOWN_TEAM, team=team[:_SHOWN])
    if scope(actor) not in (Scope(None), Scope(team)):
        raise Refused(Code.NOT_PERMITTED)
    return [person.number for person in people if may_decide(actor, person)]


def _all(actor: Person, members: Callable[[str], list[Person]]) -> list[str] | None:
    if has_site(actor):
        return None
    if scope(actor) is None:
        return [actor.number]
    return [person.number for person in members(actor.team) if may_decide(actor, person)]


def read(connection: sqlite3.Connection, asked: Asked) -> Found:
    """In one look at the disk."""
    wanted, open_only = asked.wanted, asked.open_only
    span = wanted.first_day, wanted.last_day
    rows, total = store.newest(connection, wanted, open_only, MOST_ROWS)
    corrections, more = plan_corrections.newest(
        connection, span, wanted.agents, open_only, MOST_OTHERS
    )
    total += more
    if not asked.site:
        return Found(rows, total, [], corrections, [])
    bounds = _bounds(span, asked.where)
    faults, more = incidents.newest(connection, bounds, open_only, MOST_OTHERS)
    shares = store.shares(connection, wanted)
    return Found(rows, total + more, shares, corrections, faults)


def _bounds(span: tuple[date, date], where: tzinfo) -> tuple[int, int]:
    """Its instants. Raises `Refused` with `malformed_message`."""
    try:
        return day_bounds(span[0], where)[0], day_bounds(span[1], where)[1]
    except (OverflowError, ValueError) as error:
        raise Refused(Code.MALFORMED_MESSAGE, detail="day") from error


def answer(re: int, found: Found, find: Find, undecidable: Undecidable) -> Exceptions:
    """The newest of it, with the names of the people in it, as many as fit."""
    shares = tuple(Share(each.lead, _name(each.lead, find), *each[1:]) for each in found.shares)
    corrections = _first_within(_told(each, each.row(), undecidable) for each in found.corrections)
    faults = _first_within(_told(each, each.row(), undecidable) for each in found.incidents)
    left = MOST_BYTES - len(_encoder.encode((shares, corrections, faults)))
    rows: list[ExceptionRow] = []
    others = {who for row in corrections for who in _proposers(row)}
    others.update(who for row in faults for who in (row.actor, *row.deciders))
    names = {who: _name(who, find) for who in others}
    for row in (each.row() for each in found.rows):
        new = {who: _name(who, find) for who in _people(row) if who not in names}
        left -= len(_encoder.encode(row)) + len(_encoder.encode(new))
        if left < 0:
            break
        rows.append(row)
        names.update(new)
    known = {who: name for who, name in names.items() if name}
    left_off = found.total - len(rows) - len(corrections) - len(faults)
    return Exceptions(re, tuple(rows), known, shares, left_off, corrections, faults)


def _first_within(rows: Iterable[R]) -> tuple[R, ...]:
    """As many as leave room for exceptions."""
    return newest_within(tuple(rows)[::-1], _OTHERS_BYTES)[::-1]


def _told(stored: StoredCorrection | StoredIncident, row: R, undecidable: Undecidable) -> R:
    reason = undecidable(stored) if stored.open else None
    return row if reason is None else msgspec.structs.replace(row, undecidable=reason)


def decided(stored: Iterable[StoredException]) -> tuple[ExceptionRow, ...]:
    """The rows of a decision; without texts and evidence where an answer can't hold them all."""
    rows = tuple(each.row() for each in stored)
    if len(_encoder.encode(rows)) <= MOST_BYTES:
        return rows
    return tuple(msgspec.structs.replace(row, text="", decision="", evidence=()) for row in rows)


def _people(row: ExceptionRow) -> Iterable[str]:
    return (row.agent, row.actor, *row.deciders)


def _proposers(row: PlanCorrectionRow) -> Iterable[str]:
    return (row.actor, row.decided_by, *(each.agent for each in row.days))


def _name(number: str, find: Find) -> str:
    person = find(number)
    return "" if person is None else person.name
