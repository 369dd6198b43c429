"""The list of calls: who waits stands first, and is called or settled by one key."""

from textual.widgets import Static, TextArea

from agent_client.terminal.call_rows import missed_by_cause, owed, settled
from agent_client.terminal.screens.calls import CallsSheet
from protocol.facts.agent import State
from protocol.wire import desk_call
from protocol.wire.desk_call import CallState
from protocol.wire.errors import Code, Refused
from tests.terminal.calls_data import LINE, ROWS, WRAPPED, call_row
from tests.terminal.fake_seat import FakeSeat, call
from tests.terminal.scenes import status
from tests.terminal.showing import opened, reads, text_of
from tests.terminal.waiting import until

IDLE = status(State.READY, lines=(LINE,))


def test_who_waits_is_in_the_order_of_being_due() -> None:
    assert [row.id for row in owed(ROWS)] == ["r5", "r6", "r4"]
    assert [row.id for row in settled(ROWS)] == ["r1", "r2", "r3"]
    assert missed_by_cause(ROWS) == {"TIMEOUT": 1}


async def test_one_key_calls_back_whoever_the_cursor_is_on(terminal, seat: FakeSeat) -> None:
    seat.status, seat.calls = IDLE, ROWS
    app = terminal()
    async with opened(app) as pilot:
        await pilot.press("c")
        await reads(app, "To be called: 3")
        assert "Others today: 3" in text_of(app)
        assert "Today: answered 3 · missed (no answer) 1 · called 1" in text_of(app)
        await pilot.press("c")
        await until(lambda: desk_call.Dial in seat.kinds())
        asked = [request for request in seat.asked if isinstance(request, desk_call.Dial)]
        assert [(request.target, request.for_call) for request in asked] == [("", "r5")]
        await until(lambda: not isinstance(app.screen, CallsSheet))


async def test_an_open_list_tells_of_a_call_that_comes(terminal, seat: FakeSeat) -> None:
    seat.status, seat.calls = IDLE, ROWS[:1]
    app = terminal()
    async with opened(app) as pilot:
        await pilot.press("c")
        await reads(app, "Today: 1")
        seat.calls = ROWS[:2]
        seat.tell(state=State.RINGING, call=call(CallState.RINGING))
        await reads(app, "Today: 2")
        assert "missed (no answer) 1" in text_of(app)


async def test_a_number_out_of_reach_is_not_dialled_and_said(terminal, seat: FakeSeat) -> None:
    seat.status, seat.calls = IDLE, ROWS
    app = terminal()
    async with opened(app) as pilot:
        await pilot.press("c")
        await reads(app, "To be called: 3")
        await pilot.press("down")
        await reads(app, "This phone reaches no numbers")
        await pilot.press("c")
        await pilot.pause()
        assert desk_call.Dial not in seat.kinds()


async def test_settling_without_a_call_needs_a_reason(terminal, seat: FakeSeat) -> None:
    seat.status, seat.calls = IDLE, ROWS
    app = terminal()
    async with opened(app) as pilot:
        await pilot.press("c")
        await reads(app, "To be called: 3")
        await pilot.press("s")
        await reads(app, "Why does 13655556666 need no call")
        await pilot.press("enter", *"called us", "enter")
        await until(lambda: desk_call.SettleCallBack in seat.kinds())
        asked = [each for each in seat.asked if isinstance(each, desk_call.SettleCallBack)]
        assert [(each.call_id, each.reason) for each in asked] == [("r5", "called us")]
        seat.calls = tuple(row for row in ROWS if row.id != "r5")
        await until(lambda: seat.kinds().count(desk_call.GetCalls) >= 2)


async def test_what_nobody_waits_for_is_not_settled(terminal, seat: FakeSeat) -> None:
    seat.status, seat.calls = IDLE, ROWS[:1]
    app = terminal()
    async with opened(app) as pilot:
        await pilot.press("c")
        await reads(app, "Today: 1")
        await pilot.press("s")
        await reads(app, "there is nothing to settle")


async def test_enter_edits_what_is_recorded_and_returns_to_the_list(
    terminal, seat: FakeSeat
) -> None:
    seat.status, seat.calls = IDLE, ROWS
    app = terminal()
    async with opened(app) as pilot:
        await pilot.press("c")
        await reads(app, "To be called: 3")
        await pilot.press("down", "down", "enter")
        await until(lambda: app.screen.query("#note"))
        note = app.screen.query_one("#note", TextArea)
        assert note.text == WRAPPED.note
        note.focus()
        await pilot.press(*"!", "escape")
        await until(lambda: isinstance(app.screen, CallsSheet))
        await until(lambda: desk_call.WrapUp in seat.kinds())
        asked = [each for each in seat.asked if isinstance(each, desk_call.WrapUp)]
        assert (asked[-1].call_id, asked[-1].category) == ("r4", "D02")
        assert asked[-1].call_back_at == WRAPPED.call_back_at


async def test_an_empty_list_says_what_will_stand_there(terminal, seat: FakeSeat) -> None:
    seat.status = IDLE
    app = terminal()
    async with opened(app) as pilot:
        await pilot.press("c")
        await reads(app, "No calls today, and nobody waits for one.")
        await pilot.press("enter", "s", "escape")
        await until(lambda: not isinstance(app.screen, CallsSheet))


async def test_a_refused_list_is_said(terminal, seat: FakeSeat) -> None:
    seat.status = IDLE
    seat.refusals[desk_call.GetCalls] = Refused(Code.NOT_PERMITTED)
    app = terminal()
    async with opened(app) as pilot:
        await pilot.press("c")
        await reads(app, "Your role does not permit this")


async def test_a_call_that_goes_on_is_not_called_unconnected(terminal, seat: FakeSeat) -> None:
    seat.status = status(State.RINGING, lines=(LINE,), call=call(CallState.RINGING, id="r9"))
    seat.calls = (call_row("r9", 0, answered=False, ended=""),)
    app = terminal()
    async with opened(app) as pilot:
        await pilot.press("c")
        await reads(app, "in progress")
        assert "not connected" not in text_of(app)


async def test_a_miss_is_named_once_in_full(terminal, seat: FakeSeat) -> None:
    missed = call_row("r9", 0, answered=False, missed="TIMEOUT", ended="no_answer")
    seat.status, seat.calls = IDLE, (missed,)
    app = terminal()
    async with opened(app) as pilot:
        await pilot.press("c")
        await reads(app, "no answer")
        details = str(app.screen.query_one("#call-details", Static).render())
        assert details.count("no answer") == 1
