"""Issuing exams, ending them early, and the lists of them."""

import secrets
import sqlite3
from collections.abc import Callable, Iterable

from agent_service.accounts.directory import Directory
from agent_service.allowance import Allowance
from agent_service.asking import asker
from agent_service.dispatch import Standing, handles
from agent_service.exams import store
from agent_service.exams.issuing import IssueRegister
from agent_service.exams.listing import ExamsPage, read_all, read_own
from agent_service.exams.papers import Papers
from agent_service.exams.permits import permit_following, permit_teaching
from agent_service.exams.results import graded
from agent_service.exams.row import IssueStanding, StoredIssue
from agent_service.exams.told import told_issue
from agent_service.identity import name_of_act
from agent_service.orders.text import check_text
from agent_service.reader import Reader
from agent_service.requests.permits import known
from agent_service.session import Conversation
from agent_service.writer import Writer
from protocol.facts.exam import ExamIssued, SittingKind
from protocol.rules.permissions import LEADS, may_assign, teaches
from protocol.wire.errors import Code, Refused
from protocol.wire.exams import (
    CorrectKey,
    Exams,
    ExamStands,
    GetExams,
    IssueExam,
    VoidExam,
    WithdrawExam,
)
from protocol.wire.session import Person

_MINUTE_S, _LONGEST_S = 60, 12 * 3_600
_MOST = 5_000
"""People that one exam is given to."""
_SHOWN = 64


