"""One person's business date, put together from the ledger's tables."""

import sqlite3
from collections.abc import Sequence
from datetime import date

import msgspec

from agent_service.accounts.memberships import team_on
from agent_service.accounts.projector import memberships_of
from agent_service.adherence.basis import Basis, Moment, read_basis
from agent_service.adherence.links import lost_now, with_links
from agent_service.persons.store import sessions_of
from agent_service.rosters.row import PlannedDay
from protocol.facts.shift import IncidentConfirmed, PlannedSegment
from protocol.rules.day_figure import DayFigure, DayMade, day_figure
from protocol.rules.day_rules import DayRules
from protocol.rules.day_segments import DaySegment, SessionFacts, day_segments
from protocol.wire.exceptions import ExceptionRow


class Whose(msgspec.Struct, frozen=True):
    """A person's business date."""

    agent: str
    day: date
    team: str
    """The one on that day."""


class PersonDate(msgspec.Struct, frozen=True):
    """A business date with its figures, and all that made them."""

    whose: Whose
    window: tuple[int, int]
    """The time that belongs to it: [from, until) in ms."""
    plan: PlannedDay | None
    """In force; None: nothing was ever planned."""
    segments: tuple[PlannedSegment, ...]
    """What is planned, to its end."""
    recorded: tuple[DaySegment, ...]
    exceptions: tuple[ExceptionRow, ...]
    incidents: tuple[IncidentConfirmed, ...]
    version: str
    rules: DayRules
    figure: DayFigure
    as_of_ms: int
    locked: bool


def read_day(connection: sqlite3.Connection, agent: str, day: date, moment: Moment) -> PersonDate:
    """The figures of one person's business date up to now; of a locked month, as they were when
    it was locked. Raises `OverflowError` for a date at the ends of the calendar."""
    basis = read_basis(connection, day, day, moment.where, (agent,))
    team = team_on(memberships_of(connection, agent), day)
    return read_day_on(connection, basis, Whose(agent, day, team), moment)


def read_day_on(
    connection: sqlite3.Connection, basis: Basis, whose: Whose, moment: Moment
) -> PersonDate:
    """The same where the basis is read already."""
    window = basis.window(whose.agent, whose.day, moment.where)
    sessions = read_sessions(connection, whose.agent, window, basis.upto)
    return computed(basis, whose, sessions, moment)


def read_sessions(
    connection: sqlite3.Connection, agent: str, window: tuple[int, int], upto: int
) -> list[SessionFacts]:
    """The sessions of an agent that reach into a window, with what is known of their links."""
    sessions = sessions_of(connection, agent, *window, upto)
    return with_links(connection, sessions, lost_now(connection, agent), upto, window[1])


def computed(
    basis: Basis,
    whose: Whose,
    sessions: Sequence[SessionFacts],
    moment: Moment,
    planned_for: str = "",
) -> PersonDate:
    """The figures, given the sessions that reach into the day; by the plan of somebody else whose
    shift it was, if `planned_for` is given. Pure."""
    agent, day, planned = whose.agent, whose.day, planned_for or whose.agent
    as_of_ms = min(moment.now_ms, basis.locked_ms)
    from_ms, until_ms = basis.window(planned, day, moment.where)
    recorded = tuple(day_segments(sessions, from_ms, min(until_ms, as_of_ms)))
    rows = basis.exceptions(agent, day)
    incidents = basis.incidents_of(whose.team, from_ms, until_ms)
    version, rules = basis.rules(day)
    segments = basis.segments(planned, day)
    applied = [row.applied() for row in rows]
    window = (from_ms, until_ms)
    made = DayMade(agent, segments, recorded, applied, incidents, rules, as_of_ms, window)
    return PersonDate(
        whose,
        (from_ms, until_ms),
        basis.plan(planned, day),
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
