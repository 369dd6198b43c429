"""The queue for breaks over a real service: turns come in order, stand for a while, survive a
restart, and change nobody's state."""

import asyncio
from pathlib import Path

import pytest

from agent_service.commands.ledger import verify
from protocol.facts.agent import Reason
from protocol.wire.breaks import OwnQueue
from tests.service.break_requests import (
    GONE,
    MATES,
    MINUTE,
    QUEUED,
    READY,
    REST,
    RULE,
    Agent,
    Comes,
    Desks,
    ended,
    later,
    let_go,
    order,
    outcomes,
    planned_floor,
    queue_of,
    refusal,
    seated,
)
from tests.service.conftest import Serve, SignedIn, make_token
from tests.service.people import hire, move
from tests.service.roster_requests import MONDAY, Time, clock, planned


async def test_turns_come_one_after_the_other_in_the_order_of_asking(
    comes: Comes, data: Path
) -> None:
    first, second, third = [await comes(number) for number in ("1001", "1004", "1005")]
    now = await first.asks()
    assert (now.granted, now.place, now.asked) == (True, 0, Reason.REST)
    assert (await second.asks()).place == 1
    assert (await third.asks()).place == 2
    assert (await second.asks()).place == 1, "asking once more is the same place"
    await first.tell(REST)
    await first.told(asked=None, away=1)
    assert (await third.told(away=1)).cap == 1
    await first.tell(READY)
    assert (await second.told(granted=True)).granted_until_ms is not None
    assert not (await third.told(place=1, away=0)).granted
    await second.withdraws()
    await third.told(granted=True)
    verify(data)


async def test_who_signs_in_is_told_what_needs_a_turn_and_others_are_told_nothing(
    comes: Comes,
) -> None:
    agent, other = await comes("1001"), await comes("1002")
    assert await agent.told() == OwnQueue((Reason.REST,), cap=1)
    assert await refusal(other.asks()) == "no_queue"
    assert await refusal(agent.asks(Reason.MEAL)) == "no_queue"
    assert await refusal(agent.asks(Reason.PERSONAL)) == "no_queue"
    assert not any(isinstance(message, OwnQueue) for message in other.client.inbox)


async def test_a_turn_that_nobody_takes_passes_on(comes: Comes, time: Time, data: Path) -> None:
    first, second = await comes("1001"), await comes("1004")
    await first.asks()
    await second.asks()
    later(time, RULE.grant_s * 1000)
    await second.told(granted=True)
    assert (await first.told(asked=None)).granted is False
    verify(data)


async def test_a_turn_stands_through_a_call_and_for_its_time_afterwards(
    comes: Comes, time: Time
) -> None:
    agent, other = await comes("1001"), await comes("1004")
    await agent.asks()
    await agent.talks("c1")
    await agent.told(granted=True, granted_until_ms=None)
    await other.asks()
    later(time, 30 * MINUTE)
    await agent.stops_talking("c1")
    assert not (await other.asks()).granted
    await agent.tell(READY)
    ends = await agent.until(lambda own: own.granted_until_ms is not None)
    assert ends.granted_until_ms is not None
    assert ends.granted_until_ms > time.now_ms() + RULE.grant_s * 500
    later(time, RULE.grant_s * 1000)
    await other.told(granted=True)


async def test_signing_out_gives_the_place_up(comes: Comes) -> None:
    first, second = await comes("1001"), await comes("1004")
    await first.asks()
    assert (await second.asks()).place == 1
    await first.tell(GONE)
    await second.told(granted=True)


async def test_who_is_not_signed_in_can_t_ask(signed_in: SignedIn, time: Time) -> None:
    assert await refusal(Agent(await signed_in("1001"), time).asks()) == "agent_signed_out"


async def test_a_lead_lets_somebody_go_whatever_the_cap(
    comes: Comes, signed_in: SignedIn, data: Path
) -> None:
    away, first, second = [await comes(number) for number in ("1001", "1004", "1005")]
    lead = await signed_in("2001")
    await away.asks()
    await away.tell(REST)
    await first.asks()
    await second.asks()
    assert order(await queue_of(lead)) == [("1004", False, False), ("1005", False, False)]
    after = await let_go(lead, "1005")
    assert order(after) == [("1005", False, True), ("1004", False, False)]
    assert (after.away, after.cap) == (1, 1)
    assert order(await let_go(lead, "1005")) == order(after)
    await second.told(granted=True)
    await second.tell(REST)
    await first.told(away=2)
    await second.tell(READY)
    assert not (await first.told(away=1)).granted
    verify(data)


async def test_whom_a_lead_may_see_and_let_go(comes: Comes, signed_in: SignedIn) -> None:
    agent = await comes("1001")
    mate = await comes("1004")
    await mate.asks()
    await agent.asks()
    stranger, site = await signed_in("2002"), await signed_in("3001")
    assert await refusal(let_go(stranger, "1001")) == "not_permitted"
    assert await refusal(queue_of(stranger, "A")) == "not_permitted"
    assert await refusal(queue_of(site, "B")) == "no_queue"
    assert await refusal(let_go(site, "1005")) == "not_in_queue"
    assert await refusal(let_go(site, "9999")) == "unknown_agent"
    assert await refusal(let_go(agent.client, "1004")) == "not_permitted"
    assert [name for name, _, _ in order(await queue_of(site, "A"))] == ["1004", "1001"]
    assert [name for name, _, _ in order(await let_go(site, "1001"))] == ["1004", "1001"]


