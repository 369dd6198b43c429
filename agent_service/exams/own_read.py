"""What concerns one person of exams, read from the tables."""

import sqlite3
from collections.abc import Iterable
from typing import NamedTuple

from agent_service.exams import store
from agent_service.exams.essays import essays
from agent_service.exams.papers import Papers
from agent_service.exams.results import graded, told
from agent_service.exams.row import IssueStanding, StoredIssue, StoredSitting
from agent_service.exams.told import told_own
from protocol.facts.exam import SittingKind
from protocol.wire.exams import ExamRow, ResultState, SittingRow

_MOST_TOLD = 20
_TOLD_MS = 90 * 86_400_000
"""For so long a result is news."""


class WaitingEssay(NamedTuple):
    """One that nobody has settled."""

    agent: str
    markers: frozenset[str]
    """Who has marked it already."""

    def waits_for(self, marker: str) -> bool:
        """Nobody marks the own, and nobody twice."""
        return marker != self.agent and marker not in self.markers


def open_exams(
    connection: sqlite3.Connection,
    papers: Papers,
    issues: Iterable[StoredIssue],
    agent: str,
    now_ms: int,
) -> tuple[ExamRow, ...]:
    """Of those given to somebody, the ones that may be begun or gone on with: not a formal one
    that is handed in. A sitting with more time goes on after its window."""
    by_name = {issue.issue: issue for issue in issues}
    for row in store.running(connection, agent, now_ms):
        issue = store.issue(connection, row.issue)
        if issue is not None and issue.standing is IssueStanding.GIVEN:
            by_name.setdefault(row.issue, issue)
    rows = []
    for issue in sorted(by_name.values(), key=lambda each: (each.start_ms, each.began)):
        sittings = store.of_agent(connection, issue.issue, agent)
        over = any(each.submitted_ms is not None for each in sittings)
        if issue.kind is SittingKind.MOCK or not over:
            paper = papers.find(connection, issue.paper, issue.version)
            rows.append(told_own(paper, issue, agent, sittings, now_ms))
    return tuple(rows)


def unseen_results(
    connection: sqlite3.Connection, papers: Papers, agent: str, now_ms: int
) -> tuple[SittingRow, ...]:
    """Final ones of formal exams, as they are by now, that the candidate has not looked at; the
    newest first."""
    rows: list[SittingRow] = []
    for row in store.handed_in_since(connection, agent, now_ms - _TOLD_MS):
        issue = store.issue(connection, row.issue)
        if issue is not None and _is_news(issue, row) and len(rows) < _MOST_TOLD:
            paper = papers.find(connection, issue.paper, issue.version)
            found = None if paper is None else graded(paper, issue, row)
            if found is not None and found.state is ResultState.FINAL:
                rows.append(told(issue, row, found))
    return tuple(rows)


def _is_news(issue: StoredIssue, row: StoredSitting) -> bool:
    changed = max(row.changed, issue.corrected_at)
    return issue.kind is SittingKind.FORMAL and row.seen < changed


def waiting_essays(
    connection: sqlite3.Connection, papers: Papers, issue: StoredIssue
) -> tuple[WaitingEssay, ...]:
    """Those of a formal exam that need a marker, or another one."""
    if issue.standing is not IssueStanding.GIVEN or issue.kind is not SittingKind.FORMAL:
        return ()
    paper = papers.find(connection, issue.paper, issue.version)
    if paper is None or not paper.essays:
        return ()
    found = essays(paper, issue, store.sittings_of(connection, issue.issue))
    return tuple(WaitingEssay(each.agent, frozenset(each.marks)) for each in found if each.waits)
