"""One person's business date, put together from the ledger's tables."""

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, timedelta

import msgspec

from agent_service.adherence.basis import Basis, Moment, read_basis
from agent_service.adherence.links import lost_now, with_links
from agent_service.locking.teams import Teams
from agent_service.persons.store import sessions_of
from agent_service.rosters.row import PlannedDay
from protocol.facts.shift import PlannedSegment
from protocol.rules.business_day import within
from protocol.rules.day_figure import DayFigure, DayMade, as_it_counts, day_figure, goes_back
from protocol.rules.day_rules import DayRules
from protocol.rules.day_segments import DaySegment, SessionFacts, day_segments
from protocol.rules.incident import Incident
from protocol.rules.stand_ins import Shift, StandIn, joined_plan
from protocol.wire.exceptions import ExceptionRow

_DAY = timedelta(days=1)
Window = tuple[int, int]
"""[from, until) in ms."""
Reaching = Callable[[Window], Sequence[SessionFacts]]
"""Reads the sessions of somebody that reach into a window."""


class Whose(msgspec.Struct, frozen=True):
    """A person's business date."""

    agent: str
    day: date
    team: str
    """The one on that day."""


class PersonDate(msgspec.Struct, frozen=True):
    """A business date with its figures, and all that made them."""

    whose: Whose
    window: Window
    """The time that belongs to it."""
    plan: PlannedDay | None
    """In force, whoever worked it; None: nothing was ever planned."""
    stand_ins: tuple[StandIn, ...]
    """Who stood in for the person, and for whom the person did."""
    shifts: tuple[Shift, ...]
    """What the person was to work in that time …"""
    segments: tuple[PlannedSegment, ...]
    """… and all that is planned in it, to its end."""
    recorded: tuple[DaySegment, ...]
    exceptions: tuple[ExceptionRow, ...]
    incidents: tuple[Incident, ...]
    version: str
    rules: DayRules
    figure: DayFigure
    as_of_ms: int
    locked: bool


def read_day(connection: sqlite3.Connection, agent: str, day: date, moment: Moment) -> PersonDate:
    """The figures of one person's business date up to now; of a locked month, as they were when
    it was locked. Raises `OverflowError` for a date at the ends of the calendar."""
    basis = read_basis(connection, day, day, moment.where, (agent,))
    team = Teams(connection, agent).on(agent, day)
    return read_day_on(connection, basis, Whose(agent, day, team), moment)


def read_day_on(
    connection: sqlite3.Connection, basis: Basis, whose: Whose, moment: Moment
) -> PersonDate:
    """The same where the basis is read already."""

    def reaching(window: Window) -> Sequence[SessionFacts]:
        return read_sessions(connection, whose.agent, window, basis.upto)

    return computed(basis, whose, reaching, moment)


def read_sessions(
    connection: sqlite3.Connection, agent: str, window: Window, upto: int
) -> list[SessionFacts]:
    """The sessions of an agent that reach into a window, with what is known of their links."""
    sessions = sessions_of(connection, agent, *window, upto)
    return with_links(connection, sessions, lost_now(connection, agent), upto, window[1])


def computed(basis: Basis, whose: Whose, reaching: Reaching, moment: Moment) -> PersonDate:
    """The figures, given what reads the sessions."""
    agent, day = whose.agent, whose.day
    as_of_ms = min(moment.now_ms, basis.locked_ms)
    window = from_ms, until_ms = basis.window(agent, day, moment.where)
    recorded = tuple(day_segments(reaching(window), from_ms, min(until_ms, as_of_ms)))
    rows = basis.exceptions(agent, day)
    incidents = basis.incidents_of(whose.team, from_ms, until_ms)
    version, rules = basis.rules(day)
    shifts = tuple(_within(basis.shifts(agent, day), window))
    segments = joined_plan(shifts)
    applied = [row.applied() for row in rows]
    made = DayMade(agent, segments, recorded, applied, incidents, rules, as_of_ms, window)
    if goes_back(made):
        before = _before(basis, whose, reaching, moment, as_of_ms)
        made = msgspec.structs.replace(made, before=before)
    return PersonDate(
        whose,
        window,
        basis.plan(agent, day),
        basis.stand_ins(agent, day),
        shifts,
        segments,
        recorded,
        rows,
        incidents,
        version,
        rules,
        day_figure(made, moment.where),
        as_of_ms,
        basis.locked,
    )


def _within(shifts: Iterable[Shift], window: Window) -> Iterator[Shift]:
    for each in shifts:
        segments = within(each.segments, window)
        if segments:
            yield msgspec.structs.replace(each, segments=segments)


def _before(
    basis: Basis, whose: Whose, reaching: Reaching, moment: Moment, as_of_ms: int
) -> list[DaySegment]:
    """The date before as it counts."""
    day = whose.day - _DAY
    window = basis.window(whose.agent, day, moment.where)
    recorded = day_segments(reaching(window), window[0], min(window[1], as_of_ms))
    applied = [row.applied() for row in basis.exceptions(whose.agent, day)]
    return as_it_counts(recorded, applied, window, as_of_ms)
