"""A break after an abusive call: it goes first, and is excused when it is over."""

from pathlib import Path

import pytest

from agent_service.commands.ledger import verify
from protocol.wire.attendance import NameSubstitute
from protocol.wire.exceptions import Overlay, Standing
from tests.service.break_requests import (
    GONE,
    MINUTE,
    QUEUED,
    READY,
    REST,
    Agent,
    Comes,
    Desks,
    came,
    ended,
    exceptions,
    excuse,
    later,
    outcomes,
    planned_floor,
    refusal,
    seated,
)
from tests.service.conftest import Serve, SignedIn
from tests.service.roster_requests import MONDAY, Time, clock, planned


async def test_after_an_abusive_call_one_goes_first_and_the_break_is_excused(
    comes: Comes, signed_in: SignedIn, time: Time, data: Path
) -> None:
    away, waits, hurt = [await comes(number) for number in ("1001", "1004", "1005")]
    await away.asks()
    await away.tell(REST)
    assert (await waits.asks()).place == 1
    await hurt.talks("bad")
    mine = await hurt.asks(after_call="bad")
    assert (mine.place, mine.first) == (1, True)
    assert (await waits.asks()).place == 2
    await hurt.stops_talking("bad")
    await away.tell(READY)
    await hurt.told(granted=True)
    began_ms = time.now_ms()
    await hurt.tell(REST, at_ms=began_ms)
    await hurt.told(asked=None, away=1)
    later(time, 7 * MINUTE)
    await hurt.tell(READY, at_ms=began_ms + 7 * MINUTE)
    await waits.told(granted=True)
    row = await excuse(await signed_in("2001"))
    assert (row.start_ms, row.end_ms) == (began_ms, began_ms + 7 * MINUTE)
    assert (row.what, row.standing, row.actor) == (Overlay.EXCUSE, Standing.APPROVED, "system")
    assert (row.agent, row.evidence) == ("1005", ("bad",))
    assert await refusal(hurt.asks(after_call="bad")) == "break_taken"
    assert await refusal(hurt.asks(after_call="none")) == "unknown_call"
    verify(data)


async def test_a_break_that_came_whole_in_one_batch_was_taken(
    comes: Comes, signed_in: SignedIn, time: Time, data: Path
) -> None:
    agent = await comes("1001")
    await agent.suffers()
    began_ms = time.now_ms()
    later(time, MINUTE)
    await agent.delivers((began_ms, REST), (began_ms + 40_000, READY))
    row = await excuse(await signed_in("2001"))
    assert (row.start_ms, row.end_ms) == (began_ms, began_ms + 40_000)
    assert outcomes(data) == ["taken"]
    verify(data)


async def test_a_turn_that_was_taken_while_nobody_heard_the_seat_is_excused_afterwards(
    comes: Comes, signed_in: SignedIn, time: Time, data: Path
) -> None:
    agent = await comes("1001")
    await agent.suffers()
    await agent.tell(READY)
    began_ms = time.now_ms() + 30_000
    later(time, 20 * MINUTE)
    await ended(data, "lapsed")
    await agent.delivers((began_ms, REST), (began_ms + 5 * MINUTE, READY))
    row = await excuse(await signed_in("2001"))
    assert (row.start_ms, row.end_ms) == (began_ms, began_ms + 5 * MINUTE)
    assert await refusal(agent.asks(after_call="bad")) == "break_taken"
    verify(data)


async def test_no_more_than_a_quarter_of_an_hour_is_excused(
    comes: Comes, signed_in: SignedIn, time: Time
) -> None:
    agent = await comes("1001")
    await agent.suffers()
    began_ms = time.now_ms()
    await agent.tell(REST, at_ms=began_ms)
    await agent.told(asked=None, away=1)
    later(time, 40 * MINUTE)
    row = await excuse(await signed_in("2001"))
    assert row.end_ms - row.start_ms == 15 * MINUTE


async def test_a_break_that_goes_on_is_not_excused_yet_and_an_ordinary_one_never(
    comes: Comes, signed_in: SignedIn, time: Time
) -> None:
    agent, lead = await comes("1001"), await signed_in("2001")
    await agent.asks()
    await agent.tell(REST)
    await agent.told(asked=None, away=1)
    await agent.tell(READY)
    await agent.suffers()
    await agent.told(granted=True)
    await agent.tell(REST)
    await agent.told(asked=None, away=1)
    assert await exceptions(lead) == ()
    later(time, MINUTE)
    await agent.tell(GONE)
    row = await excuse(lead)
    assert MINUTE <= row.end_ms - row.start_ms < 2 * MINUTE
    assert row.evidence == ("bad",)


async def test_a_break_that_a_restart_fell_into_is_excused_when_it_is_over(
    serve: Serve, data: Path, time: Time, desks: Desks
) -> None:
    async with serve(QUEUED) as service:
        agent = await seated(service, data, desks, time)
        await agent.tell(READY)
        await agent.suffers()
        began_ms = time.now_ms()
        await agent.tell(REST, at_ms=began_ms)
        await ended(data, "taken")
    later(time, 4 * MINUTE)
    async with serve(QUEUED) as service:
        back = await seated(service, data, desks, time, agent)
        await back.tell(READY, at_ms=began_ms + 3 * MINUTE)
        row = await excuse(await came(service, data, desks, "2001"))
        assert (row.start_ms, row.end_ms) == (began_ms, began_ms + 3 * MINUTE)
    verify(data)


async def test_in_a_night_shift_that_one_stands_in_for_it_is_that_of_the_shift(
    serve: Serve, data: Path, desks: Desks, monkeypatch: pytest.MonkeyPatch
) -> None:
    time = Time(monkeypatch)
    time.go_to(clock(MONDAY, 20))
    async with planned_floor(serve, data, desks) as come:
        lead = await come("2001")
        await planned(lead, a1004="night")
        await lead.request(NameSubstitute(lead.next_id(), "1004", MONDAY, "1005", "ill"))
        time.go_to(clock(MONDAY, 25))
        agent = Agent(await come("1005"), time)
        await agent.tell(READY)
        await agent.suffers()
        began_ms = time.now_ms()
        time.go_to(began_ms + MINUTE)
        await agent.delivers((began_ms, REST), (began_ms + MINUTE // 2, READY))
        assert (await excuse(lead)).day == MONDAY
