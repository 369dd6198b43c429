"""Sittings of exams, put into the ledger. Lives where the appender lives: all of it is called
inside a transaction of the writer's, checks first and records last. Instants are those at which
the message came, by the server's clock."""

import sqlite3
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from agent_service.exams import store
from agent_service.exams.papers import ExamPaper, Papers
from agent_service.exams.permits import permit_marking
from agent_service.exams.projector import IssueProjector, SittingProjector
from agent_service.exams.row import IssueStanding, StoredIssue, StoredSitting
from agent_service.exams.timing import (
    NotBegun,
    SittingEvent,
    Times,
    deadline_ms,
    is_in_time,
)
from agent_service.identity import name_of
from agent_service.ledger.append import Appender
from protocol.facts.exam import (
    AnswerSaved,
    FocusLeft,
    ResultSeen,
    SittingKind,
    SittingResumed,
    SittingStarted,
    SittingSubmitted,
    SubmittedBy,
    TimeExtended,
)
from protocol.rules.exam_answer import fits
from protocol.wire.errors import Code, Refused
from protocol.wire.exams import MAX_ANSWER, MAX_EXTRA_S, SUBMIT_GRACE_S, SavedAnswer
from protocol.wire.session import Person

GRACE_MS = SUBMIT_GRACE_S * 1_000


class Turn(NamedTuple):
    """Who saves, and from where."""

    sitting: str
    agent: str
    turn: int
    at_ms: int


class Sat(NamedTuple):
    """A sitting with what it is of."""

    issue: StoredIssue
    paper: ExamPaper
    row: StoredSitting

    @property
    def changed_at(self) -> int:
        """The entry of the ledger that the result is as of."""
        return max(self.row.changed, self.issue.corrected_at)


