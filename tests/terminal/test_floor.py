"""Supervisor mode on the screen."""

import asyncio
from datetime import timedelta

import pytest
from textual.widgets import Input

from agent_client.terminal.app import TerminalApp
from agent_client.terminal.screens.floor import FloorScreen
from agent_client.terminal.screens.order_prompt import OrderPrompt
from agent_client.terminal.widgets.wallboard import Wallboard
from protocol.facts.agent import State
from protocol.wire import desk_floor
from protocol.wire.desk_floor import Floor
from protocol.wire.desk_plan import OwnDay
from protocol.wire.errors import Code, Refused
from protocol.wire.handover import OwnNotices
from protocol.wire.session import Role
from tests.terminal.fake_seat import NOW, FakeSeat
from tests.terminal.scenes import FLOOR, row, status
from tests.terminal.showing import opened, reads, text_of
from tests.terminal.waiting import until


def order_of(app: TerminalApp) -> list[str]:
    """Staff numbers from the top."""
    assert isinstance(app.screen, FloorScreen)
    return app.screen.board.order.agents


async def test_who_needs_help_comes_first_and_the_states_are_counted(
    terminal, seat: FakeSeat
) -> None:
    seat.status = status(State.NOT_READY)
    app = terminal(supervisor=True)
    async with opened(app, (120, 40)):
        await reads(app, "Asking for the floor")
        seat.send(Floor(FLOOR, NOW, reset=True))
        await reads(app, "! 5 need help")
        assert order_of(app)[:2] == ["1005", "1003"]
        assert "● Ready" in text_of(app)


async def test_the_order_stands_still_while_the_cursor_moves(
    terminal, seat: FakeSeat, clock
) -> None:
    seat.status = status(State.NOT_READY)
    app = terminal(supervisor=True)
    async with opened(app) as pilot:
        seat.send(Floor(FLOOR, NOW, reset=True))
        await until(lambda: len(order_of(app)) == len(FLOOR))
        await pilot.press("down", "down")
        before = list(order_of(app))
        cursor = app.screen.query_one(Wallboard).cursor
        urgent = row("1014", State.OFFLINE, 60)
        seat.send(Floor((urgent,), NOW))
        await reads(app, "! 6 need help")
        clock.go_on(2)
        app.show()
        assert order_of(app) == before
        clock.go_on(3)
        app.show()
        assert order_of(app)[0] == "1014"
        assert app.screen.query_one(Wallboard).cursor == cursor


async def test_the_order_is_made_at_once_by_its_key(terminal, seat: FakeSeat) -> None:
    seat.status = status(State.NOT_READY)
    app = terminal(supervisor=True)
    async with opened(app) as pilot:
        seat.send(Floor(FLOOR, NOW, reset=True))
        await until(lambda: len(order_of(app)) == len(FLOOR))
        await pilot.press("down")
        seat.send(Floor((row("1014", State.OFFLINE, 60),), NOW))
        await reads(app, "! 6 need help")
        await pilot.press("s")
        assert order_of(app)[0] == "1014"


async def test_a_search_narrows_and_escape_shows_everybody(terminal, seat: FakeSeat) -> None:
    seat.status = status(State.NOT_READY)
    app = terminal("zh_CN", supervisor=True)
    async with opened(app) as pilot:
        seat.send(Floor(FLOOR, NOW, reset=True))
        await until(lambda: len(order_of(app)) == len(FLOOR))
        await pilot.press("slash")
        app.screen.query_one(Input).value = "就餐"
        await until(lambda: order_of(app) == ["1004"])
        app.screen.query_one(Input).value = "nobody"
        await reads(app, "没有匹配的人员")
        await pilot.press("escape")
        await until(lambda: len(order_of(app)) == len(FLOOR))


async def test_a_search_ends_with_the_cursor_on_whoever_was_found(terminal, seat: FakeSeat) -> None:
    seat.status = status(State.NOT_READY, roles=(Role.LEADER,))
    app = terminal(supervisor=True)
    async with opened(app) as pilot:
        seat.send(Floor(FLOOR, NOW, reset=True))
        await until(lambda: len(order_of(app)) == len(FLOOR))
        await pilot.press("slash", *"1004", "enter")
        await until(lambda: order_of(app) == ["1004"])
        await pilot.press("n")
        await reads(app, "1004")
        assert isinstance(app.screen, OrderPrompt)


async def test_what_waits_and_the_adherence_of_all_stand_above_the_rows(
    terminal, seat: FakeSeat
) -> None:
    seat.status = status(State.NOT_READY)
    app = terminal(supervisor=True)
    async with opened(app, (120, 30)):
        full = row("1", State.READY, 1, team="A", counted_s=3600, in_s=3600, in_high_s=3600)
        half = row("2", State.READY, 1, team="B", counted_s=3600, in_s=1800, in_high_s=3600)
        seat.send(Floor((full, half), NOW, reset=True))
        await reads(app, "Adherence so far ~75.00–100.00 % B ~50.00–100.00 % A 100.00 %")
        seat.send(OwnDay(None, 0, notices=OwnNotices(0, 2, 0)))
        await reads(app, "Requests that wait for you: 2 Adherence so far")


