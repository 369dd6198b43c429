"""One's own training to a listener: what waits, what is offered, who asks, what is complete."""

from collections.abc import AsyncIterator
from pathlib import Path

import msgspec
import pytest

from protocol.facts.agent import Reason, State
from protocol.facts.training import AssignCause
from protocol.rules.reading_time import Sign
from protocol.wire import desk
from protocol.wire.desk_call import CallState
from protocol.wire.desk_training import (
    CloseItem,
    DeskTraining,
    FinishItem,
    OpenItem,
    PostponeTraining,
    ReadSign,
)
from protocol.wire.training import (
    AssignmentRow,
    GetTrainingText,
    ItemRow,
    OfferCause,
    OwnTraining,
    TrainingOffer,
    TrainingText,
)
from tests.plain.test_plain_terminal import Listener, listening
from tests.terminal.fake_seat import NOW, FakeSeat, call
from tests.terminal.scenes import status

NOW_MS = int(NOW.timestamp() * 1000)
HOUR = 3_600_000
ITEMS = (ItemRow("c1", 1, "One", 50, True, 2), ItemRow("c2", 1, "Two", 40, False))
ROW = AssignmentRow(
    assignment="a1",
    number=7,
    task="t1",
    name="Tenders\x1b",
    type="Finance",
    agent="1001",
    items=ITEMS,
    items_done=1,
    trained_s=90,
    min_seconds=60,
    actor="2001",
    cause=AssignCause.MANUAL,
    assigned_ms=NOW_MS,
    due_ms=NOW_MS + HOUR,
)
READ = msgspec.structs.replace(
    ROW, items=tuple(msgspec.structs.replace(i, done=True) for i in ITEMS)
)
OFFER = TrainingOffer("a1", OfferCause.PUSHED, "2001", NOW_MS + HOUR, 0)


def told(*rows: AssignmentRow, offered: bool = False, **more: object) -> DeskTraining:
    return DeskTraining(msgspec.structs.replace(OwnTraining(rows), **more), offered)


@pytest.fixture
async def seat(tmp_path: Path) -> AsyncIterator[FakeSeat]:
    fake = FakeSeat(tmp_path / "seat.sock", status(State.READY))
    fake.training = told(ROW)
    await fake.start()
    yield fake
    await fake.stop()


def count(listener: Listener, text: str) -> int:
    return sum(text in line for line in listener.heard)


async def test_what_waits_is_said_once_and_listed_when_asked(seat: FakeSeat) -> None:
    async with listening(seat) as listener:
        await listener.hears("Training tasks: 1, next due")
        await listener.hears("Type training for the list, study to begin.")
        seat.send(told(ROW))
        (line,) = await listener.types("training")
        assert "No. 7  Tenders   contents read 1 of 2  time 00:01:30, least 00:01:00" in line
        assert line.isprintable()
        assert count(listener, "Training tasks") == 1


async def test_without_any_there_is_nothing(seat: FakeSeat) -> None:
    seat.training = told()
    async with listening(seat) as listener:
        await listener.hears("State: Ready")
        assert await listener.types("training") == ["Nothing there."]
        assert count(listener, "raining") == 0


async def test_an_offer_is_said_and_put_off(seat: FakeSeat) -> None:
    async with listening(seat) as listener:
        seat.send(told(ROW, offered=True, offer=OFFER))
        await listener.hears("2001 asks you to study: Tenders .")
        await listener.hears("Type postpone to put it off (1 of 3).")
        assert await listener.types("postpone") == ["Done."]
        assert PostponeTraining in seat.kinds()
        seat.send(told(ROW))
        last = msgspec.structs.replace(OFFER, postponed=3, cause=OfferCause.SCHEDULED)
        seat.send(told(ROW, offered=True, offer=last))
        await listener.hears("Time to study: Tenders .")
        assert count(listener, "put it off") == 1


async def test_nothing_is_said_into_a_call(seat: FakeSeat) -> None:
    async with listening(seat) as listener:
        await listener.hears("Training tasks: 1")
        seat.tell(state=State.TALK, call=call(CallState.TALK))
        await listener.hears("Call from")
        seat.send(told(ROW, READ))
        seat.tell(state=State.ACW, call=None)
        await listener.hears("The call is over.")
        assert count(listener, "Training tasks: 2") == 0
        seat.tell(state=State.READY)
        await listener.hears("Training tasks: 2")


@pytest.mark.parametrize(
    ("by", "words"), [("2001", "2001 asks you back"), ("system", "Callers wait")]
)
async def test_a_recall_is_said_to_whoever_studies(seat: FakeSeat, by: str, words: str) -> None:
    async with listening(seat) as listener:
        called = told(ROW, recalled_by=by, recalled_ms=NOW_MS)
        seat.send(called)
        await listener.hears("Training tasks: 1")
        assert count(listener, words) == 0
        seat.tell(state=State.NOT_READY, reason=Reason.TRAINING)
        await listener.hears(words)
        seat.send(called)
        await listener.types("training")
        assert count(listener, words) == 1


