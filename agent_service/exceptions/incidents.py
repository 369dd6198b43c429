"""Folding the ledger into the table `confirmed_incident`, and reading it."""

import sqlite3
from collections.abc import Callable, Iterator

import msgspec

from agent_service.exceptions import incident_row as rows
from agent_service.exceptions.incident_row import StoredIncident
from agent_service.ledger.chain import Entry
from agent_service.ledger.keyed import Key, KeyedProjection
from agent_service.ledger.sessions import SERVICE
from protocol.facts.record import AnyFact
from protocol.facts.shift import IncidentConfirmed, IncidentDecided, IncidentWithdrawn
from protocol.rules.incident import Incident

_Speaking = IncidentConfirmed | IncidentDecided | IncidentWithdrawn
_EVER = 1 << 62
_NAMES = StoredIncident.__struct_fields__
_SELECT = f"SELECT {', '.join(_NAMES)} FROM confirmed_incident"  # noqa: S608 - names of ours
_TOUCHING = "start_ms < ? AND end_ms > ?"
_COUNTING = "counts <= ? AND (ended IS NULL OR ended > ?)"
_OPEN = "standing = 'second'"


class IncidentProjector(KeyedProjection[StoredIncident]):
    """Incidents by their identity. `publish` is also told of those that are open when the
    projection starts from the disk."""

    def __init__(
        self, publish: Callable[[tuple[StoredIncident, ...]], None] = lambda rows: None
    ) -> None:
        super().__init__("confirmed_incident", StoredIncident, 1, _Speaking.__args__, publish)

    def load(self, connection: sqlite3.Connection) -> None:
        """Start from the disk."""
        super().load(connection)
        self._publish(tuple(_read(connection, f"{_SELECT} WHERE {_OPEN}")))

    def touching(
        self, connection: sqlite3.Connection, from_ms: int, until_ms: int
    ) -> list[StoredIncident]:
        """Those that reach into a time, with those of this group that are not stored yet."""
        unstored = dict.fromkeys((*self._changed, *self._news))
        stored = _read(connection, f"{_SELECT} WHERE {_TOUCHING}", until_ms, from_ms)
        told = (self.find(connection, *key) for key in unstored)
        found = [
            *(row for row in stored if (row.incident,) not in unstored),
            *(row for row in told if row is not None),
        ]
        return [row for row in found if row.start_ms < until_ms and row.end_ms > from_ms]

    def key_of(self, entry: Entry, fact: AnyFact) -> Key | None:
        """The service alone speaks of them."""
        if entry.agent != SERVICE or not isinstance(fact, _Speaking):
            return None
        return (fact.incident,)

    def folded(
        self, row: StoredIncident | None, entry: Entry, fact: AnyFact
    ) -> StoredIncident | None:
        """The incident after a fact. It is confirmed once at first; nothing becomes of one that
        nobody did."""
        if row is None:
            return rows.confirmed(entry, fact) if isinstance(fact, IncidentConfirmed) else None
        if isinstance(fact, IncidentDecided):
            return rows.decided(row, entry, fact)
        if isinstance(fact, IncidentWithdrawn):
            return rows.withdrawn(row, entry, fact)
        return row


def incidents(
    connection: sqlite3.Connection,
    from_ms: int,
    until_ms: int,
    team: str | None = None,
    position: int = _EVER,
) -> tuple[Incident, ...]:
    """The incidents that count and touch [from_ms, until_ms), as of the ledger's entry
    `position`: those of a team and of the whole site, or (None) of all teams."""
    query = f"{_SELECT} WHERE {_TOUCHING} AND {_COUNTING} ORDER BY counts"
    found = _read(connection, query, until_ms, from_ms, position, position)
    return tuple(each.applied() for each in found if team is None or each.team in ("", team))


def open_between(
    connection: sqlite3.Connection, from_ms: int, until_ms: int
) -> list[StoredIncident]:
    """Those that touch [from_ms, until_ms) and wait for a second person, the earliest first."""
    query = f"{_SELECT} WHERE {_TOUCHING} AND {_OPEN} ORDER BY start_ms"
    return list(_read(connection, query, until_ms, from_ms))


def newest(
    connection: sqlite3.Connection, span_ms: tuple[int, int], open_only: bool, most: int
) -> tuple[list[StoredIncident], int]:
    """The first `most` of those that touch a time [from, until), the newest first, and how many
    there are."""
    where = f"{_TOUCHING} AND {_OPEN}" if open_only else _TOUCHING
    span = span_ms[::-1]
    (count,) = connection.execute(
        f"SELECT count(*) FROM confirmed_incident WHERE {where}",  # noqa: S608 - conditions of ours
        span,
    ).fetchone()
    query = f"{_SELECT} WHERE {where} ORDER BY start_ms DESC LIMIT ?"
    return list(_read(connection, query, *span, most)), int(count)


def _read(connection: sqlite3.Connection, query: str, *values: int) -> Iterator[StoredIncident]:
    for row in connection.execute(query, values):
        yield msgspec.convert(dict(zip(_NAMES, row, strict=True)), StoredIncident, strict=False)
