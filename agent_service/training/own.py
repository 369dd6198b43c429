"""What a person is told of their training: pure, but for what the floor tells."""

from collections.abc import Sequence
from typing import NamedTuple

import msgspec

from agent_service.training.planned import PlannedTraining
from agent_service.training.row import StoredAssignment
from agent_service.training.studying import Studying
from agent_service.training.told import MOST_BYTES, within
from agent_service.training.trainee import Trainee
from protocol.rules.exceptions import SYSTEM
from protocol.wire.session import Person
from protocol.wire.training import AssignmentRow, OfferCause, OwnTraining, TrainingOffer

REST_MS = 300_000
"""What was put off does not offer itself again before."""
_encoder = msgspec.json.Encoder()


class Waiting(NamedTuple):
    """What somebody still has to do, the next due first: as it is, and as it is told."""

    rows: Sequence[StoredAssignment] = ()
    told: tuple[AssignmentRow, ...] = ()


class Teller:
    """Makes what is told of what is known at a moment."""

    def __init__(self, studying: Studying, planned: PlannedTraining, idle_s: int) -> None:
        self._studying = studying
        self._planned = planned
        self._idle_s = idle_s

    def own(
        self,
        person: Person,
        waiting: Waiting,
        trainee: Trainee | None,
        before: TrainingOffer | None,
        now_ms: int,
    ) -> OwnTraining:
        """`before`: what offers itself already."""
        recalled = trainee if self._is_recalled(person, trainee, now_ms) else None
        offer = None if recalled else self._offer(person, waiting.rows, before, now_ms)
        return OwnTraining(
            waiting.told,
            offer,
            "" if recalled is None else recalled.recalled_by,
            None if recalled is None else recalled.recalled_ms,
            self._idle_s,
        )

    def _is_recalled(self, person: Person, trainee: Trainee | None, now_ms: int) -> bool:
        """Only who is in training can come back; for the system only while callers wait."""
        if trainee is None or not trainee.is_recalled(now_ms):
            return False
        if not self._studying.is_studying(person.number):
            return False
        return trainee.recalled_by != SYSTEM or self._studying.is_below(person.team)

    def _offer(
        self,
        person: Person,
        waiting: Sequence[StoredAssignment],
        before: TrainingOffer | None,
        now_ms: int,
    ) -> TrainingOffer | None:
        if self._studying.is_studying(person.number):
            return None
        rows = [row for row in waiting if _is_rested(row, now_ms)]
        for row in rows:
            until_ms = row.pushed_until_ms
            if until_ms is not None and now_ms < until_ms and self._may_go(person, row, before):
                cause, by = OfferCause.PUSHED, row.pushed_by
                return TrainingOffer(row.assignment, cause, by, until_ms, row.postponed)
        planned = self._planned.at(person.number, now_ms)
        if planned is None or not rows:
            return None
        row, cause = rows[0], OfferCause.SCHEDULED
        return TrainingOffer(row.assignment, cause, "", planned.end_ms, row.postponed)

    def _may_go(self, person: Person, row: StoredAssignment, before: TrainingOffer | None) -> bool:
        """What offers itself already is not taken back because a call rings."""
        if before is not None and before.assignment == row.assignment:
            return not self._studying.is_below(person.team)
        return self._studying.can_spare(person.team)


def _is_rested(row: StoredAssignment, now_ms: int) -> bool:
    return row.postponed_ms is None or now_ms >= row.postponed_ms + REST_MS


def first_within(rows: Sequence[AssignmentRow]) -> tuple[AssignmentRow, ...]:
    """As many of the first as fit into one message."""
    rows, left = within(rows), MOST_BYTES
    for number, row in enumerate(rows):
        left -= len(_encoder.encode(row)) + 1  # with its comma
        if left < 0:
            return tuple(rows[:number])
    return tuple(rows)
