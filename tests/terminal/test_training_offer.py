"""Training offers itself between calls: it covers none, and takes no key from what is typed."""

import msgspec
import pytest
from textual.widgets import Input

from agent_client.terminal.screens.reader import ReaderSheet
from protocol.facts.agent import Reason, State
from protocol.wire.desk_call import CallState
from protocol.wire.desk_training import DeskTraining, OpenItem, PostponeTraining
from protocol.wire.training import OfferCause, OwnTraining
from tests.terminal.fake_seat import FakeSeat, call
from tests.terminal.plan_scenes import own_day
from tests.terminal.reading_scenes import LATE, OPEN, TOLD, offered, prepare
from tests.terminal.scenes import status
from tests.terminal.sheets import signed_in
from tests.terminal.showing import reads, text_of
from tests.terminal.test_hostile_text import HOSTILE
from tests.terminal.waiting import until

READY = status(State.READY)
WHENEVER = msgspec.structs.replace(OPEN, due_ms=None)
ASKED = "» Study, asks 2001: 商城退款新规"


async def test_it_says_who_asks_and_which_keys_answer(terminal, seat: FakeSeat) -> None:
    async with signed_in(terminal, seat, READY) as (app, _):
        seat.send(offered(1))
        await reads(app, ASKED)
        assert "a Study now p not now (2 of 3)" in text_of(app)
        seat.send(offered(cause=OfferCause.SCHEDULED))
        await reads(app, "» Time to study: 商城退款新规")


async def test_taking_it_changes_the_state_and_shows_the_page(terminal, seat: FakeSeat) -> None:
    prepare(seat)
    async with signed_in(terminal, seat, READY) as (app, pilot):
        seat.send(offered())
        await reads(app, ASKED)
        await pilot.press("a")
        await until(lambda: isinstance(app.screen, ReaderSheet))
        assert [each.content for each in seat.asked if isinstance(each, OpenItem)] == ["k2"]
        await until(lambda: app._known.status.reason is Reason.TRAINING)


async def test_putting_it_off(terminal, seat: FakeSeat) -> None:
    async with signed_in(terminal, seat, READY) as (app, pilot):
        seat.send(offered())
        await reads(app, "p not now (1 of 3)")
        await pilot.press("p")
        await until(lambda: PostponeTraining in seat.kinds())
        seat.send(TOLD)
        await until(lambda: ASKED not in text_of(app))


async def test_after_three_times_it_can_only_be_taken(terminal, seat: FakeSeat) -> None:
    async with signed_in(terminal, seat, READY) as (app, pilot):
        seat.send(offered(3))
        await reads(app, ASKED)
        assert "not now" not in text_of(app)
        await pilot.press("p")
        assert PostponeTraining not in seat.kinds()


@pytest.mark.parametrize("state", [State.RINGING, State.TALK, State.HOLD])
async def test_a_call_is_never_covered_even_by_a_late_word(
    terminal, seat: FakeSeat, state: State
) -> None:
    async with signed_in(terminal, seat, READY) as (app, pilot):
        seat.send(offered())
        await reads(app, ASKED)
        seat.tell(state=state, call=call(CallState[state.name]))
        await until(lambda: ASKED not in text_of(app))
        await pilot.press("a")
        assert OpenItem not in seat.kinds()


async def test_what_is_typed_stays_typed(terminal, seat: FakeSeat) -> None:
    async with signed_in(terminal, seat, READY) as (app, pilot):
        await pilot.press("f9", *"13")
        seat.send(offered())
        await reads(app, ASKED)
        assert "Study now" not in text_of(app)
        await pilot.press(*"8a")
        assert app.screen.query_one(Input).value.startswith("138")
        assert OpenItem not in seat.kinds()


async def test_it_lapses_by_itself(terminal, seat: FakeSeat, clock) -> None:
    async with signed_in(terminal, seat, READY) as (app, _):
        seat.send(offered())
        await reads(app, ASKED)
        clock.go_on(600)
        app.show()
        await until(lambda: ASKED not in text_of(app))


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ((OPEN,), "Training tasks: 1, next due Tue 11-24 14:03. s opens them."),
        ((OPEN, LATE), "Training tasks: 2, one was due 11:03."),
        ((WHENEVER,), "Training tasks: 1. s opens them."),
    ],
)
async def test_what_waits_is_said_below_the_plan(terminal, seat: FakeSeat, rows, said) -> None:
    seat.own_day = own_day([("09:00", State.READY, None)])
    seat.training = DeskTraining(OwnTraining(rows))
    async with signed_in(terminal, seat, READY) as (app, _):
        await reads(app, said)


async def test_names_are_text_and_never_markup(terminal, seat: FakeSeat) -> None:
    prepare(seat)
    async with signed_in(terminal, seat, READY) as (app, pilot):
        for text in HOSTILE:
            items = tuple(msgspec.structs.replace(item, name=text) for item in OPEN.items)
            row = msgspec.structs.replace(OPEN, name=text, type=text, actor=text, items=items)
            told = offered()
            assert told.own.offer is not None
            offer = msgspec.structs.replace(told.own.offer, actor=text)
            own = msgspec.structs.replace(told.own, open=(row,), offer=offer, recalled_by=text)
            seat.tell(state=State.NOT_READY, reason=Reason.TRAINING)
            seat.send(msgspec.structs.replace(told, own=own))
            await until(lambda own=own: app._known.training.own == own)
            await pilot.press("escape", "s")
            assert "\x1b" not in text_of(app)
            assert "\u202e" not in text_of(app)
        row = msgspec.structs.replace(OPEN, name="[red]x[/red]")
        seat.send(DeskTraining(OwnTraining((row,))))
        await reads(app, "[red]x[/red]")