async def test_a_task_that_lacks_nothing_and_goes_is_complete(seat: FakeSeat) -> None:
    async with listening(seat) as listener:
        seat.send(told(ROW, READ))
        seat.send(told(READ))
        seat.send(told())
        await listener.hears("Tenders  is complete.")
        assert count(listener, "is complete") == 1


async def test_what_is_withdrawn_is_not_complete(seat: FakeSeat) -> None:
    async with listening(seat) as listener:
        await listener.hears("Training tasks: 1")
        seat.send(told())
        seat.send(told(READ))
        await listener.hears("Training tasks: 1")
        assert count(listener, "is complete") == 0


async def test_the_next_person_hears_it_whole(seat: FakeSeat) -> None:
    async with listening(seat) as listener:
        await listener.hears("Training tasks: 1")
        seat.tell(state=State.LOGGED_OFF)
        await listener.hears("Signed out")
        seat.tell(state=State.NOT_READY)
        seat.send(told(ROW))
        await listener.hears("Not ready")
        await listener.types("status")
        assert count(listener, "Training tasks: 1") == 2


def gives_text(seat: FakeSeat) -> None:
    seat.service[GetTrainingText] = lambda asked: TrainingText(
        0, "a1", asked.content, "Two\x1b", "# One\n\nfirst\x1b[2J\n\n# Two\n\nsecond\n"
    )


def opened(seat: FakeSeat) -> None:
    """As the seat tells it."""
    told_now = told(ROW)
    seat.send(msgspec.structs.replace(told_now, assignment="a1", content="c2", running=True))


async def test_a_content_is_read_page_by_page_to_its_end(seat: FakeSeat) -> None:
    gives_text(seat)
    async with listening(seat) as listener:
        await listener.hears("Training tasks: 1")
        first = await listener.types("study")
        assert first[:3] == ["Two , page 1 of 2.", "# One", "first [2J"]
        assert first[3].startswith("Type onward")
        assert seat.asked[-1] == OpenItem(seat.asked[-1].id, "a1", "c2"), "what is not read yet"
        assert await listener.types("finished") == ["The end has not come yet: type onward."]
        second = await listener.types("onward")
        assert second[1:3] == ["# Two", "second"]
        assert second[3].startswith("This was the end.")
        assert seat.asked[-1] == ReadSign(seat.asked[-1].id, Sign.INPUT, 1)
        assert (await listener.types("onward"))[0] == "Two , page 2 of 2."
        assert (await listener.types("back"))[0] == "Two , page 1 of 2."
        await listener.types("onward")
        (said,) = await listener.types("finished")
        assert said.startswith("Kept: this content is read.")
        assert seat.kinds()[-2:] == [FinishItem, CloseItem]
        assert "[not_open]" in (await listener.types("onward"))[0]
        assert all(line.isprintable() for line in listener.heard)


async def test_a_task_is_chosen_by_its_number_or_is_the_one_that_is_offered(
    seat: FakeSeat,
) -> None:
    gives_text(seat)
    other = msgspec.structs.replace(
        ROW, assignment="a2", number=8, items=(ItemRow("c9", 1, "Nine"),)
    )
    async with listening(seat) as listener:
        offer = msgspec.structs.replace(OFFER, assignment="a2")
        seat.send(told(ROW, other, offered=True, offer=offer))
        await listener.hears("2001 asks you to study")
        for typed, content in (("study", "c9"), ("study 7", "c2"), ("study 8", "c9")):
            await listener.types(typed)
            assert seat.asked[-1].content == content
        assert "[unknown_assignment]" in (await listener.types("study 99"))[0]
        assert "[unknown_assignment]" not in (await listener.types("leave"))[0]
        assert seat.kinds()[-1] is CloseItem


async def test_what_can_not_be_read_changes_no_state(seat: FakeSeat) -> None:
    async with listening(seat) as listener:
        await listener.hears("Training tasks: 1")
        assert "[service_unreachable]" in (await listener.types("study"))[0]
        assert OpenItem not in seat.kinds()


async def test_what_the_seat_closes_is_said(seat: FakeSeat) -> None:
    gives_text(seat)
    async with listening(seat) as listener:
        await listener.hears("Training tasks: 1")
        seat.send(told(ROW))
        await listener.types("study")
        opened(seat)
        await listener.types("back")
        seat.send(told(ROW))
        await listener.hears("Reading was closed")
        assert "[not_open]" in (await listener.types("onward"))[0]


async def test_in_chinese(seat: FakeSeat) -> None:
    async with listening(seat, "zh_CN") as listener:
        await listener.hears("待完成培训：1 项")
        seat.send(told(ROW, offered=True, offer=OFFER))
        await listener.hears("2001 请您参加培训")
        assert desk.Watch in seat.kinds()
