"""Many people's business dates over a span of days, in one pass over the ledger: the same figures
as those of one day at a time (`adherence.day`)."""

import sqlite3
from collections.abc import Callable, Collection, Iterable, Iterator
from datetime import date, tzinfo

from agent_service.adherence.basis import (
    Basis,
    Moment,
    days_of,
    months_of,
    read_basis,
)
from agent_service.adherence.day import PersonDate, Reaching, Whose, Window, computed
from agent_service.adherence.links import Lost, lost_now, with_links
from agent_service.adherence.tape import Tape, is_long, sessions_between
from agent_service.locking.adjusting import month_of
from agent_service.locking.teams import Teams
from agent_service.persons.session_row import (
    SessionRow,
    Whole,
    head_of,
    later_than,
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
        self._teams = Teams(connection)
        self._lost: Lost = lost_now(connection)
        from_ms, until_ms = _bounds(first, last, moment.where)
        self._heads: dict[tuple[str, int], tuple[int, Whole]] = {}
        sessions = sessions_between(connection, from_ms, EVER, agents)
        self._all = _by_agent(sessions)
        """Also those after the span."""
        within = [row for row in sessions if row.first_ms < until_ms]
        self._tape = Tape(connection, within)
        self._sessions = _by_agent(within)

    def of_day(self, basis: Basis, day: date, chosen: Chosen) -> Iterator[PersonDate]:
        """One day of those who are chosen."""
        begins_ms = day_bounds(day, self._moment.where)[0] - _REACH_MS
        self._forget(begins_ms)
        wanted = [(whose, rows) for whose, rows in self._whose(basis, day) if chosen(whose)]
        self._read([row for _, rows in wanted for row in rows], basis.upto)
        for whose, rows in wanted:
            if rows or self._is_told(basis, whose):
                yield computed(basis, whose, self._reaching(basis, whose.agent), self._moment)

    def _read(self, rows: Iterable[SessionRow], upto: int) -> None:
        """Read on to the end of these sessions."""
        ends = [row.last for row in rows if not is_long(row) and row.last <= upto]
        self._tape.read_to(max(ends, default=0))

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
            whose = Whose(agent, day, self._teams.on(agent, day))
            yield whose, self._rows(agent, window, basis.upto)

    def _rows(self, agent: str, window: Window, upto: int) -> list[SessionRow]:
        rows = self._sessions.get(agent, ())
        return [row for row in rows if row.reaches(*window) and row.began <= upto]

    def _reaching(self, basis: Basis, agent: str) -> Reaching:
        def reaching(window: Window) -> list[SessionFacts]:
            rows = self._rows(agent, window, basis.upto)
            self._read(rows, basis.upto)
            return self._facts(agent, window, rows, basis.upto)

        return reaching

    def _facts(
        self, agent: str, window: Window, rows: list[SessionRow], upto: int
    ) -> list[SessionFacts]:
        from_ms, until_ms = window
        read = [(row, self._tape.facts(row, upto)) for row in rows]
        reaching = [
            (row.session, facts)
            for row, facts in read
            if row.last <= upto or (facts and facts[-1].received_ms >= from_ms)
        ]
        later = self._later(agent, until_ms, upto)
        sessions = placed(with_later(reaching, later))
        return with_links(self._connection, sessions, self._lost, upto, until_ms)

    def _later(self, agent: str, until_ms: int, upto: int) -> Iterator[Whole]:
        """The beginnings of an agent's sessions after an instant."""
        for row in later_than(self._all.get(agent, ()), until_ms):
            if row.began <= upto:
                key = row.session, upto
                if key not in self._heads:
                    self._heads[key] = row.heard_ms, head_of(self._connection, row, upto)
                yield self._heads[key][1]

    def _is_told(self, basis: Basis, whose: Whose) -> bool:
        key = whose.agent, whose.day
        return key in basis.planned or key in basis.excepted


def _by_agent(rows: Iterable[SessionRow]) -> dict[str, list[SessionRow]]:
    found: dict[str, list[SessionRow]] = {}
    for row in rows:
        found.setdefault(row.agent, []).append(row)
    return found


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
