"""Folding the ledger into the table `break_place`."""

import sqlite3
from collections.abc import Callable, Iterable

from agent_service.breaks.row import PlaceRow, asked, changed
from agent_service.ledger.chain import Entry
from agent_service.ledger.keyed import Key, KeyedProjection
from agent_service.ledger.sessions import SERVICE
from protocol.facts.breaks import BreakAsked, BreakEnded, BreakGranted, BreakOutcome
from protocol.facts.correction import ExceptionProposed
from protocol.facts.record import AnyFact
from protocol.rules.exceptions import SYSTEM

ABUSIVE_CALL = "ABUSIVE_CALL"
"""The code of the exception that excuses a break after one."""

_Changing = BreakGranted | BreakEnded
_LIVE = "outcome IS NULL OR (outcome = 'taken' AND after_call <> '' AND excused = 0)"


class BreakProjector(KeyedProjection[PlaceRow]):
    """Places by their identity. `publish` is also told of those that stand, or are still to be
    excused, when the projection starts from the disk."""

    def __init__(self, publish: Callable[[tuple[PlaceRow, ...]], None] = lambda rows: None) -> None:
        facts = (BreakAsked, *_Changing.__args__, ExceptionProposed)
        super().__init__("break_place", PlaceRow, 1, facts, publish)

    def load(self, connection: sqlite3.Connection) -> None:
        """Start from the disk."""
        super().load(connection)
        self._publish(tuple(self._stored(connection, _LIVE)))

    def open_of(self, connection: sqlite3.Connection, agent: str) -> PlaceRow | None:
        """The place that an agent has, as it is at this point of the group."""
        return next((row for row in self._of(connection, agent) if row.open), None)

    def was_taken(self, connection: sqlite3.Connection, agent: str, call: str) -> bool:
        """Whether the agent has taken the break after an abusive call."""
        return any(
            row.after_call == call and row.outcome is BreakOutcome.TAKEN
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

    def key_of(self, entry: Entry, fact: AnyFact) -> Key | None:
        """The service alone speaks of places, and of what excuses them."""
        if entry.agent != SERVICE:
            return None
        if isinstance(fact, BreakAsked | _Changing):
            return (fact.place,)
        if isinstance(fact, ExceptionProposed):
            by_system = fact.actor == SYSTEM and fact.code == ABUSIVE_CALL
            return (fact.exception,) if by_system else None
        return None

    def is_new(self, fact: AnyFact) -> bool:
        """A place is asked for once."""
        return isinstance(fact, BreakAsked)

    def folded(self, row: PlaceRow | None, entry: Entry, fact: AnyFact) -> PlaceRow | None:
        """The place after a fact; nothing becomes of one that nobody asked for."""
        if isinstance(fact, BreakAsked):
            return asked(entry, fact)
        if isinstance(fact, _Changing | ExceptionProposed) and row is not None:
            return changed(row, entry, fact)
        return row
