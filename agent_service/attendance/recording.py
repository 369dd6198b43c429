"""Recording what leads say of attendance: in the writer's thread, each act once."""

import sqlite3
from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta, tzinfo

from agent_service.attendance import store
from agent_service.attendance.projector import SubstituteProjector
from agent_service.attendance.stand_ins import stand_ins_of
from agent_service.ledger.append import Appender
from agent_service.ledger.replay import last_position
from agent_service.locking.adjusting import month_of
from agent_service.locking.projector import LockProjector
from agent_service.persons.store import EVER
from agent_service.requests.effect import shown
from agent_service.rosters.projector import PlanProjector
from protocol.facts.attendance import (
    MonthLocked,
    MonthSigned,
    PresenceEvidenced,
    SubstituteNamed,
)
from protocol.facts.shift import PlannedSegment
from protocol.rules.stand_ins import joined_plan, overlap, shifts_of
from protocol.wire.errors import Code, Refused

_DAY = timedelta(days=1)
_CHANGED = """
    SELECT EXISTS (SELECT 1 FROM session WHERE last > :position AND coalesce(first_ms, 0) < :until)
        OR EXISTS (SELECT 1 FROM planned_day
            WHERE position > :position AND day BETWEEN :first AND :last)
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
        self,
        appender: Appender,
        locks: LockProjector,
        plans: PlanProjector,
        substitutes: SubstituteProjector,
        where: tzinfo,
    ) -> None:
        self._appender = appender
        self._locks = locks
        self._plans = plans
        self._substitutes = substitutes
        self._where = where

    def see(self, connection: sqlite3.Connection, fact: PresenceEvidenced) -> None:
        """Somebody was seen. Raises `Refused` with `month_locked` or `no_shift`."""
        self._check_open(connection, month_of(fact.day))
        if fact.for_agent:
            self._check_stood_in(connection, fact)
        known = store.evidence_between(connection, fact.day, fact.day, EVER)
        last = known.get((fact.agent, fact.day), {}).get(fact.for_agent)
        told = (fact.arrived_ms, fact.left_ms, fact.actor, fact.text)
        if last is None or told != (last.arrived_ms, last.left_ms, last.actor, last.text):
            self._appender.record(connection, fact)

    def substitute(
        self, connection: sqlite3.Connection, fact: SubstituteNamed, may_plan: Callable[[str], bool]
    ) -> None:
        """Somebody else worked the shift. `may_plan`: whether the actor may plan somebody's
        shifts, which goes for whoever was named until then. Raises `Refused` with `month_locked`,
        `no_shift`, `own_case`, `not_permitted` or `substitute_busy`."""
        self._check_open(connection, month_of(fact.day))
        plan = self._plans.in_force(connection, fact.day, fact.day, (fact.agent,))
        row = plan.get((fact.agent, fact.day))
        segments = () if row is None else row.planned_segments()
        if not segments:
            raise Refused(Code.NO_SHIFT, agent=fact.agent, day=fact.day.isoformat())
        known = self._substitutes.in_force(connection, fact.day, fact.day)
        last = known.get((fact.agent, fact.day))
        named, actor = ("", fact.actor) if last is None else (last.substitute, last.actor)
        if (named, actor) == (fact.substitute, fact.actor):
            return
        if named == fact.actor:
            raise Refused(Code.OWN_CASE)
        if named and not may_plan(named):
            raise Refused(Code.NOT_PERMITTED)
        if fact.substitute:
            self._check_free(connection, fact, segments)
        self._appender.record(connection, fact)

    def sign(self, connection: sqlite3.Connection, fact: MonthSigned) -> None:
        """A team's month is signed. Raises `Refused` with `month_locked`."""
        self._check_open(connection, fact.month)
        last = store.signatures_of(connection, fact.month).get(fact.team)
        if last is None or (last.digest, last.actor) != (fact.digest, fact.actor):
            self._appender.record(connection, fact)

    def lock(
        self, connection: sqlite3.Connection, fact: MonthLocked, looked: Mapping[str, object]
    ) -> None:
        """The month stays as it is. `looked`: as of which entry (`position`), at which days
        (`first`, `last`) and until which instant (`until`) it was looked at. Raises `Refused` with
        `month_locked`, or `digest_differs` if something has changed since, or may have: what this
        group recorded before is in no table yet."""
        known = self._locks.find(connection, fact.month)
        if known is not None and known.actor == fact.actor:
            return
        self._check_open(connection, fact.month)
        (changed,) = connection.execute(_CHANGED, {**looked, "month": fact.month}).fetchone()
        if changed or self._appender.head.position != last_position(connection):
            raise Refused(Code.DIGEST_DIFFERS)
        self._appender.record(connection, fact)

    def _check_free(
        self,
        connection: sqlite3.Connection,
        fact: SubstituteNamed,
        segments: Sequence[PlannedSegment],
    ) -> None:
        """Nobody works two shifts at once. Raises `Refused` with `substitute_busy`."""
        for day in (fact.day - _DAY, fact.day, fact.day + _DAY):
            taken = self._taken(connection, fact, day)
            span = overlap(segments, taken)
            if span is not None:
                start, end = (shown(each, self._where) for each in span)
                raise Refused(Code.SUBSTITUTE_BUSY, agent=fact.substitute, start=start, end=end)

    def _check_open(self, connection: sqlite3.Connection, month: str) -> None:
        if self._locks.find(connection, month) is not None:
            raise Refused(Code.MONTH_LOCKED, month=month)

    def _taken(
        self, connection: sqlite3.Connection, fact: SubstituteNamed, day: date
    ) -> tuple[PlannedSegment, ...]:
        """What the substitute has to work on a date beside the shift that is in question."""
        who = fact.substitute
        told = self._substitutes.in_force(connection, day, day)
        told.pop((fact.agent, fact.day), None)
        plans = self._plans.in_force(connection, day, day, {who, *(owner for owner, _ in told)})
        row = plans.get((who, day))
        stand_ins = stand_ins_of(told, plans, (who,)).get((who, day), ())
        return joined_plan(shifts_of(who, () if row is None else row.planned_segments(), stand_ins))

    def _check_stood_in(self, connection: sqlite3.Connection, fact: PresenceEvidenced) -> None:
        """Raises `Refused` with `no_shift`."""
        known = self._substitutes.in_force(connection, fact.day, fact.day)
        row = known.get((fact.for_agent, fact.day))
        if row is None or row.substitute != fact.agent:
            raise Refused(Code.NO_SHIFT, agent=fact.agent, day=fact.day.isoformat())


def looked_at(position: int, span: tuple[date, date], until_ms: int) -> dict[str, object]:
    """What `lock` asks for."""
    first, last = (day.isoformat() for day in span)
    return {"position": position, "first": first, "last": last, "until": until_ms}
