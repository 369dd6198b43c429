"""Recording what leads say of attendance: in the writer's thread, each act once."""

import sqlite3
from collections.abc import Callable, Mapping
from datetime import date

from agent_service.attendance.substituting import Substituting
from agent_service.ledger.append import Appender
from agent_service.ledger.replay import last_position
from agent_service.locking.adjusting import month_of
from agent_service.projections import Projections
from agent_service.rosters.planning import Planner
from agent_service.rosters.stood_in import Actor
from protocol.facts.attendance import (
    MonthLocked,
    MonthSigned,
    PresenceEvidenced,
    SubstituteNamed,
)
from protocol.facts.shift import PlannedSegment
from protocol.wire.errors import Code, Refused

_CHANGED = """
    SELECT EXISTS (SELECT 1 FROM session WHERE last > :position AND coalesce(first_ms, 0) < :until)
        OR EXISTS (SELECT 1 FROM planned_day
            WHERE position > :position AND day BETWEEN :first AND :last)
        OR EXISTS (SELECT 1 FROM plan_correction
            WHERE position > :position AND last_day >= :first AND first_day <= :last)
        OR EXISTS (SELECT 1 FROM day_exception
            WHERE position > :position AND day BETWEEN :first AND :last)
        OR EXISTS (SELECT 1 FROM confirmed_incident
            WHERE position > :position AND start_ms < :until)
        OR EXISTS (SELECT 1 FROM presence_evidence
            WHERE position > :position AND day BETWEEN :first AND :last)
        OR EXISTS (SELECT 1 FROM substitute
            WHERE position > :position AND day BETWEEN :first AND :last)
        OR EXISTS (SELECT 1 FROM signed_month
            WHERE position > :position AND month = :month)
        OR EXISTS (SELECT 1 FROM membership_decision WHERE position > :position)
"""


class AttendanceRecorder:
    """Checks first, and then records."""

    def __init__(
        self, appender: Appender, tables: Projections, planner: Planner, now_ms: Callable[[], int]
    ) -> None:
        self._appender = appender
        self._tables = tables
        self._planner = planner
        self._substituting = Substituting(tables, planner, now_ms)

    def see(self, connection: sqlite3.Connection, fact: PresenceEvidenced) -> None:
        """Somebody was seen. Raises `Refused` with `month_locked` or `no_shift`."""
        self._check_open(connection, month_of(fact.day))
        if fact.for_agent:
            self._shift(connection, fact.for_agent, fact.day)
        known = self._tables.evidence.in_force(connection, fact.agent, fact.day)
        last = known.get(fact.for_agent)
        told = (fact.arrived_ms, fact.left_ms, fact.actor, fact.text)
        if last is None or told != (last.arrived_ms, last.left_ms, last.actor, last.text):
            self._appender.record(connection, fact)

    def substitute(
        self, connection: sqlite3.Connection, fact: SubstituteNamed, actor: Actor
    ) -> None:
        """Somebody else worked the shift. Another lead's word that it was the same person is told
        as theirs. Raises `Refused` with `month_locked`, `no_shift`, `own_case`, `not_permitted`,
        `substitute_busy`, `substitute_absent` or `roster_refused`."""
        self._check_open(connection, month_of(fact.day))
        segments = self._shift(connection, fact.agent, fact.day)
        known = self._tables.substitutes.in_force(connection, fact.day, fact.day)
        last = known.get((fact.agent, fact.day))
        told = ("", fact.actor) if last is None else (last.substitute, last.actor)
        if told == (fact.substitute, fact.actor):
            return
        self._planner.check_others(connection, [(fact.agent, fact.day)], actor)
        self._substituting.check(connection, fact, segments)
        self._appender.record(connection, fact)

    def sign(self, connection: sqlite3.Connection, fact: MonthSigned) -> None:
        """A team's month is signed. Raises `Refused` with `month_locked`."""
        self._check_open(connection, fact.month)
        last = self._tables.signatures.in_force(connection, fact.month, fact.team)
        told = (fact.digest, fact.actor, fact.text)
        if last is None or told != (last.digest, last.actor, last.text):
            self._appender.record(connection, fact)

    def lock(
        self, connection: sqlite3.Connection, fact: MonthLocked, looked: Mapping[str, object]
    ) -> None:
        """The month stays as it is. `looked`: as of which entry (`position`), at which days
        (`first`, `last`) and until which instant (`until`) it was looked at. Raises `Refused` with
        `month_locked`, or `digest_differs` if something has changed since, or may have: what this
        group recorded before is in no table yet."""
        known = self._tables.locks.find(connection, fact.month)
        if known is not None and known.actor == fact.actor:
            return
        self._check_open(connection, fact.month)
        (changed,) = connection.execute(_CHANGED, {**looked, "month": fact.month}).fetchone()
        if changed or self._appender.head.position != last_position(connection):
            raise Refused(Code.DIGEST_DIFFERS)
        self._appender.record(connection, fact)

    def _check_open(self, connection: sqlite3.Connection, month: str) -> None:
        if self._tables.locks.find(connection, month) is not None:
            raise Refused(Code.MONTH_LOCKED, month=month)

    def _shift(
        self, connection: sqlite3.Connection, agent: str, day: date
    ) -> tuple[PlannedSegment, ...]:
        """What is planned for somebody, whoever works it. Raises `Refused` with `no_shift`."""
        row = self._tables.plans.in_force(connection, day, day, (agent,)).get((agent, day))
        segments = () if row is None else row.planned_segments()
        if not segments:
            raise Refused(Code.NO_SHIFT, agent=agent, day=day.isoformat())
        return segments


def looked_at(position: int, span: tuple[date, date], until_ms: int) -> dict[str, object]:
    """What `lock` asks for."""
    first, last = (day.isoformat() for day in span)
    return {"position": position, "first": first, "last": last, "until": until_ms}
