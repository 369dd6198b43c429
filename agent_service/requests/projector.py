"""Folding the ledger into the tables `roster_request` and `hours_booking`."""

import sqlite3
from collections.abc import Callable

from agent_service.ledger.chain import Entry
from agent_service.ledger.keyed import Key, KeyedProjection
from agent_service.ledger.sessions import SERVICE
from agent_service.requests import store
from agent_service.requests.booking import BookingRow, booked
from agent_service.requests.row import AskedRow, Changing, changed, made
from protocol.facts.record import AnyFact
from protocol.facts.request import (
    Account,
    HoursBooked,
    RequestMade,
)


class RequestProjector(KeyedProjection[AskedRow]):
    """Requests by their identity. `publish` is also told of those that are open or not read when
    the projection starts from the disk."""

    def __init__(self, publish: Callable[[tuple[AskedRow, ...]], None] = lambda rows: None) -> None:
        facts = (RequestMade, *Changing.__args__)
        super().__init__("roster_request", AskedRow, 1, facts, publish)

    def load(self, connection: sqlite3.Connection) -> None:
        """Start from the disk."""
        super().load(connection)
        self._publish(tuple(store.astir(connection)))

    def approved(self, connection: sqlite3.Connection, agent: str) -> list[AskedRow]:
        """A person's requests that were approved and not cancelled, with what this group changed
        and is not stored yet."""
        rows = {row.request: row for row in store.approved(connection, agent)}
        for key in {*self._changed, *self._news}:
            row = self.find(connection, *key)
            if row is not None and row.agent == agent:
                rows[row.request] = row
        return [row for row in rows.values() if row.approved and not row.withdrawn]

    def key_of(self, entry: Entry, fact: AnyFact) -> Key | None:
        """The service alone speaks of requests."""
        if entry.agent != SERVICE or not isinstance(fact, RequestMade | Changing):
            return None
        return (fact.request,)

    def is_new(self, fact: AnyFact) -> bool:
        """A request is made once."""
        return isinstance(fact, RequestMade)

    def folded(self, row: AskedRow | None, entry: Entry, fact: AnyFact) -> AskedRow | None:
        """The request after a fact; nothing becomes of one that nobody made."""
        if isinstance(fact, RequestMade):
            return made(entry, fact)
        if isinstance(fact, Changing) and row is not None:
            return changed(row, entry, fact)
        return row


class BookingProjector(KeyedProjection[BookingRow]):
    """Hours booked, by the booking."""

    def __init__(self) -> None:
        super().__init__("hours_booking", BookingRow, 1, (HoursBooked,))

    def balance(self, connection: sqlite3.Connection, agent: str, account: Account) -> int:
        """What an account holds in seconds, with what this group booked and is not stored yet."""
        new = (self._rows[key] for key in self._changed)
        unstored = sum(row.seconds for row in new if (row.agent, row.account) == (agent, account))
        return unstored + store.balances(connection, agent)[account]

    def of_request(self, connection: sqlite3.Connection, agent: str, request: str) -> int:
        """What remains booked for a request in seconds, likewise."""
        new = (self._rows[key] for key in self._changed)
        unstored = sum(row.seconds for row in new if (row.agent, row.request) == (agent, request))
        return unstored + store.booked_for(connection, agent, request)

    def requests_of(self, connection: sqlite3.Connection, agent: str) -> dict[str, set[str]]:
        """The requests for which a person has bookings, likewise; with all who have some for
        each."""
        found = store.booked_requests(connection, agent)
        new = [row for row in (self._rows[key] for key in self._changed) if row.request]
        for row in sorted(new, key=lambda each: each.agent != agent):
            if row.agent == agent or row.request in found:
                found.setdefault(row.request, set()).add(row.agent)
        return found

    def key_of(self, entry: Entry, fact: AnyFact) -> Key | None:
        """Each is a row."""
        if entry.agent != SERVICE or not isinstance(fact, HoursBooked):
            return None
        return (fact.booking,)

    def is_new(self, fact: AnyFact) -> bool:
        """A booking is made once."""
        return True

    def folded(self, row: BookingRow | None, entry: Entry, fact: AnyFact) -> BookingRow | None:
        """The booking as it was told."""
        return booked(entry, fact) if isinstance(fact, HoursBooked) else row
