"""Documents: writing, listing, enabling and removing them. Whoever teaches may."""

from enum import StrEnum

import msgspec

from protocol.facts.base import Instant, Int64
from protocol.facts.document import AnyBody, DocumentKind
from protocol.wire.errors import Code, Refused
from protocol.wire.session import FromSeat, FromService

PAGE = 50
"""Rows of a page."""
MAX_NAME = 200
MAX_CONTENT = 60_000
"""Characters of a content's text."""
MAX_QUESTION = 4_000
MAX_REMARK = 1_000
MAX_OPTIONS = 10
MAX_OPTION = 500
"""Characters of an option, or of a text that is right."""
MAX_KEYWORDS = 20
MAX_SECONDS = 86_400
MAX_DAYS = 366
MAX_HALF_POINTS = 2_000
MAX_ITEMS = 200
"""Contents of a task, questions of a paper."""
MAX_AT_ONCE = 500
"""Documents, or people, in one request."""


class DocumentRow(msgspec.Struct, frozen=True):
    """A document in a list, as it stands."""

    document: str
    number: Int64
    version: Int64
    enabled: bool
    body: AnyBody
    """In lists the long text of a content is left out (empty); so is, where a page would not fit
    into a frame, whatever else is long. `GetDocument` has it whole."""
    author: str
    """Staff number, or `operator` of the command line."""
    created_ms: Instant
    changed_by: str
    changed_ms: Instant
    parent: str = ""
    """The name of the type that it belongs to."""
    used: Int64 = 0
    """Of a type: its enabled contents."""


class DocumentFault(StrEnum):
    """What is wrong with what somebody wrote."""

    NAME_MISSING = "name_missing"
    NAME_TAKEN = "name_taken"
    """Another of its kind (and type) has it."""
    TEXT_MISSING = "text_missing"
    TOO_LONG = "too_long"
    TOO_MANY = "too_many"
    UNREADABLE = "unreadable"
    UNKNOWN_TYPE = "unknown_type"
    COUNT = "count"
    """Fewer contents of the type are enabled (`N_EXCEEDS_CONTENT`), or none is asked for."""
    UNKNOWN_CONTENT = "unknown_content"
    SECONDS = "seconds"
    """Of 0 to 86,400."""
    DAYS = "days"
    """Of 0 to 366."""
    OPTIONS = "options"
    """A choice needs two to `MAX_OPTIONS` that differ; nothing else has any."""
    KEY = "key"
    """No key, or one that names no option."""
    POINTS = "points"
    """From half a point to 1,000, in halves."""
    UNKNOWN_QUESTION = "unknown_question"
    TWICE = "twice"
    """A question, or content, that is in it twice."""
    NO_ITEMS = "no_items"
    SHARE = "share"
    """Of 0 to 100 percent."""


class DocumentField(StrEnum):
    """Where in a document it is wrong."""

    NAME = "name"
    TEXT = "text"
    TYPE = "type"
    KEYWORDS = "keywords"
    REMARK = "remark"
    COUNT = "count"
    CONTENTS = "contents"
    MIN_SECONDS = "min_seconds"
    DUE_DAYS = "due_days"
    CATEGORY = "category"
    HALF_POINTS = "half_points"
    OPTIONS = "options"
    KEY = "key"
    ITEMS = "items"
    PASS_PERCENT = "pass_percent"  # noqa: S105 - a field, not a secret
    GENERATED = "generated"


def bad_document(field: DocumentField, fault: DocumentFault, most: int = 0) -> Refused:
    """The refusal that says what is wrong. `most`: how long it may be, or how many there may be;
    only said of what is too long or too many."""
    return Refused(Code.BAD_DOCUMENT, field=field.value, fault=fault.value, most=most)


class PutDocument(FromSeat, frozen=True):
    """A new document (`document` empty), or another version of one. Answered by
    `DocumentStands`. Refused with `bad_document` (`fault`, `field`), `n_exceeds_content`,
    `unknown_document`, `document_changed` (somebody else's version is newer than `base`),
    `not_permitted`."""

    id: Int64
    key: str
    body: AnyBody
    document: str = ""
    base: Int64 = 0


class DocumentStands(FromService, frozen=True):
    """As it stands now, its text whole."""

    re: Int64
    row: DocumentRow


class EnableDocuments(FromSeat, frozen=True):
    """Answered by `DocumentsDone`. Those that can't be are kept as they are, with the reason."""

    id: Int64
    documents: tuple[str, ...]
    enabled: bool


class RemoveDocuments(FromSeat, frozen=True):
    """They are in no list any more; what was made with them stays. A type with contents or tasks
    is kept (`document_used`). Answered by `DocumentsDone`."""

    id: Int64
    documents: tuple[str, ...]


class DocumentsDone(FromService, frozen=True):
    """What became of them."""

    re: Int64
    done: tuple[str, ...]
    kept: dict[str, Code]


class DocumentOrder(StrEnum):
    """How a list is sorted."""

    PLACE = "place"
    """By the place that its author gave it, then by number."""
    NUMBER = "number"
    """The newest first."""
    NAME = "name"
    CHANGED = "changed"
    """The last change first."""


class GetDocuments(FromSeat, frozen=True):
    """A page of those that are not removed. `search`: every word is in the name or text or the
    keywords. `parent`: the document of a type, or the category of a question or paper. Answered
    by `Documents`."""

    id: Int64
    what: DocumentKind
    search: str = ""
    parent: str = ""
    question_type: str = ""
    difficulty: str = ""
    enabled_only: bool = False
    order: DocumentOrder = DocumentOrder.PLACE
    page: Int64 = 1
    """From 1; a page behind the last is the last."""


class Documents(FromService, frozen=True):
    """One page."""

    re: Int64
    rows: tuple[DocumentRow, ...]
    page: Int64
    pages: Int64
    """1 at least."""
    total: Int64
    names: dict[str, str]
    """Of the people in it, by staff number."""
    parents: dict[str, str]
    """All that a row may belong to, to filter by: types by document, categories by themselves."""


class GetDocument(FromSeat, frozen=True):
    """One, whole. `version` 0 is the present one; another is there also of a removed document.
    Answered by `DocumentStands`."""

    id: Int64
    document: str
    version: Int64 = 0
