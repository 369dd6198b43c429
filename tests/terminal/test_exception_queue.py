"""The queue of exceptions: many decided at once, each told, and nothing said twice."""

from contextlib import asynccontextmanager
from datetime import date

import msgspec
from textual.widgets import Input

from agent_client.terminal.screens.exceptions import ExceptionsSheet, SiteExceptions
from agent_client.terminal.screens.exceptions_decide import DecideQueue
from agent_client.terminal.screens.exceptions_filter import QueueFilter
from agent_client.terminal.screens.exceptions_shares import SharesTable
from agent_client.terminal.screens.why import LedWhy
from protocol.wire.adherence import GetAdherence
from protocol.wire.exceptions import (
    DecideExceptions,
    Exceptions,
    GetExceptions,
)
from protocol.wire.session import Role
from tests.terminal.fake_seat import FakeSeat
from tests.terminal.plan_scenes import TODAY
from tests.terminal.roster_scenes import QUEUE, Queue, exception, on_floor
from tests.terminal.showing import reads, text_of
from tests.terminal.test_hostile_text import HOSTILE
from tests.terminal.waiting import until


def asked(seat: FakeSeat, kind: type):
    """What was asked of the service, of one kind."""
    return [each for each in seat.asked_service() if isinstance(each, kind)]


@asynccontextmanager
async def open_queue(
    terminal, seat: FakeSeat, queue: Queue, language: str = "en", role: Role = Role.SUPERVISOR
):
    """The queue, as told."""
    queue.serve(seat)
    async with on_floor(terminal, seat, language, role) as (app, pilot):
        await pilot.press("b")
        await until(lambda: isinstance(app.screen, ExceptionsSheet) and app.screen.told)
        yield app, pilot


async def decide(app, pilot, key: str, text: str = "") -> None:
    """Answer what is meant."""
    await pilot.press(key)
    await until(lambda: isinstance(app.screen, DecideQueue))
    await pilot.pause()
    await pilot.press(*text, "enter")


async def test_what_is_open_of_the_last_two_months_is_listed(terminal, seat: FakeSeat) -> None:
    async with open_queue(terminal, seat, Queue()) as (app, _):
        assert asked(seat, GetExceptions) == [GetExceptions(0, date(2026, 9, 23), TODAY)]
        assert "listed: 4" in text_of(app)
        assert "1003 李建国 · Sun 2026-11-22 · 11:10:00–11:22:00 · 12 min" in text_of(app)


async def test_a_second_person_sees_who_was_first(terminal, seat: FakeSeat) -> None:
    async with open_queue(terminal, seat, Queue()) as (app, pilot):
        await pilot.press("down", "down")
        await reads(app, "needs a second approval by 2001")
        assert "In truth it was: Training" in text_of(app)
        assert "Evidence: ticket 4711" in text_of(app)
        assert "Answer: Seen on the floor" in text_of(app)


async def test_the_ticked_are_approved_at_once_and_each_outcome_is_counted(
    terminal, seat: FakeSeat
) -> None:
    queue = Queue()
    queue.second, queue.refused = {"e2"}, {"e4": "own_case"}
    async with open_queue(terminal, seat, queue) as (app, pilot):
        await pilot.press("space", "space", "down", "space")
        await decide(app, pilot, "a")
        await reads(app, "Approved: 1. Approved by you, waiting for a second person: 1.")
        assert "Not changed: 1 (Nobody decides about themselves." in text_of(app)
        (sent,) = asked(seat, DecideExceptions)
        assert (sent.exceptions, sent.approved, sent.text) == (("e1", "e2", "e4"), True, "")
        await until(lambda: len(app.screen.told.rows) == 3)
        assert [row.exception for row in app.screen.meant()] == ["e4"]


async def test_without_ticks_the_one_under_the_cursor_is_decided(terminal, seat: FakeSeat) -> None:
    queue = Queue()
    async with open_queue(terminal, seat, queue) as (app, pilot):
        await pilot.press("down")
        await decide(app, pilot, "a", "seen")
        await reads(app, "Approved: 1.")
        (sent,) = asked(seat, DecideExceptions)
        assert (sent.exceptions, sent.text) == (("e2",), "seen")
        await until(lambda: [row.exception for row in app.screen.told.rows] == ["e1", "e3", "e4"])


async def test_a_rejection_needs_words(terminal, seat: FakeSeat) -> None:
    async with open_queue(terminal, seat, Queue(), "zh_CN") as (app, pilot):
        await decide(app, pilot, "r")
        await reads(app, "1000")
        assert asked(seat, DecideExceptions) == []
        await pilot.press(*"late", "enter")
        await reads(app, "已驳回 1 项。")
        assert not asked(seat, DecideExceptions)[0].approved


