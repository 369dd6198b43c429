"""Silence: the floor shows OFFLINE, the ledger keeps when the link was lost and when it came
back, and nobody is OFFLINE who has signed off."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import closing
from pathlib import Path

import pytest
from websockets.exceptions import ConnectionClosed

from agent_service import database
from agent_service.commands.ledger import verify
from agent_service.ledger import replay
from protocol.facts.agent import Reason, State, StateEntered
from protocol.facts.record import AnyFact
from protocol.facts.session import LinkBack, LinkLost, SignedOffByService
from protocol.wire.sync import FloorRow, Link
from tests.service.client import Client, records
from tests.service.conftest import PASSWORD, SETTINGS, STARTED, Serve, make_token, with_site
from tests.service.lead import Lead, beating

Desks = Callable[..., Awaitable[Client]]
SILENCE_S = 0.4
SOON = with_site(SETTINGS, offline_after_s=SILENCE_S)
READY = StateEntered(State.READY, "ready", "1001")
MEAL = StateEntered(State.NOT_READY, "break", "1001", Reason.MEAL)
SIGNED_OFF = StateEntered(State.LOGGED_OFF, "sign_out", "1001")


def link_facts(data: Path) -> list[AnyFact]:
    """What the service recorded about links."""
    with closing(database.open_reader(data / database.FILE)) as connection:
        facts = map(replay.fact_of, replay.entries(connection))
        return [
            fact for fact in facts if isinstance(fact, LinkLost | LinkBack | SignedOffByService)
        ]


def is_offline(row: FloorRow) -> bool:
    return row.state is State.OFFLINE


def is_online(row: FloorRow) -> bool:
    return row.link is Link.ONLINE


async def come(desks: Desks, url: str, data: Path, agent: str) -> Client:
    """A new desk with somebody signed in."""
    client = await desks(url)
    return await client.resume(make_token(data, client.key.desk, agent), f"session-{agent}")


async def test_a_cut_link_is_offline_with_the_last_known_state_until_it_is_back(
    serve: Serve, desks: Desks, data: Path
) -> None:
    async with serve(SOON) as service:
        url = service.server.address
        lead = await come(desks, url, data, "3001")
        agent = await come(desks, url, data, "1001")
        async with beating(lead):
            floor = await Lead(lead).subscribe()
            ack = await agent.record(READY)
            await agent.cut()
            row = await floor.until("1001", is_offline)
            assert (row.last_known, row.link) == (State.READY, Link.OFFLINE)
            assert row.since is not None
            assert abs(row.since.timestamp() * 1000 - ack.received_ms) < 1000
            again = await desks(url, agent.key)
            await again.resume(agent.signed_in.token, agent.session)
            row = await floor.until("1001", is_online)
            assert (row.state, row.last_known) == (State.READY, State.READY)
    lost, back = link_facts(data)
    assert isinstance(lost, LinkLost)
    assert (lost.agent, lost.seat_session) == ("1001", "session-1001")
    assert back == LinkBack("1001", "session-1001")
    verify(data)


async def test_a_link_that_is_half_open_is_lost_and_closed(
    serve: Serve, desks: Desks, data: Path
) -> None:
    async with serve(SOON) as service:
        agent = await come(desks, service.server.address, data, "1001")
        await agent.record(READY)
        with pytest.raises(ConnectionClosed):
            async with asyncio.timeout(5):
                await agent.connection.wait_closed()
                await agent.send_raw("anybody there?")
    assert [type(fact) for fact in link_facts(data)] == [LinkLost]


async def test_heartbeats_keep_a_link_and_are_not_recorded(
    serve: Serve, desks: Desks, data: Path
) -> None:
    async with serve(SOON) as service:
        url = service.server.address
        agent = await come(desks, url, data, "1001")
        other = await come(desks, url, data, "1002")
        lead = await come(desks, url, data, "3001")
        async with beating(agent, lead):
            floor = await Lead(lead).subscribe()
            await agent.record(READY)
            await other.record(StateEntered(State.READY, "ready", "1002"))
            await floor.until("1002", is_offline)
            assert floor.rows["1001"].link is Link.ONLINE
        before = verify(data).position
        assert before == STARTED + 3 + 2 + 1
    assert [getattr(fact, "agent", None) for fact in link_facts(data)] == ["1002"]


async def test_who_has_signed_off_is_not_missed(serve: Serve, desks: Desks, data: Path) -> None:
    async with serve(SOON) as service:
        url = service.server.address
        agent = await come(desks, url, data, "1001")
        other = await come(desks, url, data, "1002")
        lead = await come(desks, url, data, "3001")
        async with beating(lead):
            floor = await Lead(lead).subscribe()
            await agent.record(READY, SIGNED_OFF)
            await agent.cut()
            await other.record(StateEntered(State.READY, "ready", "1002"))
            await floor.until("1002", is_offline)
            row = floor.rows["1001"]
            assert (row.state, row.link) == (State.LOGGED_OFF, None)
    assert [getattr(fact, "agent", None) for fact in link_facts(data)] == ["1002"]


async def test_what_a_desk_delivers_of_a_lost_seat_moves_the_last_known_state(
    serve: Serve, desks: Desks, data: Path
) -> None:
    async with serve(SOON) as service:
        url = service.server.address
        agent = await come(desks, url, data, "1001")
        lead = await come(desks, url, data, "3001")
        async with beating(lead):
            floor = await Lead(lead).subscribe()
            await agent.record(READY)
            await agent.cut()
            await floor.until("1001", is_offline)
            courier = await desks(url, agent.key)
            courier.session = agent.session
            await courier.record(MEAL, first=2)
            row = await floor.until("1001", lambda row: row.last_known is State.NOT_READY)
            assert (row.state, row.reason) == (State.OFFLINE, None)
            await courier.record(SIGNED_OFF, first=3)
            row = await floor.until("1001", lambda row: row.last_known is State.LOGGED_OFF)
            assert (row.state, row.link) == (State.LOGGED_OFF, None)


async def test_after_a_restart_all_have_the_time_to_come_back(
    serve: Serve, desks: Desks, data: Path
) -> None:
    async with serve(SOON) as service:
        url = service.server.address
        agent = await come(desks, url, data, "1001")
        other = await come(desks, url, data, "1002")
        await agent.record(READY)
        last = await other.record(StateEntered(State.READY, "ready", "1002"))
    async with serve(SOON) as service:
        url = service.server.address
        back = await desks(url, agent.key)
        await back.resume(agent.signed_in.token, agent.session)
        lead = await come(desks, url, data, "3001")
        async with beating(back, lead):
            floor = await Lead(lead).subscribe()
            assert floor.rows["1002"].link is Link.ONLINE
            await floor.until("1002", is_offline)
            assert floor.rows["1001"].state is State.READY
    assert link_facts(data) == [LinkLost("1002", "session-1002", last.received_ms)]


async def test_who_waits_for_the_service_is_not_silent(serve: Serve, desks: Desks) -> None:
    async with serve() as service:
        known = await desks(service.server.address)
    async with serve(with_site(SETTINGS, offline_after_s=0.1)) as service:
        client = await desks(service.server.address, known.key)
        await asyncio.gather(*(client.sign_in("1001", PASSWORD) for _ in range(3)))
        assert client.signed_in.person.number == "1001"


async def test_who_is_offline_for_too_long_is_signed_off_until_the_seat_says_more(
    serve: Serve, desks: Desks, data: Path
) -> None:
    async with serve(with_site(SOON, offline_signout_s=1)) as service:
        url = service.server.address
        lead = await come(desks, url, data, "3001")
        agent = await come(desks, url, data, "1001")
        async with beating(lead):
            floor = await Lead(lead).subscribe()
            await agent.record(READY)
            await agent.cut()
            row = await floor.until("1001", lambda row: row.provisional)
            assert (row.state, row.last_known, row.link) == (State.LOGGED_OFF, State.READY, None)
            courier = await desks(url, agent.key)
            await courier.append(records(MEAL, first=2), agent.session)
            row = await floor.until("1001", lambda row: row.last_known is State.NOT_READY)
            assert row.reason is None
            back = await desks(url, agent.key)
            await back.resume(make_token(data, agent.key.desk, "1001"), agent.session)
            row = await floor.until("1001", is_online)
            assert (row.state, row.reason, row.provisional) == (
                State.NOT_READY,
                Reason.MEAL,
                False,
            )
    assert SignedOffByService("1001", agent.session) in link_facts(data)
    verify(data)


async def test_nobody_is_signed_off_twice_nor_after_signing_out(
    serve: Serve, desks: Desks, data: Path
) -> None:
    async with serve(with_site(SOON, offline_signout_s=1)) as service:
        url = service.server.address
        lead = await come(desks, url, data, "3001")
        agent = await come(desks, url, data, "1001")
        other = await come(desks, url, data, "1002")
        await other.record(StateEntered(State.READY, "ready", "1002"))
        async with beating(lead):
            floor = await Lead(lead).subscribe()
            await agent.record(READY, SIGNED_OFF)
            await agent.cut()
            await other.cut()
            await floor.until("1002", lambda row: row.provisional)
            await service.writer.run(lambda connection: None)
            assert floor.rows["1001"].provisional is False
    kinds = [type(fact) for fact in link_facts(data)]
    assert kinds == [LinkLost, SignedOffByService]
