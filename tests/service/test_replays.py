"""However facts arrive, the rows they make are the same.

Order-independent by design: the facts of different agents among one another, the cuts between
batches and between commits, resends, and restarts of the service. Folded in the ledger's order:
the facts of one agent, which a seat delivers oldest session first, each session in its order. So
what is compared are all rows of all projections, but for the columns that say at which entry of
the ledger something stands.
"""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agent_service import tables
from agent_service.ledger.admission import admit
from agent_service.ledger.append import Batch
from agent_service.ledger.rebuild import rebuild
from agent_service.ledger.sessions import Sessions
from agent_service.ledger.verify import verify
from protocol.facts.order import OrderKind, OrderPlaced
from protocol.facts.record import AnyFact, Record
from tests.service.client import records
from tests.service.ledgers import DESK, Ledger, new_ledger
from tests.service.test_projections import seat_facts, times

LEDGER = "a ledger"
OF_PEOPLE = (("1001", "a"), ("1001", "b"), ("1002", "c"))
"""Agents and their sessions, each person's in the order of delivery."""
PLACES = frozenset({"position", "began", "last"})
"""Columns that name an entry of the ledger."""


class Said(msgspec.Struct, frozen=True):
    """One fact with its time."""

    fact: AnyFact
    at_ms: int | None


class Part(msgspec.Struct, frozen=True):
    """One delivery: whose, how many new facts, how many of the ones before again."""

    agent: str
    new: int
    again: int
    commit: bool
    restart: bool


Shift = dict[str, list[Said]]
"""What each session has to say."""
said = st.lists(st.builds(Said, seat_facts, times), max_size=8)
shifts: st.SearchStrategy[Shift] = st.fixed_dictionaries(
    {session: said for _, session in OF_PEOPLE}
)
parts = st.builds(
    Part,
    st.sampled_from(["1001", "1002"]),
    st.integers(1, 4),
    st.integers(0, 3),
    st.booleans(),
    st.booleans(),
)


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Iterator[sqlite3.Connection]:
    """A database without a fact."""
    with new_ledger(tmp_path_factory.mktemp("replays") / "data") as ledger:
        yield ledger.connection


class Arrival:
    """A ledger in memory to which a shift is delivered."""

    def __init__(self, empty: sqlite3.Connection, shift: Shift) -> None:
        self.connection = sqlite3.connect(":memory:", isolation_level=None)
        empty.backup(self.connection)
        self.ledger = Ledger(Path(), self.connection, LEDGER)
        self._records = {session: _numbered(facts) for session, facts in shift.items()}
        self._marks = dict.fromkeys(shift, 0)
        for agent, session in OF_PEOPLE:
            self.ledger.begin(agent, session)
        for number, agent in enumerate(("1001", "1002", "1001"), start=1):
            what = OrderKind.MESSAGE
            self.ledger.record(OrderPlaced(f"o{number}", agent, what, "3001", "", 9_000))

    def deliver(self, plan: Sequence[Part]) -> None:
        """By a plan, and in the end whatever it left."""
        self.connection.execute("BEGIN IMMEDIATE")
        for part in plan:
            self._take(part)
            if part.commit:
                self._commit()
                if part.restart:
                    self.ledger.appender.load(self.connection)
                self.connection.execute("BEGIN IMMEDIATE")
        for agent, session in OF_PEOPLE:
            self._take(Part(agent, len(self._records[session]) or 1, 0, False, False))
        self._commit()

    def rows(self) -> dict[str, list[tuple[object, ...]]]:
        """All rows of all projections, without the places at which they stand."""
        return {
            projection.table: sorted(
                (_without_places(projection.columns, row) for _, row in stored), key=repr
            )
            for projection in (Sessions(), *tables.empty_projections())
            for stored in (projection.stored(self.connection),)
        }

    def dump(self) -> list[list[tuple[object, ...]]]:
        """Every projection's table as it lies in the file."""
        return [
            sorted(self.connection.execute(f"SELECT * FROM {each.table}"), key=repr)
            for each in (Sessions(), *tables.empty_projections())
        ]

    def _take(self, part: Part) -> None:
        """The person's oldest session that has something left."""
        for agent, session in OF_PEOPLE:
            mark, known = self._marks[session], self._records[session]
            if agent == part.agent and mark < len(known):
                batch = known[max(0, mark - part.again) : mark + part.new]
                admitted = admit(session, batch)
                sent = Batch(session, DESK, 4_000, admitted)
                self._marks[session] = self.ledger.appender.append(self.connection, sent)
                return

    def _commit(self) -> None:
        self.ledger.appender.flush(self.connection)
        self.connection.execute("COMMIT")
        self.ledger.appender.committed()


def _numbered(facts: Sequence[Said]) -> tuple[Record, ...]:
    return tuple(
        record
        for number, each in enumerate(facts, start=1)
        for record in records(each.fact, first=number, at_ms=each.at_ms)
    )


def _without_places(columns: Sequence[str], row: tuple[object, ...]) -> tuple[object, ...]:
    return tuple(v for name, v in zip(columns, row, strict=True) if name not in PLACES)


@pytest.mark.prove
@settings(
    max_examples=300,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
@given(shift=shifts, plan=st.lists(parts, max_size=12))
def test_the_same_facts_make_the_same_rows_however_they_arrive(
    empty: sqlite3.Connection, shift: Shift, plan: list[Part]
) -> None:
    at_once, in_parts = Arrival(empty, shift), Arrival(empty, shift)
    with closing(at_once.connection), closing(in_parts.connection):
        at_once.deliver([])
        in_parts.deliver(plan)
        assert in_parts.rows() == at_once.rows()
        verify(in_parts.connection, LEDGER, tables.empty_projections())
        before = in_parts.dump()
        rebuild(in_parts.connection, LEDGER, tables.empty_projections(), lambda done, of: None)
        assert in_parts.dump() == before
