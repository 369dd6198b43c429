"""Sitting exams: beginning, saving, handing in; and more time."""

from collections.abc import Callable

from agent_service.allowance import Allowance
from agent_service.asking import asker
from agent_service.dispatch import Standing, handles
from agent_service.exams.results import graded, told
from agent_service.exams.sheet import sheet
from agent_service.exams.sitting import Sat, SittingRegister, Turn
from agent_service.identity import name_of_act
from agent_service.orders.text import check_text
from agent_service.session import Conversation
from agent_service.writer import Writer
from protocol.facts.exam import TimeExtended
from protocol.wire.documents import MAX_ITEMS
from protocol.wire.errors import Code, Refused
from protocol.wire.exams import (
    AnswersSaved,
    ExtendTime,
    SaveAnswers,
    Sheet,
    SittingStands,
    StartSitting,
    SubmitSitting,
)


class SittingHandlers:
    """What comes from a candidate counts by the time at which it comes. Whoever saves often can
    still hand in: each has an allowance of its own."""

    def __init__(
        self,
        register: SittingRegister,
        writer: Writer,
        allowance: Callable[[], Allowance],
        now_ms: Callable[[], int],
    ) -> None:
        self._register = register
        self._writer = writer
        self._starting = allowance()
        self._saving = allowance()
        self._submitting = allowance()
        self._extending = allowance()
        self._now_ms = now_ms

    @handles(StartSitting, Standing.PERSON)
    async def start(self, peer: Conversation, message: StartSitting) -> Sheet:
        """Begun, or gone on with: this desk has the turn."""
        now_ms, agent = self._now_ms(), asker(peer, self._starting).number
        desk = peer.desk or ""
        issue, paper, row = await self._writer.run(
            lambda connection: self._register.start(connection, message.issue, agent, desk, now_ms)
        )
        return sheet(message.id, paper, issue, row, self._now_ms())

    @handles(SaveAnswers, Standing.PERSON)
    async def save(self, peer: Conversation, message: SaveAnswers) -> AnswersSaved:
        """They are on the disk."""
        turn = self._turn(peer, message, self._saving)
        row = await self._writer.run(
            lambda connection: self._register.save(
                connection, turn, message.answers, message.focus_left
            )
        )
        return AnswersSaved(message.id, row.number, self._now_ms(), row.deadline_ms)

    @handles(SubmitSitting, Standing.PERSON)
    async def submit(self, peer: Conversation, message: SubmitSitting) -> SittingStands:
        """It is over."""
        turn = self._turn(peer, message, self._submitting)
        sat = await self._writer.run(
            lambda connection: self._register.submit(connection, turn, message.answers)
        )
        return _stands(message.id, sat)

    @handles(ExtendTime, Standing.PERSON)
    async def extend(self, peer: Conversation, message: ExtendTime) -> SittingStands:
        """The desk hears of it with its next answer."""
        now_ms, actor = self._now_ms(), asker(peer, self._extending)
        text = check_text(message.text)
        act = name_of_act(actor.number, key=message.key)
        fact = TimeExtended(message.sitting, message.seconds, actor.number, text, act)
        sat = await self._writer.run(
            lambda connection: self._register.extend(connection, fact, actor, now_ms)
        )
        return _stands(message.id, sat)

    def _turn(
        self,
        peer: Conversation,
        message: SaveAnswers | SubmitSitting,
        allowance: Allowance,
    ) -> Turn:
        at_ms, agent = self._now_ms(), asker(peer, allowance).number
        if len(message.answers) > MAX_ITEMS:
            raise Refused(Code.MALFORMED_MESSAGE, detail="answers")
        return Turn(message.sitting, agent, message.turn, at_ms)


def _stands(re: int, sat: Sat) -> SittingStands:
    found = graded(sat.paper, sat.issue, sat.row)
    return SittingStands(re, told(sat.issue, sat.row, found))
