"""Assignments in the words of the wire, with the names that documents have."""

import sqlite3
from collections.abc import Iterable, Sequence
from functools import cache

import msgspec
from msgspec.structs import replace

from agent_service.documents import store as documents
from agent_service.training.row import StoredAssignment, StoredItem, progress_of
from protocol.facts.document import TrainingTask
from protocol.wire.training import AssignmentRow, ItemRow

MOST_BYTES = 512 << 10
"""Of the assignments in one answer: it leaves room in a frame for the rest."""
_encoder = msgspec.json.Encoder()


def told(connection: sqlite3.Connection, rows: Iterable[StoredAssignment]) -> list[AssignmentRow]:
    """A task has the name and number that it has today, and the type of its version; a content
    the name of the version that was drawn."""

    @cache
    def head(document: str) -> tuple[int, str]:
        found = documents.head(connection, document)
        return (0, "") if found is None else (found.number, found.name)

    @cache
    def type_of(task: str, version: int) -> str:
        body = documents.version(connection, task, version)
        if not isinstance(body, TrainingTask) or body.contents:
            return ""
        return head(body.type)[1]

    @cache
    def content(document: str, version: int) -> str:
        return documents.version_name(connection, document, version)

    def item(each: StoredItem) -> ItemRow:
        name = content(each.content, each.version)
        return ItemRow(each.content, each.version, name, each.credited_s, each.done, each.section)

    def row(each: StoredAssignment) -> AssignmentRow:
        items = tuple(map(item, each.study()))
        return _row(each, *head(each.task), type_of(each.task, each.version), items)

    return list(map(row, rows))


def within(rows: Sequence[AssignmentRow], most_bytes: int = MOST_BYTES) -> list[AssignmentRow]:
    """Never fewer rows: where they would not fit, the contents go without their names."""
    if sum(len(_encoder.encode(row)) for row in rows) <= most_bytes:
        return list(rows)
    return [replace(row, items=tuple(replace(each, name="") for each in row.items)) for row in rows]


def _row(
    each: StoredAssignment, number: int, name: str, type: str, items: tuple[ItemRow, ...]
) -> AssignmentRow:
    return AssignmentRow(
        each.assignment,
        number,
        each.task,
        name,
        type,
        each.agent,
        items,
        progress_of(each).items_done,
        each.trained_s,
        each.min_seconds,
        each.actor,
        each.cause,
        each.assigned_ms,
        each.started_ms,
        each.done_ms,
        each.due_ms,
        each.postponed,
        each.withdrawn,
    )
