"""What the answers of a sitting are worth (domain §6). Pure and exact: points are fractions, which
are rounded where they are shown."""

import unicodedata
from collections.abc import Callable, Iterable, Mapping
from enum import StrEnum
from fractions import Fraction

import msgspec

from protocol.facts.exam import MultiMode, QuestionType, SittingKind

_HALF = Fraction(1, 2)


class ResultStatus(StrEnum):
    """Whether a result still waits for somebody who marks essays."""

    FINAL = "FINAL"
    AWAITING_MARKING = "AWAITING_MARKING"


class Answered(msgspec.Struct, frozen=True):
    """A question with what was answered to it."""

    type: QuestionType
    points: Fraction
    key: tuple[str, ...] = ()
    """The right option, all right options, or the texts that are right; of an essay none."""
    answer: tuple[str, ...] = ()
    """The options that were chosen, or one text; empty: not answered."""
    mark: Fraction | None = None
    """Of an essay; None: not marked."""


class Result(msgspec.Struct, frozen=True):
    """Of a sitting."""

    scores: tuple[Fraction | None, ...]
    """By question; None: an essay that nobody has marked."""
    reached: Fraction
    """The sum of those that are known."""
    most: Fraction
    status: ResultStatus

    @property
    def final(self) -> Fraction | None:
        """None before all is marked."""
        return self.reached if self.status is ResultStatus.FINAL else None


def result(questions: Iterable[Answered], mode: MultiMode) -> Result:
    """What the questions give together."""
    asked = list(questions)
    scores = tuple(score(each, mode) for each in asked)
    known = [each for each in scores if each is not None]
    waits = len(known) < len(scores)
    return Result(
        scores,
        sum(known, Fraction()),
        sum((each.points for each in asked), Fraction()),
        ResultStatus.AWAITING_MARKING if waits else ResultStatus.FINAL,
    )


def counts(kind: SittingKind, status: ResultStatus) -> bool:
    """Whether a result is in statistics: of a mock exam none ever is."""
    return kind is SittingKind.FORMAL and status is ResultStatus.FINAL


def is_mark(mark: Fraction, points: Fraction) -> bool:
    """Whether an essay can have it: from nothing to all points, in halves."""
    return 0 <= mark <= points and (mark / _HALF).denominator == 1


def score(question: Answered, mode: MultiMode) -> Fraction | None:
    """What one question gives; None: an essay that nobody has marked. Not answered is wrong."""
    match question.type:
        case QuestionType.ESSAY:
            return question.mark
        case QuestionType.MULTI:
            return question.points * _PARTS[mode](frozenset(question.answer), question.key)
        case QuestionType.FILL_IN:
            right = {_folded(each) for each in question.key}
            is_right = any(_folded(each) in right for each in question.answer if _folded(each))
        case _:
            is_right = bool(question.answer) and question.answer == question.key
    return question.points if is_right else Fraction()


def _folded(text: str) -> str:
    """Without what nobody means: width, case, and blanks around and between."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def _all_or_nothing(chosen: frozenset[str], key: tuple[str, ...]) -> Fraction:
    return Fraction(bool(chosen) and chosen == frozenset(key))


def _half_if_missing(chosen: frozenset[str], key: tuple[str, ...]) -> Fraction:
    right = frozenset(key)
    if not chosen or not chosen <= right:
        return Fraction()
    return Fraction(1) if chosen == right else _HALF


def _per_option(chosen: frozenset[str], key: tuple[str, ...]) -> Fraction:
    """Each right option its part, each wrong one takes a part away; never below nothing."""
    right = frozenset(key)
    if not right:
        return Fraction()
    return max(Fraction(), Fraction(len(chosen & right) - len(chosen - right), len(right)))


_PARTS: Mapping[MultiMode, Callable[[frozenset[str], tuple[str, ...]], Fraction]] = {
    MultiMode.ALL_OR_NOTHING: _all_or_nothing,
    MultiMode.HALF_IF_MISSING: _half_if_missing,
    MultiMode.PER_OPTION: _per_option,
}
