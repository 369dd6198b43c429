"""Places in the queue for breaks, put into the ledger: checks first, records last. Lives where the
appender lives: all of it is called inside a transaction of the writer's."""

import sqlite3
import uuid
from collections.abc import Callable, Mapping
from datetime import date, tzinfo

import msgspec

from agent_service.adherence.basis import business_date
from agent_service.breaks.projector import ABUSIVE_CALL, REST_DUE, BreakProjector
from agent_service.breaks.row import PlaceRow
from agent_service.calls.projector import CallProjector
from agent_service.exceptions.projector import ExceptionProjector
from agent_service.ledger.append import Appender
from agent_service.locking.adjusting import Adjusting
from protocol.facts.breaks import BreakAsked, BreakEnded, BreakGranted, BreakOutcome
from protocol.facts.correction import ExceptionDecided, ExceptionProposed, Overlay
from protocol.rules.exceptions import SYSTEM
from protocol.rules.local_day import local_date
from protocol.wire.errors import Code, Refused


class Ended(msgspec.Struct, frozen=True):
    """A place that is over."""

    place: str
    outcome: BreakOutcome
    began_ms: int | None = None


class Excused(msgspec.Struct, frozen=True):
    """A break that is over: after an abusive call, or after a long run of work."""

    place: PlaceRow
    start_ms: int
    end_ms: int


class Deeds(msgspec.Struct, frozen=True):
    """What is to be recorded of a queue at one moment."""

    ended: tuple[Ended, ...] = ()
    granted: Mapping[str, int] = {}
    """Until when (ms), by place, in order."""
    rest_due: frozenset[str] = frozenset()
    """Places whose agents are owed a rest: of those that are granted now, or were before."""
    excused: tuple[Excused, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.ended or self.granted or self.rest_due or self.excused)


class BreakRecorder:
    """Places as the transaction sees them."""

    def __init__(
        self,
        appender: Appender,
        places: BreakProjector,
        calls: CallProjector,
        exceptions: ExceptionProjector,
        adjusting: Adjusting,
        where: tzinfo,
        now_ms: Callable[[], int],
    ) -> None:
        self._appender = appender
        self._places = places
        self._calls = calls
        self._exceptions = exceptions
        self._adjusting = adjusting
        self._where = where
        self._now_ms = now_ms

    def ask(self, connection: sqlite3.Connection, wanted: BreakAsked) -> None:
        """A place, unless the agent has one. One after an abusive call goes before an ordinary
        one, and takes its place. Raises `Refused` with `unknown_call` or `break_taken`."""
        if wanted.after_call:
            self._check_call(connection, wanted.agent, wanted.after_call)
        known = self._places.open_of(connection, wanted.agent)
        if known is not None:
            if not wanted.after_call or known.after_call:
                return
            self._end(connection, Ended(known.place, BreakOutcome.WITHDRAWN))
        self._appender.record(connection, wanted)

    def withdraw(self, connection: sqlite3.Connection, agent: str) -> None:
        """The agent does not want it any more."""
        known = self._places.open_of(connection, agent)
        if known is not None:
            self._end(connection, Ended(known.place, BreakOutcome.WITHDRAWN))

    def let_go(self, connection: sqlite3.Connection, agent: str, until_ms: int, actor: str) -> None:
        """It is the agent's turn, because a lead says so. Raises `Refused` with
        `not_in_queue`."""
        known = self._places.open_of(connection, agent)
        if known is None:
            raise Refused(Code.NOT_IN_QUEUE, agent=agent)
        if not known.granted:
            self._appender.record(connection, BreakGranted(known.place, until_ms, actor))

    def carry_out(self, connection: sqlite3.Connection, deeds: Deeds) -> None:
        """What still applies of it: meanwhile a place may have been given up."""
        for place in deeds.rest_due:
            self._mark(connection, place)
        for ended in deeds.ended:
            self._end(connection, ended)
        for place, until_ms in deeds.granted.items():
            self._grant(connection, BreakGranted(place, until_ms, SYSTEM, place in deeds.rest_due))
        for excused in deeds.excused:
            self._excuse(connection, excused)

    def _grant(self, connection: sqlite3.Connection, fact: BreakGranted) -> None:
        row = self._places.find(connection, fact.place)
        if row is not None and row.open and not row.granted:
            self._appender.record(connection, fact)

    def _mark(self, connection: sqlite3.Connection, place: str) -> None:
        """Say of a turn that stands that a rest is due by now."""
        row = self._places.find(connection, place)
        if row is not None and row.open and row.until_ms is not None and not row.rest_due:
            self._appender.record(connection, BreakGranted(place, row.until_ms, SYSTEM, True))

    def _end(self, connection: sqlite3.Connection, ended: Ended) -> None:
        row = self._places.find(connection, ended.place)
        if row is not None and row.open:
            fact = BreakEnded(ended.place, ended.outcome, ended.began_ms)
            self._appender.record(connection, fact)

    def _check_call(self, connection: sqlite3.Connection, agent: str, call: str) -> None:
        row = self._calls.find(connection, agent, call)
        if row is None or self._day(row.order_ms) != self._day(self._now_ms()):
            raise Refused(Code.UNKNOWN_CALL)
        if self._places.was_taken(connection, agent, call):
            raise Refused(Code.BREAK_TAKEN)

    def _excuse(self, connection: sqlite3.Connection, excused: Excused) -> None:
        """Proposed and decided in the system's name, since the rule of the floor says so; leads
        see it as any other."""
        row = excused.place
        if self._exceptions.hold(connection, row.place) is not None:
            return
        day = business_date(connection, row.agent, excused.start_ms, self._where)
        fact = ExceptionProposed(
            exception=row.place,
            agent=row.agent,
            day=day,
            start_ms=excused.start_ms,
            end_ms=excused.end_ms,
            what=Overlay.EXCUSE,
            code=ABUSIVE_CALL if row.after_call else REST_DUE,
            text="",
            actor=SYSTEM,
            evidence=(row.after_call,) if row.after_call else (),
        )
        self._appender.record(connection, fact)
        month = self._adjusting.month_for(connection, day)
        self._appender.record(connection, ExceptionDecided(row.place, True, SYSTEM, adjusts=month))

    def _day(self, ms: int) -> date:
        return local_date(ms, self._where)


def new_place() -> str:
    """An identity."""
    return uuid.uuid4().hex
