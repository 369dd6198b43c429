"""Confirming, deciding and withdrawing incidents: in the writer's thread, so that one act is done
once, and by what the day's others are at that moment."""

import sqlite3
from datetime import timedelta, tzinfo

import msgspec

from agent_service.exceptions.deciding import Judgement
from agent_service.exceptions.incident_row import StoredIncident
from agent_service.exceptions.incidents import IncidentProjector
from agent_service.exceptions.projector import ExceptionProjector
from agent_service.exceptions.row import is_granted_by_people
from agent_service.exceptions.struck import Struck, struck_shifts
from agent_service.ledger.append import Appender
from agent_service.locking.adjusting import Adjusting, month_of
from agent_service.locking.store import lock_of
from agent_service.persons.store import EVER
from protocol.facts.shift import IncidentConfirmed, IncidentDecided, IncidentWithdrawn
from protocol.rules.exception_decisions import Span, Standing, needs_second, refusal, repeats
from protocol.rules.local_day import day_bounds, local_date
from protocol.wire.errors import Code, Refused

_DAY = timedelta(days=1)


class IncidentRecorder:
    """Records them."""

    def __init__(
        self,
        appender: Appender,
        incidents: IncidentProjector,
        exceptions: ExceptionProjector,
        adjusting: Adjusting,
        where: tzinfo,
    ) -> None:
        self._appender = appender
        self._incidents = incidents
        self._exceptions = exceptions
        self._adjusting = adjusting
        self._where = where

    def confirm(self, connection: sqlite3.Connection, fact: IncidentConfirmed) -> StoredIncident:
        """As it stands; as it has come to stand, when the same act comes again. Raises `Refused`
        with `month_locked`."""
        known = self._incidents.find(connection, fact.incident)
        if known is not None:
            return known
        self._check_open(connection, fact.team, Span(fact.start_ms, fact.end_ms))
        second = self._needs_second(connection, fact)
        self._appender.record(connection, msgspec.structs.replace(fact, needs_second=second))
        return self._found(connection, fact.incident)

    def decide(
        self, connection: sqlite3.Connection, incident: str, judgement: Judgement
    ) -> StoredIncident:
        """A second person's word; the same again gets the same answer. Raises `Refused` with
        `unknown_incident`, `already_decided`, `second_by_same` or `month_locked`."""
        row = self._found(connection, incident)
        actor, approved = judgement.actor, judgement.approved
        if repeats(row.case(), actor, approved):
            return row
        reason = refusal(row.case(), actor, approved, leads=True)
        if reason is not None:
            raise Refused(reason)
        if approved:
            self._check_open(connection, row.team, row.span())
        fact = IncidentDecided(incident, approved, actor, judgement.text)
        self._appender.record(connection, fact)
        return self._found(connection, incident)

    def withdraw(
        self, connection: sqlite3.Connection, incident: str, actor: str, text: str
    ) -> StoredIncident:
        """It excludes nothing any more. Raises `Refused` with `unknown_incident`,
        `already_decided` or `month_locked`."""
        row = self._found(connection, incident)
        if row.standing is Standing.WITHDRAWN and actor in row.case().deciders[-1:]:
            return row
        if not row.stands:
            raise Refused(Code.ALREADY_DECIDED)
        self._check_open(connection, row.team, row.span())
        self._appender.record(connection, IncidentWithdrawn(incident, actor, text))
        return self._found(connection, incident)

    def _needs_second(self, connection: sqlite3.Connection, fact: IncidentConfirmed) -> bool:
        """By the day on which it began and the night shifts around that: what others confirmed
        of the same people's is added, and what the same person alone granted any one of them."""
        asked, today = Span(fact.start_ms, fact.end_ms), self._adjusting.today()
        day = local_date(asked.start_ms, self._where)
        struck = [
            shift
            for each in (day - _DAY, day)
            for shift in struck_shifts(connection, each, fact.team, asked)
        ]
        spans = [Span(*day_bounds(day, self._where)), *(each.shift for each in struck)]
        from_ms, until_ms = min(span.start_ms for span in spans), max(span.end_ms for span in spans)
        around = self._incidents.touching(connection, from_ms, until_ms)
        granted = [row.span() for row in around if row.stands and row.strikes(fact.team)]
        return needs_second(asked, granted, day, today) or any(
            needs_second(asked, [*granted, *alone], day, today)
            for alone in (self._granted_alone(connection, fact.actor, each) for each in struck)
        )

    def _granted_alone(
        self, connection: sqlite3.Connection, actor: str, struck: Struck
    ) -> list[Span]:
        """What one person approved of somebody's day, and nobody else."""
        return [
            row.span()
            for row in self._exceptions.of_day(connection, struck.agent, struck.day)
            if is_granted_by_people(row) and row.case().deciders == (actor,)
        ]

    def _check_open(self, connection: sqlite3.Connection, team: str, span: Span) -> None:
        """Figures of a locked month stay, by the month of either end, and by that of a night
        shift which the incident reaches into."""
        first, last = (local_date(ms, self._where) for ms in (span.start_ms, span.end_ms - 1))
        for day in (first, last):
            if self._adjusting.month_for(connection, day):
                raise Refused(Code.MONTH_LOCKED, month=month_of(day))
        before = first - _DAY
        if not self._adjusting.month_for(connection, before):
            return
        lock = lock_of(connection, month_of(before))
        upto = EVER if lock is None else lock.position
        if any(struck_shifts(connection, before, team, span, upto)):
            raise Refused(Code.MONTH_LOCKED, month=month_of(before))

    def _found(self, connection: sqlite3.Connection, incident: str) -> StoredIncident:
        row = self._incidents.find(connection, incident)
        if row is None:
            raise Refused(Code.UNKNOWN_INCIDENT, incident=incident)
        return row
