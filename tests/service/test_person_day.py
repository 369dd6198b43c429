"""One person's day, for those who may see it."""

from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import msgspec
import pytest

from agent_service.persons.day_calls import day_calls
from protocol.facts.agent import Reason, State, StateEntered
from protocol.facts.call import (
    CallAnswered,
    CallDialled,
    CallEnded,
    CallMissed,
    CallOffered,
    EndCause,
    MissCause,
    ReleasedBy,
)
from protocol.facts.record import AnyFact, Record, encode_fact
from protocol.facts.session import SessionAnchored, SessionProvisional
from protocol.facts.wrap_up import CallWrappedUp
from protocol.rules.local_day import day_bounds
from protocol.wire import codec
from protocol.wire.errors import Refused
from protocol.wire.person import DayCall, GetPersonDay, PersonDay
from protocol.wire.sync import MAX_BATCH, Claim
from tests.service.client import Client, records
from tests.service.conftest import SETTINGS, Serve, SignedIn, make_token, with_site
from tests.service.lead import Lead, beating

Desks = Callable[..., Awaitable[Client]]
DAY = date(2026, 11, 20)
MINUTE = 60_000
DAY_MS = 86_400_000
MIDNIGHT, _ = day_bounds(DAY, UTC)
UTC_SITE = with_site(SETTINGS, zone="UTC")


async def day_of(client: Client, agent: str, day: date = DAY) -> PersonDay:
    reply = await client.request(GetPersonDay(client.next_id(), agent, day))
    assert isinstance(reply, PersonDay)
    return reply


def enters(state: State, reason: Reason | None = None) -> StateEntered:
    return StateEntered(state, "test", "1001", reason)


def minutes(day: PersonDay) -> list[tuple[float, float | None, State | None]]:
    """The segments, in minutes of the day."""
    midnight = datetime.fromtimestamp(MIDNIGHT / 1000, UTC)

    def minute(at: datetime) -> float:
        return (at - midnight) / timedelta(minutes=1)

    return [
        (minute(each.start), None if each.end is None else minute(each.end), each.state)
        for each in day.segments
    ]


async def test_a_past_day_is_folded_from_the_ledger(serve: Serve, desks: Desks, data: Path) -> None:
    off, mute = enters(State.LOGGED_OFF), CallEnded("c1", EndCause.BYE, ReleasedBy.PEER)
    async with serve(UTC_SITE) as service:
        client = await desks(service.server.address)
        await client.resume(make_token(data, client.key.desk, "1001"), "first")
        script: list[tuple[int, AnyFact]] = [
            (-10, enters(State.NOT_READY)),
            (10, enters(State.READY)),
            (20, CallOffered("c1", "13812345678", line="service")),
            (20, enters(State.RINGING)),
            (21, CallAnswered("c1")),
            (21, enters(State.TALK)),
            (25, mute),
            (25, enters(State.ACW)),
            (26, CallWrappedUp("c1", "service", "order", "solved", (), "text")),
            (30, enters(State.NOT_READY, Reason.MEAL)),
            (90, off),
        ]
        for seq, (minute, fact) in enumerate(script, 1):
            await client.record(fact, first=seq, at_ms=MIDNIGHT + minute * MINUTE)
        day = await day_of(client, "1001")
    assert minutes(day) == [
        (0, 10, State.NOT_READY),
        (10, 20, State.READY),
        (20, 21, State.RINGING),
        (21, 25, State.TALK),
        (25, 30, State.ACW),
        (30, 90, State.NOT_READY),
        (90, 1440, State.LOGGED_OFF),
    ]
    assert day.segments[5].reason is Reason.MEAL
    assert day.seconds[State.NOT_READY] == 70 * 60
    assert (day.unknown_s, day.provisional) == (0, False)
    assert (day.calls_answered, day.calls_missed) == (1, 0)
    at = datetime.fromtimestamp(MIDNIGHT / 1000 + 20 * 60, UTC)
    assert day.calls == (
        DayCall(at, "inbound", "138****5678", True, "", "bye", 240, "service", "solved"),
    )
    assert (day.person.name, day.row is not None and day.row.agent) == ("王芳", "1001")


STRANGE = encode_fact(enters(State.NOT_READY, Reason.MEAL))


