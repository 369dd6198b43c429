"""Folding the ledger into the tables `trainee` and `training_assignment`."""

import sqlite3
from collections.abc import Callable, Iterator

import msgspec
from msgspec.structs import replace

from agent_service.ledger.chain import Entry
from agent_service.ledger.keyed import Key, KeyedProjection
from agent_service.ledger.projection import Row
from agent_service.ledger.sessions import SERVICE
from agent_service.rows import RowWriter, Value
from agent_service.training.crediting import Reading
from agent_service.training.row import (
    Deciding,
    StoredAssignment,
    Studying,
    assigned,
    decided,
    studied,
)
from agent_service.training.trainee import Trainee, came, joined, read, recalled, stands
from protocol.facts.agent import StateEntered
from protocol.facts.record import AnyFact
from protocol.facts.session import SessionAdmitted, SessionBegan
from protocol.facts.staff import PersonAdded
from protocol.facts.training import (
    TrainingAssigned,
    TrainingOpened,
    TrainingRead,
    TrainingRecalled,
)

PublishTrainees = Callable[[tuple[Trainee, ...]], None]
PublishAssignments = Callable[[tuple[StoredAssignment, ...]], None]
_SELECT = f"SELECT {', '.join(Trainee.__struct_fields__)} FROM trainee"  # noqa: S608 - names of ours
_OPEN = """SELECT assignment FROM training_assignment
    WHERE task = ? AND done_ms IS NULL AND withdrawn = 0"""
_reading = msgspec.json.Decoder(Reading)


class TraineeProjector:
    """Everybody of whom training knows something: kept in memory, since what is credited has to
    be known at once. `publish` is also told of all when the projection starts from the disk."""

    table = "trainee"
    columns = Trainee.__struct_fields__
    facts = (
        PersonAdded,
        SessionBegan,
        SessionAdmitted,
        StateEntered,
        TrainingRecalled,
        TrainingOpened,
        TrainingRead,
    )
    _writer = RowWriter(table, columns, key="agent")

    def __init__(self, publish: PublishTrainees = lambda rows: None) -> None:
        self._publish = publish
        self._rows: dict[str, Trainee] = {}
        self._changed: dict[str, None] = {}
        self._counted = (0, 0)
        """The last entry that was read from, and how many of its seconds count."""

    def load(self, connection: sqlite3.Connection) -> None:
        """Take the rows from the disk."""
        self._changed.clear()
        self._rows = {row.agent: row for row in map(_trainee, connection.execute(_SELECT))}
        self._publish(tuple(self._rows.values()))

    def fold(self, entry: Entry, fact: AnyFact | None) -> None:
        """Take in one entry. A seat speaks for the agent of its session alone."""
        match fact:
            case PersonAdded() if entry.agent == SERVICE:
                self._put(joined(self._of(fact.agent), entry, fact))
            case SessionBegan() | SessionAdmitted() if entry.agent == SERVICE:
                self._put(came(self._of(fact.agent), entry, fact))
            case StateEntered() if entry.agent != SERVICE:
                self._put(stands(self._of(entry.agent), entry, fact))
            case TrainingRecalled() if entry.agent == SERVICE:
                self._put(recalled(self._of(fact.agent), entry, fact))
            case TrainingOpened() | TrainingRead() if entry.agent != SERVICE:
                row, counts = read(self._of(entry.agent), entry, fact)
                self._counted = entry.position, counts
                self._put(row)

    def counted(self, position: int) -> int:
        """How many seconds of the entry that was folded last count."""
        last, counts = self._counted
        return counts if last == position else 0

    def _of(self, agent: str) -> Trainee:
        return self._rows.get(agent) or Trainee(agent)

    def _put(self, row: Trainee) -> None:
        if self._rows.get(row.agent, Trainee(row.agent)) != row:
            self._rows[row.agent] = row
            self._changed[row.agent] = None

    def flush(self, connection: sqlite3.Connection) -> None:
        """Store the rows that changed."""
        self._writer.write(connection, [_columns(self._rows[agent]) for agent in self._changed])

    def committed(self) -> None:
        """Pass on what changed."""
        if self._changed:
            self._publish(tuple(self._rows[agent] for agent in self._changed))
            self._changed.clear()

    def stored(self, connection: sqlite3.Connection) -> Iterator[tuple[str, Row]]:
        """All rows of the table."""
        for row in connection.execute(_SELECT):
            yield str(row[0]), row


class AssignmentProjector(KeyedProjection[StoredAssignment]):
    """Assignments by their identity."""

    def __init__(
        self, trainees: TraineeProjector, publish: PublishAssignments = lambda rows: None
    ) -> None:
        """`trainees` folds each entry before this does."""
        facts = (TrainingAssigned, *Deciding.__args__, *Studying.__args__)
        super().__init__("training_assignment", StoredAssignment, 1, facts, publish)
        self._trainees = trainees

    def open_of(
        self, connection: sqlite3.Connection, task: str, agent: str | None = None
    ) -> dict[str, StoredAssignment]:
        """Those of a task that are still to be done, by agent, as they are at this point of the
        group; `agent`: of one person."""
        whose, values = ("", (task,)) if agent is None else ("AND agent = ?", (task, agent))
        stored = (name for (name,) in connection.execute(f"{_OPEN} {whose}", values))
        unstored = (key[0] for key in (*self._changed, *self._news))
        found = (self.find(connection, name) for name in dict.fromkeys((*stored, *unstored)))
        return {
            row.agent: row
            for row in found
            if row is not None and row.task == task and row.open and agent in (None, row.agent)
        }

    def fold(self, entry: Entry, fact: AnyFact | None) -> None:
        """Take in one entry, with as much of what was read as counts."""
        if isinstance(fact, TrainingRead):
            fact = replace(fact, seconds=self._trainees.counted(entry.position))
        super().fold(entry, fact)

    def key_of(self, entry: Entry, fact: AnyFact) -> Key | None:
        """The service alone assigns; what is studied, a seat alone tells."""
        by_service = entry.agent == SERVICE
        if isinstance(fact, TrainingAssigned | Deciding) and by_service:
            return (fact.assignment,)
        if isinstance(fact, Studying) and not by_service:
            return (fact.assignment,)
        return None

    def is_new(self, fact: AnyFact) -> bool:
        """An assignment is made once."""
        return isinstance(fact, TrainingAssigned)

    def folded(
        self, row: StoredAssignment | None, entry: Entry, fact: AnyFact
    ) -> StoredAssignment | None:
        """The assignment after a fact; nothing becomes of one that nobody was given."""
        if isinstance(fact, TrainingAssigned):
            return assigned(entry, fact)
        if isinstance(fact, Deciding) and row is not None:
            return decided(row, entry, fact)
        if isinstance(fact, Studying) and row is not None:
            return studied(row, entry, fact)
        return row


def training_projections(
    trainees: PublishTrainees = lambda rows: None,
    assignments: PublishAssignments = lambda rows: None,
) -> tuple[TraineeProjector, AssignmentProjector]:
    """Both, in the order in which they fold."""
    first = TraineeProjector(trainees)
    return first, AssignmentProjector(first, assignments)


def _trainee(stored: Row) -> Trainee:
    fields = dict(zip(Trainee.__struct_fields__, stored, strict=True))
    fields["reading"] = _reading.decode(str(fields["reading"]))
    return msgspec.convert(fields, Trainee, strict=False)


def _columns(row: Trainee) -> tuple[Value, ...]:
    fields = msgspec.structs.asdict(row)
    return tuple((fields | {"reading": msgspec.json.encode(row.reading).decode()}).values())
