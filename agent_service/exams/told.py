"""Issues in the words of the wire, read from the tables."""

import sqlite3
from collections.abc import Iterable

from agent_service.exams import store
from agent_service.exams.essays import essays
from agent_service.exams.papers import ExamPaper, Papers
from agent_service.exams.row import IssueStanding, StoredIssue, StoredSitting
from protocol.facts.exam import SittingKind
from protocol.wire.exams import ExamRow, IssueState

_ENDED = {
    IssueStanding.WITHDRAWN: IssueState.WITHDRAWN,
    IssueStanding.VOIDED: IssueState.VOIDED,
}


def issue_state(issue: StoredIssue, now_ms: int) -> IssueState:
    """Where it is."""
    if issue.standing in _ENDED:
        return _ENDED[issue.standing]
    if now_ms < issue.start_ms:
        return IssueState.PLANNED
    return IssueState.OPEN if now_ms < issue.end_ms else IssueState.OVER


def told_issue(
    connection: sqlite3.Connection, papers: Papers, issue: StoredIssue, now_ms: int
) -> ExamRow:
    """For whoever follows what becomes of it."""
    paper = papers.find(connection, issue.paper, issue.version)
    waiting = 0
    if paper is not None and paper.essays and issue.standing is IssueStanding.GIVEN:
        waiting = _waiting(connection, paper, issue)
    candidates = issue.candidates()
    return ExamRow(
        issue.issue,
        issue.paper,
        issue.version,
        "" if paper is None else paper.body.name,
        issue_state(issue, now_ms),
        issue.kind,
        issue.start_ms,
        issue.end_ms,
        issue.duration_s,
        issue.actor,
        issue.issued_ms,
        candidates,
        issue.begun,
        len(store.submitted(connection, issue.issue)) if issue.begun else 0,
        waiting,
        issue.retake_of,
        candidates=len(candidates),
    )


def _waiting(connection: sqlite3.Connection, paper: ExamPaper, issue: StoredIssue) -> int:
    """Sittings with essays that nobody has marked."""
    rows = store.sittings_of(connection, issue.issue)
    return sum(any(essay.waits for essay in essays(paper, issue, [row])) for row in rows)


def told_own(
    paper: ExamPaper | None,
    issue: StoredIssue,
    agent: str,
    sittings: Iterable[StoredSitting],
    now_ms: int,
) -> ExamRow:
    """For a candidate, with the last of the own sittings; a mock exam that was handed in begins
    anew, as long as it can."""
    last = max(sittings, key=lambda row: row.began, default=None)
    state = issue_state(issue, now_ms)
    is_again = issue.kind is SittingKind.MOCK and state is IssueState.OPEN
    if is_again and last is not None and last.submitted_ms is not None:
        last = None
    return ExamRow(
        issue.issue,
        issue.paper,
        issue.version,
        "" if paper is None else paper.body.name,
        state,
        issue.kind,
        issue.start_ms,
        issue.end_ms,
        issue.duration_s,
        issue.actor,
        issue.issued_ms,
        (agent,),
        retake_of=issue.retake_of,
        own_sitting="" if last is None else last.sitting,
        own_submitted=last is not None and last.submitted_ms is not None,
        candidates=1,
    )
