"""What the figures of business dates are made of beside the facts of seats: plans, who stood in for
whom, exceptions, incidents and rules, as they hold now, or as they held when the month was
locked."""

import sqlite3
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta, tzinfo
from typing import NamedTuple, TypeVar

import msgspec

from agent_service.attendance.stand_ins import StandIns, stand_ins_between, worked_between
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
from protocol.rules.business_day import date_begins
from protocol.rules.incident import Incident
from protocol.rules.local_day import day_bounds, local_date
from protocol.rules.stand_ins import Shift, StandIn, joined_plan, shifts_of
from protocol.wire.exceptions import ExceptionRow
from protocol.wire.roster import DateBegins

_DAY = timedelta(days=1)
_NOTHING: tuple[PlannedSegment, ...] = ()

R = TypeVar("R")
Exceptions = Mapping[tuple[str, date], Sequence[StoredException]]
Planned = Mapping[tuple[str, date], tuple[PlannedSegment, ...]]
"""What people have to work, by person and date."""


class Told(NamedTuple):
    """What was read."""

    plans: Mapping[tuple[str, date], PlannedDay]
    stand_ins: StandIns
    exceptions: Exceptions
    incidents: Sequence[Incident]
    rules: Mapping[date, InForce]
    fixed: Mapping[date, Planned]
    """By dates on which a month begins that is locked, or follows one: what was planned for the
    dates on both sides when the first of the two months was locked."""


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
        return self._begins(agent, day, where), self._begins(agent, day + _DAY, where)

    def _begins(self, agent: str, day: date, where: tzinfo) -> int:
        fixed = self._told.fixed.get(day)
        before, plan = (
            self.segments(agent, each) if fixed is None else fixed.get((agent, each), _NOTHING)
            for each in (day - _DAY, day)
        )
        return date_begins(day, before, plan, where)

    def fixed(self, agent: str, where: tzinfo) -> Iterator[DateBegins]:
        """Where somebody's dates begin that begin where a lock had them."""
        for day in self._told.fixed:
            yield DateBegins(day, self._begins(agent, day, where))

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
            fixed={
                day: _without(told.fixed.get(day, {}), agents) | dict(planned)
                for day, planned in theirs.fixed.items()
            },
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
    upto, locked_ms = (EVER, EVER) if lock is None else (lock.position, lock.locked_ms)
    from_ms, until_ms = day_bounds(first - _DAY, where)[0], day_bounds(last + _DAY, where)[1]
    around = first - 2 * _DAY, last + _DAY
    told = Told(
        rosters.in_force(connection, *around, agents, upto),
        stand_ins_between(connection, *around, agents, upto),
        exceptions_store.of_days(connection, first - _DAY, last, agents, upto),
        incidents_between(connection, from_ms, until_ms, None, upto),
        {day: rules_in_force(connection, day, upto) for day in days_of(first, last)},
        dict(_fixed(connection, days_of(first - _DAY, last + _DAY), agents)),
    )
    return Basis(upto, told, locked_ms)


def _fixed(
    connection: sqlite3.Connection, days: Iterable[date], agents: Collection[str] | None
) -> Iterator[tuple[date, Planned]]:
    """Time that a locked month has is never given to the next one or the one before, and what it
    left to them stays theirs: both go by the plans of the lock that came first."""
    for day in days:
        if day.day == 1:
            around = day - _DAY, day
            locks = (lock_of(connection, month_of(each)) for each in around)
            upto = min((each.position for each in locks if each is not None), default=EVER)
            if upto != EVER:
                yield day, worked_between(connection, *around, agents, upto)


def business_date(connection: sqlite3.Connection, agent: str, at_ms: int, where: tzinfo) -> date:
    """To which of somebody's business dates an instant belongs. Raises `Refused` with
    `rules_unreadable`."""
    today = local_date(at_ms, where)
    for span in months_of(today - _DAY, today + _DAY):
        basis = read_basis(connection, *span, where, (agent,))
        for day in days_of(*span):
            from_ms, until_ms = basis.window(agent, day, where)
            if from_ms <= at_ms < until_ms:
                return day
    return today


class Moment(msgspec.Struct, frozen=True):
    """Where and when it is that somebody asks."""

    where: tzinfo
    now_ms: int
