"""The floor as leads are sent it: who may see whom, without loss from a cursor on, and nobody's
slowness is anybody else's."""

import asyncio
import contextlib
import socket
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest
from websockets.exceptions import ConnectionClosed

from agent_service import session
from agent_service.settings import Feed
from protocol.facts.agent import NextStateChosen, Reason, State, StateEntered
from protocol.facts.call import CallAnswered, CallDialled, CallEnded, CallOffered, EndCause
from protocol.facts.call import ReleasedBy as By
from protocol.facts.session import PhoneDown, PhoneUp
from protocol.wire.errors import Refused
from protocol.wire.session import Person, Role
from protocol.wire.sync import Cursor, FloorBatch, FloorCall, FloorRow, Link, Subscribe, Unsubscribe
from tests.service.client import Client
from tests.service.conftest import SETTINGS, Serve, SignedIn, make_token
from tests.service.lead import Lead
from tests.service.people import hire

LAST_MS = 253_402_300_799_999
"""The last instant that can be told: the end of the year 9999."""
Desks = Callable[..., Awaitable[Client]]
READY = StateEntered(State.READY, "ready", "1001")
MEAL = StateEntered(State.NOT_READY, "break", "1001", Reason.MEAL)
ALL = {"1001", "1002", "1003"}
"""The floor is of those who take calls."""


async def test_the_first_batch_is_everybody_and_those_without_facts_are_signed_off(
    signed_in: SignedIn,
) -> None:
    lead = await Lead(await signed_in("3001")).subscribe()
    assert set(lead.rows) == ALL
    assert msgspec.structs.replace(lead.rows["1001"], day=None) == FloorRow(
        agent="1001",
        name="王芳",
        team="A",
        state=State.LOGGED_OFF,
        reason=None,
        since=None,
        last_known=State.LOGGED_OFF,
        next_state=None,
        call=None,
        link=None,
        phone=None,
        calls_answered=0,
        position=0,
    )


async def test_a_call_is_seen_with_its_number_masked(signed_in: SignedIn) -> None:
    lead = await Lead(await signed_in("3001")).subscribe()
    agent = await signed_in("1001")
    await agent.record(
        PhoneUp("sip:1001@127.0.0.1"),
        READY,
        CallOffered("c1", "13812345678", line="service"),
        StateEntered(State.RINGING, "call_offered", "system", None, "c1"),
        at_ms=60_000,
    )
    row = await lead.until("1001", lambda row: row.state is State.RINGING)
    began = datetime.fromtimestamp(60, UTC)
    assert row.call == FloorCall("inbound", "138****5678", began, "service")
    assert (row.since, row.phone, row.link) == (began, True, Link.ONLINE)
    await agent.record(
        CallAnswered("c1"),
        StateEntered(State.TALK, "call_answered", "1001", None, "c1"),
        NextStateChosen(State.NOT_READY, "1001", Reason.MEAL),
        first=5,
        at_ms=65_000,
    )
    row = await lead.until("1001", lambda row: row.next_state is not None)
    assert row.call is not None
    assert (row.call.answered, row.next_state) == (
        datetime.fromtimestamp(65, UTC),
        "NOT_READY:MEAL",
    )
    await agent.record(
        CallEnded("c1", EndCause.BYE, By.PEER),
        StateEntered(State.ACW, "last_leg_ended", "system", None, "c1"),
        MEAL,
        PhoneDown("registration_lost"),
        first=8,
    )
    row = await lead.until("1001", lambda row: row.phone is False)
    assert (row.state, row.reason, row.call, row.next_state) == (
        State.NOT_READY,
        Reason.MEAL,
        None,
        None,
    )


async def test_a_call_that_the_agent_placed_is_not_counted_as_answered(
    signed_in: SignedIn,
) -> None:
    lead = await Lead(await signed_in("3001")).subscribe()
    agent = await signed_in("1001")
    await agent.record(CallDialled("c1", "10086"), CallAnswered("c1"), READY)
    row = await lead.until("1001", lambda row: row.state is State.READY)
    assert row.call is not None
    assert (row.call.direction, row.call.peer) == ("outbound", "*****")
    assert row.calls_answered == 0


