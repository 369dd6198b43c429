"""What a seat is told of its person's days, so that it computes the same figures alone."""

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from typing import NamedTuple

import msgspec

from agent_service.adherence.basis import Basis, Moment, days_of, months_of, read_basis
from agent_service.adherence.tape import RUNNING, of_days
from agent_service.day_rules.store import adopted
from agent_service.locking.teams import Teams
from agent_service.persons.bounded import newest_within
from agent_service.persons.store import sessions_of
from protocol.facts.record import encode_fact
from protocol.rules.day_segments import SessionFacts
from protocol.rules.incident import Incident
from protocol.rules.local_day import local_date
from protocol.rules.placing import Placed, Unread
from protocol.rules.stand_ins import StandIn
from protocol.wire.exceptions import ExceptionRow
from protocol.wire.roster import DateBegins, DayPlan, OwnPlan, ToldFact
from protocol.wire.session import Person

_BEHIND, _AHEAD = timedelta(days=2), timedelta(days=14)
_FACTS_BYTES = 512 << 10
_REST_BYTES = 96 << 10
"""Of plans, of exceptions, and of incidents …"""
_STAND_INS_BYTES = 32 << 10
"""… and of shifts that others worked: all together fit into a frame."""
_UNREAD = msgspec.Raw(b'{"kind":"agent.unreadable"}')
"""In place of what may have been a state and can't be read."""


class Seat(NamedTuple):
    """Who is to be told, and in which session."""

    person: Person
    session: str


def read_own_plan(connection: sqlite3.Connection, seat: Seat, moment: Moment) -> OwnPlan:
    """All of it, as it is now. The connection should be in one read transaction."""
    agent, today = seat.person.number, local_date(moment.now_ms, moment.where)
    first, last = today - _BEHIND, today + _AHEAD
    plans: list[DayPlan] = []
    exceptions: list[ExceptionRow] = []
    incidents: dict[str, Incident] = {}
    stand_ins: list[StandIn] = []
    fixed: dict[date, DateBegins] = {}
    from_ms, teams = moment.now_ms, Teams(connection, agent)
    for span in months_of(first, last):
        basis = read_basis(connection, *span, moment.where, (agent,))
        fixed |= {each.day: each for each in basis.fixed(agent, moment.where)}
        for day in days_of(*span):
            plans += _plan(basis, agent, day)
            stand_ins += basis.stand_ins(agent, day)
            exceptions += basis.exceptions(agent, day)
            window = basis.window(agent, day, moment.where)
            from_ms = min(from_ms, window[0])
            incidents |= {
                each.incident: each for each in basis.incidents_of(teams.on(agent, day), *window)
            }
    sessions = sessions_of(connection, agent, from_ms, moment.now_ms)
    return OwnPlan(
        agent,
        newest_within(plans, _REST_BYTES),
        adopted(connection, first, last),
        newest_within(exceptions, _REST_BYTES),
        newest_within(tuple(incidents.values()), _REST_BYTES),
        newest_within(tuple(_told(sessions, seat.session)), _FACTS_BYTES),
        seat.person,
        newest_within(stand_ins, _STAND_INS_BYTES),
        tuple(fixed.values()),
    )


def _plan(basis: Basis, agent: str, day: date) -> Iterator[DayPlan]:
    row = basis.plan(agent, day)
    if row is not None:
        yield row.plan()


def _told(sessions: Iterable[SessionFacts], present: str) -> Iterator[ToldFact]:
    for each in sessions:
        if each.session != present:
            yield from (_fact(each.session, placed) for placed in light(each.facts))


def light(facts: Sequence[Placed]) -> Iterator[Placed]:
    """The facts that make a day; of the others no more than when the first was, and how far they
    reach: the seat ran."""
    reach_ms: int | None = None
    told_ms: int | None = None
    for number, (at_ms, fact) in enumerate(facts):
        if at_ms is not None:
            reach_ms = at_ms if reach_ms is None else max(reach_ms, at_ms)
        lasting = of_days(fact)
        if lasting is not RUNNING:
            if reach_ms not in (told_ms, at_ms):
                yield reach_ms, RUNNING
            yield at_ms, lasting
            told_ms = reach_ms
        elif told_ms is None and (at_ms is not None or number == 0):
            yield at_ms, RUNNING
            told_ms = reach_ms
    if reach_ms != told_ms:
        yield reach_ms, RUNNING


def _fact(session: str, placed: Placed) -> ToldFact:
    at_ms, fact = placed
    body = _UNREAD if isinstance(fact, Unread) else msgspec.Raw(encode_fact(fact))
    return ToldFact(session, at_ms, body)
