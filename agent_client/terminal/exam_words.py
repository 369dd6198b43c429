"""The words for exams: points, standings, and what an answer is called on the screen. Pure."""

from collections.abc import Sequence
from datetime import datetime

from agent_client.terminal.cells import shown
from agent_client.terminal.view import View
from agent_client.terminal.wording import Wording
from protocol.facts.exam import QuestionType
from protocol.rules.exam_answer import FALSE, TRUE
from protocol.wire.exams import ExamRow, IssueState, ResultState, SittingRow

LETTERS = "ABCDEFGHIJ"
CHOICES = frozenset({QuestionType.SINGLE, QuestionType.MULTI, QuestionType.TRUE_FALSE})
"""What is answered by choosing."""


def points(half_points: float) -> str:
    """`2`, `2.5`: of half points."""
    return f"{half_points / 2:g}"


def remaining(seconds: int) -> str:
    """`00:29:33`."""
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"


def minutes(duration_s: int) -> str:
    """Minutes, with a half where there is one."""
    return f"{duration_s / 60:g}"


def seconds_left(now: datetime | None, deadline_ms: int | None) -> int | None:
    """Whole seconds up to the deadline, 0 once it has passed; null where nobody knows."""
    if now is None or deadline_ms is None:
        return None
    return max(0, -(-(deadline_ms - round(now.timestamp() * 1000)) // 1000))


def said_options(
    words: Wording, type: QuestionType, options: Sequence[str], names: Sequence[str]
) -> list[tuple[str, str]]:
    """(its name in an answer, its text), in the order in which they stand there."""
    if type is QuestionType.TRUE_FALSE:
        return [(TRUE, words.text("sitting.true")), (FALSE, words.text("sitting.false"))]
    return list(zip(names, map(shown, options), strict=False))


def said_answer(
    words: Wording,
    type: QuestionType,
    names: Sequence[str],
    options: Sequence[str],
    answer: Sequence[str],
) -> str:
    """An answer as people read it: letters as they stood on the screen, or the text itself."""
    if type not in CHOICES:
        return shown(words.text("comma").join(answer))
    known = said_options(words, type, options, names)
    if type is QuestionType.TRUE_FALSE:
        return words.text("comma").join(text for name, text in known if name in answer)
    letters = [letter for letter, (name, _) in zip(LETTERS, known, strict=False) if name in answer]
    return words.text("comma").join(letters)


def own_standing(view: View, row: ExamRow) -> str:
    """Where an exam is for the person who sits it."""
    words = view.words
    if row.state in (IssueState.WITHDRAWN, IssueState.VOIDED):
        return words.text(f"exam_standing.{row.state}")
    if row.own_submitted:
        return words.text("exam_standing.submitted")
    if row.own_sitting and row.state is IssueState.OPEN:
        return words.text("exam_standing.begun")
    return words.text(f"exam_standing.{row.state}")


def score_line(words: Wording, row: SittingRow) -> str:
    """`Score 12.5 of 20 · 62.5 % · not passed`, or that it is being marked."""
    if row.state is ResultState.VOIDED:
        return words.text("exam_result.voided")
    if row.score is None or row.percent is None:
        return words.text("exam_result.awaiting", most=f"{row.most:g}")
    passed = words.text("exam_result.passed" if row.passed else "exam_result.not_passed")
    return words.text(
        "exam_result.score",
        score=f"{row.score:g}",
        most=f"{row.most:g}",
        percent=f"{row.percent:g}",
        passed=passed,
    )
