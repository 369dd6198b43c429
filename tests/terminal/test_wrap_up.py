"""The wrap-up: filled in by keyboard, kept as it is typed, and never in a call's way."""

from datetime import timedelta

import msgspec
import pytest
from textual.widgets import Input, TextArea

from agent_client.terminal.app import TerminalApp
from agent_client.terminal.screens.desk import DeskScreen
from agent_client.terminal.screens.palette import Palette
from agent_client.terminal.screens.wrap_up import WrapUpForm
from protocol.facts.agent import State
from protocol.wire import desk, desk_call
from protocol.wire.desk_call import MAX_NOTE, WrappedUp, WrapUp
from protocol.wire.errors import Code, Refused
from tests.terminal.calls_data import WRAPPED, last_call
from tests.terminal.desk_scenes import AFTER, RINGING_KNOWN, TALKING
from tests.terminal.fake_seat import NOW, FakeSeat
from tests.terminal.showing import opened, reads, text_of
from tests.terminal.waiting import until


def recorded(seat: FakeSeat) -> list[WrapUp]:
    return [request for request in seat.asked if isinstance(request, WrapUp)]


def remembering(seat: FakeSeat) -> None:
    """From now on the seat keeps what it is told, as a real one does."""

    def react(request: desk.AnyRequest) -> None:
        told = {WrapUp: _keep}
        told.get(type(request), lambda *_: None)(seat, request)

    seat.react = react


def _keep(seat: FakeSeat, request: WrapUp) -> None:
    content = WrappedUp(
        request.category, request.outcome, request.actions, request.note, request.call_back_at
    )
    seat.tell(last_call=last_call(id=request.call_id, wrapped_up=content))


async def test_all_of_it_by_keyboard(terminal, seat: FakeSeat) -> None:
    seat.status = AFTER
    remembering(seat)
    app = terminal()
    async with opened(app) as pilot:
        await pilot.press("w")
        await until(lambda: isinstance(app.screen, WrapUpForm))
        await pilot.press(*"dam", "enter")
        await pilot.press("down", "enter")
        await pilot.press(*"refu", "enter", "down", "down", "enter", "tab")
        await pilot.press(*"+30m", "enter", *"box crushed")
        await pilot.press("escape")
        await until(lambda: isinstance(app.screen, DeskScreen))
        await until(lambda: recorded(seat))
        last = recorded(seat)[-1]
        assert (last.call_id, last.category, last.outcome) == ("c1", "D02", "CB")
        assert last.actions == ("refund", "resend")
        assert last.note == "box crushed"
        assert last.call_back_at == NOW.replace(second=0) + timedelta(minutes=31)
        await reads(app, "Delivery damaged")


async def test_state_clock_and_the_keys_of_the_call_stay_in_sight(terminal, seat: FakeSeat) -> None:
    seat.status = TALKING
    app = terminal()
    async with opened(app) as pilot:
        await pilot.press("w", *"x")
        await reads(app, "Wrap-up")
        for text in ("TALK", "since 13:50:46", "F3 Hold", "F4 Hang up", "F7 Mute"):
            assert text in text_of(app)
        await pilot.press("f3")
        await until(lambda: desk_call.Hold in seat.kinds())
        assert isinstance(app.screen, WrapUpForm)


async def test_a_ringing_call_is_taken_without_leaving_the_note(terminal, seat: FakeSeat) -> None:
    seat.status = AFTER
    app = terminal()
    async with opened(app) as pilot:
        await pilot.press("w")
        app.screen.query_one("#note", TextArea).focus()
        await pilot.press(*"half a sen")
        seat.send(RINGING_KNOWN)
        await reads(app, "F2 Answer")
        assert "owed a call" in text_of(app)
        await pilot.press(*"tence", "f2")
        await until(lambda: desk_call.Answer in seat.kinds())
        assert app.screen.query_one("#note", TextArea).text == "half a sentence"


async def test_typing_is_saved_while_it_goes_on_and_found_again(terminal, seat: FakeSeat) -> None:
    seat.status = AFTER
    remembering(seat)
    app = terminal()
    async with opened(app) as pilot:
        await pilot.press("w")
        app.screen.query_one("#note", TextArea).focus()
        await pilot.press(*"kept")
        await reads(app, "not saved yet")
        await until(lambda: recorded(seat))
        await reads(app, "✓ saved")
    again = terminal()
    async with opened(again) as pilot:
        await pilot.press("w")
        await until(lambda: again.screen.query("#note"))
        assert again.screen.query_one("#note", TextArea).text == "kept"


