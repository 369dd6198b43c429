"""Requests at the terminal: asking, answering, deciding; and the hours of people."""

from collections.abc import Sequence

import pytest
from msgspec.structs import replace
from textual.pilot import Pilot
from textual.widgets import Input

from agent_client.terminal.request_rows import grouped
from agent_client.terminal.screens.hours import HoursSheet, LedHoursSheet
from agent_client.terminal.screens.request_form import RequestForm
from agent_client.terminal.screens.requests import RequestsSheet
from protocol.facts.agent import State
from protocol.facts.request import Account, RequestKind, RequestStanding, RosterRequest
from protocol.wire import desk_call, requests
from protocol.wire.desk_call import CallState
from protocol.wire.errors import Code, Refused
from protocol.wire.relayed import RelayedRequest
from protocol.wire.requests import (
    BookHours,
    ConsentRequest,
    DecideRequest,
    SeenRequest,
    SeeRequests,
    WithdrawRequest,
)
from protocol.wire.session import Role
from tests.terminal.fake_seat import FakeSeat, call
from tests.terminal.requests_scenes import REQUESTS, TODAY, TOMORROW, ago, answer, ms
from tests.terminal.scenes import status
from tests.terminal.sheets import AGENT, LEADER, sent, signed_in
from tests.terminal.showing import opened, reads, text_of
from tests.terminal.waiting import until


def made(seat: FakeSeat) -> list[RosterRequest]:
    """What was asked for."""
    return [each.asked for each in seat.asked_service() if isinstance(each, requests.MakeRequest)]


async def new_request(pilot: Pilot[None], kinds: int = 0) -> RequestForm:
    """The form, with the plan told, on the kind that is so many steps on."""
    await pilot.press("j")
    await reads(pilot.app, "They wait for your word")
    await pilot.press("n")
    await until(lambda: isinstance(pilot.app.screen, RequestForm))
    form = pilot.app.screen
    assert isinstance(form, RequestForm)
    await until(lambda: form.query_one("#start", Input).value == "09:00")
    await pilot.press(*["right"] * kinds)
    await pilot.pause()
    return form


async def walk(pilot: Pilot[None], texts: Sequence[str]) -> None:
    """A text for each next field; None leaves it as it is."""
    for text in texts:
        await pilot.press("tab", *text)


def listed(me: str) -> dict[str, list[str]]:
    """The names of the requests, group by group."""
    groups = grouped(REQUESTS.rows, me)
    return {group.name: [row.request for row in group.rows] for group in groups}


def test_what_waits_for_me_is_on_top_then_mine_then_others() -> None:
    names = listed("1001")
    assert names == {"waiting": ["r2"], "mine": ["r1"], "decide": ["r3", "r4"], "over": ["r5"]}
    assert listed("2001")["decide"] == ["r1", "r2", "r3"]


async def test_leave_is_asked_with_the_planned_times_and_the_balance(terminal, seat) -> None:
    async with signed_in(terminal, seat) as (app, pilot):
        await new_request(pilot)
        await reads(app, "does not work on Mon 11-23, 09:00–18:00")
        await reads(app, "Planned work on Mon 11-23: 8:00 →")
        await reads(app, "Owed leave: 12:00")
        await walk(pilot, ["", "", "", "", "家里有事"])
        await pilot.press("enter")
        await reads(app, "Asked, and kept.")
        assert not isinstance(app.screen, RequestForm)
    (asked,) = made(seat)
    assert (asked.what, asked.agent, asked.day) == (RequestKind.LEAVE, "1001", TOMORROW)
    assert (asked.start_ms, asked.end_ms) == (ms(TOMORROW, 9), ms(TOMORROW, 18))
    assert asked.account is Account.OWED_LEAVE
    (message,) = sent(seat, requests.MakeRequest)
    assert isinstance(message, requests.MakeRequest)
    assert message.text == "家里有事"
    assert message.key


