"""What people ask of the roster: asked, agreed to, decided once, and what becomes of plans."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from agent_service.commands.ledger import verify
from agent_service.service import Service
from protocol.facts.request import RequestKind, RequestStanding, RosterRequest
from protocol.facts.shift import PlannedSegment
from protocol.wire.errors import Refused
from protocol.wire.roster import DraftDay
from tests.service.client import Client
from tests.service.conftest import Serve, SignedIn
from tests.service.people import hire
from tests.service.roster_requests import (
    COLLEAGUE,
    HR,
    MONDAY,
    TUESDAY,
    Time,
    ask,
    asked,
    clock,
    consent,
    decide,
    listed,
    planned,
    refusal,
    see,
    withdraw,
)
from tests.service.rosters import (
    DAY,
    LATE,
    NIGHT,
    PLANNED,
    draft,
    later,
    plan_of,
    plans,
    publish,
    shown,
)

LEAVE = asked(RequestKind.LEAVE, 13, 18)
SWAP = asked(RequestKind.SWAP, partner="1004")
RELEASE = asked(RequestKind.RELEASE, 16)
OVERTIME = asked(RequestKind.OVERTIME, 18, 20)
MOVE = asked(RequestKind.MOVE, 9, 10, to_start_ms=clock(MONDAY, 18), to_end_ms=clock(MONDAY, 19))


@pytest.fixture
def time(monkeypatch: pytest.MonkeyPatch) -> Time:
    """The clock of the service that is started after this."""
    return Time(monkeypatch)


@pytest.fixture
async def service(serve: Serve, data: Path, time: Time) -> AsyncIterator[Service]:
    """With patterns and two agents in team A."""
    hire(data, [COLLEAGUE, HR], "-")
    async with serve(PLANNED) as running:
        yield running


@pytest.fixture
async def people(signed_in: SignedIn) -> dict[str, Client]:
    """Those concerned, with a shift each on Monday."""
    numbers = ("1001", "1004", "1002", "2001", "3001")
    clients = {number: await signed_in(number) for number in numbers}
    await planned(clients["3001"], a1001="day", a1004="late", a1002="day")
    return clients


async def plan(client: Client, agent: str, days: int = 0) -> tuple[PlannedSegment, ...]:
    """What is published for somebody on Monday, or so many days later."""
    day = later(MONDAY, days)
    roster = await shown(client, day, day, agent=agent)
    return plans(roster.published)[agent, day]


async def test_leave_is_asked_for_and_approved_once(people: dict[str, Client], data: Path) -> None:
    agent, lead = people["1001"], people["2001"]
    row = await ask(agent, LEAVE, "k", " to the dentist ")
    assert (row.standing, row.text) == (RequestStanding.ASKED, "to the dentist")
    assert row.deadline_ms == clock(MONDAY, 9)
    assert await ask(agent, LEAVE, "k") == row
    approved = await decide(lead, row.request)
    assert approved.standing is RequestStanding.APPROVED
    assert approved.revision == 2
    assert await decide(lead, row.request) == approved
    assert await plan(agent, "1001") == plan_of(DAY, MONDAY)[:1]
    assert await refusal(decide(people["3001"], row.request)) == "already_decided"
    assert await refusal(decide(lead, row.request, approved=False)) == "already_decided"
    verify(data)


async def test_a_swap_needs_the_other_and_then_the_lead(
    people: dict[str, Client], data: Path
) -> None:
    agent, other, lead = people["1001"], people["1004"], people["2001"]
    row = await ask(agent, SWAP)
    assert await refusal(decide(lead, row.request)) == "consent_missing"
    assert await refusal(consent(lead, row.request)) == "not_permitted"
    agreed = await consent(other, row.request)
    assert agreed.standing is RequestStanding.CONSENTED
    assert await consent(other, row.request) == agreed
    await decide(lead, row.request)
    assert await refusal(consent(other, row.request, consents=False)) == "already_decided"
    assert await refusal(withdraw(agent, row.request)) == "already_decided"
    assert await plan(agent, "1001") == plan_of(LATE, MONDAY)
    assert await plan(other, "1004") == plan_of(DAY, MONDAY)
    roster = await shown(lead, MONDAY, MONDAY)
    named = {each.agent: (each.pattern, each.cause, each.request) for each in roster.published}
    assert named["1001"] == ("late", "swap", row.request)
    verify(data)


async def test_who_does_not_agree_ends_a_swap(people: dict[str, Client]) -> None:
    row = await ask(people["1001"], SWAP)
    refused = await consent(people["1004"], row.request, consents=False)
    assert (refused.standing, refused.decided_by) == (RequestStanding.REJECTED, "1004")
    assert await refusal(decide(people["2001"], row.request)) == "already_decided"


async def test_a_swap_across_teams_needs_who_leads_both(people: dict[str, Client]) -> None:
    row = await ask(people["1001"], asked(RequestKind.SWAP, partner="1002"))
    await consent(people["1002"], row.request)
    assert await refusal(decide(people["2001"], row.request)) == "not_permitted"
    assert (await decide(people["3001"], row.request)).revision == 0


async def test_hours_move_from_slack_to_peak(people: dict[str, Client]) -> None:
    row = await ask(people["1001"], MOVE)
    assert row.deadline_ms == clock(MONDAY, 9)
    await decide(people["2001"], row.request)
    moved = await plan(people["1001"], "1001")
    assert (moved[0].start_ms, moved[-1].end_ms) == (clock(MONDAY, 10), clock(MONDAY, 19))


async def test_a_lead_asks_somebody_to_stay_who_consents(
    people: dict[str, Client], time: Time
) -> None:
    agent, lead = people["1001"], people["2001"]
    time.go_to(clock(MONDAY, 15))
    row = await ask(lead, OVERTIME)
    assert await refusal(decide(lead, row.request)) == "consent_missing"
    await consent(agent, row.request)
    await decide(lead, row.request)
    assert (await plan(agent, "1001"))[-1].end_ms == clock(MONDAY, 20)


async def test_going_home_early_begins_when_it_is_approved(
    people: dict[str, Client], time: Time
) -> None:
    agent, lead = people["1001"], people["2001"]
    time.go_to(clock(MONDAY, 15.9))
    row = await ask(agent, RELEASE)
    assert (row.asked.end_ms, row.deadline_ms) == (clock(MONDAY, 18), clock(MONDAY, 18))
    time.go_to(clock(MONDAY, 16.5))
    await decide(lead, row.request)
    ends_ms = (await plan(agent, "1001"))[-1].end_ms
    assert clock(MONDAY, 16.5) <= ends_ms < clock(MONDAY, 16.6)


async def test_going_home_early_is_agreed_to_over_the_end_of_a_second(
    people: dict[str, Client], time: Time
) -> None:
    agent, lead = people["1001"], people["2001"]
    time.go_to(clock(MONDAY, 16.5))
    row = await ask(agent, RELEASE)
    time.flies()
    await decide(lead, row.request)
    assert clock(MONDAY, 16.5) < (await plan(agent, "1001"))[-1].end_ms < clock(MONDAY, 17)


async def test_what_nobody_decides_in_time_lapses_and_the_plan_stays(
    people: dict[str, Client], time: Time
) -> None:
    agent, other, lead = people["1001"], people["1004"], people["2001"]
    row, swap = await ask(agent, LEAVE), await ask(agent, SWAP)
    time.go_to(clock(MONDAY, 9))
    assert await refusal(decide(lead, row.request)) == "too_late"
    assert await refusal(decide(lead, row.request, approved=False)) == "too_late"
    assert await refusal(consent(other, swap.request)) == "too_late"
    assert await refusal(withdraw(agent, row.request)) == "too_late"
    assert (await listed(lead)).rows == ()
    assert all(each.unread for each in (await listed(agent)).rows)
    lapsed = [row.standing for row in (await listed(agent, open_only=False)).rows]
    assert lapsed == [RequestStanding.LAPSED] * 2
    assert await plan(agent, "1001") == plan_of(DAY, MONDAY)
    assert await refusal(ask(agent, LEAVE)) == "shift_begun"
    time.go_to(clock(MONDAY, 18))
    assert await refusal(ask(agent, OVERTIME)) == "too_late"


async def test_consent_may_be_taken_back_until_it_is_decided(people: dict[str, Client]) -> None:
    row = await ask(people["1001"], SWAP)
    await consent(people["1004"], row.request)
    taken_back = await consent(people["1004"], row.request, consents=False)
    assert taken_back.standing is RequestStanding.REJECTED
    assert await refusal(consent(people["1004"], row.request)) == "already_decided"
    assert await refusal(decide(people["2001"], row.request)) == "already_decided"


@pytest.mark.parametrize("whose", ["1001", "1004"])
async def test_nobody_swaps_into_a_shift_that_they_did_not_agree_to(
    people: dict[str, Client], whose: str
) -> None:
    agreed, asked_late = await ask(people["1001"], SWAP), await ask(people["1001"], SWAP)
    await consent(people["1004"], agreed.request)
    await draft(people["2001"], DraftDay(whose, MONDAY, "night"))
    await publish(people["2001"], MONDAY, MONDAY)
    assert await refusal(consent(people["1004"], asked_late.request)) == "plan_changed"
    with pytest.raises(Refused) as refused:
        await decide(people["2001"], agreed.request)
    assert refused.value.code == "plan_changed"
    assert refused.value.params == {"agent": whose, "day": MONDAY.isoformat()}
    assert await plan(people["2001"], whose) == plan_of(NIGHT, MONDAY)
    await decide(people["2001"], agreed.request, approved=False)


async def test_what_was_asked_of_another_plan_is_asked_again(people: dict[str, Client]) -> None:
    agent, lead = people["1001"], people["2001"]
    early, late = await ask(agent, LEAVE), await ask(agent, asked(RequestKind.LEAVE, 9, 12))
    await decide(lead, early.request)
    assert await refusal(decide(lead, late.request)) == "plan_changed"
    again = await ask(agent, asked(RequestKind.LEAVE, 9, 12))
    await decide(lead, again.request)
    assert await plan(agent, "1001") == ()
    assert await refusal(ask(agent, asked(RequestKind.LEAVE, 14, 15))) == "no_shift"


@pytest.mark.parametrize("canceller", ["1001", "2001"])
async def test_approved_leave_is_cancelled_before_it_begins(
    people: dict[str, Client], data: Path, canceller: str
) -> None:
    row = await ask(people["1001"], LEAVE)
    await decide(people["2001"], row.request)
    assert await refusal(withdraw(people["1004"], row.request)) == "not_permitted"
    text = {"1001": "", "2001": "too few are here"}[canceller]
    gone = await withdraw(people[canceller], row.request, text)
    assert (gone.standing, gone.withdrawn_by) == (RequestStanding.WITHDRAWN, canceller)
    assert (gone.withdrawal, gone.decided_by) == (text, "2001")
    assert await withdraw(people[canceller], row.request, text) == gone
    assert await plan(people["1001"], "1001") == plan_of(DAY, MONDAY)
    verify(data)


async def test_a_lead_who_cancels_leave_says_why(people: dict[str, Client]) -> None:
    row = await ask(people["1001"], LEAVE)
    await decide(people["2001"], row.request)
    assert await refusal(withdraw(people["2001"], row.request)) == "bad_text"
    assert (await listed(people["1001"], False)).rows[0].standing is RequestStanding.APPROVED


async def test_an_answer_is_listed_with_the_open_ones_until_it_is_read(
    people: dict[str, Client], data: Path
) -> None:
    agent, lead = people["1001"], people["2001"]
    await ask(agent, LEAVE)
    row = (await listed(agent)).rows[0]
    assert not row.unread
    await decide(lead, row.request)
    (told,) = (await listed(agent)).rows
    assert (told.standing, told.unread) == (RequestStanding.APPROVED, True)
    assert (await listed(lead)).rows == ()
    await see(agent, row)
    assert (await listed(agent)).rows == (told,)
    await see(lead, told)
    await see(agent, told)
    await see(agent, told)
    assert (await listed(agent)).rows == ()
    assert not (await listed(agent, False)).rows[0].unread
    verify(data)


async def test_leave_is_not_cancelled_when_something_else_was_planned_or_it_has_begun(
    people: dict[str, Client], time: Time
) -> None:
    agent, lead = people["1001"], people["2001"]
    early = await ask(agent, LEAVE)
    await decide(lead, early.request)
    late = await ask(agent, asked(RequestKind.LEAVE, 11, 12))
    await decide(lead, late.request)
    assert await refusal(withdraw(agent, early.request)) == "plan_changed"
    time.go_to(clock(MONDAY, 10))
    assert await refusal(withdraw(agent, late.request)) == "shift_begun"
    time.go_to(clock(MONDAY, 11))
    assert await refusal(withdraw(agent, late.request)) == "too_late"


async def test_a_name_that_nobody_has_is_told_back_short(people: dict[str, Client]) -> None:
    with pytest.raises(Refused) as refused:
        await withdraw(people["1001"], "x" * 100_000)
    assert refused.value.params == {"request": "x" * 64}


async def test_what_may_not_be_published_is_not_approved(people: dict[str, Client]) -> None:
    agent, lead = people["1001"], people["2001"]
    row = await ask(agent, asked(RequestKind.OVERTIME, 18, 24))
    assert await refusal(decide(lead, row.request)) == "roster_refused"
    (still,) = (await listed(lead)).rows
    assert still.standing is RequestStanding.ASKED
    assert await plan(agent, "1001") == plan_of(DAY, MONDAY)


async def test_what_is_taken_back_is_not_decided(people: dict[str, Client]) -> None:
    agent, lead = people["1001"], people["2001"]
    row = await ask(agent, LEAVE)
    assert await refusal(withdraw(lead, row.request)) == "not_permitted"
    gone = await withdraw(agent, row.request)
    assert gone.standing is RequestStanding.WITHDRAWN
    assert await withdraw(agent, row.request) == gone
    assert await refusal(decide(lead, row.request)) == "already_decided"
    assert await refusal(decide(lead, "nothing")) == "unknown_request"


@pytest.mark.parametrize(
    ("actor", "request_", "code"),
    [
        ("1004", LEAVE, "not_permitted"),
        ("2001", LEAVE, "not_permitted"),
        ("2001", MOVE, "not_permitted"),
        ("2001", asked(RequestKind.RELEASE, 16, agent="1002"), "not_permitted"),
        ("1004", RELEASE, "not_permitted"),
        ("1001", asked(RequestKind.SWAP, partner="1001"), "not_permitted"),
        ("1001", asked(RequestKind.SWAP, partner="9999"), "unknown_agent"),
        ("1001", asked(RequestKind.SWAP), "unknown_agent"),
        ("2001", asked(RequestKind.RELEASE, 16, agent="9999"), "unknown_agent"),
        ("1001", asked(RequestKind.LEAVE, 9, 12, day=TUESDAY), "no_shift"),
        ("1001", asked(RequestKind.OVERTIME, 17, 19), "bad_interval"),
        ("1001", RosterRequest(RequestKind.LEAVE, "1001", MONDAY), "bad_interval"),
    ],
)
async def test_who_may_ask_what(
    people: dict[str, Client], actor: str, request_: RosterRequest, code: str
) -> None:
    assert await refusal(ask(people[actor], request_)) == code


async def test_nobody_decides_their_own(people: dict[str, Client], signed_in: SignedIn) -> None:
    await planned(people["3001"], a2001="late")
    row = await ask(people["1001"], asked(RequestKind.SWAP, partner="2001"))
    await consent(people["2001"], row.request)
    assert await refusal(decide(people["2001"], row.request)) == "own_case"
    assert await refusal(decide(people["1001"], row.request)) == "not_permitted"
    assert await refusal(decide(await signed_in("2002"), row.request)) == "not_permitted"
    await decide(people["3001"], row.request)


async def test_one_sees_what_concerns_oneself_and_whom_one_leads(
    people: dict[str, Client],
) -> None:
    leave, swap = await ask(people["1001"], LEAVE), await ask(people["1001"], SWAP)
    theirs = await ask(people["1002"], asked(RequestKind.LEAVE, 13, 18, agent="1002"))
    seen = {number: await listed(client) for number, client in people.items()}
    shown = {number: [row.request for row in told.rows] for number, told in seen.items()}
    assert shown == {
        "1001": [swap.request, leave.request],
        "1004": [swap.request],
        "1002": [theirs.request],
        "2001": [swap.request, leave.request],
        "3001": [theirs.request, swap.request, leave.request],
    }
    assert seen["1004"].names == {"1001": "王芳", "1004": "Qian Yu"}
    of_one = await listed(people["3001"], agent="1004")
    assert [row.request for row in of_one.rows] == [swap.request]
    assert await refusal(listed(people["2001"], agent="1002")) == "not_permitted"
