"""Pictures of what a lead sees, in both languages, and in light and sixteen colours. Look at each
that changes."""

import msgspec
import pytest
from syrupy.assertion import SnapshotAssertion
from textual.widgets import Input

from agent_client.terminal.screens.floor import FloorScreen
from protocol.facts.agent import State
from protocol.facts.order import OrderKind, OrderOutcome
from protocol.wire.desk_floor import Floor
from protocol.wire.session import Role
from tests.terminal.fake_seat import NOW, FakeSeat
from tests.terminal.people import PERSON
from tests.terminal.scenes import FLOOR, status
from tests.terminal.showing import opened
from tests.terminal.test_snapshots import SIZES, Picture, picture
from tests.terminal.waiting import until

ASKED = (
    msgspec.structs.replace(FLOOR[1], order=OrderKind.FORCE_NOT_READY),
    msgspec.structs.replace(
        FLOOR[0], order=OrderKind.MESSAGE, order_outcome=OrderOutcome.SEEN, provisional=True
    ),
    msgspec.structs.replace(FLOOR[3], locked=True),
)
KEYS: dict[str, tuple[str, ...]] = {
    "floor": ("down", "space", "down"),
    "person": ("down", "down", "enter"),
    "person-end": ("down", "down", "enter", "end"),
    "message": ("down", "space", "space", "space", "space", "m"),
    "take-out": ("down", "n"),
    "sign-out": ("down", "e", *"late", "enter"),
    "one-time-code": ("down", "p", "enter"),
}
PAINTED = ("floor", "person")
"""Those that are looked at in every theme, too."""


async def bring_to(name: str, seat: FakeSeat, app, pilot) -> None:
    """The floor as a lead has it, and the keys of a moment."""
    seat.send(Floor(FLOOR, NOW, reset=True))
    seat.send(Floor(ASKED, NOW))
    await until(lambda: isinstance(app.screen, FloorScreen) and app.screen.board.rows)
    await pilot.press("s", *KEYS[name])
    await pilot.pause(0.3)
    for each in app.screen.query(Input):
        each.cursor_blink = False
    await pilot.pause()


def prepare(seat: FakeSeat) -> None:
    """A lead is signed in, and somebody's day is known."""
    seat.status = status(State.NOT_READY, roles=(Role.LEADER,))
    seat.page = PERSON


@pytest.mark.parametrize("name", KEYS)
async def test_in_both_languages(
    terminal, seat: FakeSeat, snapshot: SnapshotAssertion, name: str
) -> None:
    prepare(seat)
    app = terminal(supervisor=True)
    pictures = snapshot.use_extension(Picture)
    async with opened(app) as pilot:
        await bring_to(name, seat, app, pilot)
        for width, height in SIZES:
            assert await picture(pilot, width, height) == pictures(name=f"en-{width}")
        await pilot.press("ctrl+l")
        assert await picture(pilot, 80, 24) == pictures(name="zh_CN-80")


@pytest.mark.parametrize("theme", ["light", "16"])
@pytest.mark.parametrize("name", PAINTED)
async def test_in_other_colours(
    terminal, seat: FakeSeat, snapshot: SnapshotAssertion, name: str, theme: str
) -> None:
    prepare(seat)
    app = terminal(supervisor=True, theme_name=theme)
    async with opened(app) as pilot:
        await bring_to(name, seat, app, pilot)
        pictured = await picture(pilot, 80, 24)
        assert pictured == snapshot.use_extension(Picture)(name=f"{theme}-80")
