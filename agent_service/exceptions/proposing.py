"""What the system proposes by itself: exceptions that follow from the facts of a day."""

import sqlite3
from collections.abc import Collection, Sequence
from datetime import date

from agent_service.exceptions.projector import ExceptionProjector
from agent_service.ledger.append import Appender
from agent_service.locking.adjusting import Adjusting
from protocol.facts.correction import ExceptionDecided, ExceptionProposed, Overlay
from protocol.rules.exception_decisions import unasked
from protocol.rules.exceptions import SYSTEM, Derived, ExceptionStatus


class DerivedProposer:
    """Records them, for leads to decide. Lives where the appender lives."""

    def __init__(
        self, appender: Appender, exceptions: ExceptionProjector, adjusting: Adjusting
    ) -> None:
        self._appender = appender
        self._exceptions = exceptions
        self._adjusting = adjusting

    def propose(
        self,
        connection: sqlite3.Connection,
        agent: str,
        day: date,
        follows: Sequence[Derived],
        as_of_ms: int,
    ) -> int:
        """Record those of a business date's that are lacking, and tell how many. `follows` are
        all that follow from its facts; what reaches `as_of_ms` is not over yet, and waits."""
        asked = self._asked(connection, agent, day)
        lacking = list(unasked((each for each in follows if each.end_ms < as_of_ms), asked))
        for each in lacking:
            self._record(connection, agent, day, each)
        return len(lacking)

    def propose_named(
        self,
        connection: sqlite3.Connection,
        agent: str,
        day: date,
        follows: Sequence[Derived],
        named: Collection[str],
    ) -> None:
        """Record those that somebody names and that are lacking, also what goes on, as far as it
        has come."""
        for each in unasked(follows, self._asked(connection, agent, day)):
            if each.exception_id in named:
                self._record(connection, agent, day, each)

    def _asked(self, connection: sqlite3.Connection, agent: str, day: date) -> dict[str, int]:
        """Until when (ms), by exception."""
        rows = self._exceptions.of_day(connection, agent, day)
        return {row.exception: row.end_ms for row in rows}

    def _record(self, connection: sqlite3.Connection, agent: str, day: date, each: Derived) -> None:
        """One that is approved by itself is decided in the name of whoever forced the state."""
        fact = ExceptionProposed(
            exception=each.exception_id,
            agent=agent,
            day=day,
            start_ms=each.start_ms,
            end_ms=each.end_ms,
            what=Overlay(each.kind),
            code=each.reason,
            text="",
            actor=SYSTEM,
        )
        self._appender.record(connection, fact)
        if each.status is ExceptionStatus.APPROVED:
            month = self._adjusting.month_for(connection, day)
            decision = ExceptionDecided(each.exception_id, True, each.actor, adjusts=month)
            self._appender.record(connection, decision)
