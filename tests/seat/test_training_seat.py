"""Studying at a whole seat, over its socket: told to whoever watches, gone on with when the seat
was killed or the link is lost."""

from pathlib import Path

import msgspec
import pytest

from agent_client.seat.process import Seat
from protocol.facts.agent import Reason, State
from protocol.facts.training import TrainingItemDone, TrainingOpened, TrainingRead
from protocol.rules.reading_time import Sign
from protocol.wire import desk
from protocol.wire.codec import MAX_FRAME_BYTES
from protocol.wire.desk_plan import AskService, ServiceAnswered
from protocol.wire.desk_training import (
    CloseItem,
    DeskTraining,
    FinishItem,
    OpenItem,
    PostponeTraining,
    ReadSign,
    WatchTraining,
)
from protocol.wire.errors import Code
from protocol.wire.sync import Link
from protocol.wire.training import (
    Assignments,
    GetAssignments,
    GetTrainingText,
    OwnTraining,
    TrainingText,
)
from tests.seat.folding import read_disk
from tests.seat.service import FakeService, eventually
from tests.seat.sitting import Sitting, kill, sitting
from tests.seat.studying import OWN, TASK, assignment, item, offer, stretches

Told = list[DeskTraining]
WANTED = AskService(0, GetTrainingText(0, TASK, "c1"))


def opens(id_: int) -> desk.AnyRequest:
    return OpenItem(id_, TASK, "c1")


def signs(sign: Sign, section: int = 0):
    return lambda id_: ReadSign(id_, sign, section)


async def watched(sits: Sitting, service: FakeService, own: OwnTraining | None = OWN) -> Told:
    """What somebody who watches is told, once they are told of a task."""
    seen: Told = []
    sits.client.listen(lambda push: seen.append(push) if isinstance(push, DeskTraining) else None)
    await sits.client.ask(WatchTraining)
    if own is not None:
        await service.tell(own)
        await eventually(lambda: bool(seen) and seen[-1].own == own)
    return seen


@pytest.fixture
async def told(sits: Sitting, service: FakeService) -> Told:
    return await watched(sits, service)


def passes(seat: Seat, seconds: int) -> None:
    """So much time passes on the machine, and the seat looks again."""
    mono = seat.clock._mono
    seat.clock._mono = lambda: mono() + seconds * 1000
    seat.training._due()


