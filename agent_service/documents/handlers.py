"""What those who teach write: publishing, enabling and removing documents, and the lists."""

from collections.abc import Sequence

from agent_service.accounts.directory import Directory
from agent_service.allowance import Allowance
from agent_service.asking import asker
from agent_service.dispatch import Standing, handles
from agent_service.documents.listing import read_one, read_page
from agent_service.documents.permits import permit_reading, permit_writing
from agent_service.documents.register import DocumentRegister
from agent_service.documents.row import kind
from agent_service.identity import name_of_act
from agent_service.reader import Reader
from agent_service.session import Conversation
from agent_service.writer import Writer
from protocol.facts.document import DocumentKind
from protocol.wire.documents import (
    MAX_AT_ONCE,
    DocumentRow,
    Documents,
    DocumentsDone,
    DocumentStands,
    EnableDocuments,
    GetDocument,
    GetDocuments,
    PutDocument,
    RemoveDocuments,
)
from protocol.wire.errors import Code, Refused
from protocol.wire.session import Person

_SHOWN = 64


class DocumentHandlers:
    """Types, contents, tasks, questions and papers."""

    def __init__(
        self,
        register: DocumentRegister,
        writer: Writer,
        archive: Reader,
        directory: Directory,
        reading: Allowance,
        writing: Allowance,
    ) -> None:
        self._register = register
        self._writer = writer
        self._archive = archive
        self._directory = directory
        self._reading = reading
        self._writing = writing

    @handles(PutDocument, Standing.PERSON)
    async def put(self, peer: Conversation, message: PutDocument) -> DocumentStands:
        """It is on the disk."""
        actor, body, name = self._teacher(peer).number, message.body, message.document
        if name:
            row = await self._writer.run(
                lambda connection: self._register.revise(
                    connection, name, message.base, body, actor
                )
            )
        else:
            new = name_of_act(actor, key=message.key)
            row = await self._writer.run(
                lambda connection: self._register.publish(connection, new, body, actor)
            )
        return DocumentStands(message.id, await self._read(row.document, 0))

    @handles(EnableDocuments, Standing.PERSON)
    async def enable(self, peer: Conversation, message: EnableDocuments) -> DocumentsDone:
        """They may be used from now on, or may not."""
        actor, names = self._teacher(peer).number, _bounded(message.documents)
        done, kept = await self._writer.run(
            lambda connection: self._register.enable(connection, names, message.enabled, actor)
        )
        return DocumentsDone(message.id, done, kept)

    @handles(RemoveDocuments, Standing.PERSON)
    async def remove(self, peer: Conversation, message: RemoveDocuments) -> DocumentsDone:
        """They are in no list any more."""
        actor, names = self._teacher(peer).number, _bounded(message.documents)
        done, kept = await self._writer.run(
            lambda connection: self._register.remove(connection, names, actor)
        )
        return DocumentsDone(message.id, done, kept)

    @handles(GetDocuments, Standing.PERSON)
    async def page(self, peer: Conversation, message: GetDocuments) -> Documents:
        """One page."""
        permit_reading(asker(peer, self._reading), message.what)
        found = await self._archive.run(lambda connection: read_page(connection, message))
        people = (each for row in found.rows for each in (row.author, row.changed_by))
        return Documents(
            message.id,
            found.rows,
            found.page,
            found.pages,
            found.total,
            self._directory.names(people),
            found.parents,
        )

    @handles(GetDocument, Standing.PERSON)
    async def get(self, peer: Conversation, message: GetDocument) -> DocumentStands:
        """One, whole."""
        actor = asker(peer, self._reading)
        permit_reading(actor, DocumentKind.TRAINING_TYPE)  # else nobody learns what there is
        row = await self._read(message.document, message.version)
        permit_reading(actor, kind(row.body))
        return DocumentStands(message.id, row)

    def _teacher(self, peer: Conversation) -> Person:
        actor = asker(peer, self._writing)
        permit_writing(actor)
        return actor

    async def _read(self, document: str, version: int) -> DocumentRow:
        row = await self._archive.run(lambda connection: read_one(connection, document, version))
        if row is None:
            raise Refused(Code.UNKNOWN_DOCUMENT, document=document[:_SHOWN])
        return row


def _bounded(documents: Sequence[str]) -> Sequence[str]:
    if len(documents) > MAX_AT_ONCE:
        raise Refused(Code.MALFORMED_MESSAGE, detail="documents")
    return documents
