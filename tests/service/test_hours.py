"""Hours owed and worked: who may book them, each once, and what leave takes and overtime gives."""

from collections.abc import AsyncIterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from agent_service.commands.ledger import verify
from agent_service.requests.booking import check_day
from agent_service.service import Service
from protocol.facts.request import Account, RequestKind
from protocol.wire.errors import Refused
from protocol.wire.requests import BookHours, Hours
from tests.service.client import Client
from tests.service.conftest import Serve, SignedIn
from tests.service.people import hire
from tests.service.roster_requests import (
    COLLEAGUE,
    HR,
    MONDAY,
    TUESDAY,
    ask,
    asked,
    clock,
    consent,
    decide,
    hours,
    planned,
    refusal,
    see,
    withdraw,
)
from tests.service.rosters import PLANNED

OWED, OVERTIME = Account.OWED_LEAVE, Account.OVERTIME
HOUR_S = 3600


@pytest.fixture
async def service(serve: Serve, data: Path) -> AsyncIterator[Service]:
    """With patterns and somebody of HR."""
    hire(data, [COLLEAGUE, HR], "-")
    async with serve(PLANNED) as running:
        yield running


async def book(
    client: Client, seconds: int, agent: str = "1001", key: str = "", text: str = "holiday duty"
) -> Hours:
    """Raises `Refused`."""
    message = BookHours(client.next_id(), key, agent, OWED, seconds, MONDAY, text)
    reply = await client.request(message)
    assert isinstance(reply, Hours)
    return reply


async def test_hours_are_booked_once_and_mended_by_another_entry(
    signed_in: SignedIn, data: Path
) -> None:
    lead, agent = await signed_in("2001"), await signed_in("1001")
    once = await book(lead, 8 * HOUR_S, key="k")
    assert await book(lead, 8 * HOUR_S, key="k", text="holiday duty") == _renumbered(once, lead)
    mended = await book(await signed_in("4001"), -HOUR_S, text="an hour too much")
    assert mended.balances == {OWED: 7 * HOUR_S, OVERTIME: 0}
    seen = await hours(agent, "1001")
    assert [(each.seconds, each.actor, each.text) for each in seen.bookings] == [
        (-HOUR_S, "4001", "an hour too much"),
        (8 * HOUR_S, "2001", "holiday duty"),
    ]
    verify(data)


def _renumbered(reply: Hours, client: Client) -> Hours:
    """The same, as the answer to the client's last request."""
    last = client.next_id() - 1
    return Hours(last, reply.agent, reply.balances, reply.bookings)


@pytest.mark.parametrize(
    ("actor", "agent", "seconds", "text", "code"),
    [
        ("1001", "1004", HOUR_S, "why", "not_permitted"),
        ("2001", "2001", HOUR_S, "why", "own_case"),
        ("2001", "1002", HOUR_S, "why", "not_permitted"),
        ("2002", "1003", HOUR_S, "why", "not_permitted"),
        ("4001", "4001", HOUR_S, "why", "own_case"),
        ("4001", "9999", HOUR_S, "why", "unknown_agent"),
        ("4001", "1001", HOUR_S, " ", "bad_text"),
        ("4001", "1001", 0, "why", "malformed_message"),
        ("4001", "1001", 745 * HOUR_S, "why", "malformed_message"),
    ],
)
async def test_who_may_book_what(
    signed_in: SignedIn, actor: str, agent: str, seconds: int, text: str, code: str
) -> None:
    assert await refusal(book(await signed_in(actor), seconds, agent, text=text)) == code


@pytest.mark.parametrize("day", [date(1000, 1, 1), date(1969, 12, 31), date(9000, 1, 1)])
async def test_hours_are_of_a_date_that_a_roster_may_have(signed_in: SignedIn, day: date) -> None:
    lead = await signed_in("2001")
    message = BookHours(lead.next_id(), "", "1001", OVERTIME, HOUR_S, day, "why")
    with pytest.raises(Refused) as refused:
        await lead.request(message)
    assert (refused.value.code, refused.value.params["day"]) == ("booking_day", day.isoformat())
    assert (await hours(lead, "1001")).bookings == ()


def test_hours_are_booked_at_most_a_year_ahead() -> None:
    check_day(MONDAY, MONDAY - timedelta(days=366))
    with pytest.raises(Refused):
        check_day(MONDAY, MONDAY - timedelta(days=367))


@pytest.mark.parametrize(("actor", "agent"), [("1001", "1004"), ("2001", "1002")])
async def test_accounts_are_shown_to_whom_they_concern(
    signed_in: SignedIn, actor: str, agent: str
) -> None:
    assert await refusal(hours(await signed_in(actor), agent)) == "not_permitted"
    assert (await hours(await signed_in("4001"), agent)).balances == {OWED: 0, OVERTIME: 0}


