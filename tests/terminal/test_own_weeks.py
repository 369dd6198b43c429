"""The own roster: six weeks by day, with what changed, and what to do where there is none."""

from datetime import date, timedelta
from itertools import cycle

import msgspec
import pytest
from textual.widgets import OptionList

from agent_client.terminal.plan_weeks import span
from agent_client.terminal.screens.desk import DeskScreen
from agent_client.terminal.screens.own_weeks import OwnWeeks
from protocol.facts.agent import State
from protocol.rules.stand_ins import StandIn
from protocol.wire.roster import MAX_DAYS, GetRoster, Holiday
from protocol.wire.session import Person, Role
from tests.terminal.fake_seat import FakeSeat
from tests.terminal.plan_scenes import LATE_SHIFT, TODAY, own_day, roster, shift
from tests.terminal.scenes import status
from tests.terminal.showing import opened, reads, text_of
from tests.terminal.test_hostile_text import HOSTILE


@pytest.mark.parametrize("today", [date(2026, 11, 22), date(2026, 11, 23), date(2027, 1, 1)])
def test_whole_weeks_around_today_are_asked_for(today: date) -> None:
    first, last = span(today)
    assert (first.isoweekday(), last.isoweekday()) == (1, 7)
    assert (last - first).days + 1 == MAX_DAYS
    assert (today - first).days >= 14
    assert (last - today).days >= 21


async def test_the_own_days_are_listed_from_today(terminal, seat: FakeSeat) -> None:
    seat.status, seat.own_day = status(State.READY), own_day()
    seat.service[GetRoster] = roster
    async with opened(app := terminal(), (120, 60)) as pilot:
        await pilot.press("v")
        await reads(app, "▸ Sun 11-22 09:00–18:00 Day")
        (asked,) = seat.asked_service()
        assert asked == GetRoster(0, date(2026, 11, 2), date(2026, 12, 13), agent="1001")
        text = text_of(app)
        assert "Thu 11-26 day off · * changed since yesterday" in text
        assert text.count("changed since yesterday") == 1
        assert "holiday 中秋节" in text
        assert "make-up working day Make-up" in text
        assert "Mon 11-02 nothing published" in text
        assert "17:00–18:00 Training" in text
        await pilot.press("escape")
        assert isinstance(app.screen, DeskScreen)


@pytest.mark.parametrize(
    ("owner", "substitute", "line"),
    [
        ("1004", "1001", "Mon 11-02 13:00–22:00 shift of 1004"),
        ("1001", "1004", "Mon 11-02 worked by 1004"),
    ],
)
async def test_a_shift_that_another_worked_is_shown_as_such(
    terminal, seat: FakeSeat, owner: str, substitute: str, line: str
) -> None:
    seat.status, seat.own_day = status(State.READY), own_day()
    day, told = date(2026, 11, 2), roster(GetRoster(0, TODAY, TODAY))
    shift_ = shift(*LATE_SHIFT, day=day)
    stand_in = StandIn(owner, day, substitute, "2001", "ill", shift_[0].start_ms, shift_)
    people = (Person("1001", "Li Na", (Role.AGENT,), "A"),)
    answer = msgspec.structs.replace(told, people=people, stand_ins=(stand_in,))
    seat.service[GetRoster] = lambda _: answer
    async with opened(app := terminal(), (120, 60)) as pilot:
        await pilot.press("v")
        await reads(app, line)
        await pilot.press("home")
        await reads(app, f"shift of {owner}, worked by {substitute}: 2001, 11-02 13:00")


async def test_a_day_says_why_it_is_as_it_is(terminal, seat: FakeSeat) -> None:
    seat.status, seat.own_day = status(State.READY), own_day()
    seat.service[GetRoster] = roster
    async with opened(app := terminal(), (120, 60)) as pilot:
        await pilot.press("v")
        await reads(app, "▸ Sun 11-22")
        await pilot.press(*["down"] * 4)
        await reads(app, "No. 4: shifts exchanged 11-21 17:30 2001")


async def test_without_the_service_it_says_so(terminal, seat: FakeSeat) -> None:
    seat.status, seat.own_day = status(State.READY), own_day()
    async with opened(app := terminal()) as pilot:
        await pilot.press("v")
        await reads(app, "ws://x can't be reached")


async def test_another_language_keeps_the_day(terminal, seat: FakeSeat) -> None:
    seat.status, seat.own_day = status(State.READY), own_day()
    seat.service[GetRoster] = roster
    async with opened(app := terminal()) as pilot:
        await pilot.press("v")
        await reads(app, "▸ Sun 11-22")
        await pilot.press("down", "ctrl+l")
        await reads(app, "▸ 周日 11-22")
        options = app.screen.query_one(OptionList)
        assert options.get_option_at_index(options.highlighted).id == "day-2026-11-23"


async def test_what_people_wrote_is_text(terminal, seat: FakeSeat) -> None:
    seat.status, seat.own_day = status(State.READY), own_day()
    told, texts = roster(GetRoster(0, TODAY, TODAY)), cycle(HOSTILE)
    plans = tuple(
        msgspec.structs.replace(each, pattern=text, actor=text)
        for each, text in zip(told.published, texts, strict=False)
    )
    holidays = tuple(
        Holiday(TODAY + timedelta(days=day), text, off=True) for day, text in enumerate(HOSTILE)
    )
    answer = msgspec.structs.replace(told, published=plans, holidays=holidays)
    seat.service[GetRoster] = lambda _: answer
    async with opened(app := terminal(), (120, 60)) as pilot:
        await pilot.press("v")
        await reads(app, "holiday [red]x[/x]")
        for _ in HOSTILE:
            await pilot.press("down")
            assert "\x1b" not in text_of(app)
        assert isinstance(app.screen, OwnWeeks)