async def test_a_refused_decision_keeps_the_words_and_the_ticks(terminal, seat: FakeSeat) -> None:
    async with open_queue(terminal, seat, Queue()) as (app, pilot):
        del seat.service[DecideExceptions]
        await pilot.press("space", "space")
        await decide(app, pilot, "a", "seen")
        await reads(app, "can't be reached")
        assert app.screen.query_one(Input).value == "seen"
        await pilot.press("escape")
        assert [row.exception for row in app.screen.meant()] == ["e1", "e2"]
        await pilot.press("escape")
        assert isinstance(app.screen, ExceptionsSheet)
        await until(lambda: len(app.screen.meant()) == 1)


async def test_more_than_fit_one_request_are_sent_in_parts(terminal, seat: FakeSeat) -> None:
    queue = Queue(tuple(exception(number, "1003") for number in range(230)))
    async with open_queue(terminal, seat, queue) as (app, pilot):
        app.screen._ticked = dict.fromkeys(queue.rows)
        await decide(app, pilot, "a")
        await reads(app, "Approved: 230.")
        assert [len(each.exceptions) for each in asked(seat, DecideExceptions)] == [200, 30]


async def test_enter_explains_the_day_and_escape_comes_back(terminal, seat: FakeSeat) -> None:
    async with open_queue(terminal, seat, Queue()) as (app, pilot):
        await pilot.press("down", "down", "down", "enter")
        await until(lambda: isinstance(app.screen, LedWhy) and asked(seat, GetAdherence))
        assert asked(seat, GetAdherence) == [GetAdherence(0, "1002", date(2026, 11, 20))]
        await pilot.press("escape")
        assert isinstance(app.screen, ExceptionsSheet)


async def test_the_filter_asks_anew(terminal, seat: FakeSeat) -> None:
    async with open_queue(terminal, seat, Queue()) as (app, pilot):
        await pilot.press("f")
        await until(lambda: isinstance(app.screen, QueueFilter))
        await pilot.press("down", "tab", "ctrl+u", *"11-2", "enter")
        await until(lambda: len(asked(seat, GetExceptions)) == 2)
        assert asked(seat, GetExceptions)[1] == GetExceptions(
            0, date(2026, 11, 2), TODAY, open_only=False
        )
        await pilot.press("f")
        await until(lambda: isinstance(app.screen, QueueFilter))
        await pilot.press("tab", "ctrl+u", *"soon", "enter")
        await reads(app, "First day: write a day as")


async def test_an_empty_queue_says_so(terminal, seat: FakeSeat) -> None:
    async with open_queue(terminal, seat, Queue(())) as (app, pilot):
        await reads(app, "Nothing waits for a decision in this span.")
        await pilot.press("space", "enter", "a")
        await reads(app, "There is nothing to decide here.")


async def test_a_queue_that_can_not_be_read_says_why(terminal, seat: FakeSeat) -> None:
    async with on_floor(terminal, seat) as (app, pilot):
        await pilot.press("b")
        await reads(app, "can't be reached")


async def test_a_group_leader_has_no_shares_and_no_incidents(terminal, seat: FakeSeat) -> None:
    async with open_queue(terminal, seat, Queue(), role=Role.LEADER) as (app, pilot):
        assert not isinstance(app.screen, SiteExceptions)
        await pilot.press("s", "n")
        await pilot.pause()
        assert isinstance(app.screen, ExceptionsSheet)


async def test_the_shares_of_each_lead(terminal, seat: FakeSeat) -> None:
    async with open_queue(terminal, seat, Queue()) as (app, pilot):
        await pilot.press("s")
        await until(lambda: isinstance(app.screen, SharesTable))
        await reads(app, "8 h 36 min")
        assert "88.07 %" in text_of(app)


async def test_what_people_wrote_is_text(terminal, seat: FakeSeat) -> None:
    queue = Queue()
    async with open_queue(terminal, seat, queue) as (app, pilot):
        for text in HOSTILE:
            row = msgspec.structs.replace(
                QUEUE[0],
                agent=text,
                code=text,
                text=text,
                actor=text,
                decision=text,
                evidence=(text,),
            )
            told = Exceptions(0, (row,), {text: text})
            seat.service[GetExceptions] = lambda _, told=told: told
            app._read_queue()
            await until(lambda told=told: app.screen.told == told)
            await pilot.press("a")
            await pilot.pause()
            assert "\x1b" not in text_of(app)
            await pilot.press("escape")
        assert isinstance(app.screen, ExceptionsSheet)
