"""Pictures of what a lead sees, in both languages, and in light and sixteen colours. Look at each
that changes."""

import msgspec
import pytest
from syrupy.assertion import SnapshotAssertion

from agent_client.terminal.screens.floor import FloorScreen
from protocol.facts.agent import State
from protocol.facts.order import OrderKind, OrderOutcome
from protocol.wire.desk_floor import Floor
from protocol.wire.session import Role
from tests.terminal.fake_seat import NOW, FakeSeat
from tests.terminal.people import PERSON
from tests.terminal.pictures import in_both_languages, in_other_colours
from tests.terminal.scenes import FLOOR, status
from tests.terminal.showing import opened
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
    async with opened(app) as pilot:
        await bring_to(name, seat, app, pilot)
        await in_both_languages(pilot, snapshot)


@pytest.mark.prove
@pytest.mark.parametrize("name", PAINTED)
async def test_in_other_colours(
    terminal, seat: FakeSeat, snapshot: SnapshotAssertion, name: str
) -> None:
    prepare(seat)
    app = terminal(supervisor=True)
    async with opened(app) as pilot:
        await bring_to(name, seat, app, pilot)
        await in_other_colours(pilot, snapshot)