async def test_a_refused_request_keeps_all_that_was_typed_and_its_key(terminal, seat) -> None:
    seat.status = AGENT
    answer(seat)

    def refuse(_: RelayedRequest) -> requests.RequestStands:
        raise Refused(Code.NO_SHIFT, agent="1003", day="2026-11-25")

    accept = seat.service[requests.MakeRequest]
    seat.service[requests.MakeRequest] = refuse
    app = terminal()
    async with opened(app) as pilot:
        await new_request(pilot, kinds=1)
        await walk(pilot, ["", "1003", "", "please"])
        await pilot.press("up")  # a text has no steps
        await pilot.press("enter")
        await reads(app, "1003 has no shift on 2026-11-25")
        assert app.screen.query_one("#partner", Input).value == "1003"
        assert app.screen.query_one("#text", Input).value == "please"
        seat.service[requests.MakeRequest] = accept
        await pilot.press("enter")
        await reads(app, "Asked, and kept.")
    first, second = sent(seat, requests.MakeRequest)
    assert first == second
    assert made(seat)[0].partner_day == TOMORROW


async def test_what_somebody_typed_stays_when_the_day_changes(terminal, seat) -> None:
    async with signed_in(terminal, seat) as (app, pilot):
        form = await new_request(pilot)
        await pilot.press("tab", "tab")
        form.query_one("#start", Input).value = "13:00"
        await pilot.press("shift+tab", "up")
        await reads(app, "Tue 11-24, 13:00–18:00")


async def test_a_day_that_cannot_be_read_sends_nothing(terminal, seat) -> None:
    async with signed_in(terminal, seat) as (app, pilot):
        form = await new_request(pilot)
        form.query_one("#day", Input).value = "someday"
        await reads(app, "Which day?")
        await pilot.press("shift+tab", "enter")
        await reads(app, "someday is no date")
    assert made(seat) == []


async def test_hours_that_do_not_fit_the_plan_are_said_before_they_are_asked(
    terminal, seat
) -> None:
    async with signed_in(terminal, seat) as (app, pilot):
        form = await new_request(pilot)
        form.query_one("#day", Input).value = "2026-12-24"
        form.query_one("#start", Input).value = "9"
        form.query_one("#end", Input).value = "18"
        await reads(app, "This does not fit")


async def test_a_lead_asks_for_overtime_of_somebody(terminal, seat) -> None:
    async with signed_in(terminal, seat, LEADER) as (app, pilot):
        await pilot.press("j")
        await reads(app, "For a lead to decide")
        await pilot.press("n")
        await until(lambda: isinstance(app.screen, RequestForm))
        await pilot.press("left", "left")
        await pilot.pause()
        app.screen.query_one("#agent", Input).value = "1003"
        await until(lambda: app.screen.query_one("#start", Input).value == "18:00")
        await reads(app, "Next: the person agrees or not")
        app.screen.query_one("#text", Input).focus()
        await pilot.press("enter")
        await reads(app, "Asked, and kept.")
    (asked,) = made(seat)
    assert (asked.what, asked.agent, asked.day) == (RequestKind.OVERTIME, "1003", TODAY)
    assert (asked.start_ms, asked.end_ms) == (ms(TODAY, 18), ms(TODAY, 20))
    assert asked.account is Account.OVERTIME


async def test_the_partner_agrees_and_not_without_words_does_not(terminal, seat) -> None:
    async with signed_in(terminal, seat) as (app, pilot):
        await pilot.press("j")
        await reads(app, "They wait for your word: 1")
        await pilot.press("c", "enter")
        await until(lambda: sent(seat, ConsentRequest))
        await until(lambda: isinstance(app.screen, RequestsSheet))
        await pilot.press("x", "enter")
        await reads(app, "Words are needed here")
        await pilot.press(*"no", "enter")
        await until(lambda: len(sent(seat, ConsentRequest)) == 2)
    assert sent(seat, ConsentRequest) == [
        ConsentRequest(0, "r2", True, ""),
        ConsentRequest(0, "r2", False, "no"),
    ]


async def test_only_who_asked_takes_it_back_and_is_asked_once(terminal, seat) -> None:
    async with signed_in(terminal, seat) as (app, pilot):
        await pilot.press("j")
        await reads(app, "They wait for your word: 1")
        await pilot.press("w")
        await reads(app, "Only who asked can take it back")
        await pilot.press("down", "w")
        await reads(app, "The request is over, and nothing changes")
        assert not sent(seat, WithdrawRequest)
        await pilot.press("enter")
        await until(lambda: sent(seat, WithdrawRequest))
    assert sent(seat, WithdrawRequest) == [WithdrawRequest(0, "r1")]


