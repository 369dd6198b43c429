"""The locked screen: shows the state and that it rings, and nothing of any customer."""

import msgspec

from agent_client.terminal.screens.desk import DeskScreen
from agent_client.terminal.screens.lock import LockScreen
from protocol.facts.agent import Reason, State
from protocol.wire import desk, desk_call
from protocol.wire.errors import Code, Refused
from tests.terminal.calls_data import ORDERS
from tests.terminal.desk_scenes import AFTER, RINGING_KNOWN
from tests.terminal.fake_seat import FakeSeat
from tests.terminal.scenes import status
from tests.terminal.showing import opened, reads, text_of
from tests.terminal.waiting import until


async def test_the_key_locks_and_the_password_opens(terminal, seat: FakeSeat) -> None:
    def react(request: desk.AnyRequest) -> None:
        told = {desk.Lock: {"locked": True}, desk.Unlock: {"locked": False}}
        seat.tell(**told.get(type(request), {}))

    seat.status, seat.react = status(State.NOT_READY, reason=Reason.AWAY), react
    app = terminal()
    async with opened(app) as pilot:
        await pilot.press("k")
        await until(lambda: isinstance(app.screen, LockScreen))
        await pilot.pause()
        await pilot.press("enter", *"secret", "enter")
        await until(lambda: isinstance(app.screen, DeskScreen))
        asked = [each.password for each in seat.asked if isinstance(each, desk.Unlock)]
        assert asked == ["secret"]


async def test_a_wrong_password_is_said_beside_the_emptied_field(terminal, seat: FakeSeat) -> None:
    seat.status = status(State.NOT_READY, locked=True)
    seat.refusals[desk.Unlock] = Refused(Code.BAD_CREDENTIALS)
    app = terminal()
    async with opened(app) as pilot:
        await pilot.press(*"guess", "enter")
        await reads(app, "password is wrong")
        assert isinstance(app.screen, LockScreen)
        assert "guess" not in text_of(app)


async def test_a_ringing_call_shows_no_customer_and_answers_to_nothing(
    terminal, seat: FakeSeat
) -> None:
    seat.status = msgspec.structs.replace(RINGING_KNOWN, locked=True, orders=ORDERS)
    app = terminal()
    async with opened(app) as pilot:
        await reads(app, "▲ Ringing")
        await pilot.press("f2", "f4")
        await pilot.pause()
        assert not {desk_call.Answer, desk_call.Reject} & set(seat.kinds())
        for private in ("13800138000", "张先生", "Complaints", "订单", "会议室", "F2"):
            assert private not in text_of(app).replace("F2 does nothing", "")


async def test_a_note_that_was_being_typed_is_saved_by_locking(terminal, seat: FakeSeat) -> None:
    seat.status = AFTER
    app = terminal()
    async with opened(app) as pilot:
        await pilot.press("w", "shift+tab", *"half")
        seat.tell(locked=True)
        await until(lambda: isinstance(app.screen, LockScreen))
        await until(lambda: desk_call.WrapUp in seat.kinds())
        assert "half" not in text_of(app)


async def test_the_terminal_can_be_left_and_read_in_another_language(
    terminal, seat: FakeSeat
) -> None:
    seat.status = status(State.NOT_READY, locked=True)
    app = terminal()
    async with opened(app) as pilot:
        await pilot.press("ctrl+l")
        await reads(app, "已锁屏")
        await pilot.press("ctrl+q")
        await reads(app, "离开终端？")
