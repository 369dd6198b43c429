import asyncio

from textual.widgets import Digits

from agent_client.terminal.connection import Connected, Failed, Lost, News, keep_connected
from agent_client.terminal.screens.desk import DeskScreen
from agent_client.terminal.screens.sign_in import SignInScreen
from agent_client.terminal.screens.starting import StartingScreen
from protocol.facts.agent import State
from protocol.wire import desk_floor
from protocol.wire.desk import Status
from protocol.wire.errors import Code, Refused
from tests.terminal.fake_seat import SIGNED_OUT, FakeSeat
from tests.terminal.scenes import status
from tests.terminal.showing import opened, reads, text_of
from tests.terminal.waiting import until


async def test_a_seat_that_dies_is_awaited_on_the_same_screen(terminal, seat: FakeSeat) -> None:
    seat.status = status(State.READY)
    app = terminal()
    async with opened(app) as pilot:
        await seat.stop()
        await reads(app, "The seat has stopped; starting it again")
        assert isinstance(app.screen, DeskScreen)
        await pilot.press("f6")
        assert "F6 Break" not in text_of(app)
        seat.status = status(State.NOT_READY)
        await seat.start()
        await reads(app, "NOT READY")
        assert "The seat has stopped" not in text_of(app)


async def test_clocks_stand_still_while_nobody_confirms_them(
    terminal, seat: FakeSeat, clock
) -> None:
    seat.status = status(State.READY)
    app = terminal()
    async with opened(app):
        await seat.stop()
        await reads(app, "The seat has stopped")
        clock.go_on(3600)
        app.show()
        assert app.screen.query_one(Digits).value == "12:34"


async def test_the_screen_after_the_return_is_that_of_the_new_status(
    terminal, seat: FakeSeat
) -> None:
    seat.status = status(State.READY)
    app = terminal()
    async with opened(app) as pilot:
        await pilot.press("f6")
        await seat.stop()
        seat.status = SIGNED_OUT
        await seat.start()
        await until(lambda: isinstance(app.screen, SignInScreen))


async def test_the_floor_is_asked_for_again_after_the_return(terminal, seat: FakeSeat) -> None:
    seat.status = status(State.NOT_READY)
    app = terminal(supervisor=True)
    async with opened(app):
        await until(lambda: desk_floor.WatchFloor in seat.kinds())
        await seat.stop()
        seat.asked.clear()
        await seat.start()
        await until(lambda: desk_floor.WatchFloor in seat.kinds())


async def test_why_no_seat_starts_is_said_in_words(terminal, seat: FakeSeat) -> None:
    await seat.stop()
    app = terminal()
    async with app.run_test():
        await reads(app, "No seat is running here.")
        assert isinstance(app.screen, StartingScreen)
        await seat.start()
        await until(lambda: isinstance(app.screen, SignInScreen))


async def test_everything_that_happens_to_the_connection_is_told_in_order(seat: FakeSeat) -> None:
    told: list[News] = []
    attempts = iter([Refused(Code.NO_SEAT), None, None])

    async def connect():
        refusal = next(attempts)
        if refusal is not None:
            raise refusal
        return await seat.connect()

    keeping = asyncio.create_task(keep_connected(connect, told.append, (0.001,)))
    await until(lambda: len(told) == 3)
    await seat.stop()
    await seat.start()
    await until(lambda: len(told) == 6)
    keeping.cancel()
    await asyncio.wait([keeping])
    assert [type(each) for each in told[:6]] == [Failed, Connected, Status, Lost, Connected, Status]