async def test_who_agreed_takes_it_back_with_words(terminal, seat) -> None:
    seat.status = AGENT
    answer(seat)
    agreed = replace(REQUESTS.rows[1], standing=RequestStanding.CONSENTED)
    seat.service[requests.GetRequests] = lambda _: replace(REQUESTS, rows=(agreed,))
    app = terminal()
    async with opened(app) as pilot:
        await pilot.press("j")
        await reads(app, "x takes your consent back")
        await pilot.press("c")
        await reads(app, "does not wait for your consent")
        await pilot.press("x")
        await reads(app, "be asked anew")
        await pilot.press("enter")
        await reads(app, "Words are needed here")
        await pilot.press(*"ill", "enter")
        await until(lambda: sent(seat, ConsentRequest))
    assert sent(seat, ConsentRequest) == [ConsentRequest(0, "r2", False, "ill")]


@pytest.mark.parametrize(("reader", "said"), [(AGENT, ""), (LEADER, "busy")], ids=["own", "lead"])
async def test_approved_leave_is_cancelled_after_it_was_said_what_that_means(
    terminal, seat, reader, said
) -> None:
    seat.status = reader
    answer(seat)
    approved = replace(REQUESTS.rows[0], standing=RequestStanding.APPROVED, revision=7)
    seat.service[requests.GetRequests] = lambda _: replace(REQUESTS, rows=(approved,))
    app = terminal()
    async with opened(app) as pilot:
        await pilot.press("j")
        await reads(app, "w cancels the leave until it begins")
        await pilot.press("w")
        await reads(app, "what it was before the leave")
        await reads(app, "Its hours go back into the account:")
        assert not sent(seat, WithdrawRequest)
        await pilot.press(*said, "enter")
        await until(lambda: sent(seat, WithdrawRequest))
    assert sent(seat, WithdrawRequest) == [WithdrawRequest(0, "r1", said)]


async def test_a_lead_cancels_nobodys_leave_without_saying_why(terminal, seat) -> None:
    async with signed_in(terminal, seat, LEADER) as (app, pilot):
        approved = replace(REQUESTS.rows[0], standing=RequestStanding.APPROVED)
        seat.service[requests.GetRequests] = lambda _: replace(REQUESTS, rows=(approved,))
        await pilot.press("j")
        await reads(app, "w cancels the leave until it begins")
        await pilot.press("w")
        await reads(app, "Say why: the person reads it")
        await pilot.press("enter")
        await reads(app, "! ")
    assert not sent(seat, WithdrawRequest)


CANCELLED = replace(
    REQUESTS.rows[0],
    standing=RequestStanding.WITHDRAWN,
    decided_by="2001",
    decided_ms=ago(minutes=20),
    withdrawn_by="2001",
    withdrawn_ms=ago(minutes=10),
    withdrawal="too few [b] are here",
    unread=True,
)


async def test_what_came_of_a_request_is_on_top_and_read_when_the_sheet_closes(
    terminal, seat
) -> None:
    rows = (*REQUESTS.rows[1:], CANCELLED)
    async with signed_in(terminal, seat) as (app, pilot):
        seat.service[requests.GetRequests] = lambda _: replace(REQUESTS, rows=rows)
        await pilot.press("j")
        await reads(app, "New since you last looked: 1")
        await reads(app, "Cancelled by 2001 赵敏")
        await reads(app, "too few [b] are here")
        assert not sent(seat, SeeRequests)
        await pilot.press("escape")
        await until(lambda: sent(seat, SeeRequests))
    seen = SeenRequest("r1", RequestStanding.WITHDRAWN)
    assert sent(seat, SeeRequests) == [SeeRequests(0, (seen,))]


async def test_nothing_is_read_where_nothing_is_new(terminal, seat) -> None:
    async with signed_in(terminal, seat) as (app, pilot):
        await pilot.press("j")
        await reads(app, "They wait for your word")
        await pilot.press("escape", "j")
        await reads(app, "They wait for your word")
    assert not sent(seat, SeeRequests)


async def test_nobody_else_cancels_leave(terminal, seat) -> None:
    seat.status = status(State.NOT_READY, agent="1002")
    answer(seat)
    approved = replace(REQUESTS.rows[0], standing=RequestStanding.APPROVED)
    seat.service[requests.GetRequests] = lambda _: replace(REQUESTS, rows=(approved,))
    app = terminal()
    async with opened(app) as pilot:
        await pilot.press("j", "w")
        await reads(app, "Only who asked can take it back")
    assert not sent(seat, WithdrawRequest)


