"""Documents, put into the ledger. Lives where the appender lives: all of it is called inside a
transaction of the writer's, checks first and records last."""

import sqlite3
from collections.abc import Callable, Iterable, Sequence

from agent_service.documents.checks import checked
from agent_service.documents.essential import essential
from agent_service.documents.projector import DocumentProjector
from agent_service.documents.removing import needed, one_kind_at_a_time
from agent_service.documents.row import StoredDocument, digest, encoded, kind
from agent_service.documents.scene import Scene
from agent_service.identity import name_of
from agent_service.ledger.append import Appender
from protocol.facts.document import (
    AnyBody,
    DocumentEnabled,
    DocumentKind,
    DocumentPublished,
    DocumentRemoved,
)
from protocol.wire.errors import Code, Refused

_SHOWN = 64

Issued = Callable[[sqlite3.Connection, str], bool]
"""Whether a paper was given to people and the time for it is not over."""
Outcome = tuple[tuple[str, ...], dict[str, Code]]
"""The documents that it was done to, and why not to the others."""


def never_issued(connection: sqlite3.Connection, paper: str) -> bool:
    """Where nothing is issued."""
    return False


class DocumentRegister:
    """Documents as the transaction sees them."""

    def __init__(
        self, appender: Appender, documents: DocumentProjector, issued: Issued = never_issued
    ) -> None:
        """`issued`: what a paper may not be removed for."""
        self._appender = appender
        self._documents = documents
        self._issued = issued

    def publish(
        self, connection: sqlite3.Connection, name: str, body: AnyBody, actor: str
    ) -> StoredDocument:
        """A new document, or the one that has this name already. Raises `Refused` as `checked`
        does."""
        row = self._documents.find(connection, name)
        if row is None:
            scene = Scene(connection, self._documents)
            self._appender.record(connection, _first(scene, name, body, actor))
        return self._found(connection, name)

    def revise(
        self, connection: sqlite3.Connection, name: str, base: int, body: AnyBody, actor: str
    ) -> StoredDocument:
        """Another version of a document, if it says anything else than it does already. Raises
        `Refused` with `unknown_document`, `document_changed`, or as `checked` does."""
        scene = Scene(connection, self._documents)
        row = scene.find(name)
        if row is None or row.what is not kind(body):
            raise _unknown(name)
        if encoded(essential(body)) == row.body:
            return row
        if base != row.version:
            raise Refused(Code.DOCUMENT_CHANGED)
        body = checked(body, scene, name)
        self._appender.record(
            connection,
            DocumentPublished(name, row.version + 1, row.number, body, actor, digest(body)),
        )
        return self._found(connection, name)

    def publish_all(
        self, connection: sqlite3.Connection, bodies: Sequence[AnyBody], actor: str, key: str
    ) -> list[StoredDocument]:
        """New documents, all or none; they may refer to those before them by `name_in`. The same
        ones again under the same key are there already. Raises `Refused` as `checked` does."""
        scene = Scene(connection, self._documents)
        names = [name_in(actor, key, place) for place in range(len(bodies))]
        new: list[DocumentPublished] = []
        for name, body in zip(names, bodies, strict=True):
            if self._documents.find(connection, name) is None:
                fact = _first(scene, name, body, actor)
                scene.add(fact)
                new.append(fact)
        for fact in new:
            self._appender.record(connection, fact)
        return [self._found(connection, name) for name in names]

    def faults(
        self, connection: sqlite3.Connection, bodies: Sequence[AnyBody], actor: str, key: str
    ) -> list[tuple[int, Refused]]:
        """Everything for which `publish_all` would refuse, by the place of the document. Nothing
        is published."""
        scene = Scene(connection, self._documents)
        found = []
        for place, body in enumerate(bodies):
            name = name_in(actor, key, place)
            if self._documents.find(connection, name) is not None:
                continue
            try:
                scene.add(_first(scene, name, body, actor))
            except Refused as refused:
                found.append((place, refused))
        return found

    def enable(
        self, connection: sqlite3.Connection, names: Iterable[str], enabled: bool, actor: str
    ) -> Outcome:
        """They may be used, or no more. One that is so already stays as it is."""
        done, kept = [], {}
        for name in dict.fromkeys(names):
            row = self._documents.find(connection, name)
            if row is None or row.removed:
                kept[name] = Code.UNKNOWN_DOCUMENT
                continue
            if row.enabled is not enabled:
                self._appender.record(connection, DocumentEnabled(name, enabled, actor))
            done.append(name)
        return tuple(done), kept

    def remove(self, connection: sqlite3.Connection, names: Sequence[str], actor: str) -> Outcome:
        """They are in no list any more, but for those that others need: of the ones that go
        together, those that need others go first."""
        rows = {name: self._documents.find(connection, name) for name in names}
        kept = {name: Code.UNKNOWN_DOCUMENT for name, row in rows.items() if row is None}
        there = [row for row in rows.values() if row is not None and not row.removed]
        for what, some in one_kind_at_a_time(there):
            stay = needed(Scene(connection, self._documents), what)
            for row in some:
                issued = what is DocumentKind.PAPER and self._issued(connection, row.document)
                if issued or row.document in stay:
                    kept[row.document] = Code.DOCUMENT_USED
                else:
                    self._appender.record(connection, DocumentRemoved(row.document, actor))
        return tuple(name for name in rows if name not in kept), kept

    def _found(self, connection: sqlite3.Connection, name: str) -> StoredDocument:
        row = self._documents.find(connection, name)
        if row is None:
            raise _unknown(name)
        return row


def name_in(actor: str, key: str, place: int) -> str:
    """What `publish_all` calls the document at a place, counted from 0."""
    return name_of(actor, key, str(place))


def _first(scene: Scene, name: str, body: AnyBody, actor: str) -> DocumentPublished:
    body = checked(body, scene)
    number = scene.next_number(kind(body))
    return DocumentPublished(name, 1, number, body, actor, digest(body))


def _unknown(name: str) -> Refused:
    return Refused(Code.UNKNOWN_DOCUMENT, document=name[:_SHOWN])
