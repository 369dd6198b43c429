"""Requests and hours, put into the ledger. Lives where the appender lives: all of it is called
inside a transaction of the writer's, checks first and records last."""

import sqlite3
from collections.abc import Callable, Iterable
from datetime import tzinfo
from typing import NoReturn

from msgspec.structs import replace

from agent_service.ledger.append import Appender
from agent_service.orders.text import check_text
from agent_service.requests.booking import check_day
from agent_service.requests.cancelling import plan_back
from agent_service.requests.effect import CAUSES, effect, from_now_on, shown
from agent_service.requests.hours import RequestHours
from agent_service.requests.projector import BookingProjector, RequestProjector
from agent_service.requests.row import AskedRow
from agent_service.requests.seen import check_unchanged, seen
from agent_service.rosters.planning import Planner
from agent_service.rosters.projector import PlanProjector
from agent_service.rosters.stood_in import Actor
from protocol.facts.request import (
    HoursBooked,
    RequestConsented,
    RequestDecided,
    RequestKind,
    RequestMade,
    RequestSeen,
    RequestStanding,
    RequestWithdrawn,
    RosterRequest,
)
from protocol.rules.local_day import local_date
from protocol.wire.errors import Code, Refused
from protocol.wire.requests import SeenRequest

_SHOWN = 64
_BEFORE_THE_SHIFT = (RequestKind.LEAVE, RequestKind.SWAP)


