"""What tasks assign by themselves, as the tables tell: to those who join the staff, and again to
those who completed what has changed since. Each assignment has a name that follows from what caused
it, so that nothing is assigned twice."""

import sqlite3
from collections.abc import Callable, Collection, Iterator
from functools import cache
from typing import NamedTuple

from agent_service.documents import store as documents
from agent_service.documents.row import StoredDocument
from agent_service.identity import name_of
from agent_service.training import store
from agent_service.training.row import StoredAssignment
from protocol.facts.document import AssignRule, DocumentKind, TrainingTask
from protocol.facts.training import AssignCause, TrainingItem

Head = Callable[[str], StoredDocument | None]
_EVER = 1 << 62


class Due(NamedTuple):
    """One assignment that a rule asks for."""

    name: str
    task: str
    agent: str
    cause: AssignCause
    items: tuple[TrainingItem, ...] = ()
    """Empty: what is drawn."""


def due(connection: sqlite3.Connection, agents: Collection[str]) -> list[Due]:
    """All that is lacking, of these people."""
    head: Head = cache(lambda document: documents.head(connection, document))
    found: list[Due] = []
    for task in documents.by_kind(connection, DocumentKind.TRAINING_TASK):
        body = task.read()
        if not task.enabled or not isinstance(body, TrainingTask):
            continue
        if AssignRule.NEW_STAFF in body.rules:
            found += _newcomers(connection, task, agents)
        if AssignRule.CONTENT_CHANGED in body.rules:
            found += _again(connection, task, agents, head)
    return [each for each in found if store.find(connection, each.name) is None]


def _newcomers(
    connection: sqlite3.Connection, task: StoredDocument, agents: Collection[str]
) -> Iterator[Due]:
    """Agents who joined after the task had the rule, and never had the task."""
    since = _ruled_since(connection, task, AssignRule.NEW_STAFF)
    joined = connection.execute("SELECT agent FROM trainee WHERE joined > ?", (since,))
    known = store.holders(connection, task.document)
    for (agent,) in joined:
        if agent in agents and agent not in known:
            name = name_of(AssignRule.NEW_STAFF, task.document, agent)
            yield Due(name, task.document, agent, AssignCause.NEW_STAFF)


def _again(
    connection: sqlite3.Connection, task: StoredDocument, agents: Collection[str], head: Head
) -> Iterator[Due]:
    """The same contents as they are today, for those who completed an earlier version of one."""
    since = _ruled_since(connection, task, AssignRule.CONTENT_CHANGED)
    busy = store.holders(connection, task.document, open_only=True)
    for agent, row in store.completed(connection, task.document).items():
        if agent not in agents or agent in busy:
            continue
        changed = _changed(connection, row, head, since)
        if changed:
            versions = (f"{each.content}:{each.version}" for each in changed)
            name = name_of(AssignRule.CONTENT_CHANGED, row.assignment, *versions)
            cause = AssignCause.CONTENT_CHANGED
            yield Due(name, task.document, agent, cause, _today(row, head))


def _changed(
    connection: sqlite3.Connection, row: StoredAssignment, head: Head, since: int
) -> list[TrainingItem]:
    """The contents that have another version, published after an entry of the ledger."""
    read = {each.content: each.version for each in row.study()}
    return [
        item
        for item in _today(row, head)
        if item.version > read[item.content] and _published(connection, item) > since
    ]


def _today(row: StoredAssignment, head: Head) -> tuple[TrainingItem, ...]:
    """What was drawn, as far as it may still be given to people, in the versions of today."""
    heads = (head(each.content) for each in row.study())
    return tuple(
        TrainingItem(each.document, each.version)
        for each in heads
        if each is not None and each.enabled and not each.removed
    )


def _published(connection: sqlite3.Connection, item: TrainingItem) -> int:
    version = documents.stored_version(connection, item.content, item.version)
    return 0 if version is None else version.position


def _ruled_since(connection: sqlite3.Connection, task: StoredDocument, rule: AssignRule) -> int:
    """The entry by which the task got the rule that it has."""
    since = _EVER
    for number in range(task.version, 0, -1):
        version = documents.stored_version(connection, task.document, number)
        body = None if version is None else version.read()
        if version is None or not isinstance(body, TrainingTask) or rule not in body.rules:
            break
        since = version.position
    return since