async def test_old_words_of_the_seat_do_not_undo_what_is_typed(terminal, seat: FakeSeat) -> None:
    seat.status = AFTER
    app = terminal()
    async with opened(app) as pilot:
        await pilot.press("w")
        app.screen.query_one("#note", TextArea).focus()
        await pilot.press(*"new")
        await until(lambda: recorded(seat))
        await reads(app, "✓ saved")
        seat.tell(unsent=1)
        await pilot.pause()
        assert app.screen.query_one("#note", TextArea).text == "new"


async def test_what_is_typed_while_the_seat_is_gone_is_saved_when_it_is_back(
    terminal, seat: FakeSeat
) -> None:
    seat.status = AFTER
    app = terminal()
    async with opened(app) as pilot:
        await pilot.press("w")
        app.screen.query_one("#note", TextArea).focus()
        await seat.stop()
        await reads(app, "The seat has stopped")
        await pilot.press(*"typed")
        await reads(app, "kept; saved when the seat is back")
        await pilot.press("escape")
        await until(lambda: isinstance(app.screen, DeskScreen))
        await seat.start()
        await until(lambda: recorded(seat))
        assert recorded(seat)[-1].note == "typed"


async def test_a_refusal_is_said_and_keeps_the_text(terminal, seat: FakeSeat) -> None:
    seat.status = AFTER
    seat.refusals[WrapUp] = Refused(Code.DISK_FAILED, detail="full")
    app = terminal()
    async with opened(app) as pilot:
        await pilot.press("w")
        app.screen.query_one("#note", TextArea).focus()
        await pilot.press(*"text")
        await reads(app, "This desk's disk refused")
        assert "! not saved" in text_of(app)
        assert app.screen.query_one("#note", TextArea).text == "text"


async def test_a_time_that_cannot_be_read_is_said_and_promises_nothing(
    terminal, seat: FakeSeat
) -> None:
    seat.status = AFTER
    app = terminal()
    async with opened(app) as pilot:
        await pilot.press("w")
        field = app.screen.query_one("#call_back_at", Input)
        field.focus()
        await pilot.press(*"15:30")
        await reads(app, "→ Call back 15:30")
        await pilot.press("x")
        await reads(app, "Not understood")
        await pilot.press("escape")
        await until(lambda: field.has_focus)
        assert isinstance(app.screen, WrapUpForm)
        await pilot.press("escape")
        await until(lambda: isinstance(app.screen, DeskScreen))
        assert [each.call_back_at for each in recorded(seat)] == []


async def test_the_time_is_read_in_both_languages(terminal, seat: FakeSeat) -> None:
    seat.status = AFTER
    app = terminal("zh_CN")
    async with opened(app) as pilot:
        await pilot.press("w")
        field = app.screen.query_one("#call_back_at", Input)
        field.value = "明天 9:00"
        await reads(app, "→ 明天 09:00 回拨")
        field.value = "tomorrow 10:00"
        await reads(app, "→ 明天 10:00 回拨")


async def test_codes_are_in_the_readers_language_and_found_by_either(
    terminal, seat: FakeSeat
) -> None:
    seat.status = AFTER
    app = terminal("zh_CN")
    async with opened(app) as pilot:
        await pilot.press("w", *"d0")
        await reads(app, "配送破损")
        assert "服务态度" not in text_of(app)
        await pilot.press("down", "enter")
        await until(lambda: app.screen.query_one("#category", Input).value == "D02 配送破损")
        await pilot.press("ctrl+l")
        await until(
            lambda: app.screen.query_one("#category", Input).value == "D02 Delivery damaged"
        )


async def test_a_text_that_no_code_holds_is_said_and_chooses_none(terminal, seat: FakeSeat) -> None:
    seat.status = AFTER
    app = terminal()
    async with opened(app) as pilot:
        await pilot.press("w", *"zzz")
        await reads(app, "No such code here.")
        await pilot.press("enter", "escape")
        await until(lambda: isinstance(app.screen, DeskScreen))
        assert recorded(seat) == []