class RequestRegister:
    """Requests as the transaction sees them."""

    def __init__(
        self,
        appender: Appender,
        requests: RequestProjector,
        bookings: BookingProjector,
        plans: PlanProjector,
        planner: Planner,
        where: tzinfo,
        now_ms: Callable[[], int],
    ) -> None:
        self._appender = appender
        self._requests = requests
        self._bookings = bookings
        self._hours = RequestHours(requests, bookings, where)
        self._plans = plans
        self._planner = planner
        self._where = where
        self._now_ms = now_ms

    def make(
        self,
        connection: sqlite3.Connection,
        name: str,
        asked: RosterRequest,
        actor: str,
        text: str,
    ) -> AskedRow:
        """A new request, or the one that was made under this name before. Raises `Refused` with
        `bad_interval`, `no_shift`, `on_leave`, `shift_begun` or `too_late`."""
        known = self._requests.find(connection, name)
        if known is not None:
            return known
        came = effect(connection, self._plans, asked, self._where)
        deadline_ms = came.deadline_ms
        if self._now_ms() >= deadline_ms:
            self._refuse_late(asked, deadline_ms)
        self._hours.check_leave(connection, asked, came)
        if asked.what is RequestKind.RELEASE:
            asked = replace(asked, end_ms=deadline_ms)
        fact = RequestMade(name, asked, actor, text, deadline_ms, seen(came.before))
        self._appender.record(connection, fact)
        return self._found(connection, name)

    def consent(
        self, connection: sqlite3.Connection, name: str, actor: str, consents: bool, text: str
    ) -> AskedRow:
        """What the other person says, who may take consent back until it is decided. Raises
        `Refused` with `unknown_request`, `not_permitted`, `already_decided`, `too_late` or
        `plan_changed`."""
        row = self._found(connection, name)
        if row.consenter != actor:
            raise Refused(Code.NOT_PERMITTED)
        if row.consents is consents:
            return row
        self._check_undecided(row)
        if consents:
            check_unchanged(connection, self._plans, row.plans_seen())
        self._appender.record(connection, RequestConsented(name, actor, consents, text))
        return self._found(connection, name)

    def withdraw(
        self,
        connection: sqlite3.Connection,
        name: str,
        actor: Actor,
        text: str,
        permit_deciding: Callable[[AskedRow], None],
    ) -> AskedRow:
        """Taken back by whoever asked; approved leave also by whoever may decide it, who says
        why. Raises `Refused` with `unknown_request`, `not_permitted`, `own_case`,
        `already_decided`, `too_late`, `bad_text`; for approved leave also `plan_changed` and as
        the planner."""
        row = self._found(connection, name)
        leave = bool(row.approved) and row.roster_request().what is RequestKind.LEAVE
        if row.actor != actor.number:
            if not leave:
                raise Refused(Code.NOT_PERMITTED)
            permit_deciding(row)
            check_text(text)
        if row.withdrawn:
            return row
        if leave:
            self._cancel(connection, row, actor, text)
        else:
            self._check_undecided(row)
            self._appender.record(connection, RequestWithdrawn(name, actor.number, text))
        return self._found(connection, name)

    def reject(
        self, connection: sqlite3.Connection, name: str, actor: Actor, text: str
    ) -> AskedRow:
        """A lead does not agree. Raises `Refused` with `unknown_request`, `own_case`,
        `not_permitted`, `already_decided` or `too_late`."""
        row = self._found(connection, name)
        if row.approved is False and row.decided_by == actor.number:
            return row
        self._planner.check_others(connection, row.days(), actor)
        self._check_undecided(row)
        self._appender.record(connection, RequestDecided(name, actor.number, False, text))
        return self._found(connection, name)

    def approve(
        self, connection: sqlite3.Connection, name: str, actor: Actor, text: str
    ) -> AskedRow:
        """A lead agrees: the plan becomes another, and hours are booked. Raises `Refused` as
        `reject` and as the planner, and with `consent_missing`, `hours_missing`, `on_leave` and
        `plan_changed`."""
        row = self._found(connection, name)
        if row.approved and row.decided_by == actor.number:
            return row
        self._planner.check_others(connection, row.days(), actor)
        self._check_undecided(row)
        if row.consenter and not row.consents:
            raise Refused(Code.CONSENT_MISSING)
        check_unchanged(connection, self._plans, row.plans_seen())
        now_ms = self._now_ms()
        asked = from_now_on(row.roster_request(), now_ms)
        came = effect(connection, self._plans, asked, self._where)
        self._hours.check_leave(connection, asked, came)
        booked = self._hours.of_approval(connection, row, came, actor.number, text or row.text)
        cause = CAUSES[asked.what]
        revision = self._planner.plan(connection, came.changes, cause, name, actor, now_ms)
        self._appender.record(connection, RequestDecided(name, actor.number, True, text, revision))
        for fact in booked:
            self._appender.record(connection, fact)
        return self._found(connection, name)

    def see(self, connection: sqlite3.Connection, actor: str, seen: Iterable[SeenRequest]) -> None:
        """Somebody has read where these stand, each once."""
        now_ms = self._now_ms()
        for each in seen:
            row = self._requests.find(connection, each.request)
            if row is None or row.standing(now_ms) is not each.standing:
                continue
            if actor in row.unread_by(now_ms):
                self._appender.record(connection, RequestSeen(row.request, actor, each.standing))

    def book(self, connection: sqlite3.Connection, fact: HoursBooked) -> None:
        """Hours put into an account or taken out, once. Raises `Refused` with `booking_day`."""
        if self._bookings.find(connection, fact.booking) is None:
            check_day(fact.day, local_date(self._now_ms(), self._where))
            self._appender.record(connection, fact)

    def _cancel(
        self, connection: sqlite3.Connection, row: AskedRow, actor: Actor, text: str
    ) -> None:
        """Raises `Refused` with `too_late`, `plan_changed`, and as the planner."""
        start_ms, now_ms = row.roster_request().start_ms, self._now_ms()
        if now_ms >= start_ms:
            raise Refused(Code.TOO_LATE, deadline=shown(start_ms, self._where))
        booked = self._hours.of_cancelling(connection, row, actor.number)
        plan_back(connection, self._plans, self._planner, row, actor, now_ms)
        self._appender.record(connection, RequestWithdrawn(row.request, actor.number, text))
        for fact in booked:
            self._appender.record(connection, fact)

    def _found(self, connection: sqlite3.Connection, name: str) -> AskedRow:
        row = self._requests.find(connection, name)
        if row is None:
            raise Refused(Code.UNKNOWN_REQUEST, request=name[:_SHOWN])
        return row

    def _check_undecided(self, row: AskedRow) -> None:
        """Raises `Refused` with `already_decided` or `too_late`."""
        match row.standing(self._now_ms()):
            case RequestStanding.ASKED | RequestStanding.CONSENTED:
                return
            case RequestStanding.LAPSED:
                raise Refused(Code.TOO_LATE, deadline=shown(row.deadline_ms, self._where))
        raise Refused(Code.ALREADY_DECIDED)

    def _refuse_late(self, asked: RosterRequest, deadline_ms: int) -> NoReturn:
        if asked.what in _BEFORE_THE_SHIFT:
            raise Refused(Code.SHIFT_BEGUN, agent=asked.agent, day=asked.day.isoformat())
        raise Refused(Code.TOO_LATE, deadline=shown(deadline_ms, self._where))
