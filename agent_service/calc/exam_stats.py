"""The figure `exam_stats`: JSON in, the rule `agent_service.exams.statistics`, JSON out."""

from typing import Annotated

import msgspec
from msgspec import Meta

from agent_service.calc.input import decode, decoder
from agent_service.exams.statistics import AnswerRow, answer_row

_Count = Annotated[int, Meta(ge=0, le=(1 << 53) - 1)]


class _Question(msgspec.Struct, frozen=True):
    question: str
    right: _Count
    wrong: _Count


class Input(msgspec.Struct, frozen=True):
    """What is given: how many answered a question rightly and wrongly in sittings that count."""

    questions: tuple[_Question, ...]


class _Output(msgspec.Struct, frozen=True):
    rows: tuple[AnswerRow, ...]


_decoder = decoder(Input)


def figure(given: bytes) -> _Output:
    """The figure of one input. Raises `BadInput`."""
    asked = decode(_decoder, given).questions
    return _Output(tuple(answer_row(each.question, each.right, each.wrong) for each in asked))