@pytest.mark.parametrize(
    ("width", "teams", "said"),
    [
        (80, 3, "Adherence so far 2.78 % A 0.00 % B 2.78 % C 5.56 %"),
        (80, 12, "Adherence so far 15.28 % A 0.00 % B 2.78 % C 5.56 % D 8.33 % +8 more"),
    ],
)
async def test_teams_that_have_no_room_are_counted(
    terminal, seat: FakeSeat, width: int, teams: int, said: str
) -> None:
    seat.status = status(State.NOT_READY)
    app = terminal(supervisor=True)
    async with opened(app, (width, 30)):
        rows = [
            row(
                str(n),
                State.READY,
                1,
                team=chr(65 + n),
                counted_s=36,
                in_s=n,
                in_high_s=n,
            )
            for n in range(teams)
        ]
        seat.send(Floor(tuple(rows), NOW, reset=True))
        await reads(app, said)


async def test_rows_that_were_not_told_yet_are_not_nobody(terminal, seat: FakeSeat) -> None:
    seat.status = status(State.NOT_READY)
    app = terminal(supervisor=True)
    async with opened(app):
        seat.send(Floor((), NOW, reset=True, stale=True))
        await reads(app, "Asking for the floor")


async def test_old_rows_say_how_old_they_are_and_their_clocks_stand_still(
    terminal, seat: FakeSeat, clock
) -> None:
    seat.status = status(State.NOT_READY)
    app = terminal(supervisor=True)
    async with opened(app):
        seat.send(Floor((row("1001", State.READY, 2),), NOW, reset=True))
        await reads(app, "2:00")
        seat.send(Floor((), NOW + timedelta(seconds=5), stale=True))
        clock.go_on(90)
        app.show()
        await reads(app, "as of 14:03:20, 1:30 ago")
        assert "3:30" not in text_of(app)
        seat.send(Floor((), NOW + timedelta(seconds=90)))
        await reads(app, "3:30")
        assert "as of" not in text_of(app)


async def test_a_floor_without_staff_says_what_to_do(terminal, seat: FakeSeat) -> None:
    seat.status = status(State.NOT_READY)
    app = terminal(supervisor=True)
    async with opened(app, (120, 40)):
        seat.send(Floor((), NOW, reset=True))
        await reads(app, "agent-service user add")


async def test_who_may_not_see_the_floor_is_told_so(terminal, seat: FakeSeat) -> None:
    seat.status = status(State.NOT_READY)
    seat.refusals[desk_floor.WatchFloor] = Refused(Code.NOT_PERMITTED)
    app = terminal(supervisor=True)
    async with opened(app):
        await reads(app, "Your role does not permit this.")


async def test_a_reset_forgets_the_rows_before(terminal, seat: FakeSeat) -> None:
    seat.status = status(State.NOT_READY)
    app = terminal(supervisor=True)
    async with opened(app):
        seat.send(Floor(FLOOR, NOW, reset=True))
        seat.send(Floor(FLOOR[:3], NOW, reset=True))
        await until(lambda: sorted(order_of(app)) == ["1001", "1002", "1003"])


async def test_a_thousand_rows_are_walked_through_while_they_change(
    terminal, seat: FakeSeat
) -> None:
    seat.status = status(State.NOT_READY)
    app = terminal(supervisor=True)
    rows = tuple(row(str(number), State.READY, 3) for number in range(1, 1001))
    async with opened(app, (120, 40)) as pilot:
        seat.send(Floor(rows, NOW, reset=True))
        await until(lambda: len(order_of(app)) == 1000)
        wallboard = app.screen.query_one(Wallboard)
        await pilot.press("end")
        assert wallboard.cursor == "1000"
        for number in range(980, 1000):
            seat.send(Floor((row(str(number), State.TALK, 3),), NOW))
            await asyncio.sleep(0)
        await reads(app, "◆ Talk 20")
        await pilot.press("pageup", "down", "home")
        assert wallboard.cursor == "1"
        assert wallboard.scroll_offset.y == 0


async def test_a_row_is_chosen_with_the_mouse(terminal, seat: FakeSeat) -> None:
    seat.status = status(State.NOT_READY)
    app = terminal(supervisor=True)
    async with opened(app) as pilot:
        seat.send(Floor(FLOOR, NOW, reset=True))
        await until(lambda: len(order_of(app)) == len(FLOOR))
        await pilot.pause()
        await pilot.click(Wallboard, offset=(4, 2))
        assert app.screen.query_one(Wallboard).cursor == order_of(app)[2]