async def test_a_lead_decides_what_is_agreed_and_nobody_their_own(terminal, seat) -> None:
    async with signed_in(terminal, seat, LEADER) as (app, pilot):
        await pilot.press("j")
        await reads(app, "Yours, open: 1")
        await pilot.press("a", "enter")  # the lead's own wish for somebody, who has agreed
        await until(lambda: sent(seat, DecideRequest))
        await until(lambda: isinstance(app.screen, RequestsSheet))
        await pilot.press("down", "down", "a")
        await reads(app, "The other person has not agreed yet")
        await pilot.press("r", *"否", "enter")
        await until(lambda: len(sent(seat, DecideRequest)) == 2)
    assert sent(seat, DecideRequest) == [
        DecideRequest(0, "r4", True, ""),
        DecideRequest(0, "r2", False, "否"),
    ]


async def test_an_agent_is_offered_no_decision(terminal, seat) -> None:
    async with signed_in(terminal, seat) as (app, pilot):
        await pilot.press("j")
        await reads(app, "They wait for your word: 1")
        assert "Approve" not in text_of(app)
        await pilot.press("down", "down", "a")
        await pilot.pause()
        assert isinstance(app.screen, RequestsSheet)


async def test_a_list_that_cannot_be_read_says_why_and_what_stands_there_stays(
    terminal, seat
) -> None:
    seat.status = AGENT
    app = terminal()
    async with opened(app) as pilot:
        await pilot.press("j")
        await reads(app, "can't be reached")
        answer(seat)
        await pilot.press("o")
        await reads(app, "They wait for your word: 1")
        del seat.service[requests.GetRequests]
        await pilot.press("o")
        await reads(app, "can't be reached")
        assert "They wait for your word: 1" in text_of(app)
    assert [each.open_only for each in sent(seat, requests.GetRequests)] == [True, False, True]


async def test_an_empty_list_says_what_to_do(terminal, seat) -> None:
    seat.status = AGENT
    seat.service[requests.GetRequests] = lambda _: requests.Requests(0, (), {})
    app = terminal()
    async with opened(app) as pilot:
        await pilot.press("j")
        await reads(app, "n asks for leave")


async def test_own_hours_are_to_be_read_and_not_booked(terminal, seat) -> None:
    async with signed_in(terminal, seat) as (app, pilot):
        await pilot.press("j")
        await reads(app, "They wait for your word: 1")
        await pilot.press("h")
        await reads(app, "Owed leave 12:00 h, Overtime 1:30 h")
        await pilot.press("plus")
        await pilot.pause()
        assert type(app.screen) is HoursSheet


async def test_a_lead_books_hours_of_the_rows_person(terminal, seat) -> None:
    async with signed_in(terminal, seat, LEADER) as (app, pilot):
        await pilot.press("j")
        await reads(app, "Yours, open: 1")
        await pilot.press("h")
        await until(lambda: isinstance(app.screen, LedHoursSheet))
        await reads(app, "1003 李建国")
        await pilot.press("plus", "tab", *"-1:30")
        await reads(app, "1:30 h are taken out of the account Owed leave of 1003")
        await pilot.press("tab", "tab", *"booked twice", "enter")
        await reads(app, "Booked, and kept.")
    (booked,) = sent(seat, BookHours)
    assert isinstance(booked, BookHours)
    assert (booked.agent, booked.account, booked.seconds) == ("1003", Account.OWED_LEAVE, -5400)
    assert (booked.day, booked.text, bool(booked.key)) == (TODAY, "booked twice", True)


async def test_hr_looks_somebody_up(terminal, seat) -> None:
    seat.status = status(State.NOT_READY, agent="3001", roles=(Role.HR,))
    answer(seat)
    app = terminal()
    async with opened(app) as pilot:
        await pilot.press("j")
        await reads(app, "For a lead to decide")
        await pilot.press("h", "p", *"1002", "enter")
        await until(lambda: len(sent(seat, requests.GetHours)) == 2)
        assert sent(seat, requests.GetHours)[-1] == requests.GetHours(0, "1002")


async def test_a_call_is_taken_over_the_form_which_stays(terminal, seat) -> None:
    async with signed_in(terminal, seat) as (app, pilot):
        form = await new_request(pilot)
        form.query_one("#text", Input).value = "kept"
        seat.tell(state=State.RINGING, call=call(CallState.RINGING))
        await reads(app, "13800138000")
        await pilot.press("f2")
        await until(lambda: desk_call.Answer in seat.kinds())
        assert app.screen is form
        assert form.query_one("#text", Input).value == "kept"
