"""A call at the terminal: it is seen and taken from everywhere and takes the focus nowhere."""

from datetime import timedelta

import pytest
from textual.widgets import Input

from agent_client.terminal.screens.break_chooser import BreakChooser
from agent_client.terminal.screens.calls import CallsSheet
from agent_client.terminal.screens.dial_prompt import DialPrompt
from agent_client.terminal.screens.palette import Palette
from protocol.facts.agent import State
from protocol.facts.call import Direction
from protocol.wire import desk, desk_call
from protocol.wire.desk_call import CallState
from protocol.wire.errors import Code, Refused
from tests.terminal.fake_seat import NOW, FakeSeat, call
from tests.terminal.scenes import status
from tests.terminal.showing import opened, reads, text_of
from tests.terminal.waiting import until

RINGING = {
    "state": State.RINGING,
    "since": NOW,
    "until": NOW + timedelta(seconds=20),
    "call": call(CallState.RINGING, since=NOW),
}


async def test_a_call_rings_while_a_number_is_typed_and_f2_takes_it(
    terminal, seat: FakeSeat
) -> None:
    seat.status = status(State.READY)
    app = terminal()
    async with opened(app) as pilot:
        await pilot.press("f9", *"1390")
        seat.tell(**RINGING)
        await reads(app, "F2 Answer")
        assert "张先生" in text_of(app)
        await pilot.press("0")
        field = app.screen.query_one(Input)
        assert isinstance(app.screen, DialPrompt)
        assert (app.focused, field.value) == (field, "13900")
        await pilot.press("f2")
        await until(lambda: desk_call.Answer in seat.kinds())
        assert field.value == "13900"


@pytest.mark.parametrize(("key", "dialog"), [("f6", BreakChooser), ("f12", Palette)])
async def test_a_call_can_be_refused_over_every_dialog(
    terminal, seat: FakeSeat, key: str, dialog: type
) -> None:
    seat.status = status(State.READY)
    app = terminal()
    async with opened(app) as pilot:
        await pilot.press(key)
        await until(lambda: isinstance(app.screen, dialog))
        seat.tell(**RINGING)
        await reads(app, "F4 Reject")
        await pilot.press("f4")
        await until(lambda: desk_call.Reject in seat.kinds())
        assert isinstance(app.screen, dialog)


async def test_a_supervisor_answers_from_the_floor_while_searching(
    terminal, seat: FakeSeat
) -> None:
    seat.status = status(State.READY)
    app = terminal(supervisor=True)
    async with opened(app) as pilot:
        await pilot.press("slash", *"wang")
        seat.tell(**RINGING)
        await reads(app, "F2 Answer")
        await pilot.press("f2")
        await until(lambda: desk_call.Answer in seat.kinds())
        assert app.screen.query_one(Input).value == "wang"


async def test_the_ring_and_its_countdown_go_on_with_time(terminal, seat: FakeSeat, clock) -> None:
    seat.status = status(State.READY)
    app = terminal()
    async with opened(app):
        seat.tell(**RINGING)
        await reads(app, "0:20 left")
        clock.go_on(7)
        app.show()
        await reads(app, "0:13 left")


async def test_hold_resume_mute_unmute_and_hang_up(terminal, seat: FakeSeat) -> None:
    seat.status = status(State.TALK, call=call(CallState.TALK))
    app = terminal()
    async with opened(app) as pilot:
        await pilot.press("f3")
        await until(lambda: desk_call.Hold in seat.kinds())
        seat.tell(state=State.HOLD, call=call(CallState.HOLD))
        await reads(app, "ON HOLD")
        await pilot.press("f3")
        await until(lambda: desk_call.Resume in seat.kinds())
        await pilot.press("f7")
        await until(lambda: desk_call.Mute in seat.kinds())
        seat.tell(state=State.TALK, call=call(CallState.TALK, muted=True))
        await reads(app, "Microphone is muted")
        await pilot.press("f7", "f4")
        await until(lambda: desk_call.Hangup in seat.kinds())
        mutes = [request.muted for request in seat.asked if isinstance(request, desk_call.Mute)]
        assert mutes == [True, False]


async def test_after_call_work_is_ended_by_its_key(terminal, seat: FakeSeat) -> None:
    seat.status = status(State.ACW, until=NOW + timedelta(seconds=48))
    app = terminal()
    async with opened(app) as pilot:
        await reads(app, "0:48 left")
        await pilot.press("f8")
        await until(lambda: desk.AcwDone in seat.kinds())


async def test_an_outgoing_call_is_told_from_an_incoming_one(terminal, seat: FakeSeat) -> None:
    outgoing = call(CallState.DIALING, direction=Direction.OUTBOUND)
    seat.status = status(State.DIALING, call=outgoing)
    app = terminal()
    async with opened(app):
        await reads(app, "Call to")
        assert "F2 Answer" not in text_of(app)


async def test_a_refused_number_stays_to_be_corrected(terminal, seat: FakeSeat) -> None:
    seat.status = status(State.NOT_READY)
    seat.refusals[desk_call.Dial] = Refused(Code.BAD_NUMBER)
    app = terminal()
    async with opened(app) as pilot:
        await pilot.press("f9", *"abc", "enter")
        await reads(app, "This is no number")
        assert app.screen.query_one(Input).value == "abc"
        seat.refusals.clear()
        await pilot.press("backspace", "backspace", "backspace", *"110", "enter")
        await until(lambda: not isinstance(app.screen, DialPrompt))
        dialled = [request.target for request in seat.asked if isinstance(request, desk_call.Dial)]
        assert dialled == ["abc", "110"]


async def test_an_empty_number_is_not_dialled(terminal, seat: FakeSeat) -> None:
    seat.status = status(State.READY)
    app = terminal()
    async with opened(app) as pilot:
        await pilot.press("f9", "space", "enter")
        await pilot.pause()
        assert desk_call.Dial not in seat.kinds()


async def test_who_is_owed_a_call_is_seen_at_the_desk_and_found_in_the_list(
    terminal, seat: FakeSeat
) -> None:
    seat.status = status(State.NOT_READY, owed=("02066668888", "110"))
    app = terminal()
    async with opened(app) as pilot:
        await reads(app, "Call-backs owed: 2")
        await pilot.press("c")
        await until(lambda: isinstance(app.screen, CallsSheet))


async def test_a_call_that_a_fault_broke_off_is_told(terminal, seat: FakeSeat) -> None:
    seat.status = status(State.TALK, call=call(CallState.TALK), owed=("10086",))
    app = terminal()
    async with opened(app):
        seat.tell(state=State.ACW, call=None, owed=("10086", "13800138000"))
        await reads(app, "The call broke off by a fault here.")
        await reads(app, "is owed a call: 13800138000")


async def test_a_call_that_ended_as_calls_do_is_not_called_a_fault(
    terminal, seat: FakeSeat
) -> None:
    seat.status = status(State.TALK, call=call(CallState.TALK), owed=("10086",))
    app = terminal()
    async with opened(app):
        seat.tell(state=State.ACW, call=None)
        await reads(app, "The call is over.")
        assert "broke off" not in text_of(app)
