import msgspec

from agent_client.terminal.screens.desk import DeskScreen
from agent_client.terminal.screens.leaving import Leaving
from protocol.facts.agent import State
from protocol.wire import desk, desk_call
from protocol.wire.desk_call import CallState
from protocol.wire.errors import Refused
from tests.terminal.fake_seat import SIGNED_OUT, FakeSeat, call
from tests.terminal.scenes import status
from tests.terminal.showing import opened, reads, text_of
from tests.terminal.waiting import until


async def test_leaving_asks_once_and_says_what_happens(terminal, seat: FakeSeat) -> None:
    seat.status = status(State.READY, unsent=3)
    app = terminal()
    async with opened(app) as pilot:
        await pilot.press("q")
        await reads(app, "The seat goes on without a screen")
        assert "after a minute without a terminal" in text_of(app)
        assert "3 records are not yet delivered" in text_of(app)
        await pilot.press("ctrl+q")
        assert sum(isinstance(screen, Leaving) for screen in app.screen_stack) == 1
        await pilot.press("escape")
        await until(lambda: isinstance(app.screen, DeskScreen))
        assert app.is_running


async def test_enter_at_once_stays(terminal, seat: FakeSeat) -> None:
    seat.status = status(State.READY)
    app = terminal()
    async with opened(app) as pilot:
        await pilot.press("q", "enter")
        await until(lambda: isinstance(app.screen, DeskScreen))
        assert app.is_running


async def test_leaving_in_a_call_keeps_it_and_asks_nothing_of_the_seat(
    terminal, seat: FakeSeat
) -> None:
    seat.status = status(State.TALK, call=call(CallState.TALK))
    app = terminal()
    async with opened(app) as pilot:
        await pilot.press("q")
        await reads(app, "The call goes on")
        await pilot.press("down", "enter")
        await until(lambda: not app.is_running)
        assert not {desk.SignOut, desk.StopSeat, desk_call.Hangup} & set(seat.kinds())


async def test_signing_out_and_leaving_ends_a_seat_that_has_delivered_all(
    terminal, seat: FakeSeat
) -> None:
    def react(request: desk.AnyRequest) -> None:
        told = {desk.SignOut: {"state": State.LOGGED_OFF, "unsent": 0}}
        seat.tell(**told.get(type(request), {}))

    seat.status = status(State.NOT_READY, unsent=1)
    seat.react = react
    app = terminal()
    async with opened(app) as pilot:
        await pilot.press("q", "up", "enter")
        await until(lambda: not app.is_running)
        assert seat.kinds()[-2:] == [desk.SignOut, desk.StopSeat]


async def test_a_refused_sign_out_does_not_leave(terminal, seat: FakeSeat) -> None:
    seat.status = status(State.NOT_READY)
    seat.refusals[desk.SignOut] = Refused("exam_sitting")
    app = terminal()
    async with opened(app) as pilot:
        await pilot.press("q", "up", "enter")
        await reads(app, "An exam is under way")
        assert app.is_running


async def test_signed_out_and_all_delivered_the_seat_ends_too(terminal, seat: FakeSeat) -> None:
    app = terminal()
    async with opened(app) as pilot:
        await pilot.press("ctrl+q")
        await until(lambda: not app.is_running)
        assert seat.kinds()[-1] is desk.StopSeat


async def test_signed_out_with_facts_on_this_disk_the_seat_goes_on(
    terminal, seat: FakeSeat
) -> None:
    seat.status = msgspec.structs.replace(SIGNED_OUT, unsent=2)
    app = terminal()
    async with opened(app) as pilot:
        await pilot.press("ctrl+q")
        await until(lambda: not app.is_running)
        assert desk.StopSeat not in seat.kinds()
