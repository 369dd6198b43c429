"""How exams went (domain §1.1 and §6): by issue, and by question. Pure.

In the figures are formal sittings of issues that stand, once all of a sitting is marked, by the
keys in force. Who left a question out is in no number of it.
"""

from collections.abc import Iterable
from fractions import Fraction
from typing import NamedTuple

from agent_service.exams.papers import ExamPaper, ExamQuestion
from agent_service.exams.results import Graded, graded, is_answer, is_right
from agent_service.exams.row import StoredIssue, StoredSitting
from agent_service.exams.scoring import counts
from agent_service.exams.statistics import answer_row
from protocol.rules.rounding import rounded
from protocol.wire.exams import AnswerStatistics, PaperStatistics, ResultState

_PARTS, _ALL = 10, 100


class IssueFigures(NamedTuple):
    """An issue with what its sittings come to."""

    issue: StoredIssue
    paper: ExamPaper
    submitted: int
    waiting: int
    final: tuple[Graded, ...]
    """Those that count."""


def figures(
    issue: StoredIssue, paper: ExamPaper, sittings: Iterable[StoredSitting]
) -> IssueFigures:
    """Of one issue."""
    found = [graded(paper, issue, row) for row in sittings if row.submitted_ms is not None]
    return IssueFigures(
        issue,
        paper,
        len(found),
        sum(each.state is ResultState.AWAITING_MARKING for each in found),
        tuple(
            each
            for each in found
            if each.state is ResultState.FINAL and counts(issue.kind, each.result.status)
        ),
    )


def paper_statistics(of: IssueFigures) -> PaperStatistics:
    """One line of the list of papers."""
    shares = [each.percent for each in of.final if each.percent is not None]
    average = sum(shares, Fraction()) / len(shares) if shares else None
    return PaperStatistics(
        of.issue.issue,
        of.paper.body.name,
        len(of.issue.candidates()),
        of.submitted,
        of.waiting,
        sum(each.passed is True for each in of.final),
        None if average is None else rounded(average),
        rounded(min(shares)) if shares else None,
        rounded(max(shares)) if shares else None,
        _tenths(shares),
    )


def _tenths(shares: Iterable[Fraction]) -> tuple[int, ...]:
    """The last one holds all of its points, too."""
    found = [0] * _PARTS
    for share in shares:
        found[min(int(share * _PARTS / _ALL), _PARTS - 1)] += 1
    return tuple(found)


class _Tally(NamedTuple):
    paper: str
    question: ExamQuestion
    right: int = 0
    wrong: int = 0


def answer_statistics(issues: Iterable[IssueFigures]) -> tuple[AnswerStatistics, ...]:
    """Questions of all issues of a paper together, as its newest version has them; papers in the
    order of the issues."""
    tallies: dict[tuple[str, str], _Tally] = {}
    for of in issues:
        for place, question in enumerate(of.paper.questions):
            key = of.issue.paper, question.question
            tally = tallies.get(key, _Tally(of.paper.body.name, question))
            answered = [each.answered[place] for each in of.final]
            there = [each for each in answered if is_answer(each.answer)]
            right = sum(is_right(each, of.paper.body.mode) for each in there)
            tallies[key] = tally._replace(
                right=tally.right + right, wrong=tally.wrong + len(there) - right
            )
    return tuple(_row(tally) for tally in tallies.values())


def _row(tally: _Tally) -> AnswerStatistics:
    name, text = tally.question.question, tally.question.body.text
    found = answer_row(name, tally.right, tally.wrong)
    return AnswerStatistics(
        tally.paper,
        name,
        text,
        found.answered,
        found.wrong,
        found.wrong_pct,
        found.right,
        found.right_pct,
    )
