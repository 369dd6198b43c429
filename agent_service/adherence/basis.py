"""What the figures of business dates are made of beside the facts of seats: plans, who stood in for
whom, exceptions, incidents and rules, as they hold now, or as they held when the month was
locked."""

import sqlite3
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta, tzinfo
from typing import NamedTuple, TypeVar

import msgspec

from agent_service.attendance.stand_ins import StandIns, stand_ins_between
from agent_service.day_rules.store import InForce
from agent_service.day_rules.store import in_force as rules_in_force
from agent_service.exceptions import store as exceptions_store
from agent_service.exceptions.incidents import incidents as incidents_between
from agent_service.exceptions.row import StoredException
from agent_service.locking.adjusting import month_of
from agent_service.locking.store import lock_of
from agent_service.persons.store import EVER
from agent_service.rosters import store as rosters
from agent_service.rosters.row import PlannedDay
from protocol.facts.shift import PlannedSegment
from protocol.rules.business_day import business_window
from protocol.rules.incident import Incident
from protocol.rules.local_day import day_bounds
from protocol.rules.stand_ins import Shift, StandIn, joined_plan, shifts_of
from protocol.wire.exceptions import ExceptionRow

_DAY = timedelta(days=1)
_NOTHING: tuple[PlannedSegment, ...] = ()

R = TypeVar("R")
Exceptions = Mapping[tuple[str, date], Sequence[StoredException]]


class Told(NamedTuple):
    """What was read."""

    plans: Mapping[tuple[str, date], PlannedDay]
    stand_ins: StandIns
    exceptions: Exceptions
    incidents: Sequence[Incident]
    rules: Mapping[date, InForce]


class Basis:
    """Of some people's business dates in one month."""

    def __init__(self, upto: int, told: Told, locked_ms: int = EVER) -> None:
        self.upto = upto
        """The last entry of the ledger that counts; `EVER` while the month is not locked."""
        self.locked_ms = locked_ms
        """When the month was locked: nothing later counts; `EVER` while it is not."""
        self._told = told
        self._segments: dict[tuple[str, date], tuple[PlannedSegment, ...]] = {}

    @property
    def locked(self) -> bool:
        """Whether the figures stay as they are."""
        return self.upto != EVER

    @property
    def planned(self) -> Collection[tuple[str, date]]:
        """Whose days have a plan, also an empty one, or a shift of somebody else's; with those
        around the month's."""
        return self._told.plans.keys() | self._told.stand_ins.keys()

    @property
    def excepted(self) -> Collection[tuple[str, date]]:
        """Whose days have an exception."""
        return self._told.exceptions.keys()

    def plan(self, agent: str, day: date) -> PlannedDay | None:
        """The plan in force, whoever worked it; None where nothing was ever planned."""
        return self._told.plans.get((agent, day))

    def stand_ins(self, agent: str, day: date) -> tuple[StandIn, ...]:
        """Who stood in for somebody, and for whom they did."""
        return self._told.stand_ins.get((agent, day), ())

    def beside(self, agents: Collection[str]) -> Iterator[str]:
        """Who shares a shift with any of these people: another plan of theirs is also another one
        of the substitute's."""
        for (who, _), stand_ins in self._told.stand_ins.items():
            if any(each.agent in agents for each in stand_ins):
                yield who

    def shifts(self, agent: str, day: date) -> tuple[Shift, ...]:
        """What somebody was to work."""
        row = self.plan(agent, day)
        own = _NOTHING if row is None else row.planned_segments()
        return shifts_of(agent, own, self.stand_ins(agent, day))

    def segments(self, agent: str, day: date) -> tuple[PlannedSegment, ...]:
        """All that is planned in it."""
        key = agent, day
        if key not in self._told.plans and key not in self._told.stand_ins:
            return _NOTHING
        if key not in self._segments:
            self._segments[key] = joined_plan(self.shifts(agent, day))
        return self._segments[key]

    def window(self, agent: str, day: date, where: tzinfo) -> tuple[int, int]:
        """The time that belongs to somebody's business date."""
        before, plan, after = (self.segments(agent, each) for each in (day - _DAY, day, day + _DAY))
        return business_window(day, before, plan, after, where)

    def exceptions(self, agent: str, day: date) -> tuple[ExceptionRow, ...]:
        """What people, or the system, proposed for the day, in the order of their proposal."""
        return tuple(each.row() for each in self._told.exceptions.get((agent, day), ()))

    def covers(self, day: date) -> bool:
        """Whether it was read for a date."""
        return day in self._told.rules

    def with_people(self, agents: Collection[str], other: "Basis") -> "Basis":
        """The same with what another one has of these people."""
        told, theirs = self._told, other._told
        joined = theirs._replace(
            plans=_without(told.plans, agents) | dict(theirs.plans),
            stand_ins=_without(told.stand_ins, agents) | dict(theirs.stand_ins),
            exceptions=_without(told.exceptions, agents) | dict(theirs.exceptions),
        )
        return Basis(other.upto, joined, other.locked_ms)

    def with_exceptions(self, exceptions: Exceptions) -> "Basis":
        """The same with other exceptions."""
        return Basis(self.upto, self._told._replace(exceptions=exceptions), self.locked_ms)

    def with_plan(self, row: PlannedDay) -> "Basis":
        """The same with another plan of a day, whoever worked it."""
        key = row.agent, date.fromisoformat(row.day)
        stand_ins = {
            whose: _planned_so(told, key, row.planned_segments())
            for whose, told in self._told.stand_ins.items()
        }
        told = self._told._replace(plans={**self._told.plans, key: row}, stand_ins=stand_ins)
        return Basis(self.upto, told, self.locked_ms)

    def incidents_of(self, team: str, from_ms: int, until_ms: int) -> tuple[Incident, ...]:
        """The faults that struck a team in [from_ms, until_ms): its own, and the site's."""
        return tuple(
            each
            for each in self._told.incidents
            if each.team in ("", team) and each.start_ms < until_ms and each.end_ms > from_ms
        )

    def rules(self, day: date) -> InForce:
        """By which values the day's figures are made, and their name."""
        return self._told.rules[day]


