"""Which documents others need, so that they can't be removed before them."""

from collections.abc import Iterable, Iterator
from itertools import groupby

from agent_service.documents.row import StoredDocument
from agent_service.documents.scene import Scene
from protocol.facts.document import AnyBody, DocumentKind, Paper, TrainingContent, TrainingTask

_NEEDED_BY = {
    DocumentKind.TRAINING_TASK: (),
    DocumentKind.PAPER: (),
    DocumentKind.TRAINING_CONTENT: (DocumentKind.TRAINING_TASK,),
    DocumentKind.QUESTION: (DocumentKind.PAPER,),
    DocumentKind.TRAINING_TYPE: (DocumentKind.TRAINING_CONTENT, DocumentKind.TRAINING_TASK),
}
"""By the kind of a document, the kinds that may mention it: these come before it."""
_ORDER = list(_NEEDED_BY)


def one_kind_at_a_time(
    rows: Iterable[StoredDocument],
) -> Iterator[tuple[DocumentKind, list[StoredDocument]]]:
    """In the order in which they can go: those that need others first."""
    ordered = sorted(rows, key=lambda row: _ORDER.index(row.what))
    for what, some in groupby(ordered, key=lambda row: row.what):
        yield what, list(some)


def needed(scene: Scene, what: DocumentKind) -> set[str]:
    """What documents that are there mention of a kind."""
    rows = (row for other in _NEEDED_BY[what] for row in scene.by_kind(other))
    return {document for row in rows for document in _mentioned(row.read())}


def _mentioned(body: AnyBody) -> tuple[str, ...]:
    match body:
        case TrainingContent():
            return (body.type,)
        case TrainingTask():
            return (body.type, *body.contents)
        case Paper():
            return tuple(item.question for item in body.items)
        case _:
            return ()
