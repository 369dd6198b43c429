"""Folding the ledger into the tables `staff` and `membership`, in the transaction of the append.

Who somebody is and where they belong are facts; what they sign in with is not, and lies in
`credential` (`accounts.credentials`).
"""

import sqlite3
from collections.abc import Callable, Iterable, Iterator
from datetime import date

import msgspec

from agent_service.accounts.memberships import Membership, Memberships, after
from agent_service.ledger.chain import Entry
from agent_service.ledger.projection import Row
from agent_service.ledger.sessions import SERVICE
from agent_service.rows import RowWriter, Value
from protocol.facts.record import AnyFact
from protocol.facts.staff import (
    Group,
    MembershipEnded,
    MembershipSet,
    PasswordSet,
    PersonAdded,
    PersonChanged,
    PersonDisabled,
    PersonEnabled,
    ResetCodeIssued,
)


class StaffRow(msgspec.Struct, frozen=True):
    """A member of staff, whenever they joined; the fields in the order of the columns."""

    number: str
    name: str
    roles: tuple[str, ...]
    disabled: bool = False
    ended: int = 0
    """The last entry by which somebody else ended all their sign-ins; 0 without any."""


_Speaking = (
    PersonAdded | PersonChanged | PersonDisabled | PersonEnabled | PasswordSet | ResetCodeIssued
)
"""The facts that a row is made of."""

PublishStaff = Callable[[tuple[StaffRow, ...]], None]
PublishMemberships = Callable[[dict[str, Memberships]], None]
"""Told, in the writer's thread, of what a commit changed, and of everything that was loaded."""

_SELECT_STAFF = "SELECT number, name, roles, disabled, ended FROM staff"
_SELECT_MEMBERSHIP = "SELECT agent, kind, name, since, until FROM membership"


class StaffProjector:
    """Everybody who ever was on the staff."""

    table = "staff"
    columns = StaffRow.__struct_fields__
    facts = _Speaking.__args__
    _writer = RowWriter(table, columns, key="number")

    def __init__(self, publish: PublishStaff | None = None) -> None:
        self._publish = publish
        self._rows: dict[str, StaffRow] = {}
        self._changed: set[str] = set()

    def load(self, connection: sqlite3.Connection) -> None:
        """Take the rows from the disk."""
        self._rows = {row.number: row for row in staff_rows(connection)}
        self._changed.clear()
        if self._publish is not None:
            self._publish(tuple(self._rows.values()))

    def of(self, number: str) -> StaffRow | None:
        """Somebody's row, as of the last entry folded."""
        return self._rows.get(number)

    def fold(self, entry: Entry, fact: AnyFact | None) -> None:
        """Take in one entry: the service's alone speak of people."""
        if entry.agent != SERVICE or not isinstance(fact, _Speaking):
            return
        known = self._rows.get(fact.agent)
        if isinstance(fact, PersonAdded):
            self._put(StaffRow(fact.agent, fact.name, fact.roles))
        elif known is not None:
            self._put(_after(known, entry.position, fact))

    def _put(self, row: StaffRow) -> None:
        self._rows[row.number] = row
        self._changed.add(row.number)

    def flush(self, connection: sqlite3.Connection) -> None:
        """Store the rows that changed."""
        self._writer.write(connection, [_staff_columns(self._rows[key]) for key in self._changed])

    def committed(self) -> None:
        """Pass on what changed."""
        if self._changed and self._publish is not None:
            self._publish(tuple(self._rows[number] for number in self._changed))
        self._changed.clear()

    def stored(self, connection: sqlite3.Connection) -> Iterator[tuple[str, Row]]:
        """All rows of the table."""
        for row in connection.execute(_SELECT_STAFF):
            yield str(row[0]), row


def _after(row: StaffRow, position: int, fact: _Speaking) -> StaffRow:
    """A password of one's own choice ends nothing; `accounts.tokens` keeps the sign-in that
    it was chosen in."""
    match fact:
        case PersonChanged():
            return msgspec.structs.replace(row, name=fact.name, roles=fact.roles)
        case PersonDisabled() | PersonEnabled():
            return msgspec.structs.replace(row, disabled=isinstance(fact, PersonDisabled))
        case PasswordSet() if fact.actor == fact.agent:
            return row
        case _:
            return msgspec.structs.replace(row, ended=position)


