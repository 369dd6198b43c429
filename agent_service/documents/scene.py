"""Documents as a transaction sees them: what is stored, what its group has changed, and what is
about to be published with them."""

import sqlite3

from agent_service.documents import store
from agent_service.documents.projector import DocumentProjector
from agent_service.documents.row import StoredDocument, published
from protocol.facts.document import DocumentKind, DocumentPublished


class Scene:
    """Made for one act. Removed documents are not in it."""

    def __init__(self, connection: sqlite3.Connection, documents: DocumentProjector) -> None:
        self._connection = connection
        self._documents = documents
        self._new: dict[str, StoredDocument] = {}
        """Those of which the table knows nothing yet, or what is not so any more."""
        self._named: dict[tuple[DocumentKind, str], set[str]] = {}
        self._last: dict[DocumentKind, int] = {}
        for row in documents.unstored(connection).values():
            self._put(row)

    def add(self, fact: DocumentPublished) -> None:
        """What is about to be published: others may refer to it."""
        self._put(published(self._any(fact.document), fact, at_ms=0, position=0))

    def find(self, document: str) -> StoredDocument | None:
        """One that is there."""
        row = self._any(document)
        return None if row is None or row.removed else row

    def is_taken(
        self, what: DocumentKind, name_key: str, parent: str | None, but: str = ""
    ) -> bool:
        """Whether another document of a kind (and type) has a name."""
        stored = store.named(self._connection, what, name_key, parent)
        new = (self._new[document] for document in self._named.get((what, name_key), ()))
        found = {document for document in stored if document not in self._new}
        found |= {
            row.document
            for row in new
            if not row.removed and row.name_key == name_key and parent in (None, row.parent)
        }
        return bool(found - {but})

    def enabled_contents(self, type: str) -> int:
        """How many contents of a type may be given to people."""
        stored = store.enabled_contents(self._connection, type)
        return sum(document not in self._new for document, _ in stored) + sum(
            row.enabled and not row.removed and row.parent == type
            for row in self._new.values()
            if row.what is DocumentKind.TRAINING_CONTENT
        )

    def by_kind(self, what: DocumentKind) -> list[StoredDocument]:
        """All of a kind, in no order."""
        stored = store.by_kind(self._connection, what)
        new = [row for row in self._new.values() if row.what is what and not row.removed]
        return [row for row in stored if row.document not in self._new] + new

    def next_number(self, what: DocumentKind) -> int:
        """A number that no document of a kind has had."""
        return max(store.last_number(self._connection, what), self._last.get(what, 0)) + 1

    def _any(self, document: str) -> StoredDocument | None:
        return self._new.get(document) or self._documents.find(self._connection, document)

    def _put(self, row: StoredDocument) -> None:
        self._new[row.document] = row
        self._named.setdefault((row.what, row.name_key), set()).add(row.document)
        self._last[row.what] = max(self._last.get(row.what, 0), row.number)
