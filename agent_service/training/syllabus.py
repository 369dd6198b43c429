"""What a task has somebody study, as its documents are at this point of a transaction."""

import sqlite3

import msgspec

from agent_service.documents import store
from agent_service.documents.projector import DocumentProjector
from agent_service.documents.row import StoredDocument
from agent_service.training.draw import draw
from protocol.facts.document import DocumentKind, TrainingTask
from protocol.facts.training import TrainingItem
from protocol.wire.errors import Code, Refused

_SHOWN = 64


class Syllabus(msgspec.Struct, frozen=True):
    """A task in its present version."""

    task: str
    version: int
    body: TrainingTask
    contents: tuple[TrainingItem, ...]
    """What it is drawn from, or all of it where contents were ticked."""

    def items(self, agent: str, assignment: str) -> tuple[TrainingItem, ...]:
        """What somebody gets: the same for the same assignment."""
        if self.body.contents:
            return self.contents
        named = {each.content: each for each in self.contents}
        seed = f"{self.task}:{agent}:{assignment}"
        return tuple(named[str(each)] for each in draw(named, self.body.count, seed))

    def due_ms(self, now_ms: int) -> int | None:
        """Until when it has to be done where no date is given; null: whenever."""
        return now_ms + self.body.due_days * 86_400_000 if self.body.due_days else None


def syllabus(
    connection: sqlite3.Connection,
    documents: DocumentProjector,
    task: str,
    given: tuple[TrainingItem, ...] = (),
) -> Syllabus:
    """`given`: contents in place of the task's own, whatever became of those. Raises `Refused`
    with `unknown_document`, `document_disabled` or `n_exceeds_content`."""
    row = documents.find(connection, task)
    body = None if row is None else row.read()
    if row is None or row.removed or not isinstance(body, TrainingTask):
        raise Refused(Code.UNKNOWN_DOCUMENT, document=task[:_SHOWN])
    if not row.enabled:
        raise Refused(Code.DOCUMENT_DISABLED, name=row.name)
    if given:
        contents = given
    elif body.contents:
        contents = tuple(_ticked(connection, documents, each) for each in body.contents)
    else:
        found = store.enabled_contents(connection, body.type)
        contents = tuple(TrainingItem(name, version) for name, version in found)
        if body.count > len(contents):
            raise Refused(Code.N_EXCEEDS_CONTENT, count=body.count, there=len(contents))
    return Syllabus(task, row.version, body, contents)


def present(
    connection: sqlite3.Connection, documents: DocumentProjector, content: str
) -> StoredDocument | None:
    """A content that may be given to people."""
    row = documents.find(connection, content)
    if row is None or row.what is not DocumentKind.TRAINING_CONTENT:
        return None
    return row if row.enabled and not row.removed else None


def _ticked(
    connection: sqlite3.Connection, documents: DocumentProjector, content: str
) -> TrainingItem:
    row = present(connection, documents, content)
    if row is None:
        known = documents.find(connection, content)
        raise Refused(Code.DOCUMENT_DISABLED, name=content if known is None else known.name)
    return TrainingItem(content, row.version)
