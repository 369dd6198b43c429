"""Pictures of training for whoever gives it, in both languages. Look at each that changes."""

import pytest
from syrupy.assertion import SnapshotAssertion

from agent_client.terminal.screens.floor import FloorScreen
from protocol.facts.agent import State
from protocol.wire.desk_floor import Floor
from protocol.wire.session import Role
from tests.terminal.fake_seat import NOW, FakeSeat
from tests.terminal.pictures import SIZES, in_both_languages
from tests.terminal.scenes import FLOOR, status
from tests.terminal.showing import opened
from tests.terminal.training_scenes import answer_training
from tests.terminal.waiting import until

pytestmark = pytest.mark.prove

WIDE = (200, 50)
MOMENTS: dict[str, tuple[tuple[str, ...], ...]] = {
    "menu": (("1",),),
    "types": (("1",), ("4",)),
    "contents": (("1",), ("3",), ("space", "down", "space")),
    "tasks": (("1",), ("2",)),
    "content": (("1",), ("3",), ("enter",)),
    "content-preview": (("1",), ("3",), ("enter",), ("ctrl+r",)),
    "task": (("1",), ("2",), ("enter",)),
    "assign": (("1",), ("2",), ("a",), (*"100", "enter"), ("space", "down", "space")),
    "remove": (("1",), ("3",), ("space", "space"), ("d",)),
    "centre": (("1",), ("1",), ("down",)),
    "withdraw": (("1",), ("1",), ("space", "space", "w"), (*"ill",)),
    "statistics": (("1",), ("5",)),
    "statistics-narrow": (("1",), ("5",), ("n",)),
}


@pytest.mark.parametrize("name", MOMENTS)
async def test_in_both_languages(
    terminal, seat: FakeSeat, snapshot: SnapshotAssertion, name: str
) -> None:
    seat.status = status(State.NOT_READY, agent="2001", roles=(Role.SUPERVISOR,))
    answer_training(seat)
    async with opened(app := terminal(supervisor=True)) as pilot:
        seat.send(Floor(FLOOR, NOW, reset=True))
        await until(lambda: isinstance(app.screen, FloorScreen) and app.screen.board.rows)
        for group in MOMENTS[name]:
            await pilot.press(*group)
            await pilot.pause()
        await in_both_languages(pilot, snapshot, (*SIZES, WIDE), (*SIZES, WIDE))
