"""Drafts: nothing typed is lost, whatever becomes of the seat meanwhile."""

import asyncio
from collections.abc import Awaitable

from agent_client.terminal.drafts import Drafts
from agent_client.terminal.seat import MakeRequest
from protocol.wire.desk_call import WrappedUp, WrapUp
from protocol.wire.errors import Code, Refused
from tests.terminal.waiting import until


class Desk:
    """Takes drafts, or not."""

    def __init__(self) -> None:
        self.taken: list[WrapUp] = []
        self.fault: Exception | None = None
        self.answers = asyncio.Event()
        self.answers.set()

    async def _take(self, make: MakeRequest) -> None:
        await self.answers.wait()
        if self.fault is not None:
            raise self.fault
        request = make(1)
        assert isinstance(request, WrapUp)
        self.taken.append(request)

    def ask(self, make: MakeRequest) -> Awaitable[None]:
        return self._take(make)

    def notes(self) -> list[tuple[str, str]]:
        return [(request.call_id, request.note) for request in self.taken]


def drafts(desk: Desk) -> Drafts:
    return Drafts(desk.ask, lambda: None, pause_s=0.03)


async def test_what_is_typed_is_handed_over_once_typing_pauses() -> None:
    desk = Desk()
    kept = drafts(desk)
    for note in ("a", "ab", "abc"):
        kept.keep("c1", WrappedUp(note=note))
    await until(lambda: kept.unsaved("c1") is None)
    assert desk.notes() == [("c1", "abc")]


async def test_a_seat_that_is_gone_gets_it_when_it_is_back() -> None:
    desk = Desk()
    desk.fault = ConnectionError()
    kept = drafts(desk)
    kept.keep("c1", WrappedUp(note="a"))
    await kept.save()
    assert kept.unsaved("c1") == WrappedUp(note="a")
    desk.fault = None
    kept.again()
    await until(lambda: kept.unsaved("c1") is None)
    assert desk.notes() == [("c1", "a")]


async def test_what_is_typed_while_the_seat_answers_is_not_taken_for_saved() -> None:
    desk = Desk()
    desk.answers.clear()
    kept = drafts(desk)
    kept.keep("c1", WrappedUp(note="a"))
    saving = asyncio.create_task(kept.save())
    await asyncio.sleep(0)
    kept.keep("c1", WrappedUp(note="ab"))
    desk.answers.set()
    await saving
    assert desk.notes() == [("c1", "a"), ("c1", "ab")]
    assert kept.unsaved("c1") is None
    kept.stop()


async def test_a_refused_draft_is_kept_and_not_tried_again_until_it_changes() -> None:
    desk = Desk()
    desk.fault = Refused(Code.BAD_TIME)
    kept = drafts(desk)
    kept.keep("c1", WrappedUp(note="a"))
    kept.keep("c2", WrappedUp(note="b"))
    await kept.save()
    refusal = kept.refusal("c1")
    assert refusal is not None
    assert refusal.code == Code.BAD_TIME
    desk.fault = None
    await kept.save()
    assert desk.taken == []
    kept.keep("c1", WrappedUp(note="aa"))
    await kept.save()
    assert desk.notes() == [("c1", "aa")]
    assert kept.unsaved("c2") == WrappedUp(note="b")
