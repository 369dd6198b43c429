"""Ready, breaks, and what is chosen for after the call."""

from datetime import timedelta

from textual.widgets import Digits

from agent_client.terminal.screens.break_chooser import REASONS, BreakChooser
from agent_client.terminal.screens.desk import DeskScreen
from agent_client.terminal.view import DayReading
from protocol.facts.agent import Reason, State
from protocol.rules.agent_state import AUTOMATIC_REASONS, Choice
from protocol.wire import desk
from protocol.wire.desk import PhoneState
from protocol.wire.desk_call import CallState
from protocol.wire.errors import Refused
from protocol.wire.sync import Link
from tests.terminal.fake_seat import DAY, NOW, FakeSeat, call
from tests.terminal.scenes import status
from tests.terminal.showing import opened, reads, text_of
from tests.terminal.waiting import until


async def test_ready_by_one_key(terminal, seat: FakeSeat) -> None:
    seat.status = status(State.NOT_READY)
    app = terminal()
    async with opened(app) as pilot:
        await pilot.press("f5")
        await until(lambda: desk.Ready in seat.kinds())


async def test_a_break_by_its_number(terminal, seat: FakeSeat) -> None:
    seat.status = status(State.READY)
    app = terminal()
    async with opened(app) as pilot:
        await pilot.press("f6", "2")
        await until(lambda: desk.Break in seat.kinds())
        assert seat.asked[-1].reason is Reason.MEAL
        assert isinstance(app.screen, DeskScreen)


async def test_a_break_from_the_list(terminal, seat: FakeSeat) -> None:
    seat.status = status(State.READY)
    app = terminal()
    async with opened(app) as pilot:
        await pilot.press("f6", "down", "down", "enter")
        await until(lambda: desk.Break in seat.kinds())
        assert seat.asked[-1].reason is Reason.PERSONAL


async def test_escape_chooses_no_break(terminal, seat: FakeSeat) -> None:
    seat.status = status(State.READY)
    app = terminal()
    async with opened(app) as pilot:
        await pilot.press("f6", "escape")
        await until(lambda: not isinstance(app.screen, BreakChooser))
        assert desk.Break not in seat.kinds()


def test_only_what_an_agent_may_choose_is_in_the_list() -> None:
    assert set(REASONS) == set(Reason) - AUTOMATIC_REASONS


async def test_a_break_chosen_in_a_call_is_shown_and_can_be_taken_back(
    terminal, seat: FakeSeat
) -> None:
    seat.status = status(State.TALK, call=call(CallState.TALK))
    app = terminal()
    async with opened(app) as pilot:
        await pilot.press("f6")
        await reads(app, "Break after this call")
        await pilot.press("1")
        await until(lambda: desk.Next in seat.kinds())
        assert seat.asked[-1].choice == Choice(State.NOT_READY, Reason.REST)
        seat.tell(next_state="NOT_READY:REST")
        await reads(app, "Next: Short break")
        await pilot.press("x")
        await until(lambda: seat.kinds().count(desk.Next) == 2)
        assert seat.asked[-1].choice is None
        seat.tell(next_state=None)
        await until(lambda: "Next:" not in text_of(app))


async def test_a_call_that_ends_while_a_break_is_chosen_keeps_its_after_call_work(
    terminal, seat: FakeSeat
) -> None:
    seat.status = status(State.TALK, call=call(CallState.TALK))
    app = terminal()
    async with opened(app) as pilot:
        await pilot.press("f6")
        await reads(app, "Break after this call")
        seat.tell(state=State.ACW, call=None)
        await reads(app, "After-call work")
        await pilot.press("2")
        await until(lambda: desk.Next in seat.kinds())
        assert desk.Break not in seat.kinds()


async def test_a_call_that_left_no_work_lets_the_chosen_break_begin(
    terminal, seat: FakeSeat
) -> None:
    seat.status = status(State.RINGING, call=call(CallState.RINGING))
    app = terminal()
    async with opened(app) as pilot:
        await pilot.press("f6")
        await reads(app, "Break after this call")
        seat.tell(state=State.READY, call=None)
        await reads(app, "READY")
        await pilot.press("2")
        await until(lambda: desk.Break in seat.kinds())


