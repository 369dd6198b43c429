"""What a lead asks of people from the floor: who gets what, what is confirmed, what is refused."""

from contextlib import asynccontextmanager

from textual.widgets import Input

from agent_client.terminal.screens.floor import FloorScreen
from agent_client.terminal.screens.order_prompt import Confirm, OrderPrompt
from agent_client.terminal.screens.reset_code import ResetCodeDialog
from agent_client.terminal.widgets.wallboard import Wallboard
from protocol.facts.agent import State
from protocol.facts.order import OrderKind, OrderOutcome
from protocol.wire import desk, desk_floor
from protocol.wire.desk_floor import Floor, PlaceOrder
from protocol.wire.errors import Code, Refused
from protocol.wire.session import Role
from tests.terminal.fake_seat import NOW, FakeSeat
from tests.terminal.scenes import row, status
from tests.terminal.showing import opened, reads, text_of
from tests.terminal.waiting import until

ROWS = tuple(row(str(number), State.READY, 1, team="A") for number in (1, 2, 3))


@asynccontextmanager
async def on_the_floor(terminal, seat: FakeSeat, role: Role = Role.LEADER):
    """A floor of three with the cursor on the first."""
    seat.status = status(State.NOT_READY, roles=(role,))
    app = terminal(supervisor=True)
    async with opened(app, (120, 40)) as pilot:
        seat.send(Floor(ROWS, NOW, reset=True))
        await until(lambda: isinstance(app.screen, FloorScreen) and app.screen.board.rows)
        await pilot.press("down")
        yield app, pilot


async def typed(app, pilot, text: str) -> None:
    """Write into the prompt that is open, and send it."""
    await until(lambda: isinstance(app.screen, OrderPrompt))
    app.screen.query_one(Input).value = text
    await pilot.press("enter")


def placed(seat: FakeSeat) -> list[tuple[OrderKind, str, str, str]]:
    """What was asked of whom."""
    orders = [each for each in seat.asked if isinstance(each, PlaceOrder)]
    return [(each.what, each.agent, each.team, each.text) for each in orders]


async def test_a_message_goes_to_the_one_under_the_cursor(terminal, seat: FakeSeat) -> None:
    async with on_the_floor(terminal, seat) as (app, pilot):
        await pilot.press("m")
        await typed(app, pilot, " hello ")
        await until(lambda: placed(seat) == [(OrderKind.MESSAGE, "1", "", "hello")])
        await reads(app, "Sent: 1 ")


async def test_an_empty_text_asks_nothing(terminal, seat: FakeSeat) -> None:
    async with on_the_floor(terminal, seat) as (app, pilot):
        await pilot.press("m")
        await typed(app, pilot, "   ")
        assert isinstance(app.screen, OrderPrompt)
        await pilot.press("escape")
        assert placed(seat) == []


async def test_a_message_goes_to_everybody_who_is_ticked(terminal, seat: FakeSeat) -> None:
    async with on_the_floor(terminal, seat) as (app, pilot):
        await pilot.press("space", "space")
        await reads(app, "2 ticked")
        await pilot.press("m")
        await typed(app, pilot, "hello")
        await until(lambda: [each[1] for each in placed(seat)] == ["1", "2"])
        await until(lambda: "ticked" not in text_of(app))


async def test_escape_takes_the_ticks_away(terminal, seat: FakeSeat) -> None:
    async with on_the_floor(terminal, seat) as (app, pilot):
        await pilot.press("space")
        await reads(app, "1 ticked")
        await pilot.press("escape")
        assert not app.screen.board.ticked


async def test_a_message_to_the_team_is_one_order(terminal, seat: FakeSeat) -> None:
    async with on_the_floor(terminal, seat) as (app, pilot):
        await pilot.press("g")
        await typed(app, pilot, "hello")
        await until(lambda: placed(seat) == [(OrderKind.MESSAGE, "", "A", "hello")])


async def test_taking_out_of_the_line_says_that_it_is_excused(terminal, seat: FakeSeat) -> None:
    async with on_the_floor(terminal, seat) as (app, pilot):
        await pilot.press("n")
        await reads(app, "excused")
        await typed(app, pilot, "fire drill")
        await until(lambda: placed(seat) == [(OrderKind.FORCE_NOT_READY, "1", "", "fire drill")])