class IssueHandlers:
    """What those do who give exams."""

    def __init__(
        self,
        register: IssueRegister,
        writer: Writer,
        archive: Reader,
        directory: Directory,
        reading: Allowance,
        writing: Allowance,
        now_ms: Callable[[], int],
    ) -> None:
        self._register = register
        self._writer = writer
        self._archive = archive
        self._directory = directory
        self._reading = reading
        self._writing = writing
        self._now_ms = now_ms
        self._papers = Papers()

    @handles(IssueExam, Standing.PERSON)
    async def issue(self, peer: Conversation, message: IssueExam) -> ExamStands:
        """It is on the disk; the candidates are told."""
        actor = asker(peer, self._writing)
        name = name_of_act(actor.number, key=message.key)
        _check_window(message, self._now_ms())
        agents = await self._candidates(actor, message)
        fact = ExamIssued(
            name,
            message.paper,
            0,
            agents,
            message.start_ms,
            message.end_ms,
            message.duration_s,
            message.sitting,
            secrets.token_hex(16),
            actor.number,
            message.retake_of,
        )
        row = await self._writer.run(lambda connection: self._register.give(connection, fact))
        return await self._stands(message.id, row)

    @handles(WithdrawExam, Standing.PERSON)
    async def withdraw(self, peer: Conversation, message: WithdrawExam) -> ExamStands:
        """Nobody may begin any more."""
        actor, text = asker(peer, self._writing), check_text(message.text)
        row = await self._writer.run(
            lambda connection: self._register.withdraw(connection, message.issue, actor, text)
        )
        return await self._stands(message.id, row)

    @handles(VoidExam, Standing.PERSON)
    async def void(self, peer: Conversation, message: VoidExam) -> ExamStands:
        """It counts for nobody."""
        actor, text = asker(peer, self._writing), check_text(message.text)
        row = await self._writer.run(
            lambda connection: self._register.void(connection, message.issue, actor, text)
        )
        return await self._stands(message.id, row)

    @handles(CorrectKey, Standing.PERSON)
    async def correct(self, peer: Conversation, message: CorrectKey) -> ExamStands:
        """Every result is another from now on."""
        actor = asker(peer, self._writing)
        permit_teaching(actor)
        text = check_text(message.text)
        row = await self._writer.run(
            lambda connection: self._register.correct(
                connection, message.issue, message.question, message.right, actor, text
            )
        )
        return await self._stands(message.id, row)

    @handles(GetExams, Standing.PERSON)
    async def get(self, peer: Conversation, message: GetExams) -> Exams:
        """One's own; or all for whoever teaches, and for leads those that they gave."""
        actor, now_ms = asker(peer, self._reading), self._now_ms()
        if not message.own and not teaches(actor) and set(LEADS).isdisjoint(actor.roles):
            raise Refused(Code.NOT_PERMITTED)

        def read(connection: sqlite3.Connection) -> ExamsPage:
            if message.own:
                return read_own(connection, self._papers, message, actor.number, now_ms)
            giver = "" if teaches(actor) else actor.number
            return read_all(connection, self._papers, message, giver, now_ms)

        found = await self._archive.run(read)
        people = [number for row in found.rows for number in (row.actor, *row.agents)]
        names = self._directory.names(people)
        return Exams(message.id, found.rows, found.page, found.pages, found.total, names)

    async def _stands(self, re: int, row: StoredIssue) -> ExamStands:
        now_ms = self._now_ms()
        told = await self._archive.run(
            lambda connection: told_issue(connection, self._papers, row, now_ms)
        )
        return ExamStands(re, told)

    async def _candidates(self, actor: Person, message: IssueExam) -> tuple[str, ...]:
        """By staff number. Raises `Refused` with `unknown_agent`, `unknown_team`,
        `nobody_chosen` or `not_permitted`."""
        if message.retake_of:
            chosen = await self._retaking(actor, message)
        else:
            chosen = {number: known(self._directory.find, number) for number in message.agents}
            for team in message.teams:
                chosen |= {person.number: person for person in self._members(team)}
        if not all(may_assign(actor, person) for person in chosen.values()):
            raise Refused(Code.NOT_PERMITTED)
        if not chosen:
            raise Refused(Code.NOBODY_CHOSEN)
        if len(chosen) > _MOST:
            raise Refused(Code.MALFORMED_MESSAGE, detail="agents")
        return tuple(sorted(chosen))

    def _members(self, team: str) -> list[Person]:
        members = self._directory.members(team) if team else []
        if not members:
            raise Refused(Code.UNKNOWN_TEAM, team=team[:_SHOWN])
        return members

    async def _retaking(self, actor: Person, message: IssueExam) -> dict[str, Person]:
        """Of a formal exam with the same paper: who has left meanwhile does not repeat it."""
        now_ms = self._now_ms()

        def read(connection: sqlite3.Connection) -> list[str]:
            issue = store.issue(connection, message.retake_of)
            if issue is None or issue.kind is not SittingKind.FORMAL:
                raise Refused(Code.UNKNOWN_EXAM)
            permit_following(actor, issue)
            if issue.standing is not IssueStanding.GIVEN:
                raise Refused(Code.EXAM_OVER)
            if message.agents or message.teams or message.paper != issue.paper:
                raise Refused(Code.MALFORMED_MESSAGE, detail="retake_of")
            return _not_passed(connection, self._papers, issue, now_ms)

        people = map(self._directory.find, await self._archive.run(read))
        return {person.number: person for person in people if person is not None}


def _not_passed(
    connection: sqlite3.Connection, papers: Papers, issue: StoredIssue, now_ms: int
) -> list[str]:
    """Who did not pass, or let the time go by. A result that is open counts against nobody."""
    paper = papers.find(connection, issue.paper, issue.version)
    if paper is None:
        return []
    rows = store.sittings_of(connection, issue.issue)
    failed = [row.agent for row in rows if graded(paper, issue, row).passed is False]
    return failed + _absent(issue, {row.agent for row in rows}, now_ms)


def _absent(issue: StoredIssue, begun: Iterable[str], now_ms: int) -> list[str]:
    there = set(begun)
    if now_ms < issue.end_ms:
        return []
    return [agent for agent in issue.candidates() if agent not in there]


def _check_window(message: IssueExam, now_ms: int) -> None:
    """Raises `Refused` with `bad_window`."""
    in_order = message.start_ms < message.end_ms and message.end_ms > now_ms
    if not in_order or not _MINUTE_S <= message.duration_s <= _LONGEST_S:
        raise Refused(Code.BAD_WINDOW)
