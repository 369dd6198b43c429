"""Which of the questions that were read the bank does not have yet."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from agent_service.accounts.staff_sheet import Fault
from agent_service.documents.checks import checked
from agent_service.documents.scene import Scene
from agent_service.question_files.reading import Placed
from protocol.facts.document import AnyBody, DocumentKind, Question
from protocol.facts.exam import QuestionType
from protocol.wire.errors import Code, Refused

_Asked = tuple[QuestionType, str, str, tuple[str, ...]]


class Plan(NamedTuple):
    """What comes of them."""

    new: Sequence[Question]
    passed: int
    """So many are there already."""
    faults: Sequence[Fault]
    """Those that can't be kept."""
    notes: Sequence[Fault]
    """Those that are there with another key."""


def plan(scene: Scene, placed: Iterable[Placed]) -> Plan:
    """Questions are the same that ask the same in one category, and offer the same options."""
    keys: dict[_Asked, tuple[str, ...]] = {}
    for question in bank(scene):
        keys[_asked(question)] = question.key
    new: list[Question] = []
    faults: list[Fault] = []
    notes: list[Fault] = []
    passed = 0
    for each in placed:
        try:
            question = _question(checked(each.question, scene))
        except Refused as refused:
            faults.append(Fault(each.line, "", refused.code, refused.params))
            continue
        asked = _asked(question)
        if asked not in keys:
            keys[asked] = question.key
            new.append(question)
            continue
        passed += 1
        if keys[asked] != question.key:
            notes.append(Fault(each.line, "", Code.KEY_DIFFERS, {}))
    return Plan(new, passed, faults, notes)


def bank(scene: Scene) -> list[Question]:
    """Every question that is there, in the order of their numbers."""
    rows = sorted(scene.by_kind(DocumentKind.QUESTION), key=lambda row: row.number)
    return [_question(row.read()) for row in rows]


def _question(body: AnyBody) -> Question:
    assert isinstance(body, Question), "what a document is of never changes"
    return body


def _asked(question: Question) -> _Asked:
    return question.type, question.category, question.text, question.options
