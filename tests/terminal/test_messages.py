"""What leads ask and write: seen at once, in nobody's way, gone when it is read."""

from agent_client.terminal.screens.desk import DeskScreen
from protocol.facts.agent import Reason, State
from protocol.wire import desk
from tests.terminal.calls_data import ORDERS
from tests.terminal.fake_seat import FakeSeat
from tests.terminal.scenes import status
from tests.terminal.showing import opened, reads, text_of
from tests.terminal.waiting import until

FORCED = status(State.NOT_READY, reason=Reason.FORCED, orders=ORDERS)


async def test_who_and_why_are_shown_and_stay_until_read(terminal, seat: FakeSeat, clock) -> None:
    seat.status = FORCED
    app = terminal()
    async with opened(app) as pilot:
        await reads(app, "14:01 陈静 takes you out of the line")
        assert "A lead took you out of the" in text_of(app)
        clock.go_on(100)
        app.show()
        await reads(app, "陈静 takes you out")
        await pilot.press("r")
        await until(lambda: desk.SeeOrder in seat.kinds())
        assert seat.asked[-1].order == "o1"
        seat.tell(orders=ORDERS[1:])
        await reads(app, "订单系统")
        assert isinstance(app.screen, DeskScreen)


async def test_a_message_is_seen_while_somebody_types_and_takes_no_key(
    terminal, seat: FakeSeat
) -> None:
    seat.status = status(State.READY)
    app = terminal()
    async with opened(app) as pilot:
        await pilot.press("f9", *"13")
        seat.tell(orders=ORDERS[1:])
        await reads(app, "订单系统")
        await pilot.press("r")
        await pilot.pause()
        assert desk.SeeOrder not in seat.kinds()


async def test_the_list_has_time_and_sender_and_keeps_what_was_read(
    terminal, seat: FakeSeat
) -> None:
    seat.status = FORCED
    app = terminal()
    async with opened(app) as pilot:
        await pilot.press("i")
        await reads(app, "From 陈静 (2001), 11-22 14:01")
        await pilot.press("enter")
        await until(lambda: desk.SeeOrder in seat.kinds())
        seat.tell(orders=ORDERS[1:])
        await reads(app, "1 not read")
        await reads(app, "✓ 14:01")
        await pilot.press("down", "enter", "escape")
        await until(lambda: isinstance(app.screen, DeskScreen))
        assert seat.kinds().count(desk.SeeOrder) == 1


async def test_no_messages_says_what_will_stand_there(terminal, seat: FakeSeat) -> None:
    seat.status = status(State.READY)
    app = terminal()
    async with opened(app) as pilot:
        await pilot.press("i")
        await reads(app, "No messages.")
