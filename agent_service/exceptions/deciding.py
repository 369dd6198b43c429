"""Proposing, deciding and withdrawing exceptions: in the writer's thread, so that each is decided
once, by what the day's others are at that moment."""

import sqlite3
from collections.abc import Mapping
from datetime import date

import msgspec

from agent_service.exceptions.incidents import IncidentProjector
from agent_service.exceptions.projector import ExceptionProjector
from agent_service.exceptions.row import StoredException, is_granted_by_people
from agent_service.exceptions.struck import lost_to_incidents
from agent_service.ledger.append import Appender
from agent_service.locking.adjusting import Adjusting
from protocol.facts.correction import ExceptionDecided, ExceptionProposed, ExceptionWithdrawn
from protocol.rules.exception_decisions import Standing, needs_second, refusal, repeats
from protocol.wire.errors import Code, Refused


class Judgement(msgspec.Struct, frozen=True):
    """What somebody decides about one or many."""

    actor: str
    approved: bool
    text: str = ""


class ExceptionDecider:
    """Records what people do about exceptions."""

    def __init__(
        self,
        appender: Appender,
        exceptions: ExceptionProjector,
        incidents: IncidentProjector,
        adjusting: Adjusting,
    ) -> None:
        self._appender = appender
        self._exceptions = exceptions
        self._incidents = incidents
        self._adjusting = adjusting

    def propose(self, connection: sqlite3.Connection, fact: ExceptionProposed) -> StoredException:
        """The exception as it stands; the one of the first time when the act comes again. What a
        lead proposes, the lead approves by that."""
        known = self._exceptions.hold(connection, fact.exception)
        if known is not None:
            return known
        self._appender.record(connection, fact)
        row = self._held(connection, fact.exception)
        if fact.actor != fact.agent:
            self._record(connection, row, Judgement(fact.actor, True))
        return self._held(connection, fact.exception)

    def decide(
        self, connection: sqlite3.Connection, leads: Mapping[str, bool], judgement: Judgement
    ) -> tuple[tuple[StoredException, ...], dict[str, str]]:
        """Each by itself: those that stand as is asked now, and of the others the code of why
        not. `leads`: by exception, whether the actor leads its agent."""
        rows: list[StoredException] = []
        refused: dict[str, str] = {}
        for exception, does_lead in leads.items():
            row = self._exceptions.hold(connection, exception)
            code = self._decide(connection, row, does_lead, judgement)
            if code is None:
                rows.append(self._held(connection, exception))
            else:
                refused[exception] = code
        return tuple(rows), refused

    def _decide(
        self,
        connection: sqlite3.Connection,
        row: StoredException | None,
        does_lead: bool,
        judgement: Judgement,
    ) -> str | None:
        """The code of why not."""
        if row is None:
            return Code.UNKNOWN_EXCEPTION
        case, actor, approved = row.case(), judgement.actor, judgement.approved
        if does_lead and repeats(case, actor, approved):
            return None
        reason = refusal(case, actor, approved, does_lead)
        if reason is None:
            self._record(connection, row, judgement)
        return reason

    def withdraw(
        self, connection: sqlite3.Connection, exception: str, actor: str
    ) -> StoredException:
        """The exception, taken back by whoever proposed it. Raises `Refused` with
        `unknown_exception`, `not_permitted` or `already_decided`."""
        row = self._exceptions.hold(connection, exception)
        if row is None:
            raise Refused(Code.UNKNOWN_EXCEPTION, exception=exception)
        if row.actor != actor:
            raise Refused(Code.NOT_PERMITTED)
        if row.standing is Standing.WITHDRAWN:
            return row
        if not row.open:
            raise Refused(Code.ALREADY_DECIDED)
        self._appender.record(connection, ExceptionWithdrawn(exception, actor))
        return self._held(connection, exception)

    def _record(
        self, connection: sqlite3.Connection, row: StoredException, judgement: Judgement
    ) -> None:
        """What follows from an approval is fixed with it: later rules and other exceptions leave
        it as it was."""
        day = date.fromisoformat(row.day)
        approved = judgement.approved
        fact = ExceptionDecided(
            row.exception,
            approved,
            judgement.actor,
            judgement.text,
            approved and row.standing is Standing.PENDING and self._needs_second(connection, row),
            self._adjusting.month_for(connection, day) if approved else "",
        )
        self._appender.record(connection, fact)

    def _needs_second(self, connection: sqlite3.Connection, row: StoredException) -> bool:
        """What incidents take of the same day is added."""
        day = date.fromisoformat(row.day)
        granted = [
            each.span()
            for each in self._exceptions.of_day(connection, row.agent, day)
            if each.exception != row.exception and is_granted_by_people(each)
        ]
        granted += lost_to_incidents(connection, self._incidents, row.agent, day)
        return needs_second(row.span(), granted, day, self._adjusting.today())

    def _held(self, connection: sqlite3.Connection, exception: str) -> StoredException:
        row = self._exceptions.hold(connection, exception)
        assert row is not None, "it was found or recorded just before"
        return row
