"""What waits for somebody is told at the sign-in and whenever it is something else."""

from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import msgspec
import pytest

from agent_service.service import Service
from protocol.facts.agent import Reason, State, StateEntered
from protocol.facts.handover import HandoverItem, ItemKind
from protocol.facts.request import RequestKind, RequestStanding
from protocol.wire.codec import ServiceMessage
from protocol.wire.handover import AnsweredRequest, OwnNotices, PostState
from protocol.wire.roster import Requirement
from tests.service.client import Client
from tests.service.conftest import Serve, SignedIn, make_token
from tests.service.exception_requests import made, proposal
from tests.service.lead import beating
from tests.service.people import hire
from tests.service.roster_requests import (
    COLLEAGUE,
    MONDAY,
    Time,
    ask,
    asked,
    clock,
    consent,
    decide,
    planned,
    see,
    withdraw,
)
from tests.service.rosters import PLANNED
from tests.service.test_handover import confirm, settle, write

Desks = Callable[..., Awaitable[Client]]
READY = StateEntered(State.READY, "ready", "1001")
AWAY = StateEntered(State.LOGGED_OFF, "sign_out", "1001")
ITEM = HandoverItem(ItemKind.OPEN, "call Mr Li back")
HEADS = msgspec.structs.replace(
    PLANNED,
    requirements=(Requirement("10:00", 1, "A"), Requirement("10:00", 2), Requirement("11:00", 1)),
)


@pytest.fixture
def time(monkeypatch: pytest.MonkeyPatch) -> Time:
    """The clock of the service that is started after this."""
    return Time(monkeypatch)


@pytest.fixture
async def service(serve: Serve, data: Path, time: Time) -> AsyncIterator[Service]:
    """With patterns, requirements of Monday's morning, and two agents in team A. It is night, when
    nobody is required."""
    hire(data, [COLLEAGUE], "-")
    time.go_to(clock(MONDAY, -2))
    async with serve(HEADS) as running:
        yield running


async def told(client: Client, wanted: Callable[[OwnNotices], bool]) -> OwnNotices:
    """Notices as they are wanted, when they come."""

    def matches(message: ServiceMessage) -> bool:
        return isinstance(message, OwnNotices) and wanted(message)

    found = await client.take(matches)
    assert isinstance(found, OwnNotices)
    return found


async def test_whoever_signs_in_is_told_also_that_nothing_waits(signed_in: SignedIn) -> None:
    assert await (await signed_in("1001")).expect(OwnNotices) == OwnNotices(0, 0, 0, team="A")


async def test_handovers_wait_until_nothing_of_them_is_open(signed_in: SignedIn) -> None:
    outgoing = await signed_in("1001")
    row = await write(outgoing, ITEM)
    await told(outgoing, lambda notices: notices.unconfirmed == 1)
    incoming, lead = await signed_in("1004"), await signed_in("2001")
    assert (await incoming.expect(OwnNotices)).handovers == 1
    assert (await lead.expect(OwnNotices)).handovers == 1
    await confirm(incoming, row.handover)
    assert (await lead.expect(OwnNotices)).handovers == 0
    await told(outgoing, lambda notices: notices.unconfirmed == 0)
    named = await write(outgoing, ITEM, to="1004")
    await told(incoming, lambda notices: notices.handovers == 2)
    await settle(incoming, row.handover, 0)
    await told(incoming, lambda notices: notices.handovers == 1)
    await confirm(incoming, named.handover)
    await settle(outgoing, named.handover, 0)
    await told(incoming, lambda notices: notices.handovers == 0)
    assert (await outgoing.expect(OwnNotices)).handovers == 0


async def test_requests_wait_for_the_other_then_for_the_lead(signed_in: SignedIn) -> None:
    agent, other, lead = [await signed_in(number) for number in ("1001", "1004", "2001")]
    elsewhere = await signed_in("2002")
    await planned(await signed_in("3001"), a1001="day", a1004="late")
    row = await ask(agent, asked(RequestKind.SWAP, partner="1004"))
    await told(other, lambda notices: notices.requests == 1)
    await consent(other, row.request)
    await told(lead, lambda notices: notices.requests == 1)
    await told(other, lambda notices: notices.requests == 0)
    await decide(lead, row.request)
    await told(lead, lambda notices: notices.requests == 0)
    assert (await elsewhere.expect(OwnNotices)).requests == 0
    assert not [message for message in elsewhere.inbox if isinstance(message, OwnNotices)]


async def test_whoever_asked_is_told_what_came_of_it_until_they_read_it(
    signed_in: SignedIn,
) -> None:
    agent, other, lead = [await signed_in(number) for number in ("1001", "1004", "2001")]
    await planned(await signed_in("3001"), a1001="day", a1004="late")
    row = await ask(agent, asked(RequestKind.SWAP, partner="1004"))
    await consent(other, row.request)
    agreed = await told(agent, lambda notices: notices.answered == 1)
    assert agreed.answer == AnsweredRequest(RequestKind.SWAP, MONDAY, RequestStanding.CONSENTED)
    approved = await decide(lead, row.request)
    answer = AnsweredRequest(RequestKind.SWAP, MONDAY, RequestStanding.APPROVED)
    await told(agent, lambda notices: notices.answer == answer)
    await told(other, lambda notices: notices.answer == answer)
    await see(other, approved)
    await told(other, lambda notices: notices.answered == 0)
    assert not [each for each in lead.inbox if isinstance(each, OwnNotices) and each.answered]


