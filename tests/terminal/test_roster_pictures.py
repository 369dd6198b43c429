"""Pictures of week grid and queue, in both languages, at three sizes, and in light and sixteen
colours. Look at each that changes."""

import pytest
from syrupy.assertion import SnapshotAssertion
from textual.pilot import Pilot

from protocol.facts.agent import State
from protocol.wire.desk_call import CallState
from protocol.wire.errors import Code, Refused
from protocol.wire.roster import ProposedDay
from tests.terminal.fake_seat import FakeSeat, call
from tests.terminal.pictures import (
    SIZES,
    Picture,
    in_both_languages,
    in_other_colours,
    picture,
)
from tests.terminal.plan_scenes import at
from tests.terminal.roster_scenes import NEXT, REFUSED, WARNINGS, Planner, Queue, on_floor, planned
from tests.terminal.waiting import until

pytestmark = pytest.mark.prove

DOWN = ("down", "down", "right", "right")
KEYS: dict[str, tuple[str, ...]] = {
    "grid-today": ("v",),
    "grid": ("v", "right_square_bracket", "home", *DOWN),
    "grid-ticked": ("v", "right_square_bracket", "home", *DOWN, "shift+down", "shift+right"),
    "pattern": ("v", "right_square_bracket", "home", *DOWN, "enter"),
    "times": ("v", "right_square_bracket", "home", *DOWN, "e", *"25:99", "enter"),
    "rotation": ("v", "right_square_bracket", "home", "shift+down", "shift+down", "r"),
    "check": ("v", "right_square_bracket", "home", "c"),
    "publish": (
        "v",
        "right_square_bracket",
        "home",
        "p",
        "shift+tab",
        "down",
        "space",
        "tab",
        "enter",
    ),
    "queue": ("b", "space", "down"),
    "queue-second": ("b", "down", "down"),
    "approve": ("b", "space", "space", "a", *"seen"),
    "filter": ("b", "f"),
    "shares": ("b", "s"),
    "incident": ("b", "n", *"09:30", "enter", *"noon", "enter", *"A", "enter", *"x", "enter"),
}
WIDE = dict.fromkeys(("grid-today", "grid-ticked", "queue"), (*SIZES, (200, 50)))
"""Those whose columns grow."""
PAINTED = ("grid-ticked", "queue")
"""Those that are looked at in every theme, too."""


def prepare(seat: FakeSeat) -> Planner:
    """Drafts and findings of the week to come, and a queue."""
    planner = Planner()
    planner.findings = (REFUSED, *WARNINGS)
    for agent, day, pattern in (("1003", 2, "day"), ("1003", 3, "-"), ("1005", 4, "late")):
        place = (agent, NEXT.replace(day=NEXT.day + day))
        planner.drafts[place] = planned(*place, pattern)
    planner.serve(seat)
    Queue().serve(seat)
    return planner


async def bring_to(name: str, pilot: Pilot[None]) -> None:
    """The keys of a moment, each once what the one before asked for is there."""
    await pilot.press(*KEYS[name])


@pytest.mark.parametrize("name", KEYS)
async def test_in_both_languages(
    terminal, seat: FakeSeat, snapshot: SnapshotAssertion, name: str
) -> None:
    prepare(seat)
    async with on_floor(terminal, seat) as (_, pilot):
        await bring_to(name, pilot)
        await in_both_languages(pilot, snapshot, WIDE.get(name, SIZES), SIZES)


@pytest.mark.parametrize("name", PAINTED)
async def test_in_other_colours(
    terminal, seat: FakeSeat, snapshot: SnapshotAssertion, name: str
) -> None:
    prepare(seat)
    async with on_floor(terminal, seat) as (_, pilot):
        await bring_to(name, pilot)
        await in_other_colours(pilot, snapshot)


async def test_a_call_over_the_grid(terminal, seat: FakeSeat, snapshot: SnapshotAssertion) -> None:
    prepare(seat)
    async with on_floor(terminal, seat, "zh_CN") as (_, pilot):
        await bring_to("grid", pilot)
        seat.tell(state=State.RINGING, call=call(CallState.RINGING))
        assert await picture(pilot) == snapshot.use_extension(Picture)


async def test_an_edit_that_is_refused(
    terminal, seat: FakeSeat, snapshot: SnapshotAssertion
) -> None:
    planner = prepare(seat)
    planner.refuse = Refused(Code.UNKNOWN_AGENT, agent="1001")
    async with on_floor(terminal, seat, "zh_CN") as (_, pilot):
        await pilot.press("v", "minus")
        assert await picture(pilot) == snapshot.use_extension(Picture)


@pytest.mark.parametrize("key", ["home", "n"])
@pytest.mark.parametrize("language", ["en", "zh_CN"])
async def test_edits_that_were_not_kept_and_a_correction_undecided(
    terminal, seat: FakeSeat, snapshot: SnapshotAssertion, language: str, key: str
) -> None:
    planner = prepare(seat)
    planner.refuse = Refused(Code.SHIFT_BEGUN, agent="1001", day="2026-11-23")
    planner.proposed = (ProposedDay("c1", "1001", NEXT, "2001", at("18:00")),)
    async with on_floor(terminal, seat, language) as (app, pilot):
        await bring_to("grid", pilot)
        seat.late = []
        await pilot.press("minus", "right", "minus", "down", "left")
        await pilot.press(*["shift+right"] * 4, "minus")
        seat.answer_late()
        await until(lambda: len(app.screen.unkept) == 3 and not app.screen.sending)
        await pilot.press(key)
        assert await picture(pilot) == snapshot.use_extension(Picture)


@pytest.mark.parametrize("language", ["en", "zh_CN"])
async def test_an_edit_of_what_has_begun(
    terminal, seat: FakeSeat, snapshot: SnapshotAssertion, language: str
) -> None:
    planner = prepare(seat)
    planner.refuse = Refused(Code.SHIFT_BEGUN, agent="1001", day="2026-11-20")
    async with on_floor(terminal, seat, language) as (_, pilot):
        await pilot.press("v", "left", "left", "minus", *"ill")
        assert await picture(pilot) == snapshot.use_extension(Picture)


@pytest.mark.parametrize("language", ["en", "zh_CN"])
async def test_without_patterns_the_operators_step_is_said(
    terminal, seat: FakeSeat, snapshot: SnapshotAssertion, language: str
) -> None:
    planner = prepare(seat)
    planner.patterns, planner.rotations = (), ()
    async with on_floor(terminal, seat, language) as (_, pilot):
        await bring_to("pattern", pilot)
        assert await picture(pilot) == snapshot.use_extension(Picture)
