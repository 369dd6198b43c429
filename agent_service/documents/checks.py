"""Whether a document may stand as somebody wrote it: pure, but for what it asks of others."""

from collections.abc import Sequence
from typing import Protocol

from agent_service.documents.essential import essential
from agent_service.documents.question_checks import check_half_points, check_question
from agent_service.documents.row import StoredDocument, folded, kind
from agent_service.documents.text_checks import check_name, check_optional, check_text
from protocol.facts.document import (
    AnyBody,
    DocumentKind,
    Paper,
    Question,
    TrainingContent,
    TrainingTask,
    TrainingType,
)
from protocol.facts.exam import PaperItem
from protocol.wire.documents import (
    MAX_CONTENT,
    MAX_DAYS,
    MAX_ITEMS,
    MAX_KEYWORDS,
    MAX_NAME,
    MAX_REMARK,
    MAX_SECONDS,
    DocumentFault,
    DocumentField,
    bad_document,
)
from protocol.wire.errors import Code, Refused

_ALL = 100


class Known(Protocol):
    """What a document needs to know of the others that are there."""

    def find(self, document: str, /) -> StoredDocument | None:
        """One of them."""

    def is_taken(
        self, what: DocumentKind, name_key: str, parent: str | None, but: str = "", /
    ) -> bool:
        """Whether another one of a kind (and type) has a name."""

    def enabled_contents(self, type: str, /) -> int:
        """How many contents of a type may be given to people."""


def checked(body: AnyBody, known: Known, document: str = "") -> AnyBody:
    """What is to be kept of it; `document` is its own name. Raises `Refused` with `bad_document`
    or `n_exceeds_content`."""
    body = essential(body)
    match body:
        case TrainingType():
            pass
        case TrainingContent():
            _check_content(body, known)
        case TrainingTask():
            _check_task(body, known)
        case Question():
            check_question(body)
        case Paper():
            _check_paper(body, known)
    check_optional(DocumentField.REMARK, body.remark, MAX_REMARK)
    if not isinstance(body, Question):
        check_name(body.name)
        parent = body.type if isinstance(body, TrainingContent) else None
        if known.is_taken(kind(body), folded(body.name), parent, document):
            raise bad_document(DocumentField.NAME, DocumentFault.NAME_TAKEN)
    return body


def _check_content(body: TrainingContent, known: Known) -> None:
    _check_type(body.type, known)
    check_text(DocumentField.TEXT, body.text, MAX_CONTENT)
    if len(body.keywords) > MAX_KEYWORDS:
        raise bad_document(DocumentField.KEYWORDS, DocumentFault.TOO_MANY, MAX_KEYWORDS)
    for word in body.keywords:
        check_optional(DocumentField.KEYWORDS, word, MAX_NAME, lines=False)


def _check_type(type: str, known: Known) -> None:
    if not _is(type, DocumentKind.TRAINING_TYPE, known):
        raise bad_document(DocumentField.TYPE, DocumentFault.UNKNOWN_TYPE)


def _check_task(body: TrainingTask, known: Known) -> None:
    if not 0 <= body.min_seconds <= MAX_SECONDS:
        raise bad_document(DocumentField.MIN_SECONDS, DocumentFault.SECONDS)
    if not 0 <= body.due_days <= MAX_DAYS:
        raise bad_document(DocumentField.DUE_DAYS, DocumentFault.DAYS)
    if body.contents:
        _check_ticked(body.contents, known)
    else:
        _check_drawn(body, known)


def _check_ticked(contents: Sequence[str], known: Known) -> None:
    _check_list(DocumentField.CONTENTS, contents)
    if not all(_is(each, DocumentKind.TRAINING_CONTENT, known) for each in contents):
        raise bad_document(DocumentField.CONTENTS, DocumentFault.UNKNOWN_CONTENT)


def _check_drawn(body: TrainingTask, known: Known) -> None:
    _check_type(body.type, known)
    if not 0 < body.count <= MAX_ITEMS:
        raise bad_document(DocumentField.COUNT, DocumentFault.COUNT)
    there = known.enabled_contents(body.type)
    if body.count > there:
        raise Refused(Code.N_EXCEEDS_CONTENT, count=body.count, there=there)


def _check_paper(body: Paper, known: Known) -> None:
    check_optional(DocumentField.CATEGORY, body.category, MAX_NAME, lines=False)
    if not 0 <= body.pass_percent <= _ALL:
        raise bad_document(DocumentField.PASS_PERCENT, DocumentFault.SHARE)
    if not body.items:
        raise bad_document(DocumentField.ITEMS, DocumentFault.NO_ITEMS)
    _check_list(DocumentField.ITEMS, [item.question for item in body.items])
    for item in body.items:
        _check_item(item, known)
    _check_generated(body)


def _check_item(item: PaperItem, known: Known) -> None:
    check_half_points(DocumentField.ITEMS, item.half_points)
    question = known.find(item.question)
    of_kind = question is not None and question.what is DocumentKind.QUESTION
    if question is None or not of_kind or not 0 < item.version <= question.version:
        raise bad_document(DocumentField.ITEMS, DocumentFault.UNKNOWN_QUESTION)


def _check_generated(body: Paper) -> None:
    """What it was drawn by is told again: it is bounded, and nothing that a terminal obeys."""
    if body.generated is None:
        return
    wanted = body.generated.wanted
    if len(wanted) > MAX_ITEMS:
        raise bad_document(DocumentField.GENERATED, DocumentFault.TOO_MANY, MAX_ITEMS)
    said = [text for each in wanted for text in (each.category, each.difficulty)]
    for text in (body.generated.seed, *said):
        check_optional(DocumentField.GENERATED, text, MAX_NAME, lines=False)


def _check_list(field: DocumentField, documents: Sequence[str]) -> None:
    if len(documents) > MAX_ITEMS:
        raise bad_document(field, DocumentFault.TOO_MANY, MAX_ITEMS)
    if len(set(documents)) < len(documents):
        raise bad_document(field, DocumentFault.TWICE)


def _is(document: str, what: DocumentKind, known: Known) -> bool:
    row = known.find(document)
    return row is not None and row.what is what
