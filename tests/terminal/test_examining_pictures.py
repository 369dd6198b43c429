"""Pictures of the question bank, papers and exams of those who teach, in both languages. Look at
each that changes."""

from collections.abc import Callable

import pytest
from syrupy.assertion import SnapshotAssertion

from agent_client.terminal.app import TerminalApp
from agent_client.terminal.screens.exam_menu import ExamMenu
from tests.terminal.examining_scenes import answer_examining
from tests.terminal.fake_seat import FakeSeat
from tests.terminal.pictures import SIZES, in_both_languages
from tests.terminal.sheets import signed_in
from tests.terminal.test_examining import TRAINER
from tests.terminal.waiting import until

pytestmark = pytest.mark.prove

MOMENTS: dict[str, tuple[tuple[str, ...], ...]] = {
    "menu": (),
    "questions": (("1",), ("down", "space")),
    "question": (("1",), ("down", "enter")),
    "papers": (("2",),),
    "paper": (("1",), ("space", "space", "g")),
    "generate": (("2",), ("g",), ("tab", "tab", "tab", "2", "enter")),
    "standard-answers": (("2",), ("k",)),
    "issue": (("2",), ("i",), ("tab", "space", "tab", "tab", *"+2h")),
    "issues": (("3",),),
    "sittings": (("3",), ("enter",), ("down",)),
    "extend": (("3",), ("enter",), ("down", "x")),
    "void": (("3",), ("v",)),
    "mark": (("3",), ("m",)),
    "key": (("3",), ("k",), ("enter",)),
    "statistics": (("4",),),
}


@pytest.mark.parametrize("name", MOMENTS)
async def test_in_both_languages(
    terminal: Callable[..., TerminalApp], seat: FakeSeat, snapshot: SnapshotAssertion, name: str
) -> None:
    async with signed_in(terminal, seat, TRAINER) as (app, pilot):
        answer_examining(seat)
        await pilot.press("2")
        await until(lambda: isinstance(app.screen, ExamMenu))
        for group in MOMENTS[name]:
            await pilot.press(*group)
        await in_both_languages(pilot, snapshot, chinese=SIZES)
