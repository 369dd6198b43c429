"""Folding the ledger into the table `confirmed_incident`, and reading it."""

import sqlite3
from collections.abc import Callable

import msgspec

from agent_service.ledger.chain import Entry
from agent_service.ledger.keyed import Key, KeyedProjection
from agent_service.ledger.sessions import SERVICE
from protocol.facts.record import AnyFact
from protocol.facts.shift import IncidentConfirmed

_EVER = 1 << 62


class StoredIncident(msgspec.Struct, frozen=True, gc=False):
    """A row, its fields in the order of the table's columns."""

    incident: str
    start_ms: int
    end_ms: int
    team: str
    actor: str
    text: str
    confirmed_ms: int
    position: int

    def fact(self) -> IncidentConfirmed:
        """As it was confirmed."""
        return IncidentConfirmed(
            self.incident, self.start_ms, self.end_ms, self.team, self.actor, self.text
        )


_NAMES = StoredIncident.__struct_fields__
_TOUCHING = f"""
    SELECT {", ".join(_NAMES)} FROM confirmed_incident
    WHERE start_ms < ? AND end_ms > ? AND position <= ? ORDER BY position
"""  # noqa: S608 - names of ours


class IncidentProjector(KeyedProjection[StoredIncident]):
    """Incidents by their identity."""

    def __init__(
        self, publish: Callable[[tuple[StoredIncident, ...]], None] = lambda rows: None
    ) -> None:
        kinds = (IncidentConfirmed,)
        super().__init__("confirmed_incident", StoredIncident, 1, kinds, publish)

    def key_of(self, entry: Entry, fact: AnyFact) -> Key | None:
        """The service alone speaks of them."""
        if entry.agent != SERVICE or not isinstance(fact, IncidentConfirmed):
            return None
        return (fact.incident,)

    def folded(
        self, row: StoredIncident | None, entry: Entry, fact: AnyFact
    ) -> StoredIncident | None:
        """An incident is confirmed once."""
        if row is not None or not isinstance(fact, IncidentConfirmed):
            return row
        return StoredIncident(
            fact.incident,
            fact.start_ms,
            fact.end_ms,
            fact.team,
            fact.actor,
            fact.text,
            entry.received_ms,
            entry.position,
        )


def incidents(
    connection: sqlite3.Connection,
    from_ms: int,
    until_ms: int,
    team: str | None = None,
    position: int = _EVER,
) -> tuple[IncidentConfirmed, ...]:
    """The incidents that touch [from_ms, until_ms), as of the ledger's entry `position`: those
    of a team and of the whole site, or (None) of all teams."""
    rows = connection.execute(_TOUCHING, (until_ms, from_ms, position))
    found = (
        msgspec.convert(dict(zip(_NAMES, row, strict=True)), StoredIncident, strict=False)
        for row in rows
    )
    return tuple(each.fact() for each in found if team is None or each.team in ("", team))
