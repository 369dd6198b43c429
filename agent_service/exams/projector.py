"""Folding the ledger into the tables `exam_issue` and `exam_sitting`."""

import sqlite3
from collections.abc import Callable

from agent_service.exams import store
from agent_service.exams.row import (
    Changing,
    StoredIssue,
    StoredSitting,
    issue_changed,
    issued,
    sitting_changed,
    started,
)
from agent_service.ledger.chain import Entry
from agent_service.ledger.keyed import Key, KeyedProjection
from agent_service.ledger.sessions import SERVICE
from protocol.facts.exam import (
    ExamIssued,
    ExamVoided,
    ExamWithdrawn,
    KeyCorrected,
    SittingStarted,
)
from protocol.facts.record import AnyFact

_IssueChanging = ExamWithdrawn | ExamVoided | SittingStarted | KeyCorrected


class IssueProjector(KeyedProjection[StoredIssue]):
    """Issues by their identity. `publish` is also told of all that stand when the projection
    starts from the disk."""

    def __init__(
        self, publish: Callable[[tuple[StoredIssue, ...]], None] = lambda rows: None
    ) -> None:
        facts = (ExamIssued, *_IssueChanging.__args__)
        super().__init__("exam_issue", StoredIssue, 1, facts, publish)

    def load(self, connection: sqlite3.Connection) -> None:
        """Start from the disk."""
        super().load(connection)
        self._publish(tuple(store.standing(connection)))

    def key_of(self, entry: Entry, fact: AnyFact) -> Key | None:
        """The service alone speaks of exams."""
        if entry.agent != SERVICE or not isinstance(fact, ExamIssued | _IssueChanging):
            return None
        return (fact.issue,)

    def is_new(self, fact: AnyFact) -> bool:
        """An exam is issued once."""
        return isinstance(fact, ExamIssued)

    def folded(self, row: StoredIssue | None, entry: Entry, fact: AnyFact) -> StoredIssue | None:
        """The issue after a fact; nothing becomes of one that nobody gave."""
        if isinstance(fact, ExamIssued):
            return issued(entry, fact)
        if isinstance(fact, _IssueChanging) and row is not None:
            return issue_changed(row, entry, fact)
        return row


class SittingProjector(KeyedProjection[StoredSitting]):
    """Sittings by their identity."""

    def __init__(
        self, publish: Callable[[tuple[StoredSitting, ...]], None] = lambda rows: None
    ) -> None:
        facts = (SittingStarted, *Changing.__args__)
        super().__init__("exam_sitting", StoredSitting, 1, facts, publish)

    def committed(self) -> None:
        """What is handed in is seldom asked for, and long: it is not kept in memory."""
        over = [key for key in self._changed if self._rows[key].submitted_ms is not None]
        super().committed()
        for key in over:
            self._rows.pop(key, None)

    def key_of(self, entry: Entry, fact: AnyFact) -> Key | None:
        """The service alone speaks of exams."""
        if entry.agent != SERVICE or not isinstance(fact, SittingStarted | Changing):
            return None
        return (fact.sitting,)

    def is_new(self, fact: AnyFact) -> bool:
        """A sitting begins once."""
        return isinstance(fact, SittingStarted)

    def folded(
        self, row: StoredSitting | None, entry: Entry, fact: AnyFact
    ) -> StoredSitting | None:
        """The sitting after a fact; nothing becomes of one that nobody began."""
        if isinstance(fact, SittingStarted):
            return started(entry, fact)
        if isinstance(fact, Changing) and row is not None:
            return sitting_changed(row, entry, fact)
        return row
