"""What becomes of hours with a request: no second of them is given twice, or kept where its time is
given away. Called inside a transaction of the writer's."""

import sqlite3
from collections.abc import Iterable, Sequence
from datetime import tzinfo
from hashlib import sha256

from agent_service.requests.effect import Effect, shown
from agent_service.requests.projector import BookingProjector, RequestProjector
from agent_service.requests.row import AskedRow
from protocol.facts.request import HoursBooked, RequestKind, RosterRequest
from protocol.rules.exceptions import SYSTEM
from protocol.rules.roster_requests import work_within_s
from protocol.wire.errors import Code, Refused

_ID_LENGTH = 32
_WITH_HOURS = (RequestKind.LEAVE, RequestKind.OVERTIME)
_GIVING_AWAY = (RequestKind.LEAVE, RequestKind.RELEASE)


def name_of(*parts: str) -> str:
    """An identity, the same for the same parts."""
    return sha256("\0".join(parts).encode()).hexdigest()[:_ID_LENGTH]


class RequestHours:
    """Says what is to be booked; books nothing."""

    def __init__(
        self, requests: RequestProjector, bookings: BookingProjector, where: tzinfo
    ) -> None:
        self._requests = requests
        self._bookings = bookings
        self._where = where

    def check_overtime(self, connection: sqlite3.Connection, asked: RosterRequest) -> None:
        """Nobody works overtime in time that they took as leave. Raises `Refused` with
        `bad_interval`."""
        if asked.what is not RequestKind.OVERTIME:
            return
        for row in self._approved(connection, asked.agent, RequestKind.LEAVE):
            leave = row.roster_request()
            if leave.start_ms < asked.end_ms and asked.start_ms < leave.end_ms:
                start, end = shown(asked.start_ms, self._where), shown(asked.end_ms, self._where)
                raise Refused(Code.BAD_INTERVAL, start=start, end=end)

    def of_approval(
        self, connection: sqlite3.Connection, row: AskedRow, came: Effect, actor: str, text: str
    ) -> list[HoursBooked]:
        """What leave takes from an account, or overtime gives; and overtime that is not worked
        after all, given back. Raises `Refused` with `hours_missing`."""
        asked = row.roster_request()
        back = self._overtime_back(connection, row, came)
        seconds = came.work_s - sum(each.seconds for each in back)
        if asked.account is None or asked.what not in _WITH_HOURS or not seconds:
            return back
        held_s = self._bookings.balance(connection, asked.agent, asked.account)
        moved_s = sum(each.seconds for each in back if each.account is asked.account)
        if seconds < 0 and held_s + moved_s + seconds < 0:
            hours, minutes = _hours_and_minutes(held_s)
            raise Refused(Code.HOURS_MISSING, agent=asked.agent, hours=hours, minutes=minutes)
        booking = name_of(row.request, "hours")
        taken = HoursBooked(
            booking, asked.agent, asked.account, seconds, asked.day, actor, text, row.request
        )
        return [taken, *back]

    def of_cancelling(
        self, connection: sqlite3.Connection, row: AskedRow, actor: str
    ) -> list[HoursBooked]:
        """The reverse of all that the approval booked."""
        overtime = self._approved(connection, row.agent, RequestKind.OVERTIME)
        names = [name_of(row.request, "hours"), *(_back(row, each) for each in overtime)]
        found = (self._bookings.find(connection, name) for name in names)
        facts = (each.fact() for each in found if each is not None)
        return [
            HoursBooked(
                name_of(each.booking, "cancelled"),
                each.agent,
                each.account,
                -each.seconds,
                each.day,
                actor,
                "",
                each.request,
            )
            for each in facts
        ]

    def _overtime_back(
        self, connection: sqlite3.Connection, row: AskedRow, came: Effect
    ) -> list[HoursBooked]:
        asked = row.roster_request()
        if asked.what not in _GIVING_AWAY:
            return []
        booked = []
        for each in self._approved(connection, asked.agent, RequestKind.OVERTIME):
            overtime = each.roster_request()
            kept_s = self._bookings.of_request(connection, asked.agent, each.request)
            seconds = min(kept_s, _lost_s(came, overtime))
            if overtime.account is not None and seconds > 0:
                name, account = _back(row, each), overtime.account
                booked.append(
                    HoursBooked(
                        name,
                        asked.agent,
                        account,
                        -seconds,
                        overtime.day,
                        SYSTEM,
                        "",
                        each.request,
                    )
                )
        return booked

    def _approved(
        self, connection: sqlite3.Connection, agent: str, what: RequestKind
    ) -> Sequence[AskedRow]:
        rows: Iterable[AskedRow] = self._requests.approved(connection, agent)
        return [row for row in rows if row.roster_request().what is what]


def _back(row: AskedRow, overtime: AskedRow) -> str:
    return name_of(row.request, "back", overtime.request)


def _lost_s(came: Effect, overtime: RosterRequest) -> int:
    """Planned work that the change takes out of the time of overtime."""
    span = overtime.start_ms, overtime.end_ms
    before = sum(work_within_s(plan, *span) for plan in came.before.values())
    return before - sum(work_within_s(plan, *span) for _, _, plan, _ in came.changes)


def _hours_and_minutes(seconds: int) -> tuple[str, str]:
    """An account may be overdrawn."""
    hours, rest = divmod(abs(seconds), 3600)
    return f"{'-' if seconds < 0 else ''}{hours}", f"{rest // 60:02}"
