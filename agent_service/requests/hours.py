"""What becomes of hours with a request: no second of them is given twice, or kept where its time is
given away. Called inside a transaction of the writer's."""

import sqlite3
from collections.abc import Iterable, Iterator
from datetime import tzinfo
from itertools import permutations

from agent_service.identity import name_of
from agent_service.requests.effect import Effect, shown
from agent_service.requests.projector import BookingProjector, RequestProjector
from agent_service.requests.row import AskedRow
from protocol.facts.request import HoursBooked, RequestKind, RosterRequest
from protocol.rules.exceptions import SYSTEM
from protocol.rules.roster_requests import moved_spans, partner_day, people_of, work_within_s
from protocol.rules.stretches import Stretch, joined
from protocol.wire.errors import Code, Refused

_WITH_HOURS = (RequestKind.LEAVE, RequestKind.OVERTIME)
_GIVING_AWAY = (RequestKind.LEAVE, RequestKind.RELEASE, RequestKind.SWAP)
"""Moved hours are worked all the same, at another time."""


class RequestHours:
    """Says what is to be booked; books nothing."""

    def __init__(
        self, requests: RequestProjector, bookings: BookingProjector, where: tzinfo
    ) -> None:
        self._requests = requests
        self._bookings = bookings
        self._where = where

    def check_leave(
        self, connection: sqlite3.Connection, asked: RosterRequest, came: Effect
    ) -> None:
        """Nobody gets work in time that they took as leave. Raises `Refused` with `on_leave`."""
        for agent in people_of(asked):
            for row in self._requests.approved(connection, agent):
                leave = row.roster_request()
                span = leave.start_ms, leave.end_ms
                if leave.what is RequestKind.LEAVE and came.added_s(agent, *span) > 0:
                    start, end = (shown(each, self._where) for each in span)
                    raise Refused(Code.ON_LEAVE, agent=agent, start=start, end=end)

    def of_approval(
        self, connection: sqlite3.Connection, row: AskedRow, came: Effect, actor: str, text: str
    ) -> list[HoursBooked]:
        """What leave takes from an account, or overtime gives; and overtime that is not worked
        after all, given back, or in a swap to whoever works it. Raises `Refused` with
        `hours_missing`."""
        asked = row.roster_request()
        back = list(self._overtime_back(connection, row, came))
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
        overtime = (each for each, _ in self._overtime(connection, row.agent))
        names = [name_of(row.request, "hours"), *(_back(row, each, row.agent) for each in overtime)]
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
    ) -> Iterator[HoursBooked]:
        """From each person whose plan it changes."""
        asked = row.roster_request()
        if asked.what not in _GIVING_AWAY:
            return
        for agent in people_of(asked):
            for overtime, spans in self._overtime(connection, agent):
                kept_s = self._bookings.of_request(connection, agent, overtime.request)
                lost_s = min(kept_s, _lost_s(asked, came, agent, spans))
                if lost_s > 0:
                    yield from _given_back(row, overtime, agent, lost_s)
                    others = (each for each in people_of(asked) if each != agent)
                    for taker in others:
                        yield from _given_back(row, overtime, taker, -lost_s)

    def _overtime(
        self, connection: sqlite3.Connection, agent: str
    ) -> Iterator[tuple[AskedRow, list[Stretch]]]:
        """The overtime for which a person has hours, and when (ms) they work it."""
        booked = self._bookings.requests_of(connection, agent)
        people = set().union(*booked.values())
        approved = [row for each in people for row in self._requests.approved(connection, each)]
        approved.sort(key=lambda each: each.position)
        for request in booked:
            row = self._requests.find(connection, request)
            if row is not None and row.roster_request().what is RequestKind.OVERTIME:
                later = (each for each in approved if each.position > row.position)
                yield row, self._worked(connection, row, later).get(agent, [])

    def _worked(
        self, connection: sqlite3.Connection, overtime: AskedRow, later: Iterable[AskedRow]
    ) -> dict[str, list[Stretch]]:
        """When (ms) each person works it: moved hours of it are it still, and a swap takes them
        along from where they are then."""
        asked = overtime.roster_request()
        spans = {asked.agent: [(asked.start_ms, asked.end_ms)]}
        for row in later:
            change = row.roster_request()
            if change.what is RequestKind.MOVE:
                spans[change.agent] = moved_spans(spans.get(change.agent, []), change)
            for giver, taker in permutations(people_of(change), 2):
                booking = self._bookings.find(connection, _back(row, overtime, giver))
                if booking is not None and booking.seconds < 0:
                    _hand_over(spans, giver, taker, -booking.seconds)
        return spans


def _hand_over(spans: dict[str, list[Stretch]], giver: str, taker: str, seconds: int) -> None:
    """Of a part it is not known which: the giver keeps the spans too, and has hours for no more
    than the rest."""
    given = spans.get(giver, [])
    spans[taker] = joined([*spans.get(taker, []), *given])
    if sum(end - start for start, end in given) <= seconds * 1000:
        spans[giver] = []


def _given_back(
    row: AskedRow, overtime: AskedRow, agent: str, seconds: int
) -> Iterator[HoursBooked]:
    """Out of the account that the overtime went to; negative: into it."""
    asked = overtime.roster_request()
    if asked.account is not None:
        yield HoursBooked(
            _back(row, overtime, agent),
            agent,
            asked.account,
            -seconds,
            asked.day,
            SYSTEM,
            "",
            overtime.request,
        )


def _back(row: AskedRow, overtime: AskedRow, agent: str) -> str:
    return name_of(row.request, "back", overtime.request, agent)


def _lost_s(asked: RosterRequest, came: Effect, agent: str, spans: Iterable[Stretch]) -> int:
    """A swapped shift goes with its overtime, also where the other's shift has work just then."""
    if asked.what is not RequestKind.SWAP:
        return -sum(came.added_s(agent, *span) for span in spans)
    shift = came.before[agent, asked.day if agent == asked.agent else partner_day(asked)]
    return sum(work_within_s(shift, *span) for span in spans)


def _hours_and_minutes(seconds: int) -> tuple[str, str]:
    """An account may be overdrawn."""
    hours, rest = divmod(abs(seconds), 3600)
    return f"{'-' if seconds < 0 else ''}{hours}", f"{rest // 60:02}"
