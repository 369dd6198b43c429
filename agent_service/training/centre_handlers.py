"""The training centre: who has what, what there is to read, and what it comes to."""

import sqlite3
from base64 import b64encode

from agent_service.accounts.directory import Directory
from agent_service.allowance import Allowance
from agent_service.asking import asker
from agent_service.dispatch import Standing, handles
from agent_service.documents import store as documents
from agent_service.documents.row import folded
from agent_service.reader import Reader
from agent_service.session import Conversation
from agent_service.training import store
from agent_service.training.figures import statistics, workbook_of
from agent_service.training.permits import permit, seen_by
from agent_service.training.store import Filter
from agent_service.training.told import told, within
from protocol.facts.document import DocumentKind, TrainingContent
from protocol.i18n import LANGUAGES, load
from protocol.rules.permissions import has_site, teaches
from protocol.wire.documents import MAX_NAME, PAGE
from protocol.wire.errors import Code, Refused
from protocol.wire.session import Person
from protocol.wire.training import (
    AssignmentRow,
    Assignments,
    GetAssignments,
    GetTrainingStatistics,
    GetTrainingText,
    StatisticsRow,
    TrainingStatistics,
    TrainingText,
)

_SHOWN = 64


class CentreHandlers:
    """Everybody's own, and for those who give tasks, those of whom they give them to."""

    def __init__(
        self, archive: Reader, directory: Directory, lists: Allowance, texts: Allowance
    ) -> None:
        self._archive = archive
        self._directory = directory
        self._lists = lists
        self._texts = texts

    @handles(GetAssignments, Standing.PERSON)
    async def get(self, peer: Conversation, message: GetAssignments) -> Assignments:
        """One page, or the last one before it."""
        wanted = self._wanted(asker(peer, self._lists), message)
        search = folded(message.search[:MAX_NAME]).strip()
        people = self._named(search)

        def read(connection: sqlite3.Connection) -> tuple[list[AssignmentRow], int, int, int]:
            found = wanted
            if search:
                found = wanted._replace(found_in=(_tasks_named(connection, search), people))
            total = store.count(connection, found)
            pages = max(1, -(-total // PAGE))
            page = min(max(1, message.page), pages)
            rows = store.page(connection, found, PAGE, (page - 1) * PAGE)
            return within(told(connection, rows)), page, pages, total

        rows, page, pages, total = await self._archive.run(read)
        names = self._directory.names(each for row in rows for each in (row.agent, row.actor))
        return Assignments(message.id, tuple(rows), page, pages, total, names)

    @handles(GetTrainingText, Standing.PERSON)
    async def text(self, peer: Conversation, message: GetTrainingText) -> TrainingText:
        """As it was drawn, whatever became of the document since."""
        number = asker(peer, self._texts).number

        def read(connection: sqlite3.Connection) -> TrainingText:
            row = store.find(connection, message.assignment)
            if row is None or row.withdrawn:
                raise Refused(Code.UNKNOWN_ASSIGNMENT, assignment=message.assignment[:_SHOWN])
            if row.agent != number:
                raise Refused(Code.NOT_PERMITTED)
            versions = {each.content: each.version for each in row.study()}
            version = versions.get(message.content, 0)
            body = documents.version(connection, message.content, version)
            if not isinstance(body, TrainingContent):
                raise Refused(Code.UNKNOWN_ASSIGNMENT, assignment=message.assignment[:_SHOWN])
            return TrainingText(
                message.id, message.assignment, message.content, body.name, body.text
            )

        return await self._archive.run(read)

    @handles(GetTrainingStatistics, Standing.PERSON)
    async def statistics(
        self, peer: Conversation, message: GetTrainingStatistics
    ) -> TrainingStatistics:
        """A row a task."""
        actor = asker(peer, self._lists)
        if not teaches(actor) and not has_site(actor):
            raise Refused(Code.NOT_PERMITTED)
        wanted = Filter(
            frozenset(message.agents) if message.agents else None,
            message.task,
            first_ms=message.first_ms,
            last_ms=message.last_ms,
        )

        def read(connection: sqlite3.Connection) -> tuple[StatisticsRow, ...]:
            return statistics(connection, wanted)

        rows = await self._archive.run(read)
        if not message.file:
            return TrainingStatistics(message.id, rows)
        language = message.language if message.language in LANGUAGES else LANGUAGES[0]
        content = b64encode(workbook_of(rows, load(language))).decode()
        return TrainingStatistics(message.id, rows, content)

    def _wanted(self, actor: Person, message: GetAssignments) -> Filter:
        """Raises `Refused` with `not_permitted`."""
        people: frozenset[str] | None
        if message.agent:
            if message.agent != actor.number:
                permit(actor, message.agent, self._directory.find)
            people = frozenset({message.agent})
        else:
            people = seen_by(actor, self._directory.people.values())
        return Filter(
            people,
            message.task,
            message.open_only,
            first_ms=message.first_ms,
            last_ms=message.last_ms,
        )

    def _named(self, search: str) -> frozenset[str]:
        """Those whose name or staff number has it."""
        return frozenset(
            each.number
            for each in self._directory.people.values()
            if search in folded(each.name) or search in folded(each.number)
        )


def _tasks_named(connection: sqlite3.Connection, search: str) -> list[str]:
    """Also removed ones: their assignments stay."""
    found = documents.where(
        connection, "what = ? AND instr(name_key, ?) > 0", (DocumentKind.TRAINING_TASK, search)
    )
    return [row.document for row in found]