async def test_a_time_later_than_its_receipt_is_shown_as_received(signed_in: SignedIn) -> None:
    lead = await Lead(await signed_in("3001")).subscribe()
    agent = await signed_in("1001")
    ack = await agent.record(READY, at_ms=LAST_MS)
    row = await lead.until("1001", lambda row: row.state is State.READY)
    assert row.since == datetime.fromtimestamp(ack.received_ms / 1000, UTC)
    await agent.record(MEAL, first=2, at_ms=None)
    row = await lead.until("1001", lambda row: row.state is State.NOT_READY)
    assert row.since is None


@pytest.mark.parametrize(
    ("who", "sees"),
    [("2001", {"1001", "1003"}), ("2002", {"1003"}), ("3001", ALL), ("admin", ALL)],
)
async def test_a_leader_sees_the_own_team_and_a_supervisor_all(
    signed_in: SignedIn, who: str, sees: set[str]
) -> None:
    lead = await Lead(await signed_in(who)).subscribe()
    assert set(lead.rows) == sees
    for number in ("1002", "1001", "1003"):
        agent = await signed_in(number)
        await agent.record(READY)
    await lead.until("1003", lambda row: row.state is State.READY)
    assert set(lead.rows) == sees


async def test_an_agent_does_not_see_the_floor(signed_in: SignedIn) -> None:
    agent = await signed_in("1001")
    with pytest.raises(Refused, match="not_permitted"):
        await agent.request(Subscribe(agent.next_id()))


async def test_nothing_is_lost_from_a_cursor_on(
    signed_in: SignedIn, url: str, desks: Desks
) -> None:
    client = await signed_in("3001")
    lead = await Lead(client).subscribe()
    first, second = await signed_in("1001"), await signed_in("1002")
    await first.record(READY)
    await lead.until("1001", lambda row: row.state is State.READY)
    await client.cut()
    await second.record(READY)
    await first.record(MEAL, first=2)
    again = await desks(url, client.key)
    await again.resume(client.signed_in.token, client.session)
    resumed = await Lead(again).subscribe(lead.cursor)
    batch = resumed.batches[0]
    assert not batch.reset
    assert resumed.rows["1001"].reason is Reason.MEAL
    assert resumed.rows["1002"].state is State.READY
    assert batch.cursor.position > lead.cursor.position
    without_news = await Lead(again).subscribe(resumed.cursor)
    assert {row.position for row in without_news.batches[0].rows} == {0}


@pytest.mark.parametrize("position", [0, 1, 1 << 40, -1])
@pytest.mark.parametrize("ledger", ["another", "this"])
async def test_a_cursor_that_means_nothing_here_begins_again(
    signed_in: SignedIn, ledger: str, position: int
) -> None:
    client = await signed_in("3001")
    await (await signed_in("1001")).record(READY)
    names = {"another": "another", "this": client.welcome.ledger}
    batch = await client.subscribe(Cursor(names[ledger], position))
    known = ledger == "this" and position in (0, 1)
    assert batch.reset is not known
    assert "1001" in {row.agent for row in batch.rows}


async def test_no_batch_comes_after_unsubscribing(signed_in: SignedIn) -> None:
    client = await signed_in("3001")
    await client.subscribe()
    await client.request(Unsubscribe(client.next_id()))
    client.inbox.clear()
    agent = await signed_in("1001")
    await agent.record(READY)
    other = await Lead(await signed_in("2001")).subscribe()
    await agent.record(MEAL, first=2)
    await other.until("1001", lambda row: row.reason is Reason.MEAL)
    assert not [each for each in client.inbox if isinstance(each, FloorBatch)]


async def test_somebody_added_while_serving_appears(signed_in: SignedIn, data: Path) -> None:
    lead = await Lead(await signed_in("3001")).subscribe()
    add_people(data, ["1010"])
    row = await lead.until("1010", lambda row: True)
    assert (row.name, row.state) == ("Agent 1010", State.LOGGED_OFF)


async def test_changes_come_in_batches_at_the_interval(
    serve: Serve, desks: Desks, data: Path
) -> None:
    slowly = msgspec.structs.replace(SETTINGS, feed=Feed(interval_ms=300))
    async with serve(slowly) as service:
        client = await desks(service.server.address)
        await client.resume(make_token(data, client.key.desk, "3001"), "lead")
        lead = await Lead(client).subscribe()
        agent = await desks(service.server.address)
        await agent.resume(make_token(data, agent.key.desk, "1001"), "agent")
        for seq in range(1, 101):
            await agent.record(StateEntered(State.READY, f"t{seq}", "1001"), first=seq, at_ms=seq)
        last = datetime.fromtimestamp(100 / 1000, UTC)
        await lead.until("1001", lambda row: row.since == last)
    assert len(lead.batches) < 20


