"""Somebody who studies at a desk, in a time that jumps."""

from collections.abc import Iterable
from pathlib import Path

import msgspec

from agent_client.seat.known_training import KnownTraining
from agent_client.seat.outbox import Outbox
from agent_client.seat.place import SeatPlace
from agent_client.seat.training import Training
from agent_client.seat.training_cache import TrainingCache
from protocol.facts.agent import Reason
from protocol.facts.record import AnyFact
from protocol.facts.training import AssignCause, TrainingRead
from protocol.wire.desk_training import DeskTraining
from protocol.wire.training import (
    AssignmentRow,
    ItemRow,
    OfferCause,
    OwnTraining,
    TrainingOffer,
)
from tests.seat.rig import NUMBER, SERVER_MS, Rig

MINUTE = 60_000
TASK = "a1"


def item(content: str, **more: object) -> ItemRow:
    """Not begun."""
    return msgspec.structs.replace(ItemRow(content, 1, content.upper()), **more)


def assignment(*items: ItemRow, name: str = TASK, **more: object) -> AssignmentRow:
    """One that is open."""
    rows = items or (item("c1"), item("c2"))
    row = AssignmentRow(
        assignment=name,
        number=7,
        task="t1",
        name="Tenders",
        type="Finance",
        agent=NUMBER,
        items=rows,
        items_done=sum(each.done for each in rows),
        trained_s=sum(each.credited_s for each in rows),
        min_seconds=60,
        actor="2001",
        cause=AssignCause.MANUAL,
        assigned_ms=SERVER_MS - MINUTE,
    )
    return msgspec.structs.replace(row, **more)


def offer(**more: object) -> TrainingOffer:
    """One that holds for five minutes."""
    known = TrainingOffer(TASK, OfferCause.PUSHED, "2001", SERVER_MS + 5 * MINUTE, 0)
    return msgspec.structs.replace(known, **more)


OWN = OwnTraining((assignment(),))


def place_in(folder: Path) -> SeatPlace:
    """Where a desk keeps what it was told."""
    return SeatPlace("", NUMBER, folder, folder, folder)


class Student:
    """The training of a rig's desk."""

    def __init__(self, rig: Rig, folder: Path, own: OwnTraining | None = OWN) -> None:
        self.rig = rig
        self.told: list[DeskTraining] = []
        self.known = KnownTraining(NUMBER, TrainingCache(place_in(folder)), rig.outbox)
        self.training = Training(
            self.known, rig.standing, rig.clock, self._take_break, self.told.append
        )
        if own is not None:
            self.training.take(own)

    async def _take_break(self, reason: Reason) -> None:
        self.rig.desk.take_break(reason)

    async def opens(self, content: str = "c1") -> None:
        """What was recorded of that is not asked about."""
        await self.training.open_item(TASK, content)
        self.rig.new_facts()

    @property
    def last(self) -> DeskTraining:
        """What was told last."""
        return self.told[-1]

    def credited(self) -> list[int]:
        """The stretches on the disk, of the present session."""
        return stretches(self.rig.facts())


def stretches(facts: Iterable[AnyFact]) -> list[int]:
    """The seconds of each."""
    return [fact.seconds for fact in facts if isinstance(fact, TrainingRead)]


def reopened(folder: Path) -> KnownTraining:
    """What the next seat knows from this disk."""
    outbox = Outbox(folder / "outbox.db")
    known = KnownTraining(NUMBER, TrainingCache(place_in(folder)), outbox)
    outbox.close()
    return known
