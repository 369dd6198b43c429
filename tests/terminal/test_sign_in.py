import msgspec
from textual.widgets import Input

from agent_client.terminal.screens.desk import DeskScreen
from agent_client.terminal.screens.floor import FloorScreen
from agent_client.terminal.screens.sign_in import SignInScreen
from protocol.facts.agent import State
from protocol.wire import desk, desk_floor
from protocol.wire.desk import PhoneState
from protocol.wire.errors import Code, Refused
from protocol.wire.sync import Link
from tests.terminal.fake_seat import FakeSeat
from tests.terminal.showing import opened, reads, text_of
from tests.terminal.waiting import until


async def test_a_password_signs_in_and_the_desk_opens(terminal, seat: FakeSeat) -> None:
    app = terminal()
    seat.react = lambda request: (
        seat.tell(state=State.NOT_READY) if isinstance(request, desk.SignIn) else None
    )
    async with opened(app) as pilot:
        await pilot.press(*"secret", "enter")
        await until(lambda: isinstance(app.screen, DeskScreen))
        asked = [request for request in seat.asked if isinstance(request, desk.SignIn)]
        assert [request.password for request in asked] == ["secret"]
        await reads(app, "NOT READY")


async def test_a_supervisor_gets_the_floor(terminal, seat: FakeSeat) -> None:
    app = terminal(supervisor=True)
    async with opened(app):
        seat.tell(state=State.NOT_READY)
        await until(lambda: isinstance(app.screen, FloorScreen))
        await until(lambda: desk_floor.WatchFloor in seat.kinds())


async def test_a_wrong_password_is_said_in_words_and_the_field_is_emptied(
    terminal, seat: FakeSeat
) -> None:
    seat.refusals[desk.SignIn] = Refused(Code.BAD_CREDENTIALS)
    app = terminal("zh_CN")
    async with opened(app) as pilot:
        await pilot.press(*"guess", "enter")
        await reads(app, "工号或密码错误")
        assert isinstance(app.screen, SignInScreen)
        assert app.screen.query_one("#password", Input).value == ""


async def test_the_password_is_never_on_the_screen(terminal) -> None:
    app = terminal()
    async with opened(app) as pilot:
        await pilot.press(*"hunter2")
        await pilot.pause()
        assert "hunter2" not in text_of(app)


async def test_an_empty_password_is_not_sent(terminal, seat: FakeSeat) -> None:
    app = terminal()
    async with opened(app) as pilot:
        await pilot.press("enter")
        await pilot.pause()
        assert desk.SignIn not in seat.kinds()


async def test_a_new_desk_hands_in_its_code_first(terminal, seat: FakeSeat) -> None:
    app = terminal()
    async with opened(app) as pilot:
        seat.tell(enrolled=False)
        await reads(app, "Enrolment code")
        app.screen.query_one("#code", Input).focus()
        await pilot.press(*"AB-12", "enter", *"secret", "enter")
        await until(lambda: desk.SignIn in seat.kinds())
        asked = [request for request in seat.asked if isinstance(request, desk.EnrolDesk)]
        assert [request.code for request in asked] == ["AB-12"]
        assert seat.kinds().index(desk.EnrolDesk) < seat.kinds().index(desk.SignIn)


async def test_a_wrong_code_stops_there_and_keeps_what_was_typed(terminal, seat: FakeSeat) -> None:
    seat.refusals[desk.EnrolDesk] = Refused(Code.BAD_ENROLMENT_CODE)
    app = terminal()
    async with opened(app) as pilot:
        seat.tell(enrolled=False)
        await reads(app, "Enrolment code")
        app.screen.query_one("#code", Input).focus()
        await pilot.press(*"AB-12", "enter", *"secret", "enter")
        await reads(app, "This enrolment code is wrong")
        assert desk.SignIn not in seat.kinds()
        code = app.screen.query_one("#code", Input)
        assert code.value == "AB-12"
        assert code.has_focus


async def test_an_enrolled_desk_is_not_asked_for_a_code(terminal) -> None:
    app = terminal()
    async with opened(app):
        assert not app.screen.query_one("#code", Input).display