async def reads(sits: Sitting, told: Told, seconds: int) -> None:
    """Open, and in front for so long."""
    await sits.client.ask(opens)
    await eventually(lambda: told[-1].assignment == TASK)
    for _ in range(seconds // 10):
        passes(sits.seat, 10)


def on_disk(sits: Sitting) -> list[int]:
    """The stretches of all sessions."""
    return [each for facts in read_disk(sits.place.outbox) for each in stretches(facts)]


def gives_text(service: FakeService) -> None:
    service.answers[GetTrainingText] = lambda asked: TrainingText(
        getattr(asked, "id", 0), TASK, "c1", "C1", "# One"
    )


async def text(sits: Sitting) -> str:
    answer = await sits.client.ask(lambda id_: msgspec.structs.replace(WANTED, id=id_))
    assert isinstance(answer, ServiceAnswered)
    assert isinstance(answer.message, TrainingText)
    return answer.message.text


async def test_whoever_watches_is_told_from_the_task_to_its_end(
    sits: Sitting, service: FakeService, told: Told
) -> None:
    await sits.client.ask(desk.Ready)
    await reads(sits, told, 20)
    assert sits.states()[-1] == (State.NOT_READY, "break", Reason.TRAINING)
    await sits.client.ask(signs(Sign.INPUT, 3))
    await sits.client.ask(FinishItem)
    await sits.client.ask(CloseItem)
    await eventually(lambda: told[-1].assignment == "")
    row = told[-1].own.open[0]
    assert (row.trained_s, row.items_done, row.items[0].section) == (20, 1, 3)
    assert stretches(sits.facts()) == [10, 10, 0]
    assert await sits.refusal(FinishItem) == Code.NOT_OPEN
    assert await sits.refusal(signs(Sign.INPUT)) == Code.NOT_OPEN
    assert await sits.refusal(CloseItem) == "done"
    assert await sits.refusal(PostponeTraining) == Code.NO_OFFER


async def test_what_the_service_has_taken_counts_once(
    sits: Sitting, service: FakeService, told: Told
) -> None:
    await reads(sits, told, 20)
    await eventually(lambda: sits.seat._outbox.unsent() == 0)
    whole = assignment(item("c1", credited_s=20), item("c2"), started_ms=1)
    await service.tell(OwnTraining((whole,)))
    await eventually(lambda: told[-1].own.open == (whole,))
    assert told[-1].credited_s == 20
    less = assignment(item("c1", credited_s=12), item("c2"), started_ms=1)
    await service.tell(OwnTraining((less,)))
    await eventually(lambda: told[-1].credited_s == 12)


async def test_a_connection_that_ends_closes_what_was_read_there(sits: Sitting, told: Told) -> None:
    await reads(sits, told, 10)
    await sits.client.close()
    await eventually(lambda: sits.seat.training.present().assignment == "")
    assert stretches(sits.facts()) == [10]


async def test_a_killed_seat_loses_no_stretch_and_counts_none_twice(
    quick: None, tmp_path: Path, service: FakeService
) -> None:
    async def studying(sits: Sitting) -> None:
        told = await watched(sits, service)
        await reads(sits, told, 20)
        known = OwnTraining((assignment(item("c1", credited_s=20), item("c2")),))
        await service.tell(known)
        await eventually(lambda: sits.seat.training_cache.own == known)
        await service.close()
        await sits.client.ask(signs(Sign.INPUT, 2))
        passes(sits.seat, 10)
        passes(sits.seat, 7)

    await kill(tmp_path, service, begun=studying)
    await service.open()
    async with sitting(tmp_path, service) as sits:
        told = await watched(sits, service, None)
        assert (told[-1].assignment, told[-1].running) == ("", False), "nothing is open"
        row = told[-1].own.open[0]
        assert (row.trained_s, row.items[0].section) == (30, 2)
        await sits.until(lambda status: status.unsent == 0)
        assert on_disk(sits) == [10, 10, 10]
        await service.tell(OwnTraining((row,)))
        await reads(sits, told, 10)
        await eventually(lambda: told[-1].own.open[0].trained_s == 40)
        assert on_disk(sits) == [10, 10, 10, 10]


async def test_a_started_reading_goes_on_with_the_link_lost_and_after_a_restart(
    quick: None, tmp_path: Path, service: FakeService
) -> None:
    gives_text(service)
    async with sitting(tmp_path, service) as sits:
        await sits.enrol_and_sign_in()
        told = await watched(sits, service, OwnTraining(OWN.open, offer(), "2001", 1))
        assert await text(sits) == "# One"
        await sits.client.ask(opens)
        await service.close()
        await sits.until(lambda status: status.link is Link.OFFLINE)
        await reads(sits, told, 20)
        assert await text(sits) == "# One"
        other = AskService(0, GetTrainingText(0, TASK, "c2"))
        assert (
            await sits.refusal(lambda id_: msgspec.structs.replace(other, id=id_))
            == Code.SERVICE_UNREACHABLE
        )
    async with sitting(tmp_path, service) as sits:
        await sits.client.ask(lambda id_: desk.SignIn(id_, "pa55word"))
        told = await watched(sits, service, None)
        await eventually(lambda: bool(told) and told[-1].own.open != ())
        before_s = told[-1].own.open[0].trained_s
        assert before_s == sum(on_disk(sits)) >= 20
        assert (told[-1].own.offer, told[-1].own.recalled_by) == (None, "")
        assert await text(sits) == "# One"
        await reads(sits, told, 10)
        await eventually(lambda: told[-1].own.open[0].trained_s == before_s + 10)


async def test_what_is_completed_can_be_studied_again(
    sits: Sitting, service: FakeService, told: Told
) -> None:
    done = assignment(item("c7", done=True, credited_s=70), name="a7", done_ms=1)
    service.answers[GetAssignments] = lambda asked: Assignments(
        getattr(asked, "id", 0), (done,), 1, 1, 1, {}
    )

    def again(id_: int) -> desk.AnyRequest:
        return OpenItem(id_, "a7", "c7")

    assert await sits.refusal(again) == Code.UNKNOWN_ASSIGNMENT
    await sits.client.ask(lambda id_: AskService(id_, GetAssignments(0, "1001")))
    assert await sits.refusal(again) == "done"
    passes(sits.seat, 10)
    await eventually(lambda: told[-1].credited_s == 80)


async def test_what_is_completed_meanwhile_stays_open(
    sits: Sitting, service: FakeService, told: Told
) -> None:
    await reads(sits, told, 10)
    await service.tell(OwnTraining())
    await eventually(lambda: told[-1].own.open == ())
    assert (told[-1].assignment, told[-1].credited_s) == (TASK, 10)
    passes(sits.seat, 10)
    await eventually(lambda: told[-1].credited_s == 20)


async def test_signed_out_nobody_is_told_whose_training_it_was(
    sits: Sitting, service: FakeService, told: Told
) -> None:
    await reads(sits, told, 10)
    await sits.client.ask(desk.SignOut)
    await eventually(lambda: told[-1] == DeskTraining(OwnTraining()))
    kinds = [type(fact) for fact in sits.facts()]
    assert kinds.count(TrainingOpened) == 1
    assert kinds.count(TrainingRead) == 1
    assert TrainingItemDone not in kinds


@pytest.mark.parametrize("content", [b"", b"{", b'{"open": 3}', b" " * (MAX_FRAME_BYTES + 1)])
async def test_what_was_kept_and_can_not_be_read_is_asked_anew(
    quick: None, tmp_path: Path, service: FakeService, content: bytes
) -> None:
    async with sitting(tmp_path, service) as sits:
        await sits.enrol_and_sign_in()
        for file in (sits.place.training, sits.place.training_text):
            file.write_bytes(content)
    async with sitting(tmp_path, service) as sits:
        told = await watched(sits, service)
        assert told[-1].own == OWN
