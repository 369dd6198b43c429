"""Business dates of the past that changed: their facts, plans or decisions came late. They are
found by the ledger's position, so that only these are computed again."""

import sqlite3
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import NamedTuple

import msgspec

from agent_service.adherence.basis import Moment
from agent_service.adherence.day import PersonDate, Whose
from agent_service.adherence.month import dates_between
from agent_service.adherence.snapshot import snapshot
from agent_service.attendance import store as attendance
from agent_service.exceptions import store
from agent_service.ledger.replay import last_position
from agent_service.ledger.sessions import SERVICE
from protocol.facts.attendance import SubstituteNamed
from protocol.facts.correction import ExceptionDecided
from protocol.facts.record import MalformedFact, read_fact
from protocol.facts.shift import ShiftPlanned
from protocol.rules.exceptions import Derived, derived
from protocol.rules.local_day import local_date

_DAY = timedelta(days=1)
_FURTHEST = timedelta(days=62)
"""The present month and the one before: an older one is locked, or looked at when it is."""
_LOOKED = "SELECT position, as_of_ms FROM looked_through"
_LOOK = """
    INSERT INTO looked_through (id, position, as_of_ms) VALUES (1, ?, ?)
    ON CONFLICT (id) DO UPDATE SET position = excluded.position, as_of_ms = excluded.as_of_ms
"""
_TOLD = """
    SELECT agent, min(min(coalesce(occurred_ms, 0), received_ms)),
        max(kind = 'session.anchored')
    FROM entry WHERE position > ? AND agent <> ? GROUP BY agent
"""
_WITHOUT_INSTANTS = """
    SELECT EXISTS (SELECT 1 FROM session
        WHERE agent = ? AND first_ms IS NULL AND mark > 0 AND heard_ms >= ?)
"""
_DECIDED = """
    SELECT payload FROM entry WHERE position > ? AND agent = ?
        AND kind IN ('shift.planned', 'correction.decided', 'attendance.substitute_named')
"""


class Looked(msgspec.Struct, frozen=True):
    """Up to which entry, and when."""

    position: int
    as_of_ms: int


class Follows(NamedTuple):
    """All exceptions that follow from the facts of a business date."""

    agent: str
    day: date
    derived: tuple[Derived, ...]
    as_of_ms: int


class Late(NamedTuple):
    """What was found, and how far was looked."""

    days: list[Follows]
    looked: Looked


def looked_through(connection: sqlite3.Connection) -> Looked | None:
    """Null before the first time."""
    found = connection.execute(_LOOKED).fetchone()
    return None if found is None else Looked(*found)


def note_looked(connection: sqlite3.Connection, looked: Looked) -> None:
    """The transaction is the caller's."""
    connection.execute(_LOOK, (looked.position, looked.as_of_ms))


def read_late(connection: sqlite3.Connection, moment: Moment) -> Late:
    """What follows from the dates before the present one that changed since the last time, and
    from those that passed without anybody looking."""
    with snapshot(connection):
        position = last_position(connection)
        looked = Looked(position, moment.now_ms)
        since, changed = looked_through(connection), _Changed(connection, moment)
        if since is None:
            return Late(list(changed.follows(None)), looked)
        if since.position < position:
            changed.take_facts(since.position)
            changed.take_decisions(since.position)
        passed = local_date(since.as_of_ms, moment.where)
        return Late(list(changed.follows(passed)), looked)


def follows_of(each: PersonDate) -> tuple[Derived, ...]:
    """All exceptions that follow from the facts of a business date so far."""
    planned = [one for one in each.segments if one.start_ms < each.as_of_ms]
    return derived(each.whose.agent, each.figure.counted, planned)


class _Changed:
    """By person, the first business date that may be another than before."""

    def __init__(self, connection: sqlite3.Connection, moment: Moment) -> None:
        self._connection = connection
        self._moment = moment
        self._today = local_date(moment.now_ms, moment.where)
        self._furthest = self._today - _FURTHEST
        self._first: dict[str, date] = {}

    def take_facts(self, after: int) -> None:
        """Those that seats sent. One without an instant may be of any day, and an anchor may give
        earlier ones theirs."""
        rows = self._connection.execute(_TOLD, (after, SERVICE)).fetchall()
        for agent, from_ms, anchored in rows:
            first = local_date(from_ms, self._moment.where)
            if anchored and self._waits_for_instants(agent):
                first = self._furthest
            if first < self._today:
                self._note(agent, max(first, self._furthest) - _DAY)

    def take_decisions(self, after: int) -> None:
        """Other plans, and what was decided about a day."""
        for (payload,) in self._connection.execute(_DECIDED, (after, SERVICE)).fetchall():
            match _fact(payload):
                case ShiftPlanned(agent, day) | SubstituteNamed(agent, day):
                    self._note_shift(agent, day)
                case ExceptionDecided(exception):
                    for row in store.find(self._connection, (exception,)).values():
                        self._note(row.agent, date.fromisoformat(row.day))

    def follows(self, looked: date | None) -> Iterator[Follows]:
        """What follows from these dates, and, where dates have passed since the one on which it
        was looked last, from everybody's since the one before that; up to yesterday, of months
        that are not locked."""
        of_all = self._furthest
        if looked is not None:
            of_all = looked - _DAY if looked < self._today else self._today
        first = min((*self._first.values(), of_all))
        if first >= self._today:
            return

        def is_changed(whose: Whose) -> bool:
            return whose.day >= min(self._first.get(whose.agent, of_all), of_all)

        yield from lacking(
            dates_between(
                self._connection,
                max(first, self._furthest),
                self._today - _DAY,
                self._moment,
                self._first.keys() if of_all == self._today else None,
                is_changed,
            )
        )

    def _note_shift(self, agent: str, day: date) -> None:
        """It is, or was, of the day of whoever stood in for it too."""
        if day < self._today:
            for each in (agent, *attendance.named_for(self._connection, agent, day)):
                self._note(each, day)

    def _note(self, agent: str, day: date) -> None:
        if day < self._today:
            self._first[agent] = min(day, self._first.get(agent, day))

    def _waits_for_instants(self, agent: str) -> bool:
        heard_ms = self._moment.now_ms - _FURTHEST // timedelta(milliseconds=1)
        (waits,) = self._connection.execute(_WITHOUT_INSTANTS, (agent, heard_ms)).fetchone()
        return bool(waits)


def lacking(dates: Iterable[PersonDate]) -> Iterator[Follows]:
    """What follows from those of which somebody has still to be asked; of a locked month, none."""
    for each in dates:
        if each.figure.derived and not each.locked:
            yield Follows(each.whose.agent, each.whose.day, follows_of(each), each.as_of_ms)


def _fact(payload: bytes) -> object:
    try:
        return read_fact(payload)
    except MalformedFact:
        return None
