"""Whether a question can be asked, and its key be right: pure."""

from collections.abc import Sequence
from string import ascii_uppercase

from agent_service.documents.text_checks import check_optional, check_text
from protocol.facts.document import Question
from protocol.facts.exam import QuestionType
from protocol.wire.documents import (
    MAX_HALF_POINTS,
    MAX_NAME,
    MAX_OPTION,
    MAX_OPTIONS,
    MAX_QUESTION,
    DocumentFault,
    DocumentField,
    bad_document,
)

TRUE_FALSE = ("T", "F")
"""The keys of a question that is answered by yes or no."""
_CHOICES = (QuestionType.SINGLE, QuestionType.MULTI)


def check_question(body: Question) -> None:
    """Raises `Refused` with `bad_document`."""
    check_text(DocumentField.TEXT, body.text, MAX_QUESTION)
    check_optional(DocumentField.CATEGORY, body.category, MAX_NAME, lines=False)
    check_half_points(DocumentField.HALF_POINTS, body.half_points)
    _check_options(body)
    check_key(body, body.key)


def check_half_points(field: DocumentField, half_points: int) -> None:
    """From half a point on. Raises `Refused` with `bad_document`."""
    if not 0 < half_points <= MAX_HALF_POINTS:
        raise bad_document(field, DocumentFault.POINTS)


def check_key(body: Question, key: Sequence[str]) -> None:
    """Whether a key, its own or a corrected one, can be right. Raises `Refused` with
    `bad_document`."""
    if body.type is QuestionType.FILL_IN:
        for text in key:
            check_text(DocumentField.KEY, text, MAX_OPTION, lines=False)
    if not _is_key(body, key):
        raise bad_document(DocumentField.KEY, DocumentFault.KEY)


def _check_options(body: Question) -> None:
    for option in body.options:
        check_text(DocumentField.OPTIONS, option, MAX_OPTION)
    few, most = (2, MAX_OPTIONS) if body.type in _CHOICES else (0, 0)
    count = len(body.options)
    if not few <= count <= most or len(set(body.options)) < count:
        raise bad_document(DocumentField.OPTIONS, DocumentFault.OPTIONS)


def _is_key(body: Question, key: Sequence[str]) -> bool:
    distinct = len(set(key)) == len(key)
    named = distinct and set(key) <= set(ascii_uppercase[: len(body.options)])
    match body.type:
        case QuestionType.SINGLE:
            return named and len(key) == 1
        case QuestionType.MULTI:
            return named and len(key) > 0
        case QuestionType.TRUE_FALSE:
            return len(key) == 1 and key[0] in TRUE_FALSE
        case QuestionType.FILL_IN:
            return distinct and 0 < len(key) <= MAX_OPTIONS
        case QuestionType.ESSAY:
            return not key
