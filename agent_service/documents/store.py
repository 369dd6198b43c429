"""The tables of documents, read."""

import sqlite3
from collections.abc import Sequence
from typing import TypeVar

import msgspec

from agent_service.documents.row import StoredDocument, StoredVersion
from protocol.facts.document import AnyBody, DocumentKind

_DOCUMENTS = f"SELECT {', '.join(StoredDocument.__struct_fields__)} FROM document"  # noqa: S608 - names of ours
_VERSIONS = f"SELECT {', '.join(StoredVersion.__struct_fields__)} FROM document_version"  # noqa: S608 - names of ours
_STANDING = "what = ? AND removed = 0"

R = TypeVar("R", bound=msgspec.Struct)


def head(connection: sqlite3.Connection, document: str) -> StoredDocument | None:
    """A document as it stands, also a removed one."""
    query = f"{_DOCUMENTS} WHERE document = ?"
    found = connection.execute(query, (document,)).fetchone()
    return None if found is None else _read(StoredDocument, found)


def stored_version(
    connection: sqlite3.Connection, document: str, version: int
) -> StoredVersion | None:
    """One version, also of a removed document, with who wrote it and when."""
    query = f"{_VERSIONS} WHERE document = ? AND version = ?"
    found = connection.execute(query, (document, version)).fetchone()
    return None if found is None else _read(StoredVersion, found)


def version(connection: sqlite3.Connection, document: str, version: int) -> AnyBody | None:
    """What one version says, also of a removed document."""
    found = stored_version(connection, document, version)
    return None if found is None else found.read()


def version_name(connection: sqlite3.Connection, document: str, version: int) -> str:
    """What one version is called, without the rest of it; empty where there is none."""
    query = """SELECT json_extract(body, '$.name') FROM document_version
        WHERE document = ? AND version = ?"""
    found = connection.execute(query, (document, version)).fetchone()
    return "" if found is None or found[0] is None else str(found[0])


def enabled_contents(connection: sqlite3.Connection, type: str) -> list[tuple[str, int]]:
    """The contents of a type that may be given to people, with their present versions: by place,
    then by number."""
    query = f"""SELECT document, version FROM document
        WHERE {_STANDING} AND parent = ? AND enabled = 1 ORDER BY place, number"""  # noqa: S608 - words of ours
    return connection.execute(query, (DocumentKind.TRAINING_CONTENT, type)).fetchall()


def by_kind(connection: sqlite3.Connection, what: DocumentKind) -> list[StoredDocument]:
    """All of a kind that are not removed: by place, then by number."""
    return where(connection, f"{_STANDING} ORDER BY place, number", (what,))


def where(
    connection: sqlite3.Connection, condition: str, values: Sequence[object]
) -> list[StoredDocument]:
    """Those for which a condition of SQL holds, which is no text of other people's."""
    rows = connection.execute(f"{_DOCUMENTS} WHERE {condition}", values)
    return [_read(StoredDocument, row) for row in rows]


def named(
    connection: sqlite3.Connection, what: DocumentKind, name_key: str, parent: str | None
) -> list[str]:
    """The documents of a kind that have a name and are not removed; `parent`: those of a type."""
    query = f"SELECT document FROM document WHERE {_STANDING} AND name_key = ?"  # noqa: S608 - words of ours
    values: tuple[str, ...] = (what, name_key)
    if parent is not None:
        query, values = f"{query} AND parent = ?", (*values, parent)
    return [document for (document,) in connection.execute(query, values)]


def last_number(connection: sqlite3.Connection, what: DocumentKind) -> int:
    """The highest number that a document of a kind has ever had; 0 without any."""
    query = "SELECT coalesce(max(number), 0) FROM document WHERE what = ?"
    return int(connection.execute(query, (what,)).fetchone()[0])


def _read(kind: type[R], stored: tuple[object, ...]) -> R:
    fields = dict(zip(kind.__struct_fields__, stored, strict=True))
    return msgspec.convert(fields, kind, strict=False)
