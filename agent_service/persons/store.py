"""One agent's entries of the ledger.

They are found through their sessions: `session` keeps where each began and ended in the ledger, at
no cost, since its row is written with every fact anyway. Between the two lie other agents' entries,
which SQLite passes over at some 4 million a second. An index by agent would find them at once and
make appending three times slower (measured with 1 million entries of 500 agents).
"""

import sqlite3
from collections.abc import Iterable, Sequence

from agent_service.ledger.timing import not_after
from agent_service.persons.entries import Read
from agent_service.persons.session_row import (
    Whole,
    facts_of,
    head_of,
    later_than,
    rows_of,
    with_later,
)
from protocol.rules.day_segments import SessionFacts
from protocol.rules.placing import place

EVER = 1 << 62
"""In place of an entry's position: all that there are."""


def sessions_of(
    connection: sqlite3.Connection, agent: str, from_ms: int, until_ms: int, upto: int = EVER
) -> list[SessionFacts]:
    """The sessions of an agent that reach into [from_ms, until_ms), each whole, and the beginnings
    of those after that tell of them, with the instants of their facts as far as they can be known;
    as of the ledger's entry `upto`."""
    rows = rows_of(connection, agent, from_ms, upto)
    read = (
        (row, facts_of(connection, row.session, row.began, min(row.last, upto)))
        for row in rows
        if row.reaches(from_ms, until_ms)
    )
    reaching = [
        (row.session, facts)
        for row, facts in read
        if row.last <= upto or (facts and facts[-1].received_ms >= from_ms)
    ]
    later = (head_of(connection, row, upto) for row in later_than(rows, until_ms))
    return placed(with_later(reaching, later))


def placed(read: Iterable[Whole]) -> list[SessionFacts]:
    """Sessions of one agent in the order in which they began, with the instants of their facts."""
    sessions = list(read)
    if any(each.timed.occurred_ms is None for _, facts in sessions for each in facts):
        instants = iter(place(each.timed for _, facts in sessions for each in facts))
        return [
            SessionFacts(
                session,
                [
                    (not_after(at, each.received_ms), fact)
                    for each, (at, fact) in zip(facts, instants, strict=False)  # goes on
                ],
                heard_ms=_heard_ms(facts),
            )
            for session, facts in sessions
        ]
    return [
        SessionFacts(
            session,
            [(each.timed.occurred_ms, each.timed.fact) for each in facts],
            heard_ms=_heard_ms(facts),
        )
        for session, facts in sessions
    ]


def _heard_ms(facts: Sequence[Read]) -> int | None:
    return facts[-1].received_ms if facts else None