class MembershipProjector:
    """Everybody's teams and lines, of past and coming days as well."""

    table = "membership"
    columns: tuple[str, ...] = ("agent", "kind", "name", "since", "until")
    facts = (MembershipSet, MembershipEnded)
    _writer = RowWriter(table, columns)

    def __init__(self, publish: PublishMemberships | None = None) -> None:
        self._publish = publish
        self._people: dict[str, Memberships] = {}
        self._changed: set[str] = set()

    def load(self, connection: sqlite3.Connection) -> None:
        """Take the rows from the disk."""
        self._people = memberships_of_all(connection)
        self._changed.clear()
        if self._publish is not None:
            self._publish(dict(self._people))

    def of(self, agent: str) -> Memberships:
        """Somebody's memberships, as of the last entry folded."""
        return self._people.get(agent, ())

    def fold(self, entry: Entry, fact: AnyFact | None) -> None:
        """Take in one entry: the service's alone speak of people."""
        if entry.agent == SERVICE and isinstance(fact, self.facts):
            self._people[fact.agent] = after(self.of(fact.agent), fact)
            self._changed.add(fact.agent)

    def flush(self, connection: sqlite3.Connection) -> None:
        """Store the memberships of those whose changed."""
        connection.executemany(
            "DELETE FROM membership WHERE agent = ?", [(agent,) for agent in self._changed]
        )
        rows = [
            row for agent in self._changed for row in _membership_columns(agent, self.of(agent))
        ]
        self._writer.write(connection, rows)

    def committed(self) -> None:
        """Pass on what changed."""
        if self._changed and self._publish is not None:
            self._publish({agent: self.of(agent) for agent in self._changed})
        self._changed.clear()

    def stored(self, connection: sqlite3.Connection) -> Iterator[tuple[str, Row]]:
        """All rows of the table."""
        for row in connection.execute(_SELECT_MEMBERSHIP):
            yield _membership_key(row), row


def staff_rows(connection: sqlite3.Connection, number: str | None = None) -> list[StaffRow]:
    """Everybody, or one, as they are on the disk."""
    where, values = ("", ()) if number is None else (" WHERE number = ?", (number,))
    return [
        StaffRow(row[0], row[1], tuple(msgspec.json.decode(row[2])), bool(row[3]), row[4])
        for row in connection.execute(f"{_SELECT_STAFF}{where} ORDER BY number", values)
    ]


def memberships_of(connection: sqlite3.Connection, agent: str) -> Memberships:
    """Somebody's memberships as they are on the disk."""
    rows = connection.execute(f"{_SELECT_MEMBERSHIP} WHERE agent = ? ORDER BY 2, 4, 3", (agent,))
    return tuple(map(_membership, rows))


def memberships_of_all(connection: sqlite3.Connection) -> dict[str, Memberships]:
    """Everybody's, by staff number, as they are on the disk."""
    found: dict[str, list[Membership]] = {}
    for row in connection.execute(f"{_SELECT_MEMBERSHIP} ORDER BY 1, 2, 4, 3"):
        found.setdefault(row[0], []).append(_membership(row))
    return {agent: tuple(memberships) for agent, memberships in found.items()}


def _membership(row: tuple[str, str, str, str, str | None]) -> Membership:
    _, kind, name, since, until = row
    end = None if until is None else date.fromisoformat(until)
    return Membership(Group(kind), name, date.fromisoformat(since), end)


def _staff_columns(row: StaffRow) -> tuple[Value, ...]:
    roles = msgspec.json.encode(row.roles).decode()
    return row.number, row.name, roles, int(row.disabled), row.ended


def _membership_columns(
    agent: str, memberships: Iterable[Membership]
) -> Iterator[tuple[Value, ...]]:
    for each in memberships:
        until = None if each.until is None else each.until.isoformat()
        yield agent, each.group.value, each.name, each.since.isoformat(), until


def _membership_key(row: Row) -> str:
    """Names of people's making may hold anything, so the parts are told apart."""
    return repr(row[:4])
