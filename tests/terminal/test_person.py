"""One person's page: from the floor or the own desk, today and the days before."""

from contextlib import asynccontextmanager
from datetime import timedelta

import msgspec

from agent_client.terminal.screens.desk import DeskScreen
from agent_client.terminal.screens.floor import FloorScreen
from agent_client.terminal.screens.order_prompt import OrderPrompt
from agent_client.terminal.screens.person import PersonScreen
from protocol.facts.agent import Reason, State
from protocol.wire import desk_call
from protocol.wire.desk_call import CallState
from protocol.wire.desk_floor import Floor, GetPerson, PlaceOrder
from protocol.wire.errors import Code, Refused
from protocol.wire.person import Segment
from protocol.wire.session import Person, Role
from tests.terminal.fake_seat import NOW, FakeSeat, call
from tests.terminal.people import PERSON
from tests.terminal.people import call as past_call
from tests.terminal.scenes import FLOOR, row, status
from tests.terminal.showing import opened, reads, text_of
from tests.terminal.test_hostile_text import HOSTILE
from tests.terminal.waiting import until


@asynccontextmanager
async def opened_page(terminal, seat: FakeSeat, language: str = "en"):
    """The page of whoever stands second on the floor."""
    seat.status = status(State.NOT_READY, roles=(Role.LEADER,))
    seat.page = PERSON
    app = terminal(language, supervisor=True)
    async with opened(app) as pilot:
        seat.send(Floor(FLOOR, NOW, reset=True))
        await until(lambda: isinstance(app.screen, FloorScreen) and app.screen.board.rows)
        await pilot.press("down", "down", "enter")
        await until(lambda: isinstance(app.screen, PersonScreen) and app.screen.page)
        yield app, pilot


def days_asked(seat: FakeSeat) -> list[object]:
    """The days that were asked for; null is the present one."""
    return [each.day for each in seat.asked if isinstance(each, GetPerson)]


async def test_who_and_where_they_are_stands_on_top(terminal, seat: FakeSeat) -> None:
    async with opened_page(terminal, seat) as (app, pilot):
        await reads(app, "from 139****1234")
        await pilot.press("end")
        await reads(app, "138****8000")
        assert "from 139****1234" in text_of(app)
        assert "may still change" in text_of(app)


async def test_unknown_time_is_said_to_be_unknown(terminal, seat: FakeSeat) -> None:
    async with opened_page(terminal, seat) as (app, _):
        await reads(app, "? Unknown")
        assert "???" in text_of(app)
        assert "Unknown 17:00" in text_of(app)


async def test_the_days_go_back_and_never_beyond_today(terminal, seat: FakeSeat) -> None:
    async with opened_page(terminal, seat) as (app, pilot):
        await pilot.press("right")
        await pilot.press("left")
        await reads(app, "2026-11-21")
        await pilot.press("left")
        await reads(app, "2026-11-20")
        await pilot.press("right", "right", "right")
        await reads(app, "2026-11-22")
        today = NOW.date()
        before = [today - timedelta(days=days) for days in (1, 2)]
        assert days_asked(seat) == [None, *before, before[0], None]


async def test_escape_goes_back_to_the_same_row(terminal, seat: FakeSeat) -> None:
    async with opened_page(terminal, seat) as (app, pilot):
        await pilot.press("escape")
        assert isinstance(app.screen, FloorScreen)
        assert app.screen.row_at_cursor().agent == "1003"


async def test_the_page_follows_the_floor(terminal, seat: FakeSeat, clock) -> None:
    async with opened_page(terminal, seat) as (app, _):
        asked = len(days_asked(seat))
        seat.refusals[GetPerson] = Refused(Code.SERVICE_UNREACHABLE, server="ws://x")
        seat.send(Floor((row(app.screen.agent, State.OFFLINE, 1),), NOW))
        await until(lambda: "? Offline" in text_of(app))
        await until(lambda: len(days_asked(seat)) > asked)


async def test_a_day_that_is_refused_says_why(terminal, seat: FakeSeat) -> None:
    async with opened_page(terminal, seat) as (app, pilot):
        seat.refusals[GetPerson] = Refused(Code.SERVICE_UNREACHABLE, server="ws://x")
        await pilot.press("left")
        await reads(app, "ws://x can't be reached")


async def test_an_order_goes_to_the_person_of_the_page(terminal, seat: FakeSeat) -> None:
    async with opened_page(terminal, seat) as (app, pilot):
        await pilot.press("n")
        await until(lambda: isinstance(app.screen, OrderPrompt))
        await pilot.press(*"drill", "enter")
        await until(lambda: PlaceOrder in seat.kinds())
        assert [each.agent for each in seat.asked if isinstance(each, PlaceOrder)] == ["1003"]


async def test_a_call_is_answered_from_the_page(terminal, seat: FakeSeat) -> None:
    async with opened_page(terminal, seat) as (app, pilot):
        seat.tell(state=State.RINGING, call=call(CallState.RINGING))
        await reads(app, "F2 Answer")
        await pilot.press("f2")
        await until(lambda: desk_call.Answer in seat.kinds())
        assert isinstance(app.screen, PersonScreen)


async def test_an_agent_opens_the_own_day_by_one_key(terminal, seat: FakeSeat) -> None:
    seat.status = status(State.READY)
    seat.page = msgspec.structs.replace(PERSON, person=Person("1001", "王丽", (Role.AGENT,), "A"))
    app = terminal("zh_CN")
    async with opened(app) as pilot:
        await pilot.press("y")
        await reads(app, "当日时间")
        assert [each.agent for each in seat.asked if isinstance(each, GetPerson)] == ["1001"]
        await pilot.press("escape")
        assert isinstance(app.screen, DeskScreen)


async def test_a_day_without_anything_says_what_to_do(terminal, seat: FakeSeat) -> None:
    seat.status = status(State.READY)
    app = terminal()
    async with opened(app) as pilot:
        await pilot.press("y")
        await reads(app, "Nothing is recorded for this day.")


async def test_what_was_left_off_a_long_day_is_counted(terminal, seat: FakeSeat) -> None:
    async with opened_page(terminal, seat) as (app, pilot):
        seat.page = msgspec.structs.replace(PERSON, segments_left_off=12, calls_left_off=30)
        await pilot.press("left")
        await until(lambda: app.screen.page.segments_left_off)
        await pilot.press("end")
        await reads(app, "12 earlier ones are not listed here")
        await reads(app, "30 earlier ones are not listed here")
        assert "Calls: 33" in text_of(app)


async def test_what_people_wrote_is_text(terminal, seat: FakeSeat) -> None:
    async with opened_page(terminal, seat) as (app, pilot):
        for text in HOSTILE:
            seat.page = msgspec.structs.replace(
                PERSON,
                person=Person(text, text, (), text),
                segments=(
                    Segment(NOW, None, State.NOT_READY, Reason.MEAL, text, text),
                    Segment(NOW - timedelta(days=1), NOW, None, None, text, text),
                ),
                calls=(past_call(1, peer=text, line=text, outcome=text, ended=text, missed=text),),
            )
            app._read_person()
            await pilot.press("end")
            await pilot.pause()
            assert "\x1b" not in text_of(app)
        assert isinstance(app.screen, PersonScreen)
