"""Folding the ledger into the tables `planned_day` and `roster_revision`."""

import sqlite3
from collections.abc import Callable, Collection
from datetime import date

import msgspec

from agent_service.ledger.chain import Entry
from agent_service.ledger.keyed import Key, KeyedProjection
from agent_service.ledger.sessions import SERVICE
from agent_service.rosters import store
from agent_service.rosters.row import PlannedDay, planned
from protocol.facts.record import AnyFact
from protocol.facts.shift import RosterPublished, ShiftPlanned


class PlanProjector(KeyedProjection[PlannedDay]):
    """Plans by person, business date and revision."""

    def __init__(
        self, publish: Callable[[tuple[PlannedDay, ...]], None] = lambda rows: None
    ) -> None:
        super().__init__("planned_day", PlannedDay, 3, (ShiftPlanned,), publish)

    def in_force(
        self,
        connection: sqlite3.Connection,
        first_day: date,
        last_day: date,
        agents: Collection[str],
    ) -> dict[tuple[str, date], PlannedDay]:
        """As `store.in_force`, with the plans of this group that are not stored yet."""
        found = store.in_force(connection, first_day, last_day, agents)
        for row in (self._rows[key] for key in self._changed):
            key = row.agent, date.fromisoformat(row.day)
            known = found.get(key)
            newer = known is None or known.revision < row.revision
            if newer and row.agent in agents and first_day <= key[1] <= last_day:
                found[key] = row
        return found

    def last_position(
        self,
        connection: sqlite3.Connection,
        first_day: date,
        last_day: date,
        agents: Collection[str],
    ) -> int:
        """As `store.last_position`, with the plans of this group that are not stored yet."""
        first, last = first_day.isoformat(), last_day.isoformat()
        unstored = [
            row.position
            for row in (self._rows[key] for key in self._changed)
            if row.agent in agents and first <= row.day <= last
        ]
        return max([store.last_position(connection, first_day, last_day, agents), *unstored])

    def key_of(self, entry: Entry, fact: AnyFact) -> Key | None:
        """Each revision of a day is a row."""
        if entry.agent != SERVICE or not isinstance(fact, ShiftPlanned):
            return None
        return fact.agent, fact.day.isoformat(), str(fact.revision)

    def is_new(self, fact: AnyFact) -> bool:
        """A revision of a day is told once."""
        return True

    def folded(self, row: PlannedDay | None, entry: Entry, fact: AnyFact) -> PlannedDay | None:
        """The plan as it was told."""
        return planned(entry, fact) if isinstance(fact, ShiftPlanned) else row


class Revision(msgspec.Struct, frozen=True, gc=False):
    """One publication, its fields in the order of the table's columns."""

    revision: int
    first_day: str
    last_day: str
    days: int
    actor: str
    note: str
    accepted: str
    """The warnings that were accepted, a line each."""
    act: str
    """The same for the same act when it comes again."""
    published_ms: int
    position: int


class RevisionProjector(KeyedProjection[Revision]):
    """Publications by their revision."""

    def __init__(self) -> None:
        super().__init__("roster_revision", Revision, 1, (RosterPublished,))

    def last(self, connection: sqlite3.Connection) -> int:
        """The last revision, with those of this group that are not stored yet; 0 before any."""
        unstored = [self._rows[key].revision for key in self._changed]
        (stored,) = connection.execute(
            "SELECT coalesce(max(revision), 0) FROM roster_revision"
        ).fetchone()
        return max([int(stored), *unstored])

    def of_act(self, connection: sqlite3.Connection, act: str) -> Revision | None:
        """What an act published, if it has come before."""
        for key in self._changed:
            if self._rows[key].act == act:
                return self._rows[key]
        names = ", ".join(self.columns)
        found = connection.execute(
            f"SELECT {names} FROM roster_revision WHERE act = ?",  # noqa: S608 - names of ours
            (act,),
        ).fetchone()
        return None if found is None else self._read(found)

    def key_of(self, entry: Entry, fact: AnyFact) -> Key | None:
        """Each is a row."""
        if entry.agent != SERVICE or not isinstance(fact, RosterPublished):
            return None
        return (str(fact.revision),)

    def is_new(self, fact: AnyFact) -> bool:
        """A revision is published once."""
        return True

    def folded(self, row: Revision | None, entry: Entry, fact: AnyFact) -> Revision | None:
        """The publication as it was told."""
        if not isinstance(fact, RosterPublished):
            return row
        return Revision(
            fact.revision,
            fact.first_day.isoformat(),
            fact.last_day.isoformat(),
            fact.days,
            fact.actor,
            fact.note,
            "\n".join(fact.accepted),
            fact.act,
            entry.received_ms,
            entry.position,
        )
