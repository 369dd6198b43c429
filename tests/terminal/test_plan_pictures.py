"""Pictures of plan, figure and exceptions, in both languages, at 80×24 and 120×40. Look at each
that changes."""

from dataclasses import dataclass

import pytest
from syrupy.assertion import SnapshotAssertion
from textual.pilot import Pilot

from agent_client.terminal.app import TerminalApp
from agent_client.terminal.screens.floor import FloorScreen
from agent_client.terminal.screens.person import PersonScreen
from agent_client.terminal.screens.why import WhySheet
from protocol.facts.agent import State
from protocol.rules.fatigue import Fatigue
from protocol.wire.adherence import GetAdherence
from protocol.wire.desk import Status
from protocol.wire.desk_floor import Floor
from protocol.wire.desk_plan import OwnDay
from protocol.wire.handover import OwnNotices
from protocol.wire.roster import GetRoster
from protocol.wire.session import Role
from tests.terminal.calls_data import ORDERS
from tests.terminal.desk_scenes import AFTER, TALKING
from tests.terminal.fake_seat import NOW, FakeSeat
from tests.terminal.people import PERSON
from tests.terminal.pictures import SIZES, in_both_languages, in_other_colours
from tests.terminal.plan_scenes import (
    AS_OF,
    MIXED,
    NOTICES,
    adherence_day,
    own_day,
    roster,
    shift,
    tells_day,
)
from tests.terminal.scenes import FLOOR, status
from tests.terminal.showing import opened
from tests.terminal.waiting import until

READY = status(State.READY)
MEAL_DUE = shift("09:00-14:00 WORK", "14:00-15:00 MEAL", "15:00-18:00 WORK")
NEEDED = OwnNotices(0, 0, 0, present=9, required=9, asked_to_stay=True, unconfirmed=1)
SOON = shift("09:00-14:07 WORK", "14:07-14:22 BREAK", "14:22-18:00 WORK")
TIRED = Fatigue(
    20_900,
    True,
    True,
    False,
    None,
    20_900,
    AS_OF - 6_500_000,
    AS_OF - 200_000,
    AS_OF + 9**6,
    0,
    20_900,
)


@dataclass(frozen=True)
class Moment:
    """One picture of the desk."""

    own: OwnDay
    status: Status = READY
    keys: tuple[str, ...] = ()


DESK: dict[str, Moment] = {
    "work": Moment(own_day()),
    "soon": Moment(own_day(plan=SOON)),
    "provisional": Moment(own_day(MIXED)),
    "rest-due": Moment(own_day(plan=MEAL_DUE), AFTER),
    "tired": Moment(own_day(fatigue=TIRED, notices=NOTICES)),
    "leaving": Moment(own_day(notices=NEEDED), keys=("ctrl+o",)),
    "leaving-much": Moment(
        own_day(notices=NEEDED), status(State.READY, held_back=2, orders=ORDERS), keys=("ctrl+o",)
    ),
    "call": Moment(own_day(plan=SOON, fatigue=TIRED, notices=NOTICES), TALKING),
    "no-plan": Moment(own_day((), (), planned=False)),
    "day-off": Moment(own_day((), ())),
    "why": Moment(own_day(MIXED), keys=("u",)),
    "why-pending": Moment(own_day(MIXED), keys=("u", *["down"] * 6)),
    "why-end": Moment(own_day(MIXED), keys=("u", "end")),
    "ask": Moment(own_day(MIXED), keys=("u", "e", "down", "down", "tab", "down", "tab", *"SOP")),
    "weeks": Moment(own_day(), keys=("v",)),
}


async def bring_to(moment: Moment, seat: FakeSeat, pilot: Pilot[None]) -> None:
    """The desk at a moment, with the keys pressed."""
    app = pilot.app
    assert isinstance(app, TerminalApp)
    await until(lambda: app._known.own_day == moment.own)
    await pilot.press(*moment.keys[:1])
    asks_why = "u" in moment.keys
    await until(lambda: not asks_why or (isinstance(app.screen, WhySheet) and app.screen.page))
    await pilot.press(*moment.keys[1:])


def prepare(moment: Moment, seat: FakeSeat) -> None:
    """What the seat and the service tell."""
    seat.status, seat.own_day = moment.status, moment.own
    seat.service[GetAdherence] = tells_day(adherence_day())
    seat.service[GetRoster] = roster


@pytest.mark.parametrize("name", DESK)
async def test_at_the_desk(
    terminal, seat: FakeSeat, snapshot: SnapshotAssertion, name: str
) -> None:
    moment = DESK[name]
    prepare(moment, seat)
    app = terminal()
    async with opened(app) as pilot:
        await bring_to(moment, seat, pilot)
        await in_both_languages(pilot, snapshot, chinese=SIZES)


@pytest.mark.prove
@pytest.mark.parametrize("name", ["work", "why"])
async def test_in_other_colours(
    terminal, seat: FakeSeat, snapshot: SnapshotAssertion, name: str
) -> None:
    moment = DESK[name]
    prepare(moment, seat)
    app = terminal()
    async with opened(app) as pilot:
        await bring_to(moment, seat, pilot)
        await in_other_colours(pilot, snapshot)


async def test_a_lead_decides(terminal, seat: FakeSeat, snapshot: SnapshotAssertion) -> None:
    prepare(DESK["work"], seat)
    seat.status = status(State.NOT_READY, roles=(Role.LEADER,), agent="2001")
    seat.page = PERSON
    app = terminal(supervisor=True)
    async with opened(app) as pilot:
        seat.send(Floor(FLOOR, NOW, reset=True))
        await until(lambda: isinstance(app.screen, FloorScreen) and app.screen.board.rows)
        await pilot.press("down", "down", "enter")
        await until(lambda: isinstance(app.screen, PersonScreen) and app.screen.page)
        await pilot.press("u")
        await until(lambda: isinstance(app.screen, WhySheet) and app.screen.page)
        await pilot.press(*["down"] * 4, "b", "enter", *"ok")
        await in_both_languages(pilot, snapshot)
