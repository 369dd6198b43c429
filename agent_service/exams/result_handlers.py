"""What came of sittings: the list of an issue, and one result with what may be shown of it."""

import sqlite3
from collections.abc import Callable
from typing import NamedTuple

from agent_service.accounts.directory import Directory
from agent_service.allowance import Allowance
from agent_service.asking import asker
from agent_service.dispatch import Standing, handles
from agent_service.exams import store
from agent_service.exams.papers import ExamPaper, Papers
from agent_service.exams.permits import permit_following
from agent_service.exams.result_shown import keys_from_ms, keys_shown, result_questions
from agent_service.exams.results import graded, told
from agent_service.exams.row import StoredIssue
from agent_service.exams.sitting import GRACE_MS, Sat, SittingRegister
from agent_service.persons.bounded import newest_within
from agent_service.reader import Reader
from agent_service.session import Conversation
from agent_service.writer import Writer
from protocol.rules.permissions import teaches
from protocol.wire.errors import Code, Refused
from protocol.wire.exams import (
    MAX_EXTRA_S,
    ExamResult,
    GetResult,
    GetSittings,
    ResultState,
    SittingRow,
    Sittings,
)

_MOST_BYTES = 512 << 10
"""Of the sittings in one answer: it leaves room in a frame for the names."""
_LATE_MS = MAX_EXTRA_S * 1_000 + GRACE_MS
"""So long after its window a sitting can go on."""


class _Read(NamedTuple):
    sat: Sat
    keys_from_ms: int


class ResultHandlers:
    """For candidates, and for those who follow what becomes of an exam."""

    def __init__(
        self,
        register: SittingRegister,
        writer: Writer,
        archive: Reader,
        directory: Directory,
        allowance: Allowance,
        now_ms: Callable[[], int],
    ) -> None:
        self._register = register
        self._writer = writer
        self._archive = archive
        self._directory = directory
        self._allowance = allowance
        self._now_ms = now_ms
        self._papers = Papers()

    @handles(GetSittings, Standing.PERSON)
    async def sittings(self, peer: Conversation, message: GetSittings) -> Sittings:
        """In the order in which they began."""
        actor = asker(peer, self._allowance)

        def read(connection: sqlite3.Connection) -> list[SittingRow]:
            issue, paper = self._issue(connection, message.issue)
            permit_following(actor, issue)
            rows = store.sittings_of(connection, issue.issue)
            return [told(issue, row, graded(paper, issue, row)) for row in rows]

        rows = newest_within(await self._archive.run(read), _MOST_BYTES)
        return Sittings(message.id, rows, self._directory.names(row.agent for row in rows))

    @handles(GetResult, Standing.PERSON)
    async def result(self, peer: Conversation, message: GetResult) -> ExamResult:
        """One's own, which is noted as seen once it is final; or anybody's for whoever teaches."""
        actor, now_ms = asker(peer, self._allowance), self._now_ms()
        sat, from_ms = await self._archive.run(
            lambda connection: self._sitting(connection, message.sitting, now_ms)
        )
        own = sat.row.agent == actor.number
        if not own and not teaches(actor):
            raise Refused(Code.NOT_PERMITTED)
        if sat.row.submitted_ms is None:
            raise Refused(Code.SITTING_OPEN)
        found = graded(sat.paper, sat.issue, sat.row)
        if own and found.state is ResultState.FINAL:
            await self._writer.run(
                lambda connection: self._register.see(connection, message.sitting, sat.changed_at)
            )
        with_keys = keys_shown(actor, sat.issue, from_ms, now_ms)
        return ExamResult(
            message.id,
            told(sat.issue, sat.row, found),
            sat.paper.body.name,
            result_questions(sat, found, actor, with_keys=with_keys),
            with_keys,
            from_ms,
        )

    def _issue(self, connection: sqlite3.Connection, name: str) -> tuple[StoredIssue, ExamPaper]:
        issue = store.issue(connection, name)
        paper = None
        if issue is not None:
            paper = self._papers.find(connection, issue.paper, issue.version)
        if issue is None or paper is None:
            raise Refused(Code.UNKNOWN_EXAM)
        return issue, paper

    def _sitting(self, connection: sqlite3.Connection, name: str, now_ms: int) -> _Read:
        row = store.sitting(connection, name)
        if row is None:
            raise Refused(Code.UNKNOWN_SITTING)
        issue, paper = self._issue(connection, row.issue)
        own_ms = store.latest_deadline(connection, issue.issue)
        others_ms = store.latest_end(connection, issue.paper, now_ms - _LATE_MS)
        return _Read(Sat(issue, paper, row), keys_from_ms(issue, [own_ms, others_ms]))
