"""Exceptions are asked for, proposed and decided: by whom they may be, once, and by two where two
have to."""

from collections.abc import Awaitable, Callable
from datetime import date
from pathlib import Path

import msgspec
import pytest

from agent_service.appending import appending
from agent_service.commands.ledger import rebuild, verify
from protocol.facts.agent import Reason, State
from protocol.facts.attendance import MonthLocked
from protocol.facts.correction import Overlay
from protocol.rules.exception_decisions import Standing
from protocol.wire.errors import Refused
from protocol.wire.exceptions import MAX_DECIDED, DecideExceptions
from tests.service.client import Client
from tests.service.conftest import Serve, SignedIn, make_token
from tests.service.exception_requests import (
    days_ago,
    decide,
    decided,
    listed,
    made,
    proposal,
    refusal,
    undecidable,
    withdrawn,
)
from tests.service.people import CLOCK, disable

Desks = Callable[..., Awaitable[Client]]


async def test_an_agent_asks_a_lead_approves_and_the_agent_sees_what_was_said(
    signed_in: SignedIn, data: Path
) -> None:
    agent, lead = await signed_in("1001"), await signed_in("2001")
    asked = await made(agent, proposal(agent, "1001", text="  coached by Chen Jing "))
    assert (asked.standing, asked.text, asked.actor) == ("pending", "coached by Chen Jing", "1001")
    (waiting,) = (await listed(lead, open_only=True)).rows
    assert waiting == asked
    reply = await decide(lead, [asked], text=" I was there ")
    (row,) = reply.rows
    assert (row.standing, row.decision, row.deciders) == ("approved", "I was there", ("2001",))
    assert row.decided_ms is not None
    assert not (await listed(lead, open_only=True)).rows
    own = await listed(agent)
    assert (own.rows, own.names) == ((row,), {"1001": "王芳", "2001": "Chen Jing"})
    verify(data)


async def test_what_a_lead_proposes_the_lead_has_approved(signed_in: SignedIn) -> None:
    lead = await signed_in("2001")
    short = await made(lead, proposal(lead, "1001", (0, 15)))
    assert (short.standing, short.deciders) == ("approved", ("2001",))
    more = await made(lead, proposal(lead, "1001", (14, 15.1)))
    assert (more.standing, more.deciders) == ("second", ("2001",))
    assert await undecidable(lead, more) == "second_by_same"
    other = await signed_in("3001")
    assert (await decided(other, more)).deciders == ("2001", "3001")


async def test_a_second_person_is_needed_by_what_one_has_approved_of_the_day(
    signed_in: SignedIn,
) -> None:
    agent, lead, other = [await signed_in(number) for number in ("1001", "2001", "3001")]
    asked = [
        await made(agent, proposal(agent, "1001", minutes))
        for minutes in [(0, 10), (5, 14), (20, 22), (40, 41)]
    ]
    asked.append(await made(agent, proposal(agent, "1001", (0, 10), days=2)))
    reply = await decide(lead, asked)
    assert [row.standing for row in reply.rows] == [
        "approved",
        "approved",
        "second",
        "second",
        "approved",
    ]
    waiting = [row for row in reply.rows if row.standing is Standing.SECOND]
    assert [await decided(lead, row) for row in waiting] == waiting
    assert (await decided(other, waiting[0])).standing is Standing.APPROVED
    assert (await decided(other, waiting[1], approved=False)).standing is Standing.REJECTED


async def test_what_was_rejected_or_taken_back_counts_for_no_second(signed_in: SignedIn) -> None:
    agent, lead = await signed_in("1001"), await signed_in("2001")
    first = await made(agent, proposal(agent, "1001", (0, 60)))
    second = await made(agent, proposal(agent, "1001", (60, 120)))
    await decided(lead, first, approved=False)
    await withdrawn(agent, second)
    third = await made(agent, proposal(agent, "1001", (120, 135)))
    assert (await decided(lead, third)).standing is Standing.APPROVED


@pytest.mark.parametrize(("days", "standing"), [(3, "approved"), (4, "second"), (90, "second")])
async def test_a_day_long_past_needs_two(signed_in: SignedIn, days: int, standing: str) -> None:
    agent, lead = await signed_in("1001"), await signed_in("2001")
    asked = await made(agent, proposal(agent, "1001", (0, 1), days=days))
    assert (await decided(lead, asked)).standing == standing


