"""Folding the ledger into the tables `document` and `document_version`."""

import sqlite3
from collections.abc import Callable

from agent_service.documents.row import (
    StoredDocument,
    StoredVersion,
    changed,
    published,
    version_of,
)
from agent_service.ledger.chain import Entry
from agent_service.ledger.keyed import Key, KeyedProjection
from agent_service.ledger.sessions import SERVICE
from protocol.facts.document import DocumentEnabled, DocumentPublished, DocumentRemoved
from protocol.facts.record import AnyFact

_Changing = DocumentEnabled | DocumentRemoved


class DocumentProjector(KeyedProjection[StoredDocument]):
    """Documents as they stand, by their identity."""

    def __init__(
        self, publish: Callable[[tuple[StoredDocument, ...]], None] = lambda rows: None
    ) -> None:
        facts = (DocumentPublished, *_Changing.__args__)
        super().__init__("document", StoredDocument, 1, facts, publish)

    def committed(self) -> None:
        """Long texts that are seldom asked for are not kept in memory."""
        super().committed()
        self._rows.clear()

    def unstored(self, connection: sqlite3.Connection) -> dict[str, StoredDocument]:
        """What this group has changed and is not stored yet."""
        found = {key[0]: self.find(connection, *key) for key in (*self._changed, *self._news)}
        return {document: row for document, row in found.items() if row is not None}

    def key_of(self, entry: Entry, fact: AnyFact) -> Key | None:
        """The service alone speaks of documents."""
        if entry.agent != SERVICE or not isinstance(fact, DocumentPublished | _Changing):
            return None
        return (fact.document,)

    def is_new(self, fact: AnyFact) -> bool:
        """A document begins with its first version."""
        return isinstance(fact, DocumentPublished) and fact.version == 1

    def folded(
        self, row: StoredDocument | None, entry: Entry, fact: AnyFact
    ) -> StoredDocument | None:
        """The document after a fact; nothing becomes of one that nobody has published."""
        if isinstance(fact, DocumentPublished):
            return published(row, fact, entry.received_ms, entry.position)
        if isinstance(fact, _Changing) and row is not None:
            return changed(row, entry, fact)
        return row


class VersionProjector(KeyedProjection[StoredVersion]):
    """Every version, by document and version."""

    def __init__(self) -> None:
        super().__init__("document_version", StoredVersion, 2, (DocumentPublished,))

    def committed(self) -> None:
        """As of the documents."""
        super().committed()
        self._rows.clear()

    def key_of(self, entry: Entry, fact: AnyFact) -> Key | None:
        """Each is a row."""
        if entry.agent != SERVICE or not isinstance(fact, DocumentPublished):
            return None
        return fact.document, str(fact.version)

    def is_new(self, fact: AnyFact) -> bool:
        """A version is published once."""
        return True

    def folded(
        self, row: StoredVersion | None, entry: Entry, fact: AnyFact
    ) -> StoredVersion | None:
        """The version as it was told."""
        return version_of(entry, fact) if isinstance(fact, DocumentPublished) else row
