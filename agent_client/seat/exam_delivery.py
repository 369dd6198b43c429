"""Answers of exams on their way from this disk to the service: in order, and again until they are
confirmed."""

import logging
from collections.abc import Sequence

from agent_client.seat.exam_journal import ExamJournal, Kept
from agent_client.seat.relay import Relay
from protocol.wire.errors import Code, Refused
from protocol.wire.exams import (
    AnswersSaved,
    ExamResult,
    GetResult,
    SaveAnswers,
    SavedAnswer,
    Sheet,
    SittingRow,
    SittingStands,
    StartSitting,
    SubmitSitting,
)

_log = logging.getLogger(__name__)

BATCH = 50
"""Answers of one message: of essays as long as may be, they fit into a frame four bytes a sign."""
BATCH_CHARACTERS = 200_000


class ExamDelivery:
    """Each raises `Refused` with the service's code, `service_unreachable` or `not_signed_in`."""

    def __init__(self, journal: ExamJournal, relay: Relay) -> None:
        self._journal = journal
        self._relay = relay

    async def start(self, issue: str) -> Sheet:
        """Begin or go on; this desk has the turn then."""
        self._journal.asking(issue)
        answer = await self._relay.ask(lambda id_: StartSitting(id_, issue))
        assert isinstance(answer, Sheet)
        return answer

    async def save(self, kept: Kept) -> AnswersSaved:
        """Send what is not confirmed; where nothing is, ask how long there is."""
        while True:
            waiting = self._journal.unsaved(kept.sitting)
            batch = _batch(waiting)
            saved = await self._send(kept, batch)
            if len(batch) == len(waiting):
                return saved

    async def submit(self, kept: Kept) -> SittingRow:
        """Hand it in, with what is not confirmed."""
        while len(batch := _batch(waiting := self._journal.unsaved(kept.sitting))) < len(waiting):
            await self._send(kept, batch)
        answer = await self._relay.ask(
            lambda id_: SubmitSitting(id_, kept.sitting, kept.turn, batch)
        )
        assert isinstance(answer, SittingStands)
        return answer.row

    async def result(self, sitting: str) -> SittingRow:
        """What came of a sitting that is over."""
        answer = await self._relay.ask(lambda id_: GetResult(id_, sitting))
        assert isinstance(answer, ExamResult)
        return answer.row

    async def _send(self, kept: Kept, batch: Sequence[SavedAnswer]) -> AnswersSaved:
        try:
            return await self._ask(kept, batch)
        except Refused as refused:
            if refused.code != Code.BAD_ANSWER or not batch:
                raise
        return await self._one_by_one(kept, batch)

    async def _one_by_one(self, kept: Kept, batch: Sequence[SavedAnswer]) -> AnswersSaved:
        """One of them is no answer to its question, which keeps none of the others back."""
        for each in batch:
            try:
                await self._ask(kept, (each,))
            except Refused as refused:
                if refused.code != Code.BAD_ANSWER:
                    raise
                _log.error("the service refused an answer for good: %s", refused)
                self._journal.refused(kept.sitting, each)
        return await self._ask(kept, ())

    async def _ask(self, kept: Kept, batch: Sequence[SavedAnswer]) -> AnswersSaved:
        focus_left = (self._journal.of(kept.sitting) or kept).focus_left
        answer = await self._relay.ask(
            lambda id_: SaveAnswers(id_, kept.sitting, kept.turn, tuple(batch), focus_left)
        )
        assert isinstance(answer, AnswersSaved)
        self._journal.saved(kept.sitting, batch, answer.deadline_ms)
        return answer


def _batch(waiting: Sequence[SavedAnswer]) -> tuple[SavedAnswer, ...]:
    """The first of them, as many as fit into a frame: one at least."""
    batch: list[SavedAnswer] = []
    characters = 0
    for each in waiting[:BATCH]:
        characters += sum(map(len, each.answer))
        if batch and characters > BATCH_CHARACTERS:
            break
        batch.append(each)
    return tuple(batch)