async def test_each_of_many_is_decided_by_itself(signed_in: SignedIn, data: Path) -> None:
    agent, other, lead = [await signed_in(number) for number in ("1001", "1002", "2001")]
    own, foreign = (
        await made(agent, proposal(agent, "1001", (0, 5))),
        await made(other, proposal(other, "1002", (0, 5))),
    )
    mine = await made(lead, proposal(lead, "2001", (0, 5)))
    closed = await made(agent, proposal(agent, "1001", (5, 6)))
    await withdrawn(agent, closed)
    names = (own.exception, foreign.exception, mine.exception, closed.exception, "none", "none")
    reply = await lead.request(DecideExceptions(lead.next_id(), names, approved=True))
    assert [row.exception for row in reply.rows] == [own.exception]
    assert reply.refused == {
        foreign.exception: "not_permitted",
        mine.exception: "own_case",
        closed.exception: "already_decided",
        "none": "unknown_exception",
    }
    verify(data)


async def test_the_same_again_is_answered_as_the_first_time(
    signed_in: SignedIn, data: Path
) -> None:
    agent, lead, other = [await signed_in(number) for number in ("1001", "2001", "3001")]
    first = await made(agent, proposal(agent, "1001", key="k"))
    assert await made(agent, proposal(agent, "1001", (20, 30), key="k")) == first
    assert await made(agent, proposal(agent, "1001", key="l")) != first
    leads = await made(lead, proposal(lead, "1001", key="k"))
    assert leads.exception != first.exception
    rejected = await decided(lead, first, approved=False)
    position = verify(data).position
    assert await decided(lead, first, approved=False) == rejected
    assert await made(agent, proposal(agent, "1001", key="k")) == rejected
    assert await made(lead, proposal(lead, "1001", key="k")) == leads
    assert verify(data).position == position
    assert await undecidable(lead, first) == "already_decided"
    assert await undecidable(other, first, approved=False) == "already_decided"


async def test_whoever_asked_takes_it_back_undecided(signed_in: SignedIn) -> None:
    agent, lead = await signed_in("1001"), await signed_in("2001")
    first, second = [
        await made(agent, proposal(agent, "1001", minutes)) for minutes in ((0, 1), (1, 2))
    ]
    with pytest.raises(Refused, match="not_permitted"):
        await withdrawn(lead, first)
    gone = await withdrawn(agent, first)
    assert gone.standing is Standing.WITHDRAWN
    assert await withdrawn(agent, first) == gone
    await decided(lead, second)
    with pytest.raises(Refused, match="already_decided"):
        await withdrawn(agent, second)
    with pytest.raises(Refused, match="unknown_exception"):
        await withdrawn(agent, msgspec.structs.replace(second, exception="x"))


@pytest.mark.parametrize(
    ("actor", "agent", "code"),
    [
        ("1001", "1002", "not_permitted"),
        ("2001", "1002", "not_permitted"),
        ("2001", "1003", "not_permitted"),
        ("2002", "1003", "not_permitted"),
        ("3001", "9999", "unknown_agent"),
    ],
)
async def test_who_may_propose_for_whom(
    signed_in: SignedIn, actor: str, agent: str, code: str
) -> None:
    client = await signed_in(actor)
    assert await refusal(client, proposal(client, agent)) == code


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"text": " "}, "bad_text"),
        ({"text": "x" * 1001}, "bad_text"),
        ({"code": "coaching"}, "malformed_message"),
        ({"code": ""}, "malformed_message"),
        ({"key": "k" * 65}, "malformed_message"),
        ({"minutes": (10, 10)}, "bad_interval"),
        ({"minutes": (10, 5)}, "bad_interval"),
        ({"minutes": (-12 * 60 - 1, 5)}, "bad_interval"),
        ({"minutes": (0, 60 * 60 + 1)}, "bad_interval"),
        ({"what": Overlay.CORRECT}, "malformed_message"),
        ({"what": Overlay.CORRECT, "state": State.NOT_READY}, "malformed_message"),
        ({"what": Overlay.EXCLUDE, "state": State.READY}, "malformed_message"),
        ({"state": State.OFFLINE}, "malformed_message"),
        ({"state": State.READY, "days": -1}, "bad_interval"),
    ],
)
async def test_what_may_not_be_proposed(
    signed_in: SignedIn, changed: dict[str, object], code: str
) -> None:
    agent = await signed_in("1001")
    message = proposal(agent, "1001", **{"days": 3, **changed})  # type: ignore[arg-type]  # a table of fields
    assert await refusal(agent, message) == code


