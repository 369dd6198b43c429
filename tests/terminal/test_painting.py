"""What a moment costs: nothing is laid out that nobody could see change, and what was covered is
true as soon as it is seen again."""

from agent_client.terminal.app import TerminalApp
from agent_client.terminal.screens.floor import FloorScreen
from agent_client.terminal.screens.person import PersonScreen
from protocol.facts.agent import State
from protocol.wire.desk_floor import Floor
from protocol.wire.session import Role
from tests.terminal.fake_seat import NOW, FakeSeat
from tests.terminal.people import PERSON
from tests.terminal.scenes import FLOOR, status
from tests.terminal.showing import opened, reads
from tests.terminal.waiting import until


async def test_a_second_that_passes_lays_no_floor_out(terminal, seat: FakeSeat, clock) -> None:
    seat.status = status(State.NOT_READY, roles=(Role.LEADER,))
    app: TerminalApp = terminal("en", supervisor=True)
    async with opened(app) as pilot:
        await floor_is_there(app, seat)
        await pilot.pause()
        layouts: list[object] = []
        app.screen.screen_layout_refresh_signal.subscribe(app.screen, layouts.append)
        clock.go_on(1)
        app.show()
        await pilot.pause()
        assert layouts == []


async def test_a_floor_below_a_page_is_true_as_soon_as_it_is_seen(terminal, seat: FakeSeat) -> None:
    seat.status = status(State.NOT_READY, roles=(Role.LEADER,))
    seat.page = PERSON
    app: TerminalApp = terminal("en", supervisor=True)
    async with opened(app) as pilot:
        await floor_is_there(app, seat)
        await pilot.press("down", "enter")
        await until(lambda: isinstance(app.screen, PersonScreen))
        await pilot.press("l", "escape")
        await until(lambda: isinstance(app.screen, FloorScreen))
        await reads(app, "工号")


async def floor_is_there(app: TerminalApp, seat: FakeSeat) -> None:
    """Wait until the seat has told of the floor."""
    seat.send(Floor(FLOOR, NOW, reset=True))
    await until(lambda: isinstance(app.screen, FloorScreen) and bool(app.screen.board.rows))