@pytest.mark.parametrize(
    "body", [STRANGE.replace(b"MEAL", b"SIESTA"), b'{"kind":"agent.state_left","state":"READY"}']
)
async def test_the_time_after_a_fact_that_can_not_be_read_is_unknown(
    serve: Serve, desks: Desks, data: Path, body: bytes
) -> None:
    at = [MIDNIGHT + minute * MINUTE for minute in (10, 20, 30)]
    (first,) = records(enters(State.READY), at_ms=at[0])
    (last,) = records(enters(State.LOGGED_OFF), first=3, at_ms=at[2])
    strange = msgspec.structs.replace(first, seq=2, occurred_ms=at[1], body=msgspec.Raw(body))
    async with serve(UTC_SITE) as service:
        client = await desks(service.server.address)
        await client.resume(make_token(data, client.key.desk, "1001"), "newer")
        await client.append((first, strange, last))
        await client.acked(3)
        day = await day_of(client, "1001")
    assert minutes(day) == [(10, 20, State.READY), (20, 30, None), (30, 1440, State.LOGGED_OFF)]
    assert (day.unknown_s, day.provisional) == (600, True)


async def test_a_day_goes_on_and_is_unknown_while_the_seat_is_not_heard(
    serve: Serve, desks: Desks, data: Path
) -> None:
    async with serve(with_site(UTC_SITE, offline_after_s=0.4)) as service:
        url = service.server.address
        agent, lead = await desks(url), await desks(url)
        await agent.resume(make_token(data, agent.key.desk, "1001"), "agent")
        await lead.resume(make_token(data, lead.key.desk, "2001"), "lead")
        async with beating(lead):
            begun = await agent.record(enters(State.READY), at_ms=None)
            at_ms = begun.received_ms - 3_000
            await agent.record(enters(State.READY), first=2, at_ms=at_ms)
            today = datetime.fromtimestamp(at_ms / 1000, UTC).date()
            day = await day_of(lead, "1001", today)
            assert (day.segments[-1].state, day.segments[-1].end) == (State.READY, None)
            floor = await Lead(lead).subscribe()
            await agent.cut()
            await floor.until("1001", lambda row: row.state is State.OFFLINE)
            day = await day_of(lead, "1001", today)
    assert (day.segments[-1].state, day.provisional) == (None, True)


async def test_facts_from_before_the_clock_was_set_are_placed_by_its_anchor(
    serve: Serve, desks: Desks, data: Path
) -> None:
    facts: list[tuple[int | None, int, AnyFact]] = [
        (None, 0, SessionProvisional("boot")),
        (None, 60_000, enters(State.READY)),
        (MIDNIGHT + 10 * MINUTE, 600_000, SessionAnchored(MIDNIGHT, 0, 5, "boot")),
        (MIDNIGHT + 20 * MINUTE, 1_200_000, enters(State.LOGGED_OFF)),
    ]
    records = [
        Record(
            seq=seq, occurred_ms=at, wall_ms=1, mono_ms=mono, body=msgspec.Raw(encode_fact(fact))
        )
        for seq, (at, mono, fact) in enumerate(facts, 1)
    ]
    async with serve(UTC_SITE) as service:
        client = await desks(service.server.address)
        await client.resume(make_token(data, client.key.desk, "1001"), "today")
        await client.request(Claim(client.next_id(), ("offline",)))
        await client.append(records, "offline")
        await client.acked(4)
        day = await day_of(client, "1001")
    assert minutes(day) == [(1, 20, State.READY), (20, 1440, State.LOGGED_OFF)]


def hectic(minute: int) -> tuple[AnyFact, ...]:
    """A minute of a seat gone mad: a state and a call, with texts that grow on the wire."""
    strange, name = "\x01" * 100, f"c{minute}"
    return (
        StateEntered((State.READY, State.NOT_READY)[minute % 2], strange, strange),
        CallOffered(name, strange, line=strange),
        CallWrappedUp(name, strange, "", strange, (), ""),
    )