async def test_who_subscribes_again_and_again_gets_the_floor_at_the_interval(
    serve: Serve, desks: Desks, data: Path
) -> None:
    slowly = msgspec.structs.replace(SETTINGS, feed=Feed(interval_ms=300))
    async with serve(slowly) as service:
        client = await desks(service.server.address)
        await client.resume(make_token(data, client.key.desk, "3001"), "lead")
        for _ in range(100):
            await client.request(Subscribe(client.next_id()))
        batch = await client.expect(FloorBatch)
        assert {row.agent for row in batch.rows} == ALL
        agent = await desks(service.server.address)
        await agent.resume(make_token(data, agent.key.desk, "1001"), "agent")
        await agent.record(READY)
        lead = Lead(client)
        await lead.until("1001", lambda row: row.state is State.READY)
    assert len(lead.batches) < 20


async def test_a_seat_can_not_burden_the_floor_with_a_long_number(signed_in: SignedIn) -> None:
    lead = await Lead(await signed_in("3001")).subscribe()
    agent = await signed_in("1001")
    await agent.record(CallOffered("c1", "x" * 100_000))
    row = await lead.until("1001", lambda row: row.call is not None)
    assert row.call is not None
    assert len(row.call.peer) == 64


async def test_a_floor_larger_than_a_frame_comes_in_several(
    serve: Serve, desks: Desks, data: Path
) -> None:
    numbers = [str(number) for number in range(5000, 8000)]
    add_people(data, numbers)
    async with serve() as service:
        client = await desks(service.server.address)
        await client.resume(make_token(data, client.key.desk, "3001"), "lead")
        lead = await Lead(client).subscribe()
        await lead.until("7999", lambda row: True)
    assert set(lead.rows) == ALL | set(numbers)


async def test_a_reader_that_is_too_slow_is_cut_off_and_others_are_not(
    serve: Serve, desks: Desks, data: Path
) -> None:
    add_people(data, [str(number) for number in range(5000, 8000)])
    narrow = msgspec.structs.replace(SETTINGS, feed=Feed(interval_ms=10, buffer_kib=2048))
    async with serve(narrow) as service:
        url = service.server.address
        slow = await stubborn(url, desks, data)
        agent = await desks(url)
        await agent.resume(make_token(data, agent.key.desk, "1001"), "agent")
        with contextlib.suppress(ConnectionClosed):
            async with asyncio.timeout(10):
                while len(service.connections) == 2:
                    await slow.request_floor()
        assert len(service.connections) == 1
        assert (await agent.record(READY)).upto == 1
        slow.transport.abort()


async def test_who_does_not_read_the_good_bye_is_cut_off(
    serve: Serve, desks: Desks, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(session, "CLOSE_S", 0.1)
    add_people(data, [str(number) for number in range(5000, 8000)])
    async with serve() as service:
        deaf = await stubborn(service.server.address, desks, data)
        await deaf.leave_unread()
        elsewhere = await desks(service.server.address)
        await elsewhere.resume(make_token(data, elsewhere.key.desk, "3001"), "elsewhere")
        async with asyncio.timeout(5):
            while len(service.connections) > 1:
                await asyncio.sleep(0.01)
        deaf.transport.abort()


class Stubborn:
    """A supervisor who asks for the floor again and again and reads nothing of it."""

    def __init__(self, client: Client) -> None:
        self.client = client
        self.transport = client.connection.transport

    async def request_floor(self) -> None:
        self.transport.pause_reading()
        await self.client.send(Subscribe(self.client.next_id()))
        await asyncio.sleep(0)

    async def leave_unread(self) -> None:
        """Fill what lies on the way, and some of what the service will hold for a reader."""
        for _ in range(8):
            await self.request_floor()
            await asyncio.sleep(0.25)


async def stubborn(url: str, desks: Desks, data: Path) -> Stubborn:
    client = await desks(url)
    await client.resume(make_token(data, client.key.desk, "3001"), "lead")
    client.connection.transport.get_extra_info("socket").setsockopt(
        socket.SOL_SOCKET, socket.SO_RCVBUF, 4096
    )
    return Stubborn(client)


def add_people(data: Path, numbers: list[str]) -> None:
    """Agents without a password that anybody knows."""
    agents = [Person(number, f"Agent {number}", (Role.AGENT,)) for number in numbers]
    hire(data, agents, "none")
