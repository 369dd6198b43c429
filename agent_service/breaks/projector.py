"""Folding the ledger into the table `break_place`."""

import sqlite3
from collections.abc import Callable, Iterable

from agent_service.breaks.row import PlaceRow, asked, changed, seen
from agent_service.ledger.chain import Entry
from agent_service.ledger.keyed import Key, KeyedProjection
from agent_service.ledger.sessions import SERVICE
from protocol.facts.agent import State, StateEntered
from protocol.facts.breaks import BreakAsked, BreakEnded, BreakGranted
from protocol.facts.correction import ExceptionProposed
from protocol.facts.record import AnyFact
from protocol.rules.exceptions import SYSTEM

ABUSIVE_CALL = "ABUSIVE_CALL"
"""The code of the exception that excuses a break after one."""
REST_DUE = "REST_DUE"
"""Of that which excuses a break after a long run of work."""
_EXCUSES = frozenset({ABUSIVE_CALL, REST_DUE})

_Changing = BreakGranted | BreakEnded
_LIVE = """
    outcome IS NULL
    OR (
        (after_call <> '' OR rest_due) AND excused = 0
        AND (outcome = 'taken' OR seen_ms IS NOT NULL)
    )
"""
_LATEST = """
    SELECT agent, place, max(asked), seen_ms IS NOT NULL AND left_ms IS NULL
    FROM break_place GROUP BY agent
"""


class BreakProjector(KeyedProjection[PlaceRow]):
    """Places by their identity. `publish` is also told of those that stand, or are still to be
    excused, when the projection starts from the disk."""

    def __init__(self, publish: Callable[[tuple[PlaceRow, ...]], None] = lambda rows: None) -> None:
        facts = (BreakAsked, *_Changing.__args__, ExceptionProposed, StateEntered)
        super().__init__("break_place", PlaceRow, 1, facts, publish)
        self._latest: dict[str, str] = {}
        """By agent: the place that was asked for last."""
        self._away: set[str] = set()
        """Of these, those whose agents may be on the break."""

    def load(self, connection: sqlite3.Connection) -> None:
        """Start from the disk."""
        super().load(connection)
        self._latest.clear()
        self._away.clear()
        for agent, place, _, away in connection.execute(_LATEST):
            self._latest[agent] = place
            if away:
                self._away.add(place)
        self._publish(tuple(self._stored(connection, _LIVE)))

    def open_of(self, connection: sqlite3.Connection, agent: str) -> PlaceRow | None:
        """The place that an agent has, as it is at this point of the group."""
        return next((row for row in self._of(connection, agent) if row.open), None)

    def was_taken(self, connection: sqlite3.Connection, agent: str, call: str) -> bool:
        """Whether the agent has taken the break after an abusive call."""
        return any(
            row.after_call == call and (row.taken or row.seen_ms is not None)
            for row in self._of(connection, agent, call)
        )

    def _of(self, connection: sqlite3.Connection, agent: str, call: str = "") -> list[PlaceRow]:
        """The open places of an agent, or those after one call."""
        where = "agent = ? AND after_call = ?" if call else "agent = ? AND outcome IS NULL"
        values = (agent, call) if call else (agent,)
        stored = (row.place for row in self._stored(connection, where, values))
        unstored = (key[0] for key in (*self._changed, *self._news))
        found = (self.find(connection, name) for name in dict.fromkeys((*stored, *unstored)))
        return [row for row in found if row is not None and row.agent == agent]

    def _stored(
        self, connection: sqlite3.Connection, where: str, values: tuple[str, ...] = ()
    ) -> Iterable[PlaceRow]:
        for row in connection.execute(f"{self._all} WHERE {where}", values):
            yield self._read(row)

    def fold(self, entry: Entry, fact: AnyFact | None) -> None:
        """Take in one entry. Most states concern no place."""
        if isinstance(fact, StateEntered) and not self._concerns(entry.agent, fact):
            return
        if isinstance(fact, BreakAsked) and entry.agent == SERVICE:
            self._latest[fact.agent] = fact.place
        super().fold(entry, fact)

    def _concerns(self, agent: str, fact: StateEntered) -> bool:
        """Whether a break may begin or end with it."""
        place = self._latest.get(agent)
        if place is None:
            return False
        if fact.state is State.NOT_READY:
            self._away.add(place)
            return True
        ends = place in self._away
        self._away.discard(place)
        return ends

    def key_of(self, entry: Entry, fact: AnyFact) -> Key | None:
        """The service alone speaks of places, and of what excuses them; seats tell of breaks."""
        if isinstance(fact, StateEntered):
            place = self._latest.get(entry.agent)
            return None if place is None else (place,)
        if entry.agent != SERVICE:
            return None
        if isinstance(fact, BreakAsked | _Changing):
            return (fact.place,)
        if isinstance(fact, ExceptionProposed):
            by_system = fact.actor == SYSTEM and fact.code in _EXCUSES
            return (fact.exception,) if by_system else None
        return None

    def is_new(self, fact: AnyFact) -> bool:
        """A place is asked for once."""
        return isinstance(fact, BreakAsked)

    def folded(self, row: PlaceRow | None, entry: Entry, fact: AnyFact) -> PlaceRow | None:
        """The place after a fact; nothing becomes of one that nobody asked for."""
        if isinstance(fact, BreakAsked):
            return asked(entry, fact)
        if isinstance(fact, StateEntered):
            return None if row is None else seen(row, entry, fact)
        if isinstance(fact, _Changing | ExceptionProposed) and row is not None:
            return changed(row, entry, fact)
        return row
