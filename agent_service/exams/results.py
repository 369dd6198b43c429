"""What a sitting comes to by its answers, its marks and the keys in force: pure, and made anew
whenever it is asked for."""

from collections.abc import Mapping
from fractions import Fraction

import msgspec

from agent_service.exams.marks import settled
from agent_service.exams.papers import ExamPaper, ExamQuestion
from agent_service.exams.row import IssueStanding, StoredIssue, StoredSitting
from agent_service.exams.scoring import Answered, Result, ResultStatus, result
from protocol.facts.exam import MultiMode, QuestionType
from protocol.rules.rounding import rounded
from protocol.wire.exams import ResultState, SittingRow

_ALL = 100
_RIGHT = Fraction(3, 5)
"""Of an essay's points: from there on it counts as right."""


class Graded(msgspec.Struct, frozen=True):
    """A sitting with what it comes to so far."""

    state: ResultState
    answered: tuple[Answered, ...]
    """By question, in the paper's order."""
    result: Result
    percent: Fraction | None
    """Of the paper's points; null before all is marked."""
    passed: bool | None


def graded(paper: ExamPaper, issue: StoredIssue, sitting: StoredSitting) -> Graded:
    """By the keys in force. An essay without a word needs no marker."""
    keys, answered = issue.keys(), []
    kept, marked = sitting.kept(), sitting.marked()
    for each in paper.questions:
        name = each.question
        answer = kept[name].answer if name in kept else ()
        marks = [mark.half_points for mark in marked.get(name, {}).values()]
        answered.append(_answered(each, keys, answer, marks))
    found = result(answered, paper.body.mode)
    state = _state(issue, sitting, found)
    percent = None
    if state is ResultState.FINAL and found.final is not None and found.most:
        percent = found.final * _ALL / found.most
    passed = None if percent is None else percent >= paper.body.pass_percent
    return Graded(state, tuple(answered), found, percent, passed)


def _answered(
    question: ExamQuestion,
    keys: Mapping[str, tuple[str, ...]],
    answer: tuple[str, ...],
    marks: list[int],
) -> Answered:
    body, points = question.body, Fraction(question.half_points, 2)
    if body.type is not QuestionType.ESSAY:
        return Answered(body.type, points, keys.get(question.question, body.key), answer)
    mark = settled(marks, question.half_points)
    if mark is None and not is_answer(answer):
        mark = Fraction()
    return Answered(body.type, points, (), answer, mark)


def is_answer(answer: tuple[str, ...]) -> bool:
    """Whether anything is answered: blanks are not."""
    return any(each.strip() for each in answer)


def is_right(question: Answered, mode: MultiMode) -> bool:
    """Whether an answer counts as right in statistics: in full, or an essay that got enough."""
    if question.type is QuestionType.ESSAY:
        return question.mark is not None and question.mark >= question.points * _RIGHT
    whole = msgspec.structs.replace(question, points=Fraction(1))
    return result([whole], mode).final == 1


def told(issue: StoredIssue, sitting: StoredSitting, found: Graded) -> SittingRow:
    """As people are told of it."""
    final = found.result.final if found.state is ResultState.FINAL else None
    return SittingRow(
        sitting.sitting,
        sitting.issue,
        sitting.agent,
        found.state,
        sitting.started_ms,
        sitting.deadline_ms,
        sitting.submitted_ms,
        None if final is None else rounded(final),
        rounded(found.result.most),
        None if found.percent is None else rounded(found.percent),
        found.passed,
        sitting.focus_left,
        sitting.extended_s,
    )


def _state(issue: StoredIssue, sitting: StoredSitting, found: Result) -> ResultState:
    if issue.standing is IssueStanding.VOIDED:
        return ResultState.VOIDED
    if sitting.submitted_ms is None:
        return ResultState.RUNNING
    if found.status is ResultStatus.AWAITING_MARKING:
        return ResultState.AWAITING_MARKING
    return ResultState.FINAL
