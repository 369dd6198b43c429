"""Consulting, handing on, and the keypad, all by keyboard."""

import msgspec
import pytest
from textual.widgets import Input

from protocol.facts.agent import State
from protocol.wire import desk_call
from protocol.wire.desk_call import CallState, Consultation
from tests.terminal.desk_scenes import CONSULTING, TALKING
from tests.terminal.fake_seat import FakeSeat, call
from tests.terminal.scenes import status
from tests.terminal.showing import opened, reads, text_of
from tests.terminal.waiting import until


@pytest.mark.parametrize(
    ("key", "request_kind"), [("f9", desk_call.Consult), ("f", desk_call.Transfer)]
)
async def test_consulting_and_handing_on_ask_for_a_number(
    terminal, seat: FakeSeat, key: str, request_kind: type
) -> None:
    seat.status = TALKING
    app = terminal()
    async with opened(app) as pilot:
        await pilot.press(key, *"2002", "enter")
        await until(lambda: request_kind in seat.kinds())
        assert seat.asked[-1].target == "2002"


async def test_a_consultation_is_joined_handed_over_or_ended(terminal, seat: FakeSeat) -> None:
    seat.status = CONSULTING
    app = terminal()
    async with opened(app) as pilot:
        await reads(app, "You speak with them; the customer waits.")
        await pilot.press("f9")
        await until(lambda: desk_call.Join in seat.kinds())
        await pilot.press("f")
        await until(lambda: desk_call.Transfer in seat.kinds())
        assert seat.asked[-1].target == ""
        await pilot.press("f4")
        await until(lambda: desk_call.Hangup in seat.kinds())


async def test_where_three_speak_the_state_says_so(terminal, seat: FakeSeat) -> None:
    seat.status = CONSULTING
    assert seat.status.call is not None
    second = Consultation("2002", answered=True, joined=True)
    app = terminal()
    async with opened(app):
        await reads(app, "CONSULTING")
        seat.tell(call=msgspec.structs.replace(seat.status.call, consultation=second))
        await reads(app, "THREE-WAY CALL")
        assert "CONSULTING" not in text_of(app)


async def test_digits_are_sent_as_they_are_typed_and_only_digits(terminal, seat: FakeSeat) -> None:
    seat.status = TALKING
    app = terminal()
    async with opened(app) as pilot:
        await pilot.press("d", "1", "x", "number_sign", "a", "backspace")
        await until(lambda: seat.kinds().count(desk_call.Dtmf) == 3)
        sent = [each.digits for each in seat.asked if isinstance(each, desk_call.Dtmf)]
        assert sent == ["1", "#", "A"]
        assert app.screen.query_one(Input).value == "1#a"
        seat.tell(call=None, state=State.ACW)
        await until(lambda: not app.screen.query("#digits"))


@pytest.mark.parametrize(
    ("answered", "text"),
    [(False, "2002 did not answer."), (True, "The consultation with 2002 is over.")],
)
async def test_whoever_is_left_with_a_customer_on_hold_is_told(
    terminal, seat: FakeSeat, answered: bool, text: str
) -> None:
    assert CONSULTING.call is not None
    second = Consultation("2002", answered=answered, joined=False)
    consulting = msgspec.structs.replace(CONSULTING.call, consultation=second)
    seat.status = msgspec.structs.replace(CONSULTING, call=consulting)
    alone = msgspec.structs.replace(consulting, state=CallState.HOLD, consultation=None)
    app = terminal()
    async with opened(app):
        seat.tell(state=State.HOLD, call=alone)
        await reads(app, text)
        await reads(app, "still on hold: F3")


async def test_a_number_that_was_not_reached_is_told(terminal, seat: FakeSeat) -> None:
    seat.status = status(State.DIALING, call=call(CallState.DIALING))
    app = terminal()
    async with opened(app):
        seat.tell(state=State.ACW, call=None)
        await reads(app, "Not connected: 13800138000")
