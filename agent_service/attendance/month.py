"""A month of attendance: its rows by team, and the name of what they say."""

import sqlite3
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date
from hashlib import sha256
from typing import NamedTuple

import msgspec

from agent_service.adherence.basis import Moment, months_of, read_basis
from agent_service.adherence.day import PersonDate, Whose
from agent_service.adherence.month import dates_between, month_bounds
from agent_service.attendance import store
from agent_service.attendance.judged import rows_of
from agent_service.attendance.row import Evidence
from agent_service.locking.adjusting import month_of
from agent_service.locking.store import lock_of
from agent_service.locking.teams import Teams
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
    were in on these days: what a substitute worked stands with the substitute's."""
    return by_team(dated_rows(connection, span, moment, wanted))


def by_team(dated: Iterable[tuple[PersonDate, Sequence[AttendanceRow]]]) -> dict[str, Rows]:
    """Rows under the teams of their days, by person and day."""
    found: dict[str, list[AttendanceRow]] = {}
    for each, rows in dated:
        found.setdefault(each.whose.team, []).extend(rows)
    return {team: tuple(sorted(rows, key=_order)) for team, rows in sorted(found.items()) if rows}


def dated_rows(
    connection: sqlite3.Connection, span: tuple[date, date], moment: Moment, wanted: Wanted
) -> Iterator[tuple[PersonDate, Sequence[AttendanceRow]]]:
    """The business dates of one month up to now with their rows. The connection should be in one
    read transaction."""
    evidence, agents = _evidence(connection, span), agents_of(connection, span, wanted)
    for each in dates_between(connection, *span, moment, agents, wanted.takes):
        yield each, rows_of(each, evidence.get((each.whose.agent, each.whose.day), {}))


def own_rows(connection: sqlite3.Connection, each: PersonDate) -> tuple[AttendanceRow, ...]:
    """One person's rows of a day whose figures are at hand."""
    key = each.whose.agent, each.whose.day
    evidence = _evidence(connection, (each.whose.day, each.whose.day))
    return tuple(rows_of(each, evidence.get(key, {})))


def agents_of(
    connection: sqlite3.Connection, span: tuple[date, date], wanted: Wanted
) -> Collection[str] | None:
    """Who may have days that are wanted; None: anybody."""
    if wanted.agent is not None:
        return (wanted.agent,)
    if not wanted.team:
        return None
    teams = Teams(connection)
    return {
        agent
        for first, last in months_of(*span)
        for agent, memberships in teams.of(month_of(first)).items()
        for each in memberships
        if (each.group, each.name) == (Group.TEAM, wanted.team)
        and each.since <= last
        and each.lasts_beyond(first)
    }


def digest_of(rows: Rows) -> str:
    """The same for the same rows."""
    return sha256(msgspec.json.encode(rows, order="deterministic")).hexdigest()


def _evidence(
    connection: sqlite3.Connection, span: tuple[date, date]
) -> dict[tuple[str, date], dict[str, Evidence]]:
    """What leads saw on days of one month; as it was when the month was locked."""
    lock = lock_of(connection, month_of(span[0]))
    return store.evidence_between(connection, *span, EVER if lock is None else lock.position)


def _order(row: AttendanceRow) -> tuple[str, date, str]:
    return row.agent, row.day, row.for_agent
