"""Recording what leads say of attendance: in the writer's thread, each act once."""

import sqlite3
from collections.abc import Mapping
from datetime import date

from agent_service.attendance import store
from agent_service.ledger.append import Appender
from agent_service.locking.adjusting import month_of
from agent_service.locking.projector import LockProjector
from agent_service.persons.store import EVER
from agent_service.rosters import store as rosters
from protocol.facts.attendance import (
    MonthLocked,
    MonthSigned,
    PresenceEvidenced,
    SubstituteNamed,
)
from protocol.wire.errors import Code, Refused

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
"""


class AttendanceRecorder:
    """Checks first, and then records."""

    def __init__(self, appender: Appender, locks: LockProjector) -> None:
        self._appender = appender
        self._locks = locks

    def see(self, connection: sqlite3.Connection, fact: PresenceEvidenced) -> None:
        """Somebody was seen. Raises `Refused` with `month_locked`."""
        self._check_open(connection, month_of(fact.day))
        known = store.evidence_between(connection, fact.day, fact.day, EVER)
        last = known.get((fact.agent, fact.day))
        told = (fact.arrived_ms, fact.left_ms, fact.actor, fact.text)
        if last is None or told != (last.arrived_ms, last.left_ms, last.actor, last.text):
            self._appender.record(connection, fact)

    def substitute(self, connection: sqlite3.Connection, fact: SubstituteNamed) -> None:
        """Somebody else worked the shift. Raises `Refused` with `month_locked` or `no_shift`."""
        self._check_open(connection, month_of(fact.day))
        plan = rosters.in_force(connection, fact.day, fact.day, (fact.agent,))
        row = plan.get((fact.agent, fact.day))
        if row is None or not row.plan().segments:
            raise Refused(Code.NO_SHIFT, agent=fact.agent, day=fact.day.isoformat())
        known = store.substitutes_between(connection, fact.day, fact.day, EVER)
        last = known.get((fact.agent, fact.day))
        named, actor = ("", fact.actor) if last is None else (last.substitute, last.actor)
        if (named, actor) != (fact.substitute, fact.actor):
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
        `month_locked`, or `digest_differs` if something has changed since."""
        known = self._locks.find(connection, fact.month)
        if known is not None and known.actor == fact.actor:
            return
        self._check_open(connection, fact.month)
        (changed,) = connection.execute(_CHANGED, {**looked, "month": fact.month}).fetchone()
        if changed:
            raise Refused(Code.DIGEST_DIFFERS)
        self._appender.record(connection, fact)

    def _check_open(self, connection: sqlite3.Connection, month: str) -> None:
        if self._locks.find(connection, month) is not None:
            raise Refused(Code.MONTH_LOCKED, month=month)


def looked_at(position: int, span: tuple[date, date], until_ms: int) -> dict[str, object]:
    """What `lock` asks for."""
    first, last = (day.isoformat() for day in span)
    return {"position": position, "first": first, "last": last, "until": until_ms}
