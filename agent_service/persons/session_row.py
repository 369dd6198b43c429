"""Where the sessions of an agent lie in the ledger and in time, and which of them tell of a day.

Those that reach into it, and the one after: it alone tells how long the one before it lasted. A
session without instants takes them from the first later one of the same running of its machine.
"""

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

import msgspec

from agent_service.persons.entries import Read, read_entry
from protocol.facts.agent import StateEntered
from protocol.facts.session import SessionAnchored, SessionProvisional
from protocol.rules.placing import Unread

_ENTRIES = """
    SELECT occurred_ms, mono_ms, received_ms, payload FROM entry
    WHERE position BETWEEN ? AND ? AND session = ? ORDER BY position
"""
_OF_AGENT = """
    SELECT session.session, session.agent, began, last, heard_ms,
        min(coalesce(first_ms, 0), received_ms) AS first
    FROM session JOIN entry ON position = began
    WHERE session.agent = ? AND mark > 0 AND heard_ms >= ? AND began <= ?
    ORDER BY began
"""
"""A seat whose clock is ahead says that its first fact is still to come: it counts from when the
service heard of the session."""
_MOST_LATER = 64
"""How many later sessions are asked for an anchor."""

Whole = tuple[str, Sequence[Read]]
"""A session's name and its entries."""


class SessionRow(msgspec.Struct, frozen=True, gc=False):
    """A session, and where it lies."""

    session: str
    agent: str
    began: int
    last: int
    heard_ms: int
    first_ms: int
    """When it began, as early as it can have been."""

    def reaches(self, from_ms: int, until_ms: int) -> bool:
        """Whether it may tell of something in [from_ms, until_ms)."""
        return self.heard_ms >= from_ms and self.first_ms < until_ms


def rows_of(
    connection: sqlite3.Connection, agent: str, from_ms: int, upto: int
) -> list[SessionRow]:
    """An agent's sessions that were heard since `from_ms`, as of the entry `upto`, in the order in
    which they began."""
    return [SessionRow(*row) for row in connection.execute(_OF_AGENT, (agent, from_ms, upto))]


def later_than(rows: Iterable[SessionRow], until_ms: int) -> list[SessionRow]:
    """Those that began at `until_ms` or after it, in the order of their time."""
    later = [row for row in rows if row.first_ms >= until_ms]
    return sorted(later, key=lambda row: (row.first_ms, row.began))


def facts_of(connection: sqlite3.Connection, session: str, began: int, last: int) -> list[Read]:
    """The entries of a session that lie between two positions of the ledger."""
    rows = connection.execute(_ENTRIES, (began, last, session))
    return [each for row in rows if (each := read_entry(*row)) is not None]


def head_of(connection: sqlite3.Connection, row: SessionRow, upto: int) -> Whole:
    """A session up to its first state: how the one before it ended. Reads no further."""
    entries = connection.execute(_ENTRIES, (row.began, min(row.last, upto), row.session))
    return row.session, head(each for entry in entries if (each := read_entry(*entry)) is not None)


def head(facts: Iterable[Read]) -> list[Read]:
    """The first facts, up to a state."""
    found: list[Read] = []
    for each in facts:
        found.append(each)
        if isinstance(each.timed.fact, StateEntered | Unread):
            break
    return found


def with_later(reaching: Sequence[Whole], later: Iterable[Whole]) -> list[Whole]:
    """The sessions that reach into a day, with the heads of those of the later ones that tell of
    it: the first that has any facts, and the first of each running of a machine whose anchor the
    day's sessions lack. `later` is read no further than needed."""
    wanted, found = _unanchored(reaching), list(reaching)
    told = ((name, facts) for name, facts in later if facts)
    for number, (name, facts) in enumerate(islice(told, _MOST_LATER)):
        anchored = set(_anchored(facts))
        if number == 0 or wanted & anchored:
            found.append((name, facts))
        wanted -= anchored
        if not wanted:
            break
    return found


def _unanchored(sessions: Iterable[Whole]) -> set[str]:
    """The runnings of machines whose time nobody knows."""
    provisional: set[str] = set()
    anchored: set[str] = set()
    for _, facts in sessions:
        anchored.update(_anchored(facts))
        provisional.update(
            fact.boot_id
            for each in facts
            if each.timed.occurred_ms is None
            and isinstance(fact := each.timed.fact, SessionProvisional)
        )
    return provisional - anchored - {""}


def _anchored(facts: Iterable[Read]) -> Iterator[str]:
    for each in facts:
        if isinstance(each.timed.fact, SessionAnchored):
            yield each.timed.fact.boot_id
