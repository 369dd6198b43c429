"""What somebody wrote, without what means nothing: pure. Equal documents come out equal."""

from collections.abc import Iterable

from msgspec.structs import replace

from protocol.facts.document import (
    AnyBody,
    Paper,
    Question,
    TrainingContent,
    TrainingTask,
    TrainingType,
)
from protocol.facts.exam import QuestionType


def essential(body: AnyBody) -> AnyBody:
    """Without blanks around texts, empty keywords, and what does not count: of a task with ticked
    contents its type and number, of a choice the order in which its key was given."""
    match body:
        case TrainingType():
            return replace(body, name=body.name.strip(), remark=_text(body.remark))
        case TrainingContent():
            return _content(body)
        case TrainingTask():
            return _task(body)
        case Question():
            return _question(body)
        case Paper():
            return replace(
                body,
                name=body.name.strip(),
                category=body.category.strip(),
                remark=_text(body.remark),
            )


def _content(body: TrainingContent) -> TrainingContent:
    return replace(
        body,
        name=body.name.strip(),
        text=_lines(body.text).strip("\n"),
        keywords=_distinct(body.keywords),
        remark=_text(body.remark),
    )


def _task(body: TrainingTask) -> TrainingTask:
    if body.contents:
        body = replace(body, type="", count=0)
    rules = tuple(sorted(set(body.rules)))
    return replace(body, name=body.name.strip(), rules=rules, remark=_text(body.remark))


def _question(body: Question) -> Question:
    key = tuple(each.strip() for each in body.key)
    if body.type is QuestionType.MULTI:
        key = tuple(sorted(key))
    return replace(
        body,
        text=_text(body.text),
        category=body.category.strip(),
        options=tuple(each.strip() for each in body.options),
        key=key,
        remark=_text(body.remark),
    )


def _distinct(words: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(word.strip() for word in words if word.strip()))


def _text(text: str) -> str:
    return _lines(text).strip()


def _lines(text: str) -> str:
    return text.replace("\r\n", "\n")
