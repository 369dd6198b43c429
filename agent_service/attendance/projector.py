"""Folding the ledger into the tables of attendance: each fact is a row."""

import sqlite3
from collections.abc import Callable
from datetime import date
from typing import TypeVar

import msgspec

from agent_service.attendance import store
from agent_service.attendance.row import Evidence, Signature, Substitute
from agent_service.ledger.chain import Entry
from agent_service.ledger.keyed import Key, KeyedProjection
from agent_service.ledger.sessions import SERVICE
from agent_service.persons.store import EVER
from protocol.facts.attendance import MonthSigned, PresenceEvidenced, SubstituteNamed
from protocol.facts.record import AnyFact

R = TypeVar("R", bound=Evidence | Substitute | Signature)


class _Told(KeyedProjection[R]):
    """Each fact of one kind is a row, which never changes."""

    def is_new(self, fact: AnyFact) -> bool:
        """It is told once."""
        return True

    def key_of(self, entry: Entry, fact: AnyFact) -> Key | None:
        """The service alone tells of it."""
        row = self.folded(None, entry, fact) if entry.agent == SERVICE else None
        return None if row is None else tuple(map(str, msgspec.structs.astuple(row)[:3]))


class EvidenceProjector(_Told[Evidence]):
    """Evidence of presence by person, day and entry."""

    def __init__(self) -> None:
        super().__init__("presence_evidence", Evidence, 3, (PresenceEvidenced,))

    def in_force(
        self, connection: sqlite3.Connection, agent: str, day: date
    ) -> dict[str, Evidence]:
        """What was seen last of somebody on a date, by whose shift it was; with what this group
        told and has not stored yet."""
        found = dict(store.evidence_between(connection, day, day, EVER).get((agent, day), {}))
        for row in (self._rows[key] for key in self._changed):
            if (row.agent, row.day) == (agent, day.isoformat()):
                found[row.for_agent] = row
        return found

    def folded(self, row: Evidence | None, entry: Entry, fact: AnyFact) -> Evidence | None:
        """As it was told."""
        if not isinstance(fact, PresenceEvidenced):
            return row
        return Evidence(
            fact.agent,
            fact.day.isoformat(),
            entry.position,
            fact.arrived_ms,
            fact.left_ms,
            fact.actor,
            fact.text,
            entry.received_ms,
            fact.for_agent,
        )


class SubstituteProjector(_Told[Substitute]):
    """Substitutes by person, day and entry. `publish` is also told of those who stand in when the
    projection starts from the disk."""

    def __init__(
        self, publish: Callable[[tuple[Substitute, ...]], None] = lambda rows: None
    ) -> None:
        super().__init__("substitute", Substitute, 3, (SubstituteNamed,), publish)

    def load(self, connection: sqlite3.Connection) -> None:
        """Start from the disk."""
        super().load(connection)
        found = store.substitutes_between(connection, date.min, date.max, EVER)
        self._publish(tuple(found.values()))

    def in_force(
        self, connection: sqlite3.Connection, first: date, last: date
    ) -> dict[tuple[str, date], Substitute]:
        """As `store.substitutes_between`, with those of this group that are not stored yet."""
        found = store.substitutes_between(connection, first, last, EVER)
        for row in (self._rows[key] for key in self._changed):
            day = date.fromisoformat(row.day)
            if first <= day <= last:
                found[row.agent, day] = row
        return {key: row for key, row in found.items() if row.substitute}

    def last_position(self, connection: sqlite3.Connection, first: date, last: date) -> int:
        """As `store.last_named`, with those of this group that are not stored yet."""
        unstored = [
            row.position
            for row in (self._rows[key] for key in self._changed)
            if first.isoformat() <= row.day <= last.isoformat()
        ]
        return max([store.last_named(connection, first, last), *unstored])

    def folded(self, row: Substitute | None, entry: Entry, fact: AnyFact) -> Substitute | None:
        """As it was told."""
        if not isinstance(fact, SubstituteNamed):
            return row
        return Substitute(
            fact.agent,
            fact.day.isoformat(),
            entry.position,
            fact.substitute,
            fact.actor,
            fact.text,
            entry.received_ms,
        )


class SignatureProjector(_Told[Signature]):
    """Signatures by month, team and entry."""

    def __init__(self) -> None:
        super().__init__("signed_month", Signature, 3, (MonthSigned,))

    def in_force(self, connection: sqlite3.Connection, month: str, team: str) -> Signature | None:
        """A team's last signature, also one that this group told and has not stored yet."""
        rows = (self._rows[key] for key in reversed(self._changed))
        told = (row for row in rows if (row.month, row.team) == (month, team))
        return next(told, None) or store.signatures_of(connection, month).get(team)

    def folded(self, row: Signature | None, entry: Entry, fact: AnyFact) -> Signature | None:
        """As it was told."""
        if not isinstance(fact, MonthSigned):
            return row
        return Signature(
            fact.month,
            fact.team,
            entry.position,
            fact.digest,
            fact.actor,
            entry.received_ms,
            fact.text,
        )
