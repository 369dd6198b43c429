"""A request about a shift that somebody stands in for: their own case, and that of whoever leads
them."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from agent_service.commands.ledger import verify
from agent_service.service import Service
from protocol.facts.request import RequestKind, RequestStanding
from protocol.wire.attendance import AttendanceRecorded, NameSubstitute
from protocol.wire.handover import OwnNotices
from protocol.wire.roster import DraftDay
from tests.service.client import Client
from tests.service.conftest import Serve, SignedIn
from tests.service.people import hire
from tests.service.roster_requests import (
    COLLEAGUE,
    MONDAY,
    ask,
    asked,
    consent,
    decide,
    listed,
    planned,
    refusal,
    withdraw,
)
from tests.service.rosters import DAY, LATE, PLANNED, draft, plan_of, plans, publish, shown

LEAVE = asked(RequestKind.LEAVE, 13, 18)


@pytest.fixture
async def service(serve: Serve, data: Path) -> AsyncIterator[Service]:
    hire(data, [COLLEAGUE], "-")
    async with serve(PLANNED) as running:
        yield running


@pytest.fixture
async def people(signed_in: SignedIn) -> dict[str, Client]:
    """1001 and 1004 of team A have a shift on Monday; 2001 leads them and 3001 all."""
    numbers = ("1001", "1004", "2001", "2002", "3001")
    clients = {number: await signed_in(number) for number in numbers}
    await planned(clients["3001"], a1001="day", a1004="late")
    return clients


async def stands_in(lead: Client, agent: str, substitute: str) -> None:
    asked = NameSubstitute(lead.next_id(), agent, MONDAY, substitute, "ill")
    assert isinstance(await lead.request(asked), AttendanceRecorded)


async def undecidable(lead: Client) -> list[str]:
    return [row.undecidable for row in (await listed(lead, open_only=False)).rows]


async def waiting(client: Client, count: int) -> None:
    """The lead is told of so many."""
    await client.take(lambda told: isinstance(told, OwnNotices) and told.requests == count)


@pytest.mark.parametrize(("substitute", "code"), [("2001", "own_case"), ("1002", "not_permitted")])
async def test_who_stands_in_has_no_say_nor_who_does_not_lead_them(
    people: dict[str, Client], data: Path, substitute: str, code: str
) -> None:
    lead, site = people["2001"], people["3001"]
    row = await ask(people["1001"], LEAVE)
    await waiting(lead, 1)
    assert await undecidable(lead) == [""]
    await stands_in(site, "1001", substitute)
    await waiting(lead, 0)
    assert await undecidable(lead) == [code]
    assert await refusal(decide(lead, row.request)) == code
    assert await refusal(decide(lead, row.request, approved=False)) == code
    assert await undecidable(site) == [""]
    approved = await decide(site, row.request)
    assert await decide(site, row.request) == approved
    assert await refusal(withdraw(lead, row.request, "too few are here")) == code
    assert await refusal(withdraw(people["1001"], row.request)) == "not_permitted"
    assert (await listed(lead, open_only=False)).rows[0].standing is RequestStanding.APPROVED
    verify(data)


async def test_a_swap_asks_for_both_of_the_shifts(people: dict[str, Client]) -> None:
    await stands_in(people["3001"], "1004", "2001")
    row = await ask(people["1001"], asked(RequestKind.SWAP, partner="1004"))
    await consent(people["1004"], row.request)
    assert await refusal(decide(people["2001"], row.request)) == "own_case"
    await decide(people["3001"], row.request)


async def test_another_shift_of_the_same_person_is_nobody_elses_case(
    people: dict[str, Client],
) -> None:
    row = await ask(people["1001"], LEAVE)
    await stands_in(people["3001"], "1004", "2001")
    await decide(people["2001"], row.request)


async def test_the_roster_of_a_shift_that_the_planner_stands_in_for_is_another_leads(
    people: dict[str, Client],
) -> None:
    lead, site = people["2001"], people["3001"]
    await draft(lead, DraftDay("1001", MONDAY, "late"))
    await stands_in(site, "1001", "2001")
    assert await refusal(draft(lead, DraftDay("1001", MONDAY, "night"))) == "own_case"
    assert await refusal(publish(lead, MONDAY, MONDAY)) == "own_case"
    published = plans((await shown(site, MONDAY, MONDAY)).published)
    assert published["1001", MONDAY] == plan_of(DAY, MONDAY)
    await publish(site, MONDAY, MONDAY)
    published = plans((await shown(site, MONDAY, MONDAY)).published)
    assert published["1001", MONDAY] == plan_of(LATE, MONDAY)
