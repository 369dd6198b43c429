"""The figure `exam_score`: JSON in, the rule `agent_service.exams.scoring`, JSON out."""

from decimal import Decimal
from fractions import Fraction
from typing import Annotated

import msgspec
from msgspec import Meta

from agent_service.calc.input import bad_input, decode, decoder
from agent_service.exams.scoring import Answered, ResultStatus, counts, is_mark, result
from protocol.facts.exam import MultiMode, QuestionType, SittingKind
from protocol.rules.rounding import rounded

_MOST = 1_000_000
"""Points of one question."""


class _Question(msgspec.Struct, frozen=True):
    type: QuestionType
    points: Decimal
    key: str | tuple[str, ...] = ()
    answer: str | tuple[str, ...] | None = None
    mark: Decimal | None = None


class Input(msgspec.Struct, frozen=True):
    """What is given. Options are letters: of several right ones a text such as `ABC`."""

    questions: Annotated[tuple[_Question, ...], Meta(max_length=10_000)]
    kind: SittingKind = SittingKind.FORMAL
    multi_mode: MultiMode = MultiMode.ALL_OR_NOTHING


class _Output(msgspec.Struct, frozen=True):
    scores: tuple[float | None, ...]
    objective_plus_marked: float
    max: float
    status: ResultStatus
    final: float | None
    counts_in_statistics: bool


_decoder = decoder(Input)


def figure(given: bytes) -> _Output:
    """The figure of one input. Raises `BadInput`."""
    read = decode(_decoder, given)
    questions = [_answered(number, each) for number, each in enumerate(read.questions)]
    found = result(questions, read.multi_mode)
    return _Output(
        tuple(None if each is None else rounded(each) for each in found.scores),
        rounded(found.reached),
        rounded(found.most),
        found.status,
        None if found.final is None else rounded(found.final),
        counts(read.kind, found.status),
    )


def _answered(number: int, given: _Question) -> Answered:
    place = f"$.questions[{number}]"
    points = _points(f"{place}.points", given.points)
    key = _parts(given.type, given.key)
    if bool(key) is (given.type is QuestionType.ESSAY):
        raise bad_input(f"{place}.key", str(given.type))
    mark = None
    if given.mark is not None:
        mark = _points(f"{place}.mark", given.mark)
        if given.type is not QuestionType.ESSAY or not is_mark(mark, points):
            raise bad_input(f"{place}.mark", str(given.mark))
    return Answered(given.type, points, key, _parts(given.type, given.answer or ()), mark)


def _points(place: str, given: Decimal) -> Fraction:
    if not given.is_finite() or not 0 <= given <= _MOST:
        raise bad_input(place, str(given))
    return Fraction(given)


def _parts(kind: QuestionType, given: str | tuple[str, ...]) -> tuple[str, ...]:
    """The options of a choice of several, which may stand in one text; else the text as a whole."""
    if not isinstance(given, str):
        return given
    if kind is QuestionType.MULTI:
        return tuple(given)
    return (given,) if given else ()