async def test_a_refusal_is_said_in_words_and_takes_no_focus(terminal, seat: FakeSeat) -> None:
    seat.status = status(State.NOT_READY)
    seat.refusals[desk.Ready] = Refused("phone_not_ready")
    app = terminal()
    async with opened(app) as pilot:
        await pilot.press("f5")
        await reads(app, "The phone is not ready.")
        assert app.focused is None


async def test_a_code_of_another_version_is_named(terminal, seat: FakeSeat) -> None:
    seat.status = status(State.NOT_READY)
    seat.refusals[desk.Ready] = Refused("moon_phase", phase="full")
    app = terminal()
    async with opened(app) as pilot:
        await pilot.press("f5")
        await reads(app, "Refused: moon_phase.")


async def test_a_notice_goes_away_by_itself(terminal, seat: FakeSeat, clock) -> None:
    seat.status = status(State.NOT_READY)
    app = terminal()
    async with opened(app) as pilot:
        await pilot.press("f8")
        await reads(app, "F8 does nothing in this state")
        clock.go_on(13)
        await until(lambda: "F8 does nothing" not in text_of(app))


async def test_the_clock_runs_on_between_two_words_of_the_seat(
    terminal, seat: FakeSeat, clock
) -> None:
    seat.status = status(State.READY)
    app = terminal()
    async with opened(app):
        digits = app.screen.query_one(Digits)
        assert digits.value == "12:34"
        clock.go_on(86)
        await until(lambda: digits.value == "14:00")


async def test_without_an_anchor_no_duration_is_made_up(terminal, seat: FakeSeat) -> None:
    seat.status = status(State.NOT_READY, now=None)
    app = terminal()
    async with opened(app):
        assert app.screen.query_one(Digits).value == "--:--"


async def test_faults_are_said_in_words(terminal, seat: FakeSeat) -> None:
    seat.status = status(State.NOT_READY)
    app = terminal()
    async with opened(app, (160, 40)):
        seat.tell(link=Link.OFFLINE, link_fault="service_unreachable", unsent=17)
        await reads(app, "Service not reachable, retrying")
        await reads(app, "17 wait on this disk · calls go on")
        seat.tell(link_fault="comet")
        await reads(app, "Service offline (comet)")
        seat.tell(phone=PhoneState.FAULT, phone_fault="phone_died")
        await reads(app, "Phone failed and is starting")
        seat.tell(phone=PhoneState.REGISTERED, phone_fault=None, microphone=False)
        await reads(app, "Nobody could hear you")
        seat.tell(microphone=True, reason=Reason.NO_ANSWER)
        await reads(app, "You did not take a call")


async def test_the_figures_of_the_day_are_read_again_when_the_state_changes(
    terminal, seat: FakeSeat
) -> None:
    seat.status = status(State.READY)
    app = terminal()
    async with opened(app):
        await reads(app, "1:48:00")
        before = seat.kinds().count(desk.GetDay)
        seat.tell(state=State.NOT_READY, since=NOW)
        await until(lambda: seat.kinds().count(desk.GetDay) > before)


def test_time_before_a_change_stays_with_the_state_of_before() -> None:
    reading = DayReading(DAY, NOW).carried(State.RINGING, NOW + timedelta(seconds=20))
    later = reading.seconds(State.NOT_READY, NOW + timedelta(seconds=25))
    assert later[State.RINGING] == DAY.seconds[State.RINGING] + 20
    assert later[State.NOT_READY] == DAY.seconds[State.NOT_READY] + 5
    assert reading.carried(State.TALK, NOW) is reading


async def test_the_figures_are_read_again_when_the_screen_is_unlocked(
    terminal, seat: FakeSeat
) -> None:
    seat.status = status(State.NOT_READY, locked=True)
    app = terminal()
    async with opened(app):
        assert desk.GetDay not in seat.kinds()
        seat.tell(locked=False)
        await until(lambda: desk.GetDay in seat.kinds())
