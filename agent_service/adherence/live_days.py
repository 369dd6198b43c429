"""The present business dates of a whole floor, kept up with the ledger's end. Lives in a reader's
thread: each round reads the entries that came since the last one, and computes a few people."""

import sqlite3
from collections.abc import Collection, Iterator, Sequence
from datetime import date, timedelta

import msgspec

from agent_service.accounts.memberships import Memberships, team_on
from agent_service.accounts.projector import memberships_of_all
from agent_service.adherence.basis import Basis, Moment, months_of, read_basis
from agent_service.adherence.day import PersonDate, Whose, Window, computed
from agent_service.adherence.late_days import follows_of
from agent_service.adherence.links import Lost, lost_now, with_links
from agent_service.adherence.live_sessions import LiveSessions
from agent_service.adherence.snapshot import snapshot
from agent_service.locking.adjusting import month_of
from agent_service.persons.store import EVER, placed
from protocol.facts.shift import PlannedSegment
from protocol.rules.adherence import Slice, Verdict
from protocol.rules.day_rules import DayRules
from protocol.rules.day_segments import SessionFacts
from protocol.rules.exceptions import Derived
from protocol.rules.fatigue import Fatigue
from protocol.rules.local_day import local_date

_DAY = timedelta(days=1)


class Asked(msgspec.Struct, frozen=True):
    """One round: whom to compute, and whose plans and exceptions are others than before."""

    agents: Sequence[str]
    changed: frozenset[str] | None
    """None: everybody's."""
    moment: Moment


class LiveDay(msgspec.Struct, frozen=True):
    """Somebody's business date so far."""

    agent: str
    day: date
    segments: tuple[PlannedSegment, ...]
    rules: DayRules
    counted_s: int | None
    """So far; null without a plan."""
    in_s: int | None
    """In adherence, as if all that is unknown were out …"""
    in_high_s: int | None
    """… and in."""
    run_s: int
    fatigue: Fatigue
    fair: bool | None
    """Whether the last moment of planned time counted against nobody; null: nothing is planned,
    or nobody knows."""
    as_of_ms: int
    follows: tuple[Derived, ...]
    """What follows from the facts of this date."""


class LiveDays:
    """All that the rounds share."""

    def __init__(self) -> None:
        self._sessions = LiveSessions()
        self._bases: dict[str, Basis] = {}
        self._teams: dict[str, Memberships] = {}
        self._around: date | None = None
        """The date that the bases lie around."""
        self._days: dict[str, date] = {}

    def round(self, connection: sqlite3.Connection, asked: Asked) -> list[LiveDay]:
        """The present business dates of those who are asked for; the one before too, where
        somebody's has just begun."""
        with snapshot(connection):
            self._sessions.follow(connection, asked.moment.now_ms)
            self._renew(connection, asked)
            lost = lost_now(connection)
            return [
                day
                for agent in asked.agents
                for day in self._of_agent(connection, agent, lost, asked.moment)
            ]

    def _renew(self, connection: sqlite3.Connection, asked: Asked) -> None:
        today = local_date(asked.moment.now_ms, asked.moment.where)
        changed = asked.changed
        if today != self._around or changed is None:
            changed, self._around = None, today
            self._teams = memberships_of_all(connection)
        if changed is not None and not changed:
            return
        if changed is not None:
            bases = self._bases.values()
            changed |= {who for basis in bases for who in basis.beside(changed)}
        for span in months_of(today - _DAY, today + _DAY):
            basis = read_basis(connection, *span, asked.moment.where, changed)
            month = month_of(span[0])
            if changed is None or month not in self._bases:
                self._bases[month] = basis
            else:
                self._bases[month] = self._bases[month].with_people(changed, basis)

    def _of_agent(
        self, connection: sqlite3.Connection, agent: str, lost: Lost, moment: Moment
    ) -> Iterator[LiveDay]:
        day = self._business_date(agent, moment)
        if self._days.get(agent) != day:
            yield from self._live(connection, agent, day - _DAY, lost, moment)
            self._days[agent] = day
        yield from self._live(connection, agent, day, lost, moment)

    def _business_date(self, agent: str, moment: Moment) -> date:
        today = local_date(moment.now_ms, moment.where)
        for day in (today - _DAY, today + _DAY):
            from_ms, until_ms = self._bases[month_of(day)].window(agent, day, moment.where)
            if from_ms <= moment.now_ms < until_ms:
                return day
        return today

    def _live(
        self, connection: sqlite3.Connection, agent: str, day: date, lost: Lost, moment: Moment
    ) -> Iterator[LiveDay]:
        basis = self._bases.get(month_of(day))
        if basis is None or basis.locked or not basis.covers(day):
            return

        def reaching(window: Window) -> Sequence[SessionFacts]:
            sessions = placed(self._sessions.reaching(agent, *window))
            return with_links(connection, sessions, lost, EVER, window[1])

        whose = Whose(agent, day, team_on(self._teams.get(agent, ()), day))
        yield _live_day(computed(basis, whose, reaching, moment))


def _live_day(each: PersonDate) -> LiveDay:
    figure, fatigue = each.figure.figure, each.figure.fatigue
    has_plan = bool(each.segments)
    return LiveDay(
        each.whose.agent,
        each.whose.day,
        each.segments,
        each.rules,
        figure.counted_s if has_plan else None,
        figure.in_adherence_s if has_plan else None,
        figure.in_adherence_high_s if has_plan else None,
        fatigue.current_run_s,
        fatigue,
        _last(each.figure.slices),
        each.as_of_ms,
        follows_of(each),
    )


def _last(slices: Sequence[Slice]) -> bool | None:
    if not slices or slices[-1].state is None:
        return None
    return slices[-1].verdict is not Verdict.OUT


def closed(follows: Collection[Derived], as_of_ms: int) -> tuple[Derived, ...]:
    """Those that are over."""
    return tuple(each for each in follows if each.end_ms < as_of_ms)
