"""Many people's business dates over a span of days, in one pass over the ledger: the same figures
as those of one day at a time (`adherence.day`)."""

import sqlite3
from collections.abc import Callable, Collection, Iterator, Mapping
from datetime import date, tzinfo

from agent_service.accounts.memberships import Memberships, team_on
from agent_service.accounts.projector import memberships_of_all
from agent_service.adherence.basis import (
    Basis,
    Moment,
    days_of,
    months_of,
    read_basis,
)
from agent_service.adherence.day import PersonDate, Whose, computed
from agent_service.adherence.links import Lost, lost_now, with_links
from agent_service.adherence.tape import Tape, is_long, sessions_between
from agent_service.locking.adjusting import month_of
from agent_service.persons.session_row import (
    SessionRow,
    Whole,
    head_of,
    later_than,
    rows_of,
    with_later,
)
from agent_service.persons.store import EVER, placed
from protocol.rules.day_segments import SessionFacts
from protocol.rules.local_day import day_bounds

_REACH_MS = 32 * 3_600_000
"""Business dates reach over their midnights by less than this."""

Chosen = Callable[[Whose], bool]
"""Whose days are wanted."""


def dates_between(
    connection: sqlite3.Connection,
    first: date,
    last: date,
    moment: Moment,
    agents: Collection[str] | None = None,
    chosen: Chosen = lambda whose: True,
) -> Iterator[PersonDate]:
    """The business dates on which something was planned, recorded or excepted, day by day and by
    staff number: of these people, or of all. Memory holds a few days. The connection should be in
    one read transaction. Raises `OverflowError` for dates at the ends of the calendar."""
    span = _Span(connection, first, last, moment, agents)
    for begin, end in months_of(first, last):
        basis = read_basis(connection, begin, end, moment.where, agents)
        for day in days_of(begin, end):
            yield from span.of_day(basis, day, chosen)


class _Span:
    """What all of its days share."""

    def __init__(
        self,
        connection: sqlite3.Connection,
        first: date,
        last: date,
        moment: Moment,
        agents: Collection[str] | None,
    ) -> None:
        self._connection = connection
        self._moment = moment
        self._teams: Mapping[str, Memberships] = memberships_of_all(connection)
        self._lost: Lost = lost_now(connection)
        self._from_ms, until_ms = _bounds(first, last, moment.where)
        self._all: dict[str, list[SessionRow]] = {}
        """Also those after the span."""
        self._heads: dict[tuple[str, int], tuple[int, Whole]] = {}
        sessions = sessions_between(connection, self._from_ms, until_ms, agents)
        self._tape = Tape(connection, sessions)
        self._sessions: dict[str, list[SessionRow]] = {}
        for row in sessions:
            self._sessions.setdefault(row.agent, []).append(row)

    def of_day(self, basis: Basis, day: date, chosen: Chosen) -> Iterator[PersonDate]:
        """One day of those who are chosen."""
        begins_ms = day_bounds(day, self._moment.where)[0] - _REACH_MS
        self._forget(begins_ms)
        wanted = [(whose, rows) for whose, rows in self._whose(basis, day) if chosen(whose)]
        read = [row for _, rows in wanted for row in rows]
        ends = [row.last for row in read if not is_long(row) and row.last <= basis.upto]
        self._tape.read_to(max(ends, default=0))
        for whose, rows in wanted:
            sessions = self._facts(basis, whose, rows)
            if rows or self._is_told(basis, whose):
                yield computed(basis, whose, sessions, self._moment)

    def _forget(self, before_ms: int) -> None:
        self._tape.forget(before_ms)
        self._heads = {key: each for key, each in self._heads.items() if each[0] >= before_ms}
        for agent, rows in list(self._sessions.items()):
            if rows[0].heard_ms < before_ms:
                self._sessions[agent] = [row for row in rows if row.heard_ms >= before_ms]
            if not self._sessions[agent]:
                del self._sessions[agent]

    def _whose(self, basis: Basis, day: date) -> Iterator[tuple[Whose, list[SessionRow]]]:
        planned = {agent for agent, each in basis.planned if each == day}
        excepted = {agent for agent, each in basis.excepted if each == day}
        for agent in sorted(planned | excepted | self._sessions.keys()):
            window = basis.window(agent, day, self._moment.where)
            rows = self._sessions.get(agent, ())
            team = team_on(self._teams.get(agent, ()), day)
            reaching = [row for row in rows if row.reaches(*window) and row.began <= basis.upto]
            yield Whose(agent, day, team), reaching

    def _facts(self, basis: Basis, whose: Whose, rows: list[SessionRow]) -> list[SessionFacts]:
        from_ms, until_ms = basis.window(whose.agent, whose.day, self._moment.where)
        read = [(row, self._tape.facts(row, basis.upto)) for row in rows]
        reaching = [
            (row.session, facts)
            for row, facts in read
            if row.last <= basis.upto or (facts and facts[-1].received_ms >= from_ms)
        ]
        later = self._later(whose.agent, until_ms, basis.upto)
        sessions = placed(with_later(reaching, later))
        return with_links(self._connection, sessions, self._lost, basis.upto, until_ms)

    def _later(self, agent: str, until_ms: int, upto: int) -> Iterator[Whole]:
        """The beginnings of an agent's sessions after an instant."""
        if agent not in self._all:
            self._all[agent] = rows_of(self._connection, agent, self._from_ms, EVER)
        for row in later_than(self._all[agent], until_ms):
            if row.began <= upto:
                key = row.session, upto
                if key not in self._heads:
                    self._heads[key] = row.heard_ms, head_of(self._connection, row, upto)
                yield self._heads[key][1]

    def _is_told(self, basis: Basis, whose: Whose) -> bool:
        key = whose.agent, whose.day
        return key in basis.planned or key in basis.excepted


def _bounds(first: date, last: date, where: tzinfo) -> tuple[int, int]:
    """All instants that may belong to a span of business dates."""
    return day_bounds(first, where)[0] - _REACH_MS, day_bounds(last, where)[1] + _REACH_MS


def month_bounds(month: str) -> tuple[date, date]:
    """The first and the last day of a month such as 2026-11. Raises `ValueError`, or
    `OverflowError` at the end of the calendar."""
    first = date.fromisoformat(f"{month}-01")
    if month_of(first) != month:
        raise ValueError(month)
    return next(months_of(first, date.max))