async def test_a_call_without_a_line_takes_a_note_and_a_promise(terminal, seat: FakeSeat) -> None:
    seat.status = msgspec.structs.replace(AFTER, last_call=last_call(line=""))
    app = terminal()
    async with opened(app) as pilot:
        await pilot.press("w")
        await reads(app, "no line: note and call-back only")
        assert not app.screen.query("#category")


async def test_f8_from_inside_saves_first_and_ends_the_work(terminal, seat: FakeSeat) -> None:
    seat.status = AFTER
    remembering(seat)
    app = terminal()
    async with opened(app) as pilot:
        await pilot.press("w", "tab", "enter", "shift+tab", "shift+tab", *"dam", "f8")
        await until(lambda: desk.AcwDone in seat.kinds())
        kinds = seat.kinds()
        assert kinds.index(WrapUp) < kinds.index(desk.AcwDone)
        assert recorded(seat)[-1].category == "D02"
        await until(lambda: isinstance(app.screen, DeskScreen))


async def test_a_missing_outcome_is_asked_for_once_and_never_blocks(
    terminal, seat: FakeSeat
) -> None:
    seat.status = AFTER
    app = terminal()
    async with opened(app) as pilot:
        await pilot.press("f8")
        await reads(app, "This line asks for an outcome")
        assert desk.AcwDone not in seat.kinds()
        await pilot.press("f8")
        await until(lambda: desk.AcwDone in seat.kinds())


async def test_more_time_is_offered_as_long_as_there_is_some(terminal, seat: FakeSeat) -> None:
    seat.status = AFTER
    app = terminal()
    async with opened(app) as pilot:
        await reads(app, "more time, 1 left")
        await pilot.press("ctrl+g")
        await until(lambda: desk_call.ExtendAcw in seat.kinds())
        seat.tell(last_call=last_call(extensions_left=0))
        await until(lambda: "more time" not in text_of(app).casefold())


async def test_time_that_is_up_stays_readable(terminal, seat: FakeSeat, clock) -> None:
    seat.status = AFTER
    app = terminal()
    async with opened(app):
        clock.go_on(200)
        await reads(app, "time is up")


async def test_typing_in_after_call_work_is_a_sign_of_life(terminal, seat: FakeSeat, clock) -> None:
    seat.status = AFTER
    app = terminal()
    async with opened(app) as pilot:
        await pilot.press("w", *"abc")
        await until(lambda: desk.SignOfLife in seat.kinds())
        assert seat.kinds().count(desk.SignOfLife) == 1
        clock.go_on(6)
        await pilot.press("d")
        await until(lambda: seat.kinds().count(desk.SignOfLife) == 2)


async def test_no_sign_of_life_is_told_where_it_means_nothing(terminal, seat: FakeSeat) -> None:
    seat.status = msgspec.structs.replace(AFTER, state=State.READY)
    app = terminal()
    async with opened(app) as pilot:
        await pilot.press("down", "up")
        await pilot.pause()
        assert desk.SignOfLife not in seat.kinds()


@pytest.mark.parametrize("key", ["f12", "f6"])
async def test_a_question_over_the_form_leaves_it_as_it_is(
    terminal, seat: FakeSeat, key: str
) -> None:
    seat.status = msgspec.structs.replace(AFTER, last_call=last_call(wrapped_up=WRAPPED))
    app: TerminalApp = terminal()
    async with opened(app) as pilot:
        await pilot.press("w")
        await until(lambda: app.screen.query("#note"))
        form = app.screen
        await pilot.press(key)
        await until(lambda: app.screen is not form)
        assert not isinstance(app.screen, Palette) or key == "f12"
        await pilot.press("escape")
        await until(lambda: app.screen is form)
        assert form.query_one("#note", TextArea).text == WRAPPED.note


async def test_a_note_never_grows_beyond_what_is_kept(terminal, seat: FakeSeat) -> None:
    seat.status = AFTER
    app = terminal()
    async with opened(app) as pilot:
        await pilot.press("w")
        await until(lambda: app.screen.query("#note"))
        note = app.screen.query_one("#note", TextArea)
        note.focus()
        note.insert("x" * (MAX_NOTE - 1))
        note.insert("中文")
        assert note.text == "x" * (MAX_NOTE - 1) + "中"
        await reads(app, "A note holds 2000 characters")
        note.replace("yz", (0, 0), (0, 1))
        assert note.text == "y" + "x" * (MAX_NOTE - 2) + "中"
        note.delete((0, 0), (0, 1))
        await until(lambda: "A note holds" not in text_of(app))