async def test_an_unreachable_service_is_said_and_blocks_nothing(terminal, seat: FakeSeat) -> None:
    app = terminal()
    async with opened(app) as pilot:
        seat.tell(link=Link.OFFLINE, link_fault="service_unreachable")
        await reads(app, "Service not reachable, retrying")
        await pilot.press(*"secret", "enter")
        await until(lambda: desk.SignIn in seat.kinds())


async def test_no_fault_of_the_phone_is_told_while_nobody_is_signed_in(
    terminal, seat: FakeSeat
) -> None:
    app = terminal()
    async with opened(app):
        seat.tell(phone=PhoneState.UNREGISTERED)
        await reads(app, "Service online")
        assert "Phone" not in text_of(app)


def sign_ins(seat: FakeSeat) -> list[tuple[str, str, bool]]:
    return [
        (request.password, request.new_password, request.take_over)
        for request in seat.asked
        if isinstance(request, desk.SignIn)
    ]


async def test_a_first_password_is_changed_in_two_fields_that_appear(
    terminal, seat: FakeSeat
) -> None:
    seat.refusals[desk.SignIn] = Refused(Code.PASSWORD_CHANGE_NEEDED)
    app = terminal()
    async with opened(app) as pilot:
        assert not app.screen.query_one("#new", Input).display
        await pilot.press(*"first", "enter")
        await until(lambda: app.screen.query_one("#new", Input).has_focus)
        seat.refusals.clear()
        await pilot.press(*"longer one", "enter", *"other", "enter")
        await reads(app, "The two passwords are not the same.")
        assert len(sign_ins(seat)) == 1
        await pilot.press(*"longer one", "enter")
        await until(lambda: len(sign_ins(seat)) == 2)
        assert sign_ins(seat)[-1] == ("first", "longer one", False)
        assert "longer" not in text_of(app)


async def test_another_desk_is_named_and_taken_over_only_when_that_is_said(
    terminal, seat: FakeSeat
) -> None:
    seat.refusals[desk.SignIn] = Refused(Code.SIGNED_IN_ELSEWHERE, desk="[red]3-14[/x]")
    app = terminal()
    async with opened(app) as pilot:
        await pilot.press(*"secret", "enter")
        await reads(app, "You are signed in at another desk: [red]3-14[/x]")
        await pilot.press("enter")
        await until(lambda: isinstance(app.screen, SignInScreen))
        assert app.screen.query_one("#password", Input).value == ""
        await pilot.press(*"secret", "enter")
        await reads(app, "Taking over signs that desk out")
        seat.refusals.clear()
        await pilot.press("down", "enter")
        await until(lambda: len(sign_ins(seat)) == 3)
        assert [take_over for _, _, take_over in sign_ins(seat)] == [False, False, True]


async def test_a_sign_in_without_the_service_is_offered_and_shown_as_such(
    terminal, seat: FakeSeat
) -> None:
    app = terminal()
    async with opened(app, (120, 30)) as pilot:
        seat.tell(link=Link.OFFLINE, link_fault="service_unreachable")
        await reads(app, "The service can't be reached. If you have signed")
        await pilot.press(*"secret", "enter")
        await until(lambda: sign_ins(seat))
        seat.tell(state=State.NOT_READY, provisional=True)
        await reads(app, "Signed in without the service")


async def test_who_was_signed_out_by_another_desk_is_told_so(terminal, seat: FakeSeat) -> None:
    app = terminal()
    async with opened(app, (160, 30)):
        seat.tell(notices=(desk.Notice(Code.TAKEN_OVER),))
        await reads(app, "signed in at another desk, so this one is signed out")


async def test_a_password_is_changed_while_signed_in(terminal, seat: FakeSeat) -> None:
    seat.status = msgspec.structs.replace(seat.status, state=State.NOT_READY)
    seat.refusals[desk.ChangePassword] = Refused(Code.PASSWORD_NOT_NEW)
    app = terminal()
    async with opened(app) as pilot:
        await pilot.press("z", *"old", "enter", *"same", "enter", *"same", "enter")
        await reads(app, "The new password is the same as the old one")
        seat.refusals.clear()
        await pilot.press(*"new one", "enter")
        await reads(app, "The two passwords are not the same")
        await pilot.press(*"new one", "enter")
        await reads(app, "Your password is changed.")
        asked = [each for each in seat.asked if isinstance(each, desk.ChangePassword)]
        assert (asked[-1].password, asked[-1].new_password) == ("old", "new one")