async def test_of_a_day_too_long_for_an_answer_the_newest_part_is_told_and_counted(
    serve: Serve, desks: Desks, data: Path
) -> None:
    facts = [
        msgspec.structs.replace(record, seq=3 * minute + record.seq)
        for minute in range(1200)
        for record in records(*hectic(minute), at_ms=MIDNIGHT + minute * MINUTE)
    ]
    async with serve(UTC_SITE) as service:
        client = await desks(service.server.address)
        await client.resume(make_token(data, client.key.desk, "1001"), "mad")
        for first in range(0, len(facts), MAX_BATCH):
            await client.append(facts[first : first + MAX_BATCH])
        await client.acked(len(facts))
        day = await day_of(client, "1001")
        quiet = await day_of(client, "1001", DAY + timedelta(days=1))
    assert len(codec.encode(day)) < codec.MAX_FRAME_BYTES
    assert min(day.segments_left_off, day.calls_left_off) > 0
    assert len(day.segments) + day.segments_left_off == 1200
    assert len(day.calls) + day.calls_left_off == 1200
    assert minutes(day)[-1] == (1199, 1440, State.NOT_READY)
    assert sum(day.seconds.values()) == 24 * 3600
    assert (quiet.segments_left_off, quiet.calls_left_off) == (0, 0)


async def test_a_seat_that_is_ahead_of_its_time_is_in_the_day_of_its_receipt(
    serve: Serve, desks: Desks, data: Path
) -> None:
    async with serve(UTC_SITE) as service:
        client = await desks(service.server.address)
        await client.resume(make_token(data, client.key.desk, "1001"), "ahead")
        begun = await client.record(enters(State.READY), at_ms=MIDNIGHT + 100_000 * DAY_MS)
        today = datetime.fromtimestamp(begun.received_ms / 1000, UTC).date()
        await client.record(enters(State.NOT_READY), first=2, at_ms=begun.received_ms)
        day = await day_of(client, "1001", today)
    assert day.segments[-1].state is State.NOT_READY


@pytest.mark.parametrize(
    ("actor", "agent"),
    [("1001", "1001"), ("2001", "1001"), ("2001", "2001"), ("3001", "1002"), ("3001", "2001")],
)
async def test_ones_own_and_those_who_are_led_are_seen(
    signed_in: SignedIn, actor: str, agent: str
) -> None:
    day = await day_of(await signed_in(actor), agent)
    assert (day.person.number, day.segments, day.calls, day.unknown_s) == (agent, (), (), 0)


@pytest.mark.parametrize(("actor", "agent"), [("1001", "1002"), ("2001", "1002")])
async def test_others_are_not_seen(signed_in: SignedIn, actor: str, agent: str) -> None:
    with pytest.raises(Refused, match="not_permitted"):
        await day_of(await signed_in(actor), agent)


async def test_a_day_of_nobody_and_no_day_at_all(signed_in: SignedIn) -> None:
    lead = await signed_in("3001")
    with pytest.raises(Refused, match="unknown_agent"):
        await day_of(lead, "9999")
    with pytest.raises(Refused, match="malformed_message"):
        await day_of(lead, "1001", date.max)
    assert (await day_of(lead, "1001", date.min)).segments == ()
    with pytest.raises(Refused, match="too_many_requests"):
        for _ in range(1000):
            await day_of(lead, "1001")


def test_calls_of_other_days_and_without_times_are_told_apart() -> None:
    facts: list[tuple[int | None, AnyFact]] = [
        (MIDNIGHT - 1, CallOffered("yesterday", "1")),
        (MIDNIGHT, CallAnswered("yesterday")),
        (None, CallOffered("unplaced", "02165432100")),
        (MIDNIGHT, CallMissed("unplaced", MissCause.REJECT)),
        (None, CallOffered("nowhere", "1")),
        (MIDNIGHT, CallDialled("made", "1")),
        (MIDNIGHT, CallAnswered("made")),
        (MIDNIGHT, CallEnded("made", EndCause.SEAT_LOST, ReleasedBy.UNKNOWN)),
    ]
    calls = day_calls(facts, MIDNIGHT, MIDNIGHT + 100)
    assert (calls.answered, calls.missed) == (1, 1)
    unplaced, made = calls.calls
    assert (unplaced.at, unplaced.missed) == (None, "REJECT")
    assert (made.direction, made.answered, made.ended, made.talk_s) == (
        "outbound",
        True,
        "seat_lost",
        None,
    )