async def test_asking_for_ready_is_a_request_and_no_more(terminal, seat: FakeSeat) -> None:
    async with on_the_floor(terminal, seat) as (app, pilot):
        await pilot.press("a")
        await typed(app, pilot, "the queue is long")
        await until(lambda: placed(seat)[-1:] and placed(seat)[-1][0] is OrderKind.ASK_READY)
        assert desk.Ready not in seat.kinds()


async def test_signing_somebody_out_is_confirmed_once(terminal, seat: FakeSeat) -> None:
    async with on_the_floor(terminal, seat) as (app, pilot):
        for answer in ("escape", "enter"):
            await pilot.press("e")
            await typed(app, pilot, "went home")
            await until(lambda: isinstance(app.screen, Confirm))
            assert placed(seat) == []
            await pilot.press(answer)
        await until(lambda: placed(seat) == [(OrderKind.FORCE_SIGN_OUT, "1", "", "went home")])


async def test_what_is_refused_is_named_and_the_rest_is_done(terminal, seat: FakeSeat) -> None:
    async with on_the_floor(terminal, seat) as (app, pilot):
        seat.refusals[PlaceOrder] = Refused(Code.OWN_ORDER)
        await pilot.press("space", "m")
        await typed(app, pilot, "hello")
        await reads(app, "Sent to 0; refused: 1: That can't be asked of oneself.")
        assert list(app.screen.board.ticked) == ["1"]


async def test_what_became_of_it_shows_in_the_row(terminal, seat: FakeSeat) -> None:
    async with on_the_floor(terminal, seat) as (app, _):
        asked = row("2", State.TALK, 1, team="A", order=OrderKind.FORCE_NOT_READY)
        seat.send(Floor((asked,), NOW))
        await reads(app, "take out: waiting")
        await reads(app, "1 need help")
        queued = row(
            "2", State.TALK, 1, order=asked.order, order_outcome=OrderOutcome.QUEUED, team="A"
        )
        seat.send(Floor((queued,), NOW))
        await reads(app, "take out: queued")


async def test_a_one_time_code_is_confirmed_shown_and_gone(
    terminal, seat: FakeSeat, caplog
) -> None:
    caplog.set_level("DEBUG")
    async with on_the_floor(terminal, seat) as (app, pilot):
        await pilot.press("p")
        await until(lambda: isinstance(app.screen, Confirm))
        assert desk_floor.ResetPassword not in seat.kinds()
        await pilot.press("enter")
        await until(lambda: isinstance(app.screen, ResetCodeDialog))
        await reads(app, "K 7 Q M - 2 X R F")
        await reads(app, "15:03:20")
        await pilot.press("escape")
        await until(lambda: "K 7 Q M" not in text_of(app))
    assert "K7QM" not in caplog.text


async def test_a_one_time_code_is_for_one_person(terminal, seat: FakeSeat) -> None:
    async with on_the_floor(terminal, seat) as (app, pilot):
        await pilot.press("space", "space", "p")
        await reads(app, "A one-time code is for one person")
        assert desk_floor.ResetPassword not in seat.kinds()


async def test_who_leads_nobody_is_offered_nothing_of_it(terminal, seat: FakeSeat) -> None:
    async with on_the_floor(terminal, seat, Role.INSPECTOR) as (app, pilot):
        await pilot.press("m", "n", "e", "p")
        assert isinstance(app.screen, FloorScreen)


async def test_nobody_is_asked_before_somebody_is_chosen(terminal, seat: FakeSeat) -> None:
    async with on_the_floor(terminal, seat) as (app, pilot):
        app.screen.query_one(Wallboard).cursor = None
        await pilot.press("m")
        await reads(app, "Nobody is chosen")


async def test_the_order_goes_round_by_its_key(terminal, seat: FakeSeat) -> None:
    async with on_the_floor(terminal, seat) as (app, pilot):
        for name in ("by number", "by name", "by team", "by state", "help first"):
            await pilot.press("o")
            await reads(app, name)