@pytest.mark.parametrize(
    "changed",
    [
        {"minutes": (-12 * 60, 60 * 60)},
        {"what": Overlay.CORRECT, "state": State.NOT_READY, "reason": Reason.COACHING},
        {"state": State.READY},
        {"what": Overlay.EXCLUDE, "days": -5},
    ],
)
async def test_what_may_be_proposed(signed_in: SignedIn, changed: dict[str, object]) -> None:
    agent = await signed_in("1001")
    message = proposal(agent, "1001", **{"days": 3, **changed})  # type: ignore[arg-type]  # a table of fields
    assert (await made(agent, message)).standing is Standing.PENDING


@pytest.mark.parametrize(
    ("day", "code"), [(date.max, "malformed_message"), (date.min, "bad_interval")]
)
async def test_a_day_at_the_end_of_the_calendar_is_refused(
    signed_in: SignedIn, day: date, code: str
) -> None:
    agent = await signed_in("1001")
    message = msgspec.structs.replace(proposal(agent, "1001"), day=day)
    assert await refusal(agent, message) == code


async def test_a_bad_interval_is_named_as_the_clock_at_the_site_shows_it(
    signed_in: SignedIn,
) -> None:
    agent = await signed_in("1001")
    message = msgspec.structs.replace(
        proposal(agent, "1001"), start_ms=0, end_ms=253_402_300_799_999
    )
    with pytest.raises(Refused) as refused:
        await agent.request(message)
    assert refused.value.params == {
        "start": "1970-01-01 08:00+08:00",
        "end": "9999-12-31 23:59+00:00",
    }


async def test_many_at_once_have_a_limit(signed_in: SignedIn) -> None:
    lead = await signed_in("2001")
    for names in (tuple(map(str, range(MAX_DECIDED + 1))), ("x" * 65,)):
        with pytest.raises(Refused, match="malformed_message"):
            await lead.request(DecideExceptions(lead.next_id(), names, approved=True))
    agent = await signed_in("1001")
    with pytest.raises(Refused, match="not_permitted"):
        await agent.request(DecideExceptions(agent.next_id(), ("x",), approved=True))


async def test_what_is_decided_after_the_month_was_locked_enters_the_present_month(
    signed_in: SignedIn, data: Path
) -> None:
    agent, lead, other = [await signed_in(number) for number in ("1001", "2001", "3001")]
    days, month = 40, days_ago(40).isoformat()[:7]
    before, later, rejected = [
        await made(agent, proposal(agent, "1001", minutes, days=days))
        for minutes in ((0, 1), (1, 2), (2, 3))
    ]
    await decided(lead, before)
    before = await decided(other, before)
    assert (before.standing, before.adjusts) == ("approved", "")
    with appending(data, CLOCK) as books:
        lock = MonthLocked(month, "digest", "3001")
        books.appender.record(books.connection, lock)
    await decided(lead, later)
    later = await decided(other, later)
    assert (later.standing, later.adjusts) == ("approved", days_ago(0).isoformat()[:7])
    assert (await decided(lead, rejected, approved=False)).adjusts == ""
    verify(data)


async def test_of_somebody_who_has_left_decides_who_has_the_site(
    signed_in: SignedIn, data: Path
) -> None:
    agent, lead, other = [await signed_in(number) for number in ("1001", "2001", "3001")]
    asked = await made(agent, proposal(agent, "1001"))
    disable(data, "1001")
    await lead.request(DecideExceptions(lead.next_id(), (), approved=True))
    await agent.closed()
    assert await undecidable(lead, asked) == "not_permitted"
    queue = await listed(other, open_only=True)
    assert (queue.rows, queue.names) == ((asked,), {})
    assert (await decided(other, asked)).standing is Standing.APPROVED


async def test_all_of_it_outlives_the_service_and_a_rebuild(
    serve: Serve, desks: Desks, data: Path
) -> None:
    async with serve() as service:
        agent = await desks(service.server.address)
        await agent.resume(make_token(data, agent.key.desk, "1001"), "agent")
        asked = await made(agent, proposal(agent, "1001", (0, 20)))
    rebuild(data, lambda done, entries: None)
    async with serve() as service:
        lead = await desks(service.server.address)
        await lead.resume(make_token(data, lead.key.desk, "2001"), "lead")
        (waiting,) = (await listed(lead, open_only=True)).rows
        assert waiting == asked
        row = await decided(lead, asked)
        assert row.standing is Standing.SECOND
    rebuild(data, lambda done, entries: None)
    async with serve() as service:
        other = await desks(service.server.address)
        await other.resume(make_token(data, other.key.desk, "3001"), "other")
        assert (await listed(other)).rows == (row,)
        assert (await decided(other, row)).deciders == ("2001", "3001")
