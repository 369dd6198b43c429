"""A document as it stands, and each version that it has had: pure."""

import unicodedata
from hashlib import sha256

import msgspec
from msgspec.structs import replace

from agent_service.ledger.chain import Entry
from protocol.facts.document import (
    AnyBody,
    DocumentEnabled,
    DocumentKind,
    DocumentPublished,
    DocumentRemoved,
    Paper,
    Question,
    TrainingContent,
    TrainingTask,
    TrainingType,
)
from protocol.wire.documents import DocumentRow

_body: msgspec.json.Decoder[AnyBody] = msgspec.json.Decoder(AnyBody)
_TO_BE_ENABLED = (Question, Paper)
"""What may only be used once somebody has said so."""
_SHOWN = 200
"""Characters of a question's text that stand for its name."""


class StoredDocument(msgspec.Struct, frozen=True, gc=False):
    """One document, its fields in the order of the table's columns: the long ones last, since
    whatever stands behind them is slow to reach."""

    document: str
    what: DocumentKind
    number: int
    version: int
    enabled: bool
    removed: bool
    name: str
    """Of a question, the beginning of its text."""
    name_key: str
    """The name as it is compared: without width and case."""
    parent: str
    """The document of a type; of a question or paper its category."""
    place: int
    question_type: str
    """Of a question; else empty, as is its difficulty."""
    difficulty: str
    author: str
    created_ms: int
    changed_by: str
    changed_ms: int
    began: int
    """The entry by which it was first published …"""
    position: int
    """… and the last one that changed this row."""
    sought: str
    """What a search looks at, folded."""
    body: str
    """As JSON."""

    def read(self) -> AnyBody:
        """What it says."""
        return _body.decode(self.body)

    def told(self, parent: str = "", used: int = 0) -> DocumentRow:
        """As people are told of it: with the name of the type that it belongs to, and, of a type,
        how many enabled contents it has."""
        return DocumentRow(
            self.document,
            self.number,
            self.version,
            self.enabled,
            self.read(),
            self.author,
            self.created_ms,
            self.changed_by,
            self.changed_ms,
            parent,
            used,
        )


class StoredVersion(msgspec.Struct, frozen=True, gc=False):
    """One version of a document, its fields in the order of the table's columns."""

    document: str
    version: int
    body: str
    """As JSON."""
    digest: str
    actor: str
    at_ms: int
    position: int

    def read(self) -> AnyBody:
        """What it says."""
        return _body.decode(self.body)


def encoded(body: AnyBody) -> str:
    """A body as JSON: the same for the same body."""
    return msgspec.json.encode(body).decode()


def digest(body: AnyBody) -> str:
    """SHA-256 of a body, hexadecimal."""
    return sha256(encoded(body).encode()).hexdigest()


def kind(body: AnyBody) -> DocumentKind:
    """What a body is of."""
    return DocumentKind(str(body.__struct_config__.tag))


def folded(text: str) -> str:
    """Without what nobody means when they search or compare: width and case."""
    return unicodedata.normalize("NFKC", text).casefold()


def name_of(body: AnyBody) -> str:
    """What it is called in lists."""
    return body.text[:_SHOWN] if isinstance(body, Question) else body.name


def parent_of(body: AnyBody) -> str:
    """What it is sorted under: the document of its type, else its category."""
    match body:
        case TrainingContent() | TrainingTask():
            return body.type
        case Question() | Paper():
            return body.category
        case TrainingType():
            return ""


def published(
    row: StoredDocument | None, fact: DocumentPublished, at_ms: int, position: int
) -> StoredDocument:
    """The document with another version, or a new one. It stays enabled or not as it was."""
    body = fact.body
    new = StoredDocument(
        fact.document,
        kind(body),
        fact.number,
        fact.version,
        not isinstance(body, _TO_BE_ENABLED),
        False,
        name_of(body),
        folded(name_of(body)),
        parent_of(body),
        getattr(body, "place", 0),
        body.type.value if isinstance(body, Question) else "",
        body.difficulty.value if isinstance(body, Question) else "",
        fact.actor,
        at_ms,
        fact.actor,
        at_ms,
        position,
        position,
        folded("\n".join(_searched(body))),
        encoded(body),
    )
    if row is None:
        return new
    return replace(
        new,
        enabled=row.enabled,
        removed=row.removed,
        author=row.author,
        created_ms=row.created_ms,
        began=row.began,
    )


def changed(
    row: StoredDocument, entry: Entry, fact: DocumentEnabled | DocumentRemoved
) -> StoredDocument:
    """The document after a fact."""
    row = replace(row, changed_by=fact.actor, changed_ms=entry.received_ms, position=entry.position)
    if isinstance(fact, DocumentEnabled):
        return replace(row, enabled=fact.enabled)
    return replace(row, removed=True)


def version_of(entry: Entry, fact: DocumentPublished) -> StoredVersion:
    """The version that a fact tells of."""
    return StoredVersion(
        fact.document,
        fact.version,
        encoded(fact.body),
        fact.digest,
        fact.actor,
        entry.received_ms,
        entry.position,
    )


def _searched(body: AnyBody) -> tuple[str, ...]:
    match body:
        case Question():
            return (body.text,)
        case TrainingContent():
            return (body.name, body.text, *body.keywords)
        case _:
            return (body.name,)