async def test_leave_that_a_lead_cancels_is_told_as_such(signed_in: SignedIn) -> None:
    agent, lead = await signed_in("1001"), await signed_in("2001")
    await planned(await signed_in("3001"), a1001="day")
    row = await ask(agent, asked(RequestKind.LEAVE, 9, 12))
    await decide(lead, row.request)
    await withdraw(lead, row.request, "too few are here")
    cancelled = await told(agent, lambda notices: bool(notices.answer and notices.answer.cancelled))
    assert cancelled.answered == 1


async def test_exceptions_wait_for_the_lead_alone(signed_in: SignedIn) -> None:
    agent, lead, elsewhere = [await signed_in(number) for number in ("1001", "2001", "2002")]
    await made(agent, proposal(agent, "1001"))
    await told(lead, lambda notices: notices.exceptions == 1)
    assert (await elsewhere.expect(OwnNotices)).exceptions == 0
    assert (await agent.expect(OwnNotices)).exceptions == 0


async def test_what_has_lapsed_waits_for_nobody(signed_in: SignedIn, time: Time) -> None:
    agent, lead = await signed_in("1001"), await signed_in("2001")
    await planned(await signed_in("3001"), a1001="day")
    await ask(agent, asked(RequestKind.LEAVE, 9, 12))
    await told(lead, lambda notices: notices.requests == 1)
    time.go_to(clock(MONDAY, 9))
    await told(lead, lambda notices: notices.requests == 0)
    lapsed = AnsweredRequest(RequestKind.LEAVE, MONDAY, RequestStanding.LAPSED)
    await told(agent, lambda notices: notices.answer == lapsed)


async def test_what_waits_outlives_the_service(
    serve: Serve, data: Path, time: Time, desks: Desks
) -> None:
    hire(data, [COLLEAGUE], "-")
    async with serve(HEADS) as first:
        agent = await _resumed(first, data, "1001", desks)
        await write(agent, ITEM, to="1004")
        await planned(await _resumed(first, data, "3001", desks), a1001="day", a1004="late")
        row = await ask(agent, asked(RequestKind.SWAP, partner="1004"))
        await withdraw(agent, row.request)
    async with serve(HEADS) as second:
        incoming = await _resumed(second, data, "1004", desks)
        await told(incoming, lambda notices: (notices.handovers, notices.answered) == (1, 1))


async def _resumed(service: Service, data: Path, agent: str, desks: Desks) -> Client:
    client = await desks(service.server.address)
    return await client.resume(make_token(data, client.key.desk, agent), agent)


async def test_a_team_that_is_short_is_told_since_when(signed_in: SignedIn, time: Time) -> None:
    time.go_to(clock(MONDAY, 10.1))
    lead, agent = await signed_in("2001"), await signed_in("1001")
    short = await told(lead, lambda notices: notices.heads is PostState.SHORT)
    assert (short.present, short.required, short.team) == (0, 1, "A")
    assert short.short_since_ms is not None
    assert clock(MONDAY, 10.1) <= short.short_since_ms < clock(MONDAY, 10.2)
    await agent.record(READY)
    enough = await told(lead, lambda notices: notices.heads is PostState.ENOUGH)
    assert (enough.present, enough.required, enough.short_since_ms) == (1, 1, None)
    await agent.record(AWAY, first=2)
    again = await told(lead, lambda notices: notices.heads is PostState.SHORT)
    assert again.short_since_ms is not None
    assert again.short_since_ms >= short.short_since_ms


async def test_nobody_is_kept_by_it(signed_in: SignedIn, time: Time) -> None:
    time.go_to(clock(MONDAY, 10.1))
    agent = await signed_in("1001")
    await told(agent, lambda notices: notices.heads is PostState.SHORT)
    away = StateEntered(State.NOT_READY, "break", "1001", Reason.REST)
    await agent.record(READY, away, READY, AWAY)


async def test_a_break_is_presence_and_silence_is_not(
    serve: Serve, data: Path, time: Time, desks: Desks
) -> None:
    rest = StateEntered(State.NOT_READY, "break", "1001", Reason.REST)
    silent = msgspec.structs.replace(
        HEADS, site=msgspec.structs.replace(HEADS.site, offline_after_s=0.5)
    )
    time.go_to(clock(MONDAY, 10.1))
    async with serve(silent) as service:
        agent = await _resumed(service, data, "1001", desks)
        await agent.record(rest)
        lead = await _resumed(service, data, "2001", desks)
        there = await told(lead, lambda notices: notices.present == 1)
        assert there.heads is PostState.ENOUGH
        await agent.cut()
        async with beating(lead):
            gone = await told(lead, lambda notices: notices.present == 0)
        assert gone.heads is PostState.SHORT


async def test_whoever_has_the_site_is_told_of_the_team_that_is_short(
    signed_in: SignedIn, time: Time
) -> None:
    time.go_to(clock(MONDAY, 10.1))
    supervisor = await signed_in("3001")
    short = await told(supervisor, lambda notices: notices.heads is PostState.SHORT)
    assert (short.team, short.required) == ("", 2)
    time.go_to(clock(MONDAY, 11.1))
    alone = await told(supervisor, lambda notices: notices.required == 1)
    assert alone.short_since_ms == short.short_since_ms
    time.go_to(clock(MONDAY, 12))
    await told(supervisor, lambda notices: notices.heads is PostState.ENOUGH)
