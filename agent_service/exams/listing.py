"""A page of exams, found in the tables."""

import sqlite3
from collections.abc import Sequence

import msgspec
from msgspec.structs import replace

from agent_service.exams import store
from agent_service.exams.papers import Papers
from agent_service.exams.row import IssueStanding, StoredIssue
from agent_service.exams.told import told_issue, told_own
from protocol.wire.documents import PAGE
from protocol.wire.exams import ExamRow, GetExams

MOST_BYTES = 384 << 10
"""Of the exams in one answer: it leaves room in a frame for the names."""
_encoder = msgspec.json.Encoder()


class ExamsPage(msgspec.Struct, frozen=True):
    """What was found."""

    rows: tuple[ExamRow, ...]
    page: int
    pages: int
    total: int


class _Where(msgspec.Struct, frozen=True):
    """A condition of SQL with its values."""

    condition: str
    values: tuple[object, ...]

    def also(self, condition: str, *values: object) -> "_Where":
        """Both."""
        return _Where(f"{self.condition} AND {condition}", (*self.values, *values))


def read_own(
    connection: sqlite3.Connection, papers: Papers, asked: GetExams, agent: str, now_ms: int
) -> ExamsPage:
    """Those given to somebody; what was taken back was never there."""
    where = _given_to(agent)
    if asked.open_only:
        where = where.also("end_ms > ? AND standing = ?", now_ms, IssueStanding.GIVEN)
    page, pages, total, found = _page(connection, where, asked.page)
    rows = [
        told_own(
            papers.find(connection, issue.paper, issue.version),
            issue,
            agent,
            store.of_agent(connection, issue.issue, agent),
            now_ms,
        )
        for issue in found
    ]
    return ExamsPage(tuple(rows), page, pages, total)


def read_all(
    connection: sqlite3.Connection, papers: Papers, asked: GetExams, giver: str, now_ms: int
) -> ExamsPage:
    """Those that somebody gave, or all of them."""
    where = _Where("1 = 1", ())
    if giver:
        where = where.also("actor = ?", giver)
    if asked.open_only:
        where = where.also("end_ms > ? AND standing = ?", now_ms, IssueStanding.GIVEN)
    page, pages, total, found = _page(connection, where, asked.page)
    rows = [told_issue(connection, papers, issue, now_ms) for issue in found]
    return ExamsPage(_within(rows), page, pages, total)


def _given_to(agent: str) -> _Where:
    """A staff number in quotes stands nowhere else in a list of them."""
    quoted = _encoder.encode(agent).decode()
    return _Where("instr(agents, ?) > 0 AND standing <> ?", (quoted, IssueStanding.WITHDRAWN))


def _page(
    connection: sqlite3.Connection, where: _Where, asked: int
) -> tuple[int, int, int, list[StoredIssue]]:
    """The page that is asked for, or the last one before it; the newest first."""
    query = f"SELECT count(*) FROM exam_issue WHERE {where.condition}"  # noqa: S608 - words of ours
    total = int(connection.execute(query, where.values).fetchone()[0])
    pages = max(1, -(-total // PAGE))
    page = min(max(1, asked), pages)
    end = f"{where.condition} ORDER BY began DESC LIMIT ? OFFSET ?"
    found = store.issues(connection, end, (*where.values, PAGE, (page - 1) * PAGE))
    return page, pages, total, list(found)


def _within(rows: Sequence[ExamRow]) -> tuple[ExamRow, ...]:
    """Never fewer rows: the longest say less where they would not fit."""
    left, kept = MOST_BYTES, []
    for row in rows:
        left -= len(_encoder.encode(row))
        kept.append(row if left > 0 else replace(row, agents=()))
    return tuple(kept)
