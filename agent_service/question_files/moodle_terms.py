"""What Moodle's own formats have in common: categories, weights of answers, and wildcards."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from agent_service.question_files.option_names import names_of
from protocol.facts.document import Question
from protocol.facts.exam import QuestionType
from protocol.wire.errors import Code, Refused

WHOLE = 100.0
"""Percent that an answer gives which is right by itself."""
_NEAR = 1.0
"""Percent: parts such as 33.33 are rounded."""
_TOP = "$course$/top"
_ABOVE = re.compile(r"(\$[a-z0-9]+\$(/|$))?(top(/|$))?")
_STEP = re.compile(r"((?://|[^/])*)(?:/|$)")
_WILDCARD = re.compile(r"(?<!\\)\*")
_SHOWN = 64


class Weighed(NamedTuple):
    """An answer, and how many percent of the points it gives."""

    text: str
    percent: float


def choice(text: str, answers: Sequence[Weighed], *, several: bool) -> Question:
    """A question with options. Raises `Refused` with `answer_weights` or `several_right`."""
    right = [answer.percent > 0 for answer in answers]
    _check_weights([answer.percent for answer in answers if answer.percent > 0], several)
    return Question(
        text,
        QuestionType.MULTI if several else QuestionType.SINGLE,
        options=tuple(answer.text for answer in answers),
        key=names_of(right),
    )


def _check_weights(weights: Sequence[float], several: bool) -> None:
    part = WHOLE / len(weights) if several and weights else WHOLE
    if any(abs(weight - part) > _NEAR for weight in weights):
        raise Refused(Code.ANSWER_WEIGHTS)
    if not several and len(weights) > 1:
        raise Refused(Code.SEVERAL_RIGHT)


def fill_in(text: str, answers: Sequence[Weighed]) -> Question:
    """A question that wants a text. Raises `Refused` with `answer_weights` or
    `wildcard_answer`."""
    if any(0 < answer.percent < WHOLE - _NEAR for answer in answers):
        raise Refused(Code.ANSWER_WEIGHTS)
    right = (_exact(answer.text) for answer in answers if answer.percent > 0)
    return Question(text, QuestionType.FILL_IN, key=tuple(dict.fromkeys(right)))


def _exact(answer: str) -> str:
    if _WILDCARD.search(answer):
        raise Refused(Code.WILDCARD_ANSWER, text=answer[:_SHOWN])
    return answer.replace(r"\*", "*")


def as_answer(key: str) -> str:
    """A right text as Moodle takes it for itself."""
    return key.replace("*", r"\*")


def parts(question: Question) -> tuple[float, float]:
    """Percent that a right option of several gives, and that a wrong one takes."""
    right = len(question.key)
    wrong = len(question.options) - right
    return WHOLE / right, -WHOLE / wrong if wrong else 0.0


def percent(share: float) -> str:
    """As exactly as Moodle knows it: `50`, `33.33333`."""
    return f"{share:.5f}".rstrip("0").rstrip(".")


def read_category(path: str) -> str:
    """The category of a path such as `$course$/top/Fees`."""
    below = _ABOVE.sub("", path.strip(), count=1)
    return "/".join(step.replace("//", "/").strip() for step in _STEP.findall(below)[:-1])


def written_category(category: str) -> str:
    """The path of a category; of none, the top."""
    return f"{_TOP}/{category.replace('/', '//')}" if category else _TOP


def title(question: Question) -> str:
    """What Moodle lists a question by: the beginning of its text."""
    return " ".join(question.text.split())[:_SHOWN]
