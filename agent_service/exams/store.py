"""The tables of exams, read."""

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from typing import TypeVar

import msgspec

from agent_service.exams.row import IssueStanding, StoredIssue, StoredSitting
from protocol.facts.exam import SittingKind

_ISSUES = f"SELECT {', '.join(StoredIssue.__struct_fields__)} FROM exam_issue"  # noqa: S608 - names of ours
_SITTINGS = f"SELECT {', '.join(StoredSitting.__struct_fields__)} FROM exam_sitting"  # noqa: S608 - names of ours

R = TypeVar("R", bound=msgspec.Struct)


def issue(connection: sqlite3.Connection, name: str) -> StoredIssue | None:
    """One issue."""
    return next(issues(connection, "issue = ?", (name,)), None)


def sitting(connection: sqlite3.Connection, name: str) -> StoredSitting | None:
    """One sitting."""
    return next(sittings(connection, "sitting = ?", (name,)), None)


def standing(connection: sqlite3.Connection) -> Iterator[StoredIssue]:
    """Those that are neither withdrawn nor voided."""
    return issues(connection, "standing = ?", (IssueStanding.GIVEN,))


def is_issued(connection: sqlite3.Connection, paper: str, now_ms: int) -> bool:
    """Whether a paper was given to people and the time for it is not over."""
    query = "SELECT 1 FROM exam_issue WHERE paper = ? AND end_ms > ? AND standing = ? LIMIT 1"
    found = connection.execute(query, (paper, now_ms, IssueStanding.GIVEN)).fetchone()
    return found is not None


def sittings_of(connection: sqlite3.Connection, issue: str) -> list[StoredSitting]:
    """The sittings of an issue, in the order in which they began."""
    return list(sittings(connection, "issue = ? ORDER BY began", (issue,)))


def of_agent(connection: sqlite3.Connection, issue: str, agent: str) -> list[StoredSitting]:
    """Somebody's sittings of an issue, in the order in which they began."""
    return list(sittings(connection, "issue = ? AND agent = ? ORDER BY began", (issue, agent)))


def running(connection: sqlite3.Connection, agent: str, now_ms: int) -> list[StoredSitting]:
    """Somebody's sittings that are open and in time."""
    condition = "agent = ? AND changed = 0 AND submitted_ms IS NULL AND deadline_ms >= ?"
    return list(sittings(connection, condition, (agent, now_ms)))


def handed_in_since(
    connection: sqlite3.Connection, agent: str, since_ms: int
) -> list[StoredSitting]:
    """Somebody's sittings that were handed in since an instant; the newest first."""
    condition = "agent = ? AND changed > 0 AND submitted_ms >= ? ORDER BY changed DESC"
    return list(sittings(connection, condition, (agent, since_ms)))


def submitted(connection: sqlite3.Connection, issue: str) -> list[str]:
    """The sittings of an issue that were handed in."""
    query = "SELECT sitting FROM exam_sitting WHERE issue = ? AND submitted_ms IS NOT NULL"
    return [name for (name,) in connection.execute(query, (issue,))]


def latest_deadline(connection: sqlite3.Connection, issue: str) -> int:
    """Of the sittings of an issue; 0 without any."""
    query = "SELECT coalesce(max(deadline_ms), 0) FROM exam_sitting WHERE issue = ?"
    return int(connection.execute(query, (issue,)).fetchone()[0])


def latest_end(connection: sqlite3.Connection, paper: str, since_ms: int) -> int:
    """Of the formal exams with a paper that stand and of which the window ended since an instant:
    when the window or a sitting of one ends last; 0 without any."""
    query = """SELECT coalesce(max(max(end_ms, coalesce(deadline_ms, 0))), 0)
        FROM exam_issue LEFT JOIN exam_sitting USING (issue)
        WHERE paper = ? AND end_ms >= ? AND kind = ? AND standing = ?"""
    values = paper, since_ms, SittingKind.FORMAL, IssueStanding.GIVEN
    return int(connection.execute(query, values).fetchone()[0])


def overdue(connection: sqlite3.Connection, before_ms: int) -> list[str]:
    """The sittings of standing issues that are open, though their deadline came before."""
    query = """SELECT sitting FROM exam_sitting JOIN exam_issue USING (issue)
        WHERE submitted_ms IS NULL AND deadline_ms < ? AND standing = ?
        ORDER BY deadline_ms, exam_sitting.began"""
    return [name for (name,) in connection.execute(query, (before_ms, IssueStanding.GIVEN))]


def issues(
    connection: sqlite3.Connection, condition: str, values: Sequence[object]
) -> Iterator[StoredIssue]:
    """Those for which a condition of SQL holds, which is no text of other people's."""
    return _read(StoredIssue, connection.execute(f"{_ISSUES} WHERE {condition}", values))


def sittings(
    connection: sqlite3.Connection, condition: str, values: Sequence[object]
) -> Iterator[StoredSitting]:
    """Those for which a condition of SQL holds, which is no text of other people's."""
    return _read(StoredSitting, connection.execute(f"{_SITTINGS} WHERE {condition}", values))


def _read(kind: type[R], rows: Iterable[tuple[object, ...]]) -> Iterator[R]:
    for row in rows:
        yield msgspec.convert(
            dict(zip(kind.__struct_fields__, row, strict=True)), kind, strict=False
        )
