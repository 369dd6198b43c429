"""Issues of exams, put into the ledger. Lives where the appender lives: all of it is called inside
a transaction of the writer's, checks first and records last."""

import sqlite3
from collections.abc import Sequence

from msgspec.structs import replace

from agent_service.documents.projector import DocumentProjector
from agent_service.documents.question_checks import check_key
from agent_service.documents.row import StoredDocument
from agent_service.exams.papers import BYTES, ExamPaper, Papers
from agent_service.exams.permits import permit_following, permit_judging, permit_teaching
from agent_service.exams.projector import IssueProjector
from agent_service.exams.row import IssueStanding, StoredIssue
from agent_service.ledger.append import Appender
from protocol.facts.document import DocumentKind
from protocol.facts.exam import (
    ExamIssued,
    ExamVoided,
    ExamWithdrawn,
    KeyCorrected,
    QuestionType,
)
from protocol.wire.codec import MAX_FRAME_BYTES
from protocol.wire.documents import DocumentFault, DocumentField, bad_document
from protocol.wire.errors import Code, Refused
from protocol.wire.session import Person

_SHOWN = 64
_MOST_BYTES = MAX_FRAME_BYTES - (64 << 10)
"""Of a paper with its answers: it leaves room in a frame for the rest."""


class IssueRegister:
    """Issues as the transaction sees them."""

    def __init__(
        self,
        appender: Appender,
        issues: IssueProjector,
        documents: DocumentProjector,
        papers: Papers,
    ) -> None:
        self._appender = appender
        self._issues = issues
        self._documents = documents
        self._papers = papers

    def give(self, connection: sqlite3.Connection, fact: ExamIssued) -> StoredIssue:
        """A new one with the paper as it stands, whatever the fact says of its version; or the
        one that has this name already. Raises `Refused` with `unknown_document`,
        `document_disabled`, or `bad_document` for a paper that no frame could hold."""
        row = self._issues.find(connection, fact.issue)
        if row is None:
            version = self._enabled(connection, fact.paper, DocumentKind.PAPER).version
            paper = self._paper(connection, fact.paper, version)
            _check_length(paper)
            for each in paper.questions:
                self._enabled(connection, each.question, DocumentKind.QUESTION)
            self._appender.record(connection, replace(fact, version=version))
        return self.found(connection, fact.issue)

    def withdraw(
        self, connection: sqlite3.Connection, name: str, actor: Person, text: str
    ) -> StoredIssue:
        """Taken back. Raises `Refused` with `unknown_exam`, `not_permitted`, `exam_begun` or
        `exam_over`."""
        row = self.found(connection, name)
        permit_following(actor, row)
        if row.standing is IssueStanding.WITHDRAWN:
            return row
        _check_stands(row)
        if row.begun:
            raise Refused(Code.EXAM_BEGUN)
        self._appender.record(connection, ExamWithdrawn(name, actor.number, text))
        return self.found(connection, name)

    def void(
        self, connection: sqlite3.Connection, name: str, actor: Person, text: str
    ) -> StoredIssue:
        """It counts for nobody. Raises `Refused` with `unknown_exam`, `not_permitted`, `own_case`
        or `exam_over`."""
        row = self.found(connection, name)
        permit_following(actor, row)
        permit_judging(actor, row)
        if row.standing is IssueStanding.VOIDED:
            return row
        _check_stands(row)
        self._appender.record(connection, ExamVoided(name, actor.number, text))
        return self.found(connection, name)

    def correct(
        self,
        connection: sqlite3.Connection,
        name: str,
        question: str,
        key: Sequence[str],
        actor: Person,
        text: str,
    ) -> StoredIssue:
        """Another key; the one that is in force already is none. Raises `Refused` with
        `not_permitted`, `unknown_exam`, `own_case`, `exam_over`, `unknown_question` or
        `bad_document`."""
        permit_teaching(actor)
        row = self.found(connection, name)
        permit_judging(actor, row)
        _check_stands(row)
        asked = self._paper(connection, row.paper, row.version).find(question)
        if asked is None or asked.body.type is QuestionType.ESSAY:
            raise Refused(Code.UNKNOWN_QUESTION)
        right = tuple(each.strip() for each in key)
        if asked.body.type is QuestionType.MULTI:
            right = tuple(sorted(right))
        check_key(asked.body, right)
        if row.keys().get(question, asked.body.key) != right:
            fact = KeyCorrected(name, question, right, actor.number, text)
            self._appender.record(connection, fact)
        return self.found(connection, name)

    def found(self, connection: sqlite3.Connection, name: str) -> StoredIssue:
        """One issue. Raises `Refused` with `unknown_exam`."""
        row = self._issues.find(connection, name)
        if row is None:
            raise Refused(Code.UNKNOWN_EXAM)
        return row

    def _enabled(
        self, connection: sqlite3.Connection, document: str, what: DocumentKind
    ) -> StoredDocument:
        row = self._documents.find(connection, document)
        if row is None or row.removed or row.what is not what:
            raise _unknown(document)
        if not row.enabled:
            raise Refused(Code.DOCUMENT_DISABLED, name=row.name)
        return row

    def _paper(self, connection: sqlite3.Connection, paper: str, version: int) -> ExamPaper:
        found = self._papers.find(connection, paper, version)
        if found is None:
            raise _unknown(paper)
        return found


def _check_length(paper: ExamPaper) -> None:
    if paper.most_bytes > _MOST_BYTES:
        raise bad_document(DocumentField.ITEMS, DocumentFault.TOO_LONG, _MOST_BYTES // BYTES)


def _check_stands(row: StoredIssue) -> None:
    if row.standing is not IssueStanding.GIVEN:
        raise Refused(Code.EXAM_OVER)


def _unknown(document: str) -> Refused:
    return Refused(Code.UNKNOWN_DOCUMENT, document=document[:_SHOWN])
