"""Whom commits concern that changed exams. Lives in the event loop's thread and follows them."""

from collections.abc import Callable, Iterable
from enum import IntEnum

from agent_service.exams.row import IssueStanding, StoredIssue, StoredSitting

_AHEAD_MS = 86_400_000


class Phase(IntEnum):
    """Where an issue is for its candidates."""

    FAR = 0
    SOON = 1
    OPEN = 2
    OVER = 3


class ExamNews:
    """Issues that stand, with whom they were given to. `changed` is called when a commit changed
    what somebody is told of."""

    def __init__(self) -> None:
        self.changed: Callable[[], None] = lambda: None
        self.issues: dict[str, StoredIssue] = {}
        self._candidates: dict[str, frozenset[str]] = {}
        self._phases: dict[str, Phase] = {}
        self._agents: set[str] = set()
        self._essays: set[str] = set()

    def take_issues(self, rows: Iterable[StoredIssue]) -> None:
        """Rows that a commit changed. That somebody began is told with the sitting."""
        for row in rows:
            before = self.issues.get(row.issue)
            if before is None:
                self._candidates[row.issue] = frozenset(row.candidates())
            if before is None or _matters(before, row):
                self._agents |= self._candidates[row.issue]
                self._essays.add(row.issue)
            self.issues[row.issue] = row
        self.changed()

    def take_sittings(self, rows: Iterable[StoredSitting]) -> None:
        """Rows that a commit changed. What is saved in between concerns nobody."""
        for row in rows:
            if row.submitted_ms is not None:
                self._essays.add(row.issue)
            if row.submitted_ms is not None or row.number == 0:
                self._agents.add(row.agent)
        if self._agents or self._essays:
            self.changed()

    def turn(self, now_ms: int) -> None:
        """What the time alone has changed."""
        for name, issue in self.issues.items():
            phase = _phase(issue, now_ms)
            if self._phases.get(name, phase) is not phase:
                self._agents |= self._candidates[name]
            self._phases[name] = phase

    def given_to(self, agent: str) -> list[StoredIssue]:
        """The issues that somebody may begin by now, or within a day."""
        return [
            self.issues[name]
            for name, phase in self._phases.items()
            if phase in (Phase.SOON, Phase.OPEN) and agent in self._candidates[name]
        ]

    def take_agents(self) -> set[str]:
        """Those whom something concerns since the last time."""
        agents, self._agents = self._agents, set()
        return agents

    def take_essays(self) -> set[str]:
        """The issues with another number of essays to mark, maybe, since the last time."""
        essays, self._essays = self._essays, set()
        return essays

    def again(self, essays: Iterable[str]) -> None:
        """These could not be counted."""
        self._essays |= set(essays)


def _matters(before: StoredIssue, after: StoredIssue) -> bool:
    return (before.standing, before.corrected_at) != (after.standing, after.corrected_at)


def _phase(issue: StoredIssue, now_ms: int) -> Phase:
    if issue.standing is not IssueStanding.GIVEN or now_ms >= issue.end_ms:
        return Phase.OVER
    if now_ms >= issue.start_ms:
        return Phase.OPEN
    return Phase.SOON if now_ms >= issue.start_ms - _AHEAD_MS else Phase.FAR
