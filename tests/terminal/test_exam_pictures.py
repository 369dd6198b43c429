"""Pictures of exams, in both languages, and in light and sixteen colours. Look at each that
changes."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from syrupy.assertion import SnapshotAssertion

from agent_client.terminal.app import TerminalApp
from protocol.facts.agent import Reason, State
from tests.terminal.exam_scenes import Desk
from tests.terminal.fake_seat import FakeSeat
from tests.terminal.pictures import SIZES, in_both_languages, in_other_colours
from tests.terminal.scenes import status
from tests.terminal.showing import opened, reads
from tests.terminal.waiting import until

pytestmark = pytest.mark.prove


@dataclass(frozen=True)
class Moment:
    """A picture: the keys before it, each group once the last was answered."""

    keys: tuple[tuple[str, ...], ...]
    sits: bool = False
    unsaved: int = 0
    typed: str = ""
    """What the keys write."""


MOMENTS = {
    "centre": Moment((("e",), ("down",))),
    "begin": Moment((("e",), ("down",), ("enter",))),
    "single": Moment((("b",),), sits=True),
    "multi": Moment((("pagedown",), ("c",), ("m",)), sits=True, unsaved=2),
    "fill-in": Moment((("pagedown",) * 3,), sits=True),
    "essay": Moment(
        (("pagedown",) * 4, (*"Listen", "enter", *"道歉")), sits=True, typed="Listen\n道歉"
    ),
    "overview": Moment((("pagedown",), ("m",), ("o",)), sits=True),
    "submit": Moment((("pagedown",), ("m",), ("s",)), sits=True),
    "result": Moment((("e",), ("down", "down", "down"), ("enter",), ("down",))),
}


async def bring_to(name: str, desk: Desk, app: TerminalApp, pilot) -> None:
    """The desk, or the paper that lies open, and the keys of a moment."""
    moment = MOMENTS[name]
    if moment.sits:
        desk.lies_open(unsaved=moment.unsaved)
        await reads(app, "Question 1/5")
    for group in moment.keys:
        await pilot.press(*group)
    if moment.unsaved:
        desk.lies_open(unsaved=moment.unsaved)
        await reads(app, "not at the server yet")
    if moment.typed:  # it is kept within a second
        await until(lambda: (moment.typed,) in desk.answers().values())
        await reads(app, "✓ ")


@pytest.fixture
def desk(seat: FakeSeat) -> Desk:
    """Somebody in an exam."""
    seat.status = status(State.NOT_READY, reason=Reason.EXAM)
    return Desk(seat)


@pytest.mark.parametrize("name", MOMENTS)
async def test_in_both_languages(
    terminal: Callable[..., TerminalApp], desk: Desk, snapshot: SnapshotAssertion, name: str
) -> None:
    app = terminal()
    async with opened(app) as pilot:
        await bring_to(name, desk, app, pilot)
        await in_both_languages(pilot, snapshot, chinese=SIZES)


@pytest.mark.parametrize("name", ["centre", "multi", "result"])
async def test_in_other_colours(
    terminal: Callable[..., TerminalApp], desk: Desk, snapshot: SnapshotAssertion, name: str
) -> None:
    app = terminal()
    async with opened(app) as pilot:
        await bring_to(name, desk, app, pilot)
        await in_other_colours(pilot, snapshot)
