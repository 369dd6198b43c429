"""Documents as the tests write them, and a seat that asks for them."""

from collections.abc import Sequence
from pathlib import Path

from msgspec.structs import replace

from agent_service.appending import appending
from agent_service.documents.register import DocumentRegister
from agent_service.documents.row import StoredDocument
from protocol.facts.document import (
    AnyBody,
    DocumentKind,
    Paper,
    Question,
    TrainingContent,
    TrainingTask,
    TrainingType,
)
from protocol.facts.exam import PaperItem, QuestionType
from protocol.wire.documents import (
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
from protocol.wire.session import Person, Role
from tests.service.client import Client
from tests.service.people import CLOCK

TRAINER = Person("5001", "Zhou Lan", (Role.TRAINER,))
TYPE = TrainingType("业务培训", 1)
SINGLE = Question("先问什么？", QuestionType.SINGLE, "礼仪", options=("姓名", "电话"), key=("A",))
MULTI = replace(SINGLE, type=QuestionType.MULTI, options=("a", "b", "c"), key=("A", "C"))
TRUE_FALSE = Question("客户总是对的。", QuestionType.TRUE_FALSE, key=("F",))
FILL_IN = Question("热线号码是？", QuestionType.FILL_IN, key=("12345", "一二三四五"))
ESSAY = Question("怎样安抚客户？", QuestionType.ESSAY)


def content(type: str, name: str = "退费流程", **more: object) -> TrainingContent:
    """A content of a type."""
    return replace(TrainingContent(name, type, "# 退费\n\n先核对。"), **more)


def drawing(type: str, count: int = 1, name: str = "新人培训") -> TrainingTask:
    """A task that draws so many contents of a type."""
    return TrainingTask(name, type, count, min_seconds=600)


def paper(*questions: str, name: str = "月考") -> Paper:
    """A paper of questions in their first versions."""
    return Paper(name, "月度", tuple(PaperItem(each, 1, 4) for each in questions))


def write(folder: Path, bodies: Sequence[AnyBody], key: str = "import") -> list[StoredDocument]:
    """Put them into a database, as an import does. Raises `Refused`."""
    with appending(folder, CLOCK) as books:
        register = DocumentRegister(books.appender, books.projections.documents)
        return register.publish_all(books.connection, bodies, TRAINER.number, key)


async def put(
    client: Client, body: AnyBody, document: str = "", base: int = 0, key: str = ""
) -> DocumentRow:
    """Raises `Refused`."""
    return await _one(client, PutDocument(client.next_id(), key, body, document, base))


async def get(client: Client, document: str, version: int = 0) -> DocumentRow:
    """Raises `Refused`."""
    return await _one(client, GetDocument(client.next_id(), document, version))


async def enable(client: Client, *documents: str, enabled: bool = True) -> DocumentsDone:
    """Raises `Refused`."""
    return await _done(client, EnableDocuments(client.next_id(), documents, enabled))


async def remove(client: Client, *documents: str) -> DocumentsDone:
    """Raises `Refused`."""
    return await _done(client, RemoveDocuments(client.next_id(), documents))


async def listed(client: Client, what: DocumentKind, **asked: object) -> Documents:
    """Raises `Refused`."""
    reply = await client.request(replace(GetDocuments(client.next_id(), what), **asked))
    assert isinstance(reply, Documents)
    return reply


async def names(client: Client, what: DocumentKind, **asked: object) -> list[str]:
    """What a list calls its documents."""
    bodies = [row.body for row in (await listed(client, what, **asked)).rows]
    return [body.text if isinstance(body, Question) else body.name for body in bodies]


async def _one(client: Client, message: PutDocument | GetDocument) -> DocumentRow:
    reply = await client.request(message)
    assert isinstance(reply, DocumentStands)
    return reply.row


async def _done(client: Client, message: EnableDocuments | RemoveDocuments) -> DocumentsDone:
    reply = await client.request(message)
    assert isinstance(reply, DocumentsDone)
    return reply