async def test_leave_takes_its_planned_work_and_overtime_gives_its_length(
    signed_in: SignedIn, data: Path
) -> None:
    agent, lead = await signed_in("1001"), await signed_in("2001")
    await planned(await signed_in("3001"), a1001="day")
    early = await ask(agent, asked(RequestKind.LEAVE, 9, 14, account=OWED))
    with pytest.raises(Refused) as refused:
        await decide(lead, early.request)
    assert refused.value.code == "hours_missing"
    assert refused.value.params == {"agent": "1001", "hours": "0", "minutes": "00"}
    stay = await ask(agent, asked(RequestKind.OVERTIME, 18, 20, account=OVERTIME), text="peak")
    await decide(lead, stay.request)
    await book(lead, 5 * HOUR_S)
    leave = await ask(agent, asked(RequestKind.LEAVE, 9, 14, account=OWED))
    await decide(lead, leave.request)
    await decide(lead, leave.request)
    told = await hours(agent, "1001")
    assert told.balances == {OWED: HOUR_S, OVERTIME: 2 * HOUR_S}
    assert [(each.seconds, each.request, each.day) for each in told.bookings[::2]] == [
        (-4 * HOUR_S, leave.request, MONDAY),
        (2 * HOUR_S, stay.request, MONDAY),
    ]
    verify(data)


async def test_two_leaves_do_not_take_the_same_hours(signed_in: SignedIn) -> None:
    agent, lead = await signed_in("1001"), await signed_in("2001")
    await planned(await signed_in("3001"), a1001="day")
    await book(lead, 3 * HOUR_S)
    first = await ask(agent, asked(RequestKind.LEAVE, 9, 12, account=OWED))
    await decide(lead, first.request)
    second = await ask(agent, asked(RequestKind.LEAVE, 13, 15, account=OWED))
    assert await refusal(decide(lead, second.request)) == "hours_missing"
    assert (await hours(agent, "1001")).balances[OWED] == 0


async def test_overtime_is_not_given_for_time_that_was_taken_as_leave(signed_in: SignedIn) -> None:
    agent, lead = await signed_in("1001"), await signed_in("2001")
    await planned(await signed_in("3001"), a1001="day")
    await book(lead, 8 * HOUR_S)
    leave = await ask(agent, asked(RequestKind.LEAVE, 13, 18, account=OWED))
    await decide(lead, leave.request)
    overtime = asked(RequestKind.OVERTIME, 17, 19, account=OVERTIME)
    with pytest.raises(Refused) as refused:
        await ask(agent, overtime)
    assert refused.value.code == "on_leave"
    assert refused.value.params == {
        "agent": "1001",
        "start": f"{MONDAY} 13:00",
        "end": f"{MONDAY} 18:00",
    }
    await withdraw(agent, leave.request)
    beside = await ask(agent, asked(RequestKind.OVERTIME, 18, 19, account=OVERTIME))
    await decide(lead, beside.request)
    assert (await hours(agent, "1001")).balances == {OWED: 8 * HOUR_S, OVERTIME: HOUR_S}


async def test_overtime_that_is_given_away_is_given_back_once(
    signed_in: SignedIn, data: Path
) -> None:
    agent, lead = await signed_in("1001"), await signed_in("2001")
    await planned(await signed_in("3001"), a1001="day")
    stay = await ask(agent, asked(RequestKind.OVERTIME, 18, 20, account=OVERTIME))
    await decide(lead, stay.request)
    await book(lead, 8 * HOUR_S)
    for start, left_s in ((19, HOUR_S), (17, 0)):
        leave = await ask(agent, asked(RequestKind.LEAVE, start, 20, account=OWED))
        await decide(lead, leave.request)
        assert (await hours(agent, "1001")).balances[OVERTIME] == left_s
    told = await hours(agent, "1001")
    assert told.balances == {OWED: 7 * HOUR_S, OVERTIME: 0}
    back = [each for each in told.bookings if each.actor == "system"]
    assert [(each.seconds, each.text, each.request) for each in back] == [
        (-HOUR_S, "", stay.request)
    ] * 2
    await withdraw(agent, leave.request)
    assert (await hours(agent, "1001")).balances == {OWED: 8 * HOUR_S, OVERTIME: HOUR_S}
    verify(data)


async def test_nobody_moves_hours_or_swaps_into_leave(signed_in: SignedIn) -> None:
    agent, lead = await signed_in("1001"), await signed_in("2001")
    await planned(await signed_in("3001"), a1001="day", a1004="late")
    swap = await ask(agent, asked(RequestKind.SWAP, partner="1004"))
    await consent(await signed_in("1004"), swap.request)
    leave = await ask(agent, asked(RequestKind.LEAVE, 16, 18))
    await decide(lead, leave.request)
    into = {"to_start_ms": clock(MONDAY, 16), "to_end_ms": clock(MONDAY, 17)}
    assert await refusal(ask(agent, asked(RequestKind.MOVE, 9, 10, **into))) == "on_leave"
    assert await refusal(ask(agent, asked(RequestKind.SWAP, partner="1004"))) == "on_leave"
    assert await refusal(decide(lead, swap.request)) == "plan_changed"
    beside = {"to_start_ms": clock(MONDAY, 18), "to_end_ms": clock(MONDAY, 19)}
    await ask(agent, asked(RequestKind.MOVE, 9, 10, **beside))