class SittingRegister:
    """Sittings as the transaction sees them."""

    def __init__(
        self,
        appender: Appender,
        issues: IssueProjector,
        sittings: SittingProjector,
        papers: Papers,
    ) -> None:
        self._appender = appender
        self._issues = issues
        self._sittings = sittings
        self._papers = papers

    def start(
        self, connection: sqlite3.Connection, name: str, agent: str, desk: str, now_ms: int
    ) -> Sat:
        """Begun, or gone on with at this desk. Raises `Refused` with `unknown_exam`, `exam_over`
        or `outside_window`."""
        issue = self._issues.find(connection, name)
        given = issue is not None and agent in issue.candidates()
        if issue is None or not given or issue.standing is IssueStanding.WITHDRAWN:
            raise Refused(Code.UNKNOWN_EXAM)
        _check_stands(issue)
        sitting, row = self._last(connection, issue, agent)
        if row is None:
            self._begin(connection, issue, sitting, agent, now_ms)
        elif row.submitted_ms is not None or not _in_time(SittingEvent.RESUME, row, now_ms):
            raise Refused(Code.EXAM_OVER)
        turn = 1 if row is None else row.turn + 1
        self._appender.record(connection, SittingResumed(sitting, desk, turn))
        return self.found(connection, sitting)

    def save(
        self,
        connection: sqlite3.Connection,
        turn: Turn,
        answers: Sequence[SavedAnswer],
        focus_left: int = 0,
    ) -> StoredSitting:
        """What is new of the answers, all or none. Raises `Refused` with `unknown_sitting`,
        `exam_over`, `not_your_turn` or `bad_answer`."""
        sat = self._own(connection, turn, SittingEvent.SAVE)
        self._save(connection, sat, answers, turn.at_ms)
        if focus_left > sat.row.focus_left:
            self._appender.record(connection, FocusLeft(turn.sitting, focus_left))
        return self.found(connection, turn.sitting).row

    def submit(
        self, connection: sqlite3.Connection, turn: Turn, answers: Sequence[SavedAnswer]
    ) -> Sat:
        """Handed in with the last answers, as of the deadline at the latest; once. Raises
        `Refused` as `save` does."""
        sat = self._of(connection, turn)
        if sat.row.submitted_by == SubmittedBy.CANDIDATE and sat.row.turn == turn.turn:
            return sat
        sat = self._own(connection, turn, SittingEvent.SUBMIT)
        at_ms = min(turn.at_ms, sat.row.deadline_ms)
        self._save(connection, sat, answers, at_ms)
        fact = SittingSubmitted(turn.sitting, at_ms, SubmittedBy.CANDIDATE)
        self._appender.record(connection, fact)
        return self.found(connection, turn.sitting)

    def extend(
        self, connection: sqlite3.Connection, fact: TimeExtended, actor: Person, now_ms: int
    ) -> Sat:
        """More time, once for each act. Raises `Refused` with `unknown_sitting`, `own_case`,
        `not_permitted`, `exam_over`, or `malformed_message` for more than may be given."""
        sat = self.found(connection, fact.sitting)
        permit_marking(actor, sat.row)
        if sat.row.has_extension(fact.extension):
            return sat
        _check_open(sat, SittingEvent.EXTEND, now_ms)
        if not 0 < fact.seconds <= MAX_EXTRA_S - sat.row.extended_s:
            raise Refused(Code.MALFORMED_MESSAGE, detail="seconds")
        self._appender.record(connection, fact)
        return self.found(connection, fact.sitting)

    def see(self, connection: sqlite3.Connection, name: str, as_of: int) -> None:
        """The candidate has looked at the result as it was after an entry of the ledger. What was
        changed since has still to be told."""
        sat = self.found(connection, name)
        if sat.row.seen < sat.changed_at <= as_of:
            self._appender.record(connection, ResultSeen(name))

    def close(self, connection: sqlite3.Connection, names: Iterable[str], now_ms: int) -> int:
        """Hand in what nobody handed in in time, as of its deadline. Returns how many."""
        closed = 0
        for name in names:
            sat = self.found(connection, name)
            stands = sat.issue.standing is IssueStanding.GIVEN
            late = not _in_time(SittingEvent.SUBMIT, sat.row, now_ms)
            if stands and late and sat.row.submitted_ms is None:
                fact = SittingSubmitted(name, sat.row.deadline_ms, SubmittedBy.SERVER)
                self._appender.record(connection, fact)
                closed += 1
        return closed

    def found(self, connection: sqlite3.Connection, name: str) -> Sat:
        """One sitting. Raises `Refused` with `unknown_sitting`."""
        row = self._sittings.find(connection, name)
        issue = None if row is None else self._issues.find(connection, row.issue)
        if row is None or issue is None:
            raise Refused(Code.UNKNOWN_SITTING)
        paper = self._papers.find(connection, issue.paper, issue.version)
        if paper is None:
            raise Refused(Code.UNKNOWN_SITTING)
        return Sat(issue, paper, row)

    def _last(
        self, connection: sqlite3.Connection, issue: StoredIssue, agent: str
    ) -> tuple[str, StoredSitting | None]:
        """The sitting that this is about, by its name, if it has begun: the only one of a formal
        exam; of a mock exam the one that is open, else another."""
        if issue.kind is SittingKind.FORMAL:
            name = name_of("sitting", issue.issue, agent)
            return name, self._sittings.find(connection, name)
        count = len(store.of_agent(connection, issue.issue, agent))
        name = _attempt(issue.issue, agent, max(count, 1))
        row = self._sittings.find(connection, name)
        while row is not None and row.submitted_ms is not None:
            count += 1
            name = _attempt(issue.issue, agent, count)
            row = self._sittings.find(connection, name)
        return name, row

    def _begin(
        self,
        connection: sqlite3.Connection,
        issue: StoredIssue,
        sitting: str,
        agent: str,
        now_ms: int,
    ) -> None:
        times = Times(issue.start_ms, issue.end_ms, issue.duration_s * 1_000, now_ms)
        try:
            ends_ms = deadline_ms(times)
        except NotBegun:
            window = {"start": issue.start_ms, "end": issue.end_ms}
            raise Refused(Code.OUTSIDE_WINDOW, **window) from None
        fact = SittingStarted(sitting, issue.issue, agent, now_ms, ends_ms)
        self._appender.record(connection, fact)

    def _of(self, connection: sqlite3.Connection, turn: Turn) -> Sat:
        sat = self.found(connection, turn.sitting)
        if sat.row.agent != turn.agent:
            raise Refused(Code.UNKNOWN_SITTING)
        return sat

    def _own(self, connection: sqlite3.Connection, turn: Turn, event: SittingEvent) -> Sat:
        """The candidate's sitting, as long as it is open at this desk."""
        sat = self._of(connection, turn)
        _check_open(sat, event, turn.at_ms)
        if sat.row.turn != turn.turn:
            raise Refused(Code.NOT_YOUR_TURN)
        return sat

    def _save(
        self, connection: sqlite3.Connection, sat: Sat, answers: Sequence[SavedAnswer], at_ms: int
    ) -> None:
        """An older number never replaces a newer one, and an equal one was sent again."""
        numbers = {question: kept.number for question, kept in sat.row.kept().items()}
        facts: list[AnswerSaved] = []
        for each in answers:
            asked = sat.paper.find(each.question)
            if asked is None or each.number < 1:
                raise Refused(Code.BAD_ANSWER)
            if not fits(asked.body.type, asked.names, each.answer, MAX_ANSWER):
                raise Refused(Code.BAD_ANSWER)
            if each.number > numbers.get(each.question, 0):
                numbers[each.question] = each.number
                facts.append(
                    AnswerSaved(sat.row.sitting, each.question, each.answer, each.number, at_ms)
                )
        for fact in facts:
            self._appender.record(connection, fact)


def _attempt(issue: str, agent: str, number: int) -> str:
    return name_of("sitting", issue, agent, str(number))


def _check_stands(issue: StoredIssue) -> None:
    if issue.standing is not IssueStanding.GIVEN:
        raise Refused(Code.EXAM_OVER)


def _check_open(sat: Sat, event: SittingEvent, at_ms: int) -> None:
    _check_stands(sat.issue)
    if sat.row.submitted_ms is not None or not _in_time(event, sat.row, at_ms):
        raise Refused(Code.EXAM_OVER)


def _in_time(event: SittingEvent, row: StoredSitting, at_ms: int) -> bool:
    return is_in_time(event, at_ms, row.deadline_ms, GRACE_MS)
