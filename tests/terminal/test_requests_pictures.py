"""Pictures of requests, handovers, attendance and reports, in both languages, and in light and
sixteen colours. Look at each that changes."""

from dataclasses import dataclass

import pytest
from syrupy.assertion import SnapshotAssertion
from textual.pilot import Pilot

from agent_client.terminal.screens.floor import FloorScreen
from protocol.facts.agent import State
from protocol.wire.desk_floor import Floor
from protocol.wire.session import Role
from tests.terminal.fake_seat import NOW, FakeSeat
from tests.terminal.pictures import SMALL, in_both_languages, in_other_colours
from tests.terminal.requests_scenes import answer
from tests.terminal.scenes import FLOOR, status
from tests.terminal.showing import opened
from tests.terminal.waiting import until

pytestmark = pytest.mark.prove


@dataclass(frozen=True)
class Moment:
    """A picture: the keys before it, each group once the last was answered."""

    keys: tuple[tuple[str, ...], ...]
    leads: bool = False


MOMENTS = {
    "requests": Moment((("j",),)),
    "requests-lead": Moment((("j",), ("o",), ("down", "down")), leads=True),
    "request-leave": Moment((("j",), ("n",))),
    "request-move": Moment((("j",), ("n",), ("right", "right"))),
    "request-swap": Moment((("j",), ("n",), ("right", "tab", "tab", *"1003"))),
    "request-overtime-lead": Moment((("down", "j"), ("n",), ("right", "right", "right")), True),
    "request-reject": Moment((("j",), ("end", "up", "r"), ("h", "i")), leads=True),
    "hours": Moment((("j",), ("h",))),
    "hours-book": Moment((("j",), ("end", "h"), ("plus",), ("tab", *"2:30")), leads=True),
    "handover": Moment((("h",), ("down", "down"))),
    "handover-write": Moment(
        (("h",), ("n",), (*"Refund 4711", "enter"), ("shift+tab", *"+45m", "tab", *"ask"))
    ),
    "handover-confirm": Moment((("h",), ("c",))),
    "report": Moment((("u",), ("down",)), leads=True),
    "report-right": Moment((("u",), ("right",) * 9), leads=True),
    "report-choose": Moment((("u",), ("n",), ("right",)), leads=True),
    "attendance": Moment((("u",), ("m",)), leads=True),
    "attendance-sign": Moment((("u",), ("m",), ("s",)), leads=True),
    "attendance-days": Moment((("u",), ("m",), ("enter",), ("down",)), leads=True),
    "attendance-seen": Moment((("u",), ("m",), ("enter",), ("p",)), leads=True),
    "attendance-instead": Moment((("u",), ("m",), ("enter",), ("u", *"1003")), leads=True),
}
PAINTED = ("requests", "handover", "report", "attendance")
"""Those that are looked at in every theme, too."""
WIDE = dict.fromkeys(("requests-lead", "report", "attendance"), (SMALL, (200, 50)))
"""Those that are looked at on a large screen, too."""


async def bring_to(name: str, seat: FakeSeat, app, pilot: Pilot[None]) -> None:
    """A desk or a floor, and the keys of a moment."""
    moment = MOMENTS[name]
    if moment.leads:
        seat.send(Floor(FLOOR, NOW, reset=True))
        await until(lambda: isinstance(app.screen, FloorScreen) and app.screen.board.rows)
    for group in moment.keys:
        await pilot.press(*group)


def prepare(seat: FakeSeat, name: str) -> bool:
    """Somebody is signed in, and the service knows. Whether it is a lead."""
    leads = MOMENTS[name].leads
    agent = "2001" if leads else "1001"
    roles = (Role.SUPERVISOR,) if leads else (Role.AGENT,)
    seat.status = status(State.NOT_READY, agent=agent, roles=roles)
    answer(seat)
    return leads


@pytest.mark.parametrize("name", MOMENTS)
async def test_in_both_languages(
    terminal, seat: FakeSeat, snapshot: SnapshotAssertion, name: str, monkeypatch
) -> None:
    monkeypatch.setenv("HOME", "/home/desk")
    app = terminal(supervisor=prepare(seat, name))
    async with opened(app) as pilot:
        await bring_to(name, seat, app, pilot)
        await in_both_languages(pilot, snapshot, chinese=WIDE.get(name, (SMALL,)))


@pytest.mark.parametrize("name", PAINTED)
async def test_in_other_colours(
    terminal, seat: FakeSeat, snapshot: SnapshotAssertion, name: str
) -> None:
    app = terminal(supervisor=prepare(seat, name))
    async with opened(app) as pilot:
        await bring_to(name, seat, app, pilot)
        await in_other_colours(pilot, snapshot)