async def test_a_swap_takes_the_hours_of_overtime_with_it(signed_in: SignedIn, data: Path) -> None:
    agent, other, lead = [await signed_in(number) for number in ("1001", "1004", "2001")]
    await planned(await signed_in("3001"), a1001="day", a1004="late")
    stay = await ask(agent, asked(RequestKind.OVERTIME, 18, 20, account=OVERTIME))
    await decide(lead, stay.request)
    for gives, takes, partner in ((agent, other, "1004"), (other, agent, "1001")):
        whose = "1001" if partner == "1004" else "1004"
        swap = await ask(gives, asked(RequestKind.SWAP, agent=whose, partner=partner))
        await consent(takes, swap.request)
        await decide(lead, swap.request)
        assert (await hours(lead, whose)).balances[OVERTIME] == 0
        assert (await hours(lead, partner)).balances[OVERTIME] == 2 * HOUR_S
    leave = await ask(agent, asked(RequestKind.LEAVE, 19, 20))
    await decide(lead, leave.request)
    assert (await hours(lead, "1001")).balances[OVERTIME] == HOUR_S
    verify(data)


@pytest.mark.parametrize("reads", [False, True])
async def test_moved_hours_of_overtime_are_given_back_where_they_are_then(
    signed_in: SignedIn, reads: bool
) -> None:
    """Whether anybody reads what became of the overtime changes nothing."""
    agent, lead = await signed_in("1001"), await signed_in("2001")
    await planned(await signed_in("3001"), a1001="day")
    stay = await ask(agent, asked(RequestKind.OVERTIME, 18, 20, account=OVERTIME))
    stay = await decide(lead, stay.request)
    to = {"to_start_ms": clock(TUESDAY, 9), "to_end_ms": clock(TUESDAY, 10)}
    move = await ask(agent, asked(RequestKind.MOVE, 19, 20, **to))
    await decide(lead, move.request)
    for row in [stay] * reads:
        await see(agent, row)
    assert (await hours(agent, "1001")).balances[OVERTIME] == 2 * HOUR_S
    on_tuesday = {"day": TUESDAY, "start_ms": to["to_start_ms"], "end_ms": to["to_end_ms"]}
    leave = await ask(agent, asked(RequestKind.LEAVE, **on_tuesday))
    await decide(lead, leave.request)
    assert (await hours(agent, "1001")).balances[OVERTIME] == HOUR_S


async def test_hours_that_were_moved_and_swapped_are_given_back_where_they_are_then(
    signed_in: SignedIn, data: Path
) -> None:
    agent, other, lead = [await signed_in(number) for number in ("1001", "1004", "2001")]
    await planned(await signed_in("3001"), a1001="day", a1004="late")
    stay = await ask(agent, asked(RequestKind.OVERTIME, 18, 19, account=OVERTIME))
    await decide(lead, stay.request)
    first = {"to_start_ms": clock(MONDAY, 19), "to_end_ms": clock(MONDAY, 20)}
    await decide(lead, (await ask(agent, asked(RequestKind.MOVE, 18, 19, **first))).request)
    swap = await ask(agent, asked(RequestKind.SWAP, partner="1004"))
    await consent(other, swap.request)
    await decide(lead, swap.request)
    theirs = {"agent": "1004", "to_start_ms": clock(MONDAY, 20), "to_end_ms": clock(MONDAY, 21)}
    await decide(lead, (await ask(other, asked(RequestKind.MOVE, 19, 20, **theirs))).request)
    for start, left_s in ((17, HOUR_S), (20, 0)):
        leave = asked(RequestKind.LEAVE, start, start + 1, agent="1004")
        await decide(lead, (await ask(other, leave)).request)
        assert (await hours(lead, "1004")).balances[OVERTIME] == left_s
    assert (await hours(lead, "1001")).balances[OVERTIME] == 0
    verify(data)


async def test_hours_that_came_back_moved_are_where_they_were_moved_to(signed_in: SignedIn) -> None:
    agent, other, lead = [await signed_in(number) for number in ("1001", "1004", "2001")]
    await planned(await signed_in("3001"), a1001="day", a1004="late")
    first = await ask(agent, asked(RequestKind.OVERTIME, 18, 19, account=OVERTIME))
    await decide(lead, first.request)
    away = await ask(agent, asked(RequestKind.SWAP, partner="1004"))
    await consent(other, away.request)
    await decide(lead, away.request)
    to = {"agent": "1004", "to_start_ms": clock(MONDAY, 19), "to_end_ms": clock(MONDAY, 20)}
    await decide(lead, (await ask(other, asked(RequestKind.MOVE, 18, 19, **to))).request)
    back = await ask(other, asked(RequestKind.SWAP, agent="1004", partner="1001"))
    await consent(agent, back.request)
    await decide(lead, back.request)
    second = await ask(agent, asked(RequestKind.OVERTIME, 18, 19, account=OVERTIME))
    await decide(lead, second.request)
    for start, left_s in ((18, HOUR_S), (19, 0)):
        leave = await ask(agent, asked(RequestKind.LEAVE, start, start + 1))
        await decide(lead, leave.request)
        assert (await hours(lead, "1001")).balances[OVERTIME] == left_s