async def test_the_service_level_holds_back_until_the_limit(
    comes: Comes, signed_in: SignedIn, time: Time
) -> None:
    agent = await comes("1001")
    for number in range(4):
        await agent.rings(f"missed{number}")
    await agent.rings("taken", 5)
    mine = await agent.asks()
    assert (mine.granted, mine.place, mine.wait_s, mine.held) == (False, 1, None, True)
    queue = await queue_of(await signed_in("2001"))
    assert (queue.service_level, queue.target, queue.held) == (20.0, 80, True)
    later(time, 21 * MINUTE)
    assert (await agent.told(granted=True)).held is True


async def test_a_break_is_granted_again_as_soon_as_the_level_is_kept(comes: Comes) -> None:
    agent = await comes("1001")
    await agent.rings("late", 30)
    assert (await agent.asks()).held is True
    for number in range(4):
        await agent.rings(f"taken{number}", 5)
    await agent.told(granted=True, held=False)


@pytest.mark.parametrize("taken", [False, True])
async def test_places_and_turns_survive_a_restart(
    serve: Serve, data: Path, time: Time, desks: Desks, taken: bool
) -> None:
    hire(data, MATES, "-")
    tokens = {}
    async with serve(QUEUED) as service:
        agents = {}
        for number in ("1001", "1004", "1005"):
            client = await desks(service.server.address)
            tokens[number] = (client.key, make_token(data, client.key.desk, number), number)
            await client.resume(tokens[number][1], f"session-{number}")
            agents[number] = Agent(client, time)
            await agents[number].tell(READY)
        await agents["1001"].asks()
        assert (await agents["1004"].asks()).place == 1
        await agents["1005"].asks()
        await agents["1001"].tell(*[REST][: int(taken)] or [READY])
    async with serve(QUEUED) as service:
        last = await desks(service.server.address, tokens["1005"][0])
        await last.resume(tokens["1005"][1], "session-1005")
        queue = await Agent(last, time).told(place=2)
        assert (queue.away, queue.asked) == (int(taken), Reason.REST)
        verify(data)


@pytest.mark.parametrize(("minutes", "granted"), [(10, True), (20, False)])
async def test_a_planned_break_needs_no_turn_and_uses_up_no_head_but_for_what_it_lasts_longer(
    serve: Serve, data: Path, time: Time, desks: Desks, minutes: int, granted: bool
) -> None:
    time.go_to(clock(MONDAY, 8.5))
    async with planned_floor(serve, data, desks) as come:
        await planned(await come("2001"), a1001="day", a1004="day")
        time.go_to(clock(MONDAY, 15.5))
        away, asks = [Agent(await come(number), time) for number in ("1001", "1004")]
        await away.tell(READY)
        await asks.tell(READY)
        await away.tell(REST)
        later(time, minutes * MINUTE)
        now = await asks.asks()
        assert (now.granted, now.away) == (granted, 1 - int(granted))


async def test_the_time_to_wait_follows_from_the_plans(
    serve: Serve, data: Path, time: Time, desks: Desks
) -> None:
    time.go_to(clock(MONDAY, 8.5))
    async with planned_floor(serve, data, desks) as come:
        numbers = ("1001", "1004", "1005")
        await planned(await come("2001"), a1001="day", a1004="day", a1005="day")
        time.go_to(clock(MONDAY, 10))
        first, second, third = [Agent(await come(number), time) for number in numbers]
        for agent in (first, second, third):
            await agent.tell(READY)
        await first.asks()
        await first.tell(REST)
        later(time, 5 * MINUTE)
        assert (await second.asks()).wait_s == 600
        assert (await third.asks()).wait_s == 1500


async def test_places_end_where_the_queue_is_done_away_with(
    serve: Serve, data: Path, time: Time, desks: Desks
) -> None:
    hire(data, MATES, "-")
    async with serve(QUEUED) as service:
        agent = await seated(service, data, desks, time)
        await agent.tell(READY)
        assert (await agent.asks()).granted
    async with serve() as service:
        again = await seated(service, data, desks, time, agent)
        assert await refusal(again.asks()) == "no_queue"
        await ended(data, "lapsed")
    verify(data)


async def test_one_place_each_even_if_asked_for_many_times_at_once(
    comes: Comes, data: Path
) -> None:
    await (await comes("1001")).asks()
    agent = await comes("1004")
    found = await asyncio.gather(*(agent.asks() for _ in range(8)))
    assert {queue.place for queue in found} == {1}
    assert outcomes(data) == [None, None]


async def test_somebody_who_is_put_into_another_team_keeps_no_turn_there(
    comes: Comes, data: Path
) -> None:
    agent = await comes("1001")
    await agent.told(cap=1)
    move(data, "1001", "B")
    await agent.told(reasons=())
    assert await refusal(agent.asks()) == "no_queue"
