"""Drawing papers from the bank, and marking: what those do who teach."""

import secrets
import sqlite3
from collections.abc import Sequence

from agent_service.allowance import Allowance
from agent_service.asking import asker
from agent_service.dispatch import Standing, handles
from agent_service.documents import store as documents
from agent_service.exams import store
from agent_service.exams.essays import Essay, essays
from agent_service.exams.generation import BankQuestion, TooFew, generated
from agent_service.exams.marking import MarkRegister
from agent_service.exams.papers import Papers
from agent_service.exams.permits import permit_teaching
from agent_service.exams.row import IssueStanding
from agent_service.exams.sitting import Sat
from agent_service.orders.text import optional_text
from agent_service.persons.bounded import newest_within
from agent_service.reader import Reader
from agent_service.session import Conversation
from agent_service.writer import Writer
from protocol.facts.document import DocumentKind, Question
from protocol.facts.exam import Generation
from protocol.wire.documents import MAX_ITEMS, MAX_NAME
from protocol.wire.errors import Code, Refused
from protocol.wire.exams import (
    Essays,
    Generated,
    GeneratePaper,
    GetEssays,
    MarkEssay,
)
from protocol.wire.session import Person

_MOST_BYTES = 384 << 10
"""Of the essays in one answer: it leaves room in a frame for the rest."""


class MarkingHandlers:
    """Whoever teaches."""

    def __init__(
        self,
        register: MarkRegister,
        writer: Writer,
        archive: Reader,
        reading: Allowance,
        marking: Allowance,
    ) -> None:
        self._register = register
        self._writer = writer
        self._archive = archive
        self._reading = reading
        self._marking = marking
        self._papers = Papers()

    @handles(GeneratePaper, Standing.PERSON)
    async def generate(self, peer: Conversation, message: GeneratePaper) -> Generated:
        """A draw that anybody can repeat."""
        permit_teaching(asker(peer, self._reading))
        _check_wanted(message)
        seed = message.seed or secrets.token_hex(8)
        bank = await self._archive.run(_bank)
        try:
            items = generated(bank, message.wanted, seed)
        except TooFew as few:
            raise Refused(
                Code.TOO_FEW_QUESTIONS,
                category=few.wanted.category,
                type=few.wanted.type.value,
                difficulty=few.wanted.difficulty,
                count=few.wanted.count,
                there=few.there,
            ) from few
        return Generated(message.id, items, Generation(seed, message.wanted))

    @handles(GetEssays, Standing.PERSON)
    async def get(self, peer: Conversation, message: GetEssays) -> Essays:
        """Nobody's own, and nobody says whose."""
        actor = asker(peer, self._reading)
        permit_teaching(actor)
        found = await self._archive.run(lambda connection: self._read(connection, message.issue))
        shown = [
            each
            for each in found
            if each.agent != actor.number and (each.waits or not message.open_only)
        ]
        return _within(message.id, actor, shown)

    @handles(MarkEssay, Standing.PERSON)
    async def mark(self, peer: Conversation, message: MarkEssay) -> Essays:
        """The mark is on the disk; there is the next one."""
        actor, text = asker(peer, self._marking), optional_text(message.text)
        sat = await self._writer.run(
            lambda connection: self._register.mark(connection, message, actor, text)
        )
        found = await self._archive.run(lambda connection: self._read(connection, message.issue))
        marked = [each for each in _of(sat) if each.name == message.essay]
        left = [each for each in found if each.waits_for(actor.number)]
        return _within(message.id, actor, [*marked, *left])

    def _read(self, connection: sqlite3.Connection, name: str) -> list[Essay]:
        """Raises `Refused` with `unknown_exam`."""
        issue = store.issue(connection, name)
        paper = None
        if issue is not None:
            paper = self._papers.find(connection, issue.paper, issue.version)
        if issue is None or paper is None:
            raise Refused(Code.UNKNOWN_EXAM)
        if issue.standing is not IssueStanding.GIVEN:
            return []
        return essays(paper, issue, store.sittings_of(connection, name))


def _of(sat: Sat) -> list[Essay]:
    return essays(sat.paper, sat.issue, [sat.row])


def _within(re: int, actor: Person, shown: Sequence[Essay]) -> Essays:
    """The first of them, as many as one answer can hold."""
    told = [each.told(actor.number) for each in shown]
    rows = newest_within(told[::-1], _MOST_BYTES)[::-1]
    return Essays(re, rows, len(told) - len(rows))


def _check_wanted(message: GeneratePaper) -> None:
    """Raises `Refused` with `malformed_message`."""
    counts = [each.count for each in message.wanted]
    long = [message.seed, *(each.category for each in message.wanted)]
    if not counts or min(counts) < 1 or sum(counts) > MAX_ITEMS or len(counts) > MAX_ITEMS:
        raise Refused(Code.MALFORMED_MESSAGE, detail="wanted")
    if max(map(len, long)) > MAX_NAME:
        raise Refused(Code.MALFORMED_MESSAGE, detail="seed")


def _bank(connection: sqlite3.Connection) -> list[BankQuestion]:
    """The questions that may be asked."""
    rows = documents.by_kind(connection, DocumentKind.QUESTION)
    return [
        BankQuestion(
            row.document, row.version, body.category, body.type, body.difficulty, body.half_points
        )
        for row in rows
        if row.enabled and isinstance(body := row.read(), Question)
    ]
