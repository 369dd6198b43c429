"""A page of documents, found in the tables."""

import sqlite3
from collections.abc import Sequence

import msgspec
from msgspec.structs import replace

from agent_service.documents import store
from agent_service.documents.row import StoredDocument, folded
from protocol.facts.document import (
    AnyBody,
    DocumentKind,
    Paper,
    Question,
    TrainingContent,
    TrainingTask,
)
from protocol.wire.documents import MAX_NAME, PAGE, DocumentOrder, DocumentRow, GetDocuments

MOST_BYTES = 512 << 10
"""Of the documents in one answer: it leaves room in a frame for the rest."""
_ORDERS = {
    DocumentOrder.PLACE: "place, number",
    DocumentOrder.NUMBER: "number DESC",
    DocumentOrder.NAME: "name_key, number",
    DocumentOrder.CHANGED: "position DESC",
}
_TYPED = (DocumentKind.TRAINING_CONTENT, DocumentKind.TRAINING_TASK)
_BEGINNING = 200
_encoder = msgspec.json.Encoder()


class Page(msgspec.Struct, frozen=True):
    """What was found."""

    rows: tuple[DocumentRow, ...]
    page: int
    pages: int
    total: int
    parents: dict[str, str]
    """All that a document of the kind may belong to: types by document, categories by
    themselves."""


def read_page(connection: sqlite3.Connection, asked: GetDocuments) -> Page:
    """The page that is asked for, or the last one before it."""
    where, values = _where(asked)
    total = _number(connection, f"SELECT count(*) FROM document WHERE {where}", values)  # noqa: S608 - words of ours
    pages = max(1, -(-total // PAGE))
    page = min(max(1, asked.page), pages)
    end = f"ORDER BY {_ORDERS[asked.order]} LIMIT ? OFFSET ?"
    found = store.where(connection, f"{where} {end}", (*values, PAGE, (page - 1) * PAGE))
    parents = _parents(connection, asked.what)
    used = _used(connection) if asked.what is DocumentKind.TRAINING_TYPE else {}
    rows = _within([row.told(type_name(parents, row), used.get(row.document, 0)) for row in found])
    return Page(rows, page, pages, total, parents)


def read_one(connection: sqlite3.Connection, document: str, version: int) -> DocumentRow | None:
    """A document, whole: as it stands, or one version of it, which is there also of a removed
    one."""
    row = store.head(connection, document)
    if row is None or (row.removed and not version):
        return None
    parents = _parents(connection, row.what)
    used = _used(connection) if row.what is DocumentKind.TRAINING_TYPE else {}
    told = row.told(type_name(parents, row), used.get(document, 0))
    if not version:
        return told
    old = store.stored_version(connection, document, version)
    if old is None:
        return None
    return replace(
        told, version=version, body=old.read(), changed_by=old.actor, changed_ms=old.at_ms
    )


def type_name(parents: dict[str, str], row: StoredDocument) -> str:
    """The name of the type that a document belongs to; empty for what belongs to none."""
    return parents.get(row.parent, "") if row.what in _TYPED else ""


def _where(asked: GetDocuments) -> tuple[str, tuple[object, ...]]:
    """A condition of SQL with its values."""
    parts = ["what = ?", "removed = 0"]
    values: list[object] = [asked.what.value]
    for column, value in (
        ("parent", asked.parent),
        ("question_type", asked.question_type),
        ("difficulty", asked.difficulty),
    ):
        if value:
            parts.append(f"{column} = ?")
            values.append(value)
    if asked.enabled_only:
        parts.append("enabled = 1")
    for word in folded(asked.search[:MAX_NAME]).split():
        parts.append("instr(sought, ?) > 0")
        values.append(word)
    return " AND ".join(parts), tuple(values)


def _parents(connection: sqlite3.Connection, what: DocumentKind) -> dict[str, str]:
    if what in _TYPED:
        types = store.by_kind(connection, DocumentKind.TRAINING_TYPE)
        return {row.document: row.name for row in types}
    found = connection.execute(
        "SELECT DISTINCT parent FROM document"
        " WHERE what = ? AND removed = 0 AND parent <> '' ORDER BY parent",
        (what,),
    )
    return {category: category for (category,) in found}


def _used(connection: sqlite3.Connection) -> dict[str, int]:
    """How many enabled contents each type has."""
    return dict(
        connection.execute(
            "SELECT parent, count(*) FROM document"
            " WHERE what = ? AND removed = 0 AND enabled = 1 GROUP BY parent",
            (DocumentKind.TRAINING_CONTENT,),
        ).fetchall()
    )


def _number(connection: sqlite3.Connection, query: str, values: Sequence[object]) -> int:
    return int(connection.execute(query, values).fetchone()[0])


def _within(rows: Sequence[DocumentRow]) -> tuple[DocumentRow, ...]:
    """Never fewer rows: they say less where they would not fit."""
    listed = [replace(row, body=_without_text(row.body)) for row in rows]
    if sum(len(_encoder.encode(row)) for row in listed) <= MOST_BYTES:
        return tuple(listed)
    return tuple(replace(row, body=_brief(row.body)) for row in listed)


def _without_text(body: AnyBody) -> AnyBody:
    return replace(body, text="") if isinstance(body, TrainingContent) else body


def _brief(body: AnyBody) -> AnyBody:
    body = replace(body, remark="")
    match body:
        case Question():
            return replace(body, text=body.text[:_BEGINNING], options=(), key=())
        case TrainingTask():
            return replace(body, contents=())
        case Paper():
            return replace(body, items=(), generated=None)
        case _:
            return body
