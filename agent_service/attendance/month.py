"""A month of attendance: its rows by team, and the name of what they say."""

import sqlite3
from collections.abc import Collection
from datetime import date
from hashlib import sha256
from typing import NamedTuple

import msgspec

from agent_service.accounts.memberships import team_on
from agent_service.accounts.projector import memberships_of, memberships_of_all
from agent_service.adherence.basis import Moment, read_basis
from agent_service.adherence.day import PersonDate, Whose, computed, read_sessions
from agent_service.adherence.month import dates_between, month_bounds
from agent_service.attendance import store
from agent_service.attendance.judged import row_of, shift_row
from agent_service.attendance.projector import Evidence
from agent_service.locking.adjusting import month_of
from agent_service.locking.store import lock_of
from agent_service.persons.store import EVER
from protocol.facts.staff import Group
from protocol.rules.local_day import local_date
from protocol.wire.attendance import AttendanceRow
from protocol.wire.errors import Code, Refused

_LENGTH = len("2026-11")

Rows = tuple[AttendanceRow, ...]


class Wanted(NamedTuple):
    """Whose month: that of a team (empty: of those who are in none), of one person, or, with
    neither, everybody's."""

    team: str | None = None
    agent: str | None = None

    def takes(self, whose: Whose) -> bool:
        """Whether a day is of it."""
        return self.team is None or whose.team == self.team


def check_month(month: str) -> tuple[date, date]:
    """The first and the last day. Raises `Refused` with `malformed_message`."""
    try:
        return month_bounds(month)
    except (ValueError, OverflowError) as error:
        raise Refused(Code.MALFORMED_MESSAGE, detail=f"month {month[:_LENGTH]}") from error


def check_over(month: str, moment: Moment) -> None:
    """Raises `Refused` with `month_not_over`."""
    if local_date(moment.now_ms, moment.where) <= check_month(month)[1]:
        raise Refused(Code.MONTH_NOT_OVER, month=month)


def check_windows(
    connection: sqlite3.Connection, month: str, moment: Moment, wanted: Wanted
) -> None:
    """Raises `Refused` with `month_not_over` while time goes on that belongs to a business date
    of the month: a shift of its last night, and overtime after it."""
    first, last = check_month(month)
    agents = agents_of(connection, (first, last), wanted)
    basis = read_basis(connection, last, last, moment.where, agents)
    ends = (basis.window(agent, last, moment.where)[1] for agent, _ in basis.planned)
    if max(ends, default=0) > moment.now_ms:
        raise Refused(Code.MONTH_NOT_OVER, month=month)


def rows_by_team(
    connection: sqlite3.Connection, month: str, moment: Moment, wanted: Wanted
) -> dict[str, Rows]:
    """The rows of a month up to now. Raises `Refused` with `malformed_message`."""
    return rows_between(connection, check_month(month), moment, wanted)


def rows_between(
    connection: sqlite3.Connection, span: tuple[date, date], moment: Moment, wanted: Wanted
) -> dict[str, Rows]:
    """The rows of days of one month up to now, by person and day, under the teams that the people
    were in on these days. What a substitute worked stands with the shift's team. The connection
    should be in one read transaction."""
    evidence, substitutes = _told(connection, span)
    found: dict[str, list[AttendanceRow]] = {}
    agents = agents_of(connection, span, wanted)
    for each in dates_between(connection, *span, moment, agents, wanted.takes):
        key = each.whose.agent, each.whose.day
        row = row_of(each, evidence.get(key), substitutes.get(key, ""))
        if row is not None:
            found.setdefault(each.whose.team, []).append(row)
    teams = memberships_of_all(connection)
    for (agent, day), substitute in substitutes.items():
        whose = Whose(agent, day, team_on(teams.get(agent, ()), day))
        of_agent = wanted.agent in (None, substitute)
        if of_agent and wanted.takes(whose):
            stood_in = _substitutes(connection, whose, substitute, moment)
            if stood_in is not None:
                found.setdefault(whose.team, []).append(stood_in)
    return {team: tuple(sorted(rows, key=_order)) for team, rows in sorted(found.items())}


def own_row(connection: sqlite3.Connection, each: PersonDate) -> AttendanceRow | None:
    """One person's row of a day whose figures are at hand; None where there is nothing to tell."""
    key = each.whose.agent, each.whose.day
    evidence, substitutes = _told(connection, (each.whose.day, each.whose.day))
    return row_of(each, evidence.get(key), substitutes.get(key, ""))


def agents_of(
    connection: sqlite3.Connection, span: tuple[date, date], wanted: Wanted
) -> Collection[str] | None:
    """Who may have days that are wanted; None: anybody."""
    if wanted.agent is not None:
        return (wanted.agent,)
    if not wanted.team:
        return None
    first, last = span
    return {
        agent
        for agent, memberships in memberships_of_all(connection).items()
        for each in memberships
        if (each.group, each.name) == (Group.TEAM, wanted.team)
        and each.since <= last
        and each.lasts_beyond(first)
    }


def digest_of(rows: Rows) -> str:
    """The same for the same rows."""
    return sha256(msgspec.json.encode(rows, order="deterministic")).hexdigest()


def _told(
    connection: sqlite3.Connection, span: tuple[date, date]
) -> tuple[dict[tuple[str, date], Evidence], dict[tuple[str, date], str]]:
    """What leads said of days of one month: evidence, and substitutes; as it was when the month
    was locked."""
    lock = lock_of(connection, month_of(span[0]))
    upto = EVER if lock is None else lock.position
    substitutes = store.substitutes_between(connection, *span, upto)
    return (
        store.evidence_between(connection, *span, upto),
        {key: row.substitute for key, row in substitutes.items()},
    )


def _order(row: AttendanceRow) -> tuple[str, date, str]:
    return row.agent, row.day, row.for_agent


def _substitutes(
    connection: sqlite3.Connection, whose: Whose, substitute: str, moment: Moment
) -> AttendanceRow | None:
    """The shift as the substitute worked it; None before it has begun. Overtime is told of with
    the substitute's own day, and evidence is of their own shift if they had one."""
    evidence, _ = _told(connection, (whose.day, whose.day))
    both = (whose.agent, substitute)
    basis = read_basis(connection, whose.day, whose.day, moment.where, both)
    window = basis.window(whose.agent, whose.day, moment.where)
    if window[0] > moment.now_ms or not basis.segments(whose.agent, whose.day):
        return None
    sessions = read_sessions(connection, substitute, window, basis.upto)
    team = team_on(memberships_of(connection, substitute), whose.day)
    worked = computed(basis, Whose(substitute, whose.day, team), sessions, moment, whose.agent)
    has_own = bool(basis.segments(substitute, whose.day))
    seen = None if has_own else evidence.get((substitute, whose.day))
    row = shift_row(worked, seen)
    return msgspec.structs.replace(row, for_agent=whose.agent, overtime_s=0)