def _planned_so(
    told: Iterable[StandIn], key: tuple[str, date], segments: tuple[PlannedSegment, ...]
) -> tuple[StandIn, ...]:
    """The same with another plan of one of the shifts."""
    return tuple(
        msgspec.structs.replace(each, segments=segments) if (each.agent, each.day) == key else each
        for each in told
    )


def _without(
    told: Mapping[tuple[str, date], R], agents: Collection[str]
) -> dict[tuple[str, date], R]:
    return {key: each for key, each in told.items() if key[0] not in agents}


def months_of(first: date, last: date) -> Iterator[tuple[date, date]]:
    """A span cut at the ends of its months."""
    while first <= last:
        following = (first.replace(day=1) + 31 * _DAY).replace(day=1)
        yield first, min(last, following - _DAY)
        first = following


def days_of(first: date, last: date) -> Iterator[date]:
    """Every date of a span."""
    for number in range((last - first).days + 1):
        yield first + number * _DAY


def read_basis(
    connection: sqlite3.Connection,
    first: date,
    last: date,
    where: tzinfo,
    agents: Collection[str] | None = None,
) -> Basis:
    """For dates of one month: of these people, or of all. Raises `Refused` with
    `rules_unreadable`."""
    lock = lock_of(connection, month_of(first))
    if lock is None:
        return read_basis_at(connection, first, last, where, agents, EVER)
    return read_basis_at(connection, first, last, where, agents, lock.position, lock.locked_ms)


def read_basis_at(
    connection: sqlite3.Connection,
    first: date,
    last: date,
    where: tzinfo,
    agents: Collection[str] | None,
    upto: int,
    locked_ms: int = EVER,
) -> Basis:
    """The same as it was at the ledger's entry `upto`, recorded at `locked_ms`."""
    from_ms, until_ms = day_bounds(first - _DAY, where)[0], day_bounds(last + _DAY, where)[1]
    around = first - 2 * _DAY, last + _DAY
    told = Told(
        rosters.in_force(connection, *around, agents, upto),
        stand_ins_between(connection, *around, agents, upto),
        exceptions_store.of_days(connection, first - _DAY, last, agents, upto),
        incidents_between(connection, from_ms, until_ms, None, upto),
        {day: rules_in_force(connection, day, upto) for day in days_of(first, last)},
    )
    return Basis(upto, told, locked_ms)


class Moment(msgspec.Struct, frozen=True):
    """Where and when it is that somebody asks."""

    where: tzinfo
    now_ms: int
