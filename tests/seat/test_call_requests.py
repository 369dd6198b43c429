"""What can be asked of a call over the socket, and what the status shows of it."""

from functools import partial

import pytest

from protocol.facts.agent import DeskLocked, Reason, State
from protocol.facts.call import DigitsSent
from protocol.rules.lines import Line
from protocol.wire import desk, desk_call
from tests.seat.service import FakeService
from tests.seat.sitting import Child, Sitting

pytestmark = pytest.mark.usefixtures("quick")

EXPERT = "sip:8001@floor.invalid"


async def test_whom_a_direct_phone_can_not_reach_is_neither_asked_nor_handed_a_customer(
    sits: Sitting,
) -> None:
    await sits.talking()
    for request in (desk_call.Consult, desk_call.Transfer):
        assert await sits.refusal(partial(request, target="8001")) == "no_exchange"
        assert await sits.refusal(partial(request, target="an expert")) == "bad_number"
    assert await sits.refusal(desk_call.Transfer) == "no_consultation"
    assert await sits.refusal(desk_call.Join) == "no_consultation"
    assert sits.status.state is State.TALK


async def test_a_consultation_is_shown_with_the_call(sits: Sitting) -> None:
    await sits.talking()
    await sits.client.ask(lambda id_: desk_call.Consult(id_, EXPERT))
    shown = await sits.until(lambda status: status.state is State.CONSULT)
    assert shown.call is not None
    assert shown.call.state is desk_call.CallState.CONSULT
    assert shown.call.connected is not None
    assert shown.call.consultation == desk_call.Consultation(EXPERT, answered=False, joined=False)
    await sits.client.ask(desk_call.Hangup)
    shown = await sits.until(lambda status: status.state is State.HOLD)
    assert shown.call is not None
    assert shown.call.consultation is None


async def test_keys_are_sent(sits: Sitting) -> None:
    call_id = await sits.talking()
    await sits.client.ask(lambda id_: desk_call.Dtmf(id_, "1#"))
    assert Child.made[-1].engine.far.digits == {call_id: "1#"}
    assert DigitsSent(call_id, 2) in sits.facts()
    assert await sits.refusal(lambda id_: desk_call.Dtmf(id_, "x")) == "bad_digits"


async def test_after_call_work_is_extended_and_what_is_left_is_shown(sits: Sitting) -> None:
    await sits.talking()
    await sits.client.ask(desk_call.Hangup)
    shown = await sits.until(lambda status: status.state is State.ACW)
    before = shown.until
    assert shown.last_call is not None
    assert shown.last_call.extensions_left == 1
    await sits.client.ask(desk_call.ExtendAcw)
    shown = await sits.until(lambda status: status.until != before)
    assert shown.last_call is not None
    assert shown.last_call.extensions_left == 0
    assert shown.until is not None
    assert before is not None
    assert (shown.until - before).total_seconds() == 60
    assert await sits.refusal(desk_call.ExtendAcw) == "no_extension"


async def test_a_locked_desk_is_shown_and_takes_no_calls(sits: Sitting) -> None:
    await sits.client.ask(desk.Ready)
    await sits.client.ask(desk.Lock)
    shown = await sits.until(lambda status: status.locked)
    assert (shown.state, shown.reason) == (State.NOT_READY, Reason.AWAY)
    assert await sits.refusal(desk.Ready) == "locked"
    assert DeskLocked(locked=True) in sits.facts()


async def test_a_call_that_is_going_to_be_connected_by_itself_says_so(
    sits: Sitting, service: FakeService
) -> None:
    await sits.client.ask(desk.SignOut)
    await sits.until(lambda status: status.phone is not desk.PhoneState.REGISTERED)
    service.lines = (Line("sales", {"en": "Sales"}, called=("800",), auto_answer=True),)
    await sits.sign_in()
    await sits.client.ask(desk.Ready)
    Child.made[-1].engine.far.peer_calls("13800138000", line="800")
    shown = await sits.until(lambda status: status.state is State.RINGING)
    assert shown.call is not None
    assert (shown.call.line, shown.call.auto_answer) == ("sales", True)
    await sits.until(lambda status: status.state is State.TALK)
