"""A hold that meets the other side's re-INVITE, a refusal, or nobody."""

import asyncio
from collections.abc import Callable, Coroutine

import pytest

from agent_client.phone.hold import TRIES, HoldExchange
from agent_client.phone.stack import Busy, StackError
from tests.phone.clock import in_no_time

CROSSED_PAUSE_S = 2.0


class Line:
    """Takes re-INVITEs, or raises what it is told to."""

    def __init__(self) -> None:
        self.sent: list[tuple[float, bool]] = []
        self.news: list[tuple[str, bool]] = []
        self.raises: list[Exception] = []
        self.hold = HoldExchange(
            CROSSED_PAUSE_S,
            self._send,
            lambda held: self.news.append(("done", held)),
            lambda held: self.news.append(("failed", held)),
        )

    def _send(self, held: bool) -> None:
        if self.raises:
            raise self.raises.pop(0)
        self.sent.append((asyncio.get_running_loop().time(), held))


def play(story: Callable[[Line], Coroutine[None, None, None]]) -> Line:
    async def run() -> Line:
        line = Line()
        await story(line)
        return line

    return in_no_time(run())


def test_it_is_held_when_the_other_side_agreed() -> None:
    async def story(line: Line) -> None:
        line.hold.ask(True)
        assert (line.hold.held, line.hold.wanted) == (False, True)
        line.hold.in_force(False)  # the other side's own re-INVITE, from before
        assert line.news == []
        line.hold.in_force(True)
        assert (line.hold.held, line.hold.wanted) == (True, None)
        line.hold.ask(False)
        line.hold.in_force(False)

    assert play(story).news == [("done", True), ("done", False)]


def test_it_waits_until_the_other_sides_reinvite_is_over() -> None:
    async def story(line: Line) -> None:
        line.raises = [Busy("busy"), Busy("busy")]
        line.hold.ask(True)
        assert not line.hold.may_change_to(True)
        await asyncio.sleep(1)
        line.hold.in_force(True)

    line = play(story)
    assert line.news == [("done", True)]
    assert len(line.sent) == 1


def test_it_tries_again_after_crossing() -> None:
    async def story(line: Line) -> None:
        line.hold.ask(True)
        line.hold.refused(crossed=True)
        await asyncio.sleep(CROSSED_PAUSE_S * 2)
        line.hold.in_force(True)

    line = play(story)
    assert line.sent == [(0.0, True), (CROSSED_PAUSE_S, True)]
    assert line.news == [("done", True)]


def test_it_does_not_try_for_ever() -> None:
    async def story(line: Line) -> None:
        line.raises = [Busy("busy")] * 100
        line.hold.ask(True)
        await asyncio.sleep(60)
        assert line.hold.may_change_to(True)

    line = play(story)
    assert line.news == [("failed", True)]
    assert len(line.raises) == 100 - TRIES


def test_a_refusal_leaves_what_was() -> None:
    async def story(line: Line) -> None:
        line.hold.ask(True)
        line.hold.in_force(True)
        line.hold.ask(False)
        line.hold.refused(crossed=False)
        assert line.hold.held
        assert line.hold.may_change_to(False)

    assert play(story).news == [("done", True), ("failed", False)]


def test_a_refusal_of_something_else_is_nothing() -> None:
    async def story(line: Line) -> None:
        line.hold.refused(crossed=False)
        line.hold.refused(crossed=True)
        await asyncio.sleep(60)

    line = play(story)
    assert (line.news, line.sent) == ([], [])


def test_what_cannot_be_begun_is_raised() -> None:
    async def story(line: Line) -> None:
        line.raises = [StackError("gone")]
        with pytest.raises(StackError):
            line.hold.ask(True)
        assert line.hold.may_change_to(True)

    assert play(story).news == []


def test_nothing_comes_after_the_end_of_the_call() -> None:
    async def story(line: Line) -> None:
        line.raises = [Busy("busy")]
        line.hold.ask(True)
        line.hold.stop()
        await asyncio.sleep(60)

    line = play(story)
    assert (line.news, line.sent) == ([], [])
