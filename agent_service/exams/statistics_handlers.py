"""Statistics of exams on the wire, and as a file for Excel."""

import sqlite3
from base64 import b64encode
from collections.abc import Sequence

from agent_service.allowance import Allowance
from agent_service.asking import asker
from agent_service.dispatch import Standing, handles
from agent_service.exams import store
from agent_service.exams.figures import (
    IssueFigures,
    answer_statistics,
    figures,
    paper_statistics,
)
from agent_service.exams.papers import Papers
from agent_service.exams.permits import permit_teaching
from agent_service.exams.row import IssueStanding
from agent_service.persons.bounded import newest_within
from agent_service.reader import Reader
from agent_service.session import Conversation
from agent_service.sheets import Cell, workbook
from protocol.facts.exam import SittingKind
from protocol.i18n import LANGUAGES, Catalogue, load
from protocol.wire.exams import AnswerStatistics, ExamStatistics, GetExamStatistics

_PAPERS_BYTES, _QUESTIONS_BYTES = 128 << 10, 320 << 10
"""Of one answer: beside a file of the questions, it leaves room in a frame for the rest."""
_EVER_MS = 1 << 62
_COLUMNS = (
    "answer_column.number",
    "answer_column.paper",
    "answer_column.question",
    "answer_column.answered",
    "answer_column.wrong",
    "answer_column.wrong_percent",
    "answer_column.right",
    "answer_column.right_percent",
)


class StatisticsHandlers:
    """They name questions: for whoever teaches."""

    def __init__(self, reader: Reader, allowance: Allowance) -> None:
        self._reader = reader
        self._allowance = allowance
        self._papers = Papers()

    @handles(GetExamStatistics, Standing.PERSON, aside=True)
    async def get(self, peer: Conversation, message: GetExamStatistics) -> ExamStatistics:
        """The newest issues first. Refused with `not_permitted`."""
        permit_teaching(asker(peer, self._allowance))

        def read(connection: sqlite3.Connection) -> ExamStatistics:
            found = self._read(connection, message)
            papers = [paper_statistics(each) for each in found]
            all_questions = answer_statistics(found)
            questions = newest_within(all_questions[::-1], _QUESTIONS_BYTES)[::-1]
            return ExamStatistics(
                message.id,
                newest_within(papers[::-1], _PAPERS_BYTES)[::-1],
                questions,
                _workbook(message, questions),
                len(all_questions) - len(questions),
            )

        return await self._reader.run(read)

    def _read(
        self, connection: sqlite3.Connection, message: GetExamStatistics
    ) -> list[IssueFigures]:
        first_ms = 0 if message.first_ms is None else message.first_ms
        last_ms = _EVER_MS if message.last_ms is None else message.last_ms
        condition = "start_ms >= ? AND start_ms < ? AND kind = ? AND standing = ?"
        values: tuple[object, ...] = (
            first_ms,
            last_ms,
            SittingKind.FORMAL,
            IssueStanding.GIVEN,
        )
        if message.paper:
            condition, values = f"{condition} AND paper = ?", (*values, message.paper)
        found = []
        for issue in list(store.issues(connection, f"{condition} ORDER BY began DESC", values)):
            paper = self._papers.find(connection, issue.paper, issue.version)
            if paper is not None:
                found.append(figures(issue, paper, store.sittings_of(connection, issue.issue)))
        return found


def _workbook(message: GetExamStatistics, questions: Sequence[AnswerStatistics]) -> str:
    """Empty where none was asked for."""
    if not message.file:
        return ""
    language = message.language if message.language in LANGUAGES else LANGUAGES[0]
    return b64encode(answer_workbook(questions, load(language))).decode()


def answer_workbook(questions: Sequence[AnswerStatistics], catalogue: Catalogue) -> bytes:
    """The content of an Excel file, a row a question."""
    rows: list[Sequence[Cell]] = [[catalogue.text(name) for name in _COLUMNS]]
    for number, each in enumerate(questions, 1):
        rows.append(
            [
                number,
                each.paper,
                each.text,
                each.answered,
                each.wrong,
                each.wrong_percent,
                each.right,
                each.right_percent,
            ]
        )
    return workbook(rows)
