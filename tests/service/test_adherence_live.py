"""Adherence on the floor as it is now."""

import asyncio
import threading
from datetime import UTC, date, datetime
from pathlib import Path
from typing import NoReturn

import pytest

from agent_service import bootstrap
from agent_service.adherence.live_days import Asked, LiveDay, LiveDays
from agent_service.commands.ledger import verify
from agent_service.reports import handlers
from protocol.facts.agent import Reason, State
from protocol.facts.session import LinkBack, LinkLost
from protocol.facts.shift import Activity, PlanCause, PlannedSegment, ShiftPlanned
from protocol.wire.adherence import AdherenceDay, GetAdherence
from protocol.wire.errors import Code, Refused
from protocol.wire.exceptions import (
    DecideExceptions,
    Exceptions,
    ExceptionsDecided,
    GetExceptions,
)
from protocol.wire.report import GetReport
from tests.service.client import LIMIT_S
from tests.service.conftest import SignedIn
from tests.service.lead import Lead
from tests.service.shifts import (
    DAY,
    HOUR,
    MINUTE,
    NINE_TO_SIX,
    WHERE,
    Shifts,
    at,
    enters,
    shifts,
    shifts_in,
)

AGENTS = ("1001", "1002")


def counted(
    days: LiveDays, floor: Shifts, changed: frozenset[str] | None = frozenset()
) -> dict[tuple[str, date], LiveDay]:
    asked = Asked(AGENTS, changed, floor.moment)
    return {(day.agent, day.day): day for day in days.round(floor.connection, asked)}


def check(floor: Shifts, found: dict[tuple[str, date], LiveDay]) -> None:
    """The same as one day at a time."""
    for (agent, day), live in found.items():
        figure = floor.day_of(agent, day).figure
        assert (live.counted_s or 0) == figure.figure.counted_s
        assert (live.in_s or 0) == figure.figure.in_adherence_s
        assert (live.in_high_s or 0) == figure.figure.in_adherence_high_s
        assert live.fatigue == figure.fatigue


def test_it_keeps_up_with_the_ledger(tmp_path: Path) -> None:
    with shifts(tmp_path / "data") as floor:
        floor.hire(*AGENTS)
        floor.plan("1001", NINE_TO_SIX)
        floor.begin("1001", "s")
        floor.tell("s", [(at("09:10"), enters(State.READY))])
        floor.now_ms = at("10:00")
        days = LiveDays()
        first = counted(days, floor, None)
        assert (first[("1001", DAY)].in_s, first[("1001", DAY)].counted_s) == (3000, 3600)
        assert first[("1002", DAY)].counted_s is None
        check(floor, first)
        floor.tell("s", [(at("10:30"), enters(State.NOT_READY, Reason.REST))])
        floor.begin("1002", "t")
        floor.tell("t", [(at("10:40"), enters(State.READY))])
        floor.now_ms = at("11:00")
        check(floor, counted(days, floor))
        floor.plan("1002", NINE_TO_SIX)
        later = counted(days, floor, frozenset({"1002"}))
        assert later[("1002", DAY)].segments
        check(floor, later)
        floor.record(LinkLost("1001", "s", at("10:50")))
        floor.now_ms = at("11:30")
        lost = counted(days, floor)
        assert lost[("1001", DAY)].in_high_s != lost[("1001", DAY)].in_s
        check(floor, lost)
        floor.record(LinkBack("1001", "s"))
        floor.now_ms = at("34:00")
        check(floor, counted(days, floor))


def test_facts_of_a_session_that_nobody_knew_are_taken_in(tmp_path: Path) -> None:
    with shifts(tmp_path / "data") as floor:
        floor.hire(*AGENTS)
        floor.begin("1001", "old")
        floor.tell("old", [(at("09:00"), enters(State.READY))])
        floor.now_ms = at("09:00") + 100 * HOUR
        days = LiveDays()
        counted(days, floor, None)
        floor.tell("old", [(floor.now_ms, enters(State.READY))])
        floor.now_ms += 10 * MINUTE
        check(floor, counted(days, floor))


async def test_the_floor_is_told_what_is_planned_and_how_it_goes(
    signed_in: SignedIn, data: Path
) -> None:
    now_ms = bootstrap.now_ms()
    today = datetime.fromtimestamp(now_ms / 1000, UTC).astimezone(WHERE).date()
    plan = (PlannedSegment(now_ms - 10 * MINUTE, now_ms + 20 * MINUTE, Activity.WORK),)
    agent, client = await signed_in("1001"), await signed_in("2001")
    await agent.record(enters(State.READY), at_ms=now_ms - 10 * MINUTE)
    lead = await Lead(client).subscribe()
    with shifts_in(data) as floor:
        floor.now_ms = now_ms
        floor.record(ShiftPlanned("1001", today, 1, plan, "2001", PlanCause.ROSTER))
    row = await lead.until("1001", lambda row: row.planned is not None)
    assert (row.planned, row.adhering, row.fatigue) == (Activity.WORK, True, "")
    assert row.planned_until == datetime.fromtimestamp((now_ms + 20 * MINUTE) / 1000, UTC)
    assert row.counted_s is not None
    assert row.counted_s >= 600
    assert row.in_s == row.in_high_s == row.counted_s
    await agent.record(enters(State.NOT_READY, Reason.REST), first=2, at_ms=None)
    row = await lead.until("1001", lambda row: row.state is State.NOT_READY)
    assert row.adhering is None


async def test_what_goes_on_can_be_decided_before_it_is_on_record(
    data: Path, signed_in: SignedIn
) -> None:
    now_ms = bootstrap.now_ms()
    today = datetime.fromtimestamp(now_ms / 1000, UTC).astimezone(WHERE).date()
    plan = (PlannedSegment(now_ms - 5 * MINUTE, now_ms + 20 * MINUTE, Activity.WORK),)
    agent, client = await signed_in("1001"), await signed_in("2001")
    fault = enters(State.NOT_READY, Reason.SYSTEM_FAULT)
    await agent.record(fault, at_ms=now_ms - 5 * MINUTE)
    lead = await Lead(client).subscribe()
    with shifts_in(data) as floor:
        floor.now_ms = now_ms
        floor.record(ShiftPlanned("1001", today, 1, plan, "2001", PlanCause.ROSTER))
    await lead.until("1001", lambda row: row.planned is not None)
    shown = await client.request(GetAdherence(client.next_id(), "1001", today))
    assert isinstance(shown, AdherenceDay)
    (follows,) = shown.exceptions
    decided = DecideExceptions(client.next_id(), (follows.exception, "no such"), approved=True)
    reply = await client.request(decided)
    assert isinstance(reply, ExceptionsDecided)
    assert reply.refused == {"no such": "unknown_exception"}
    assert [(row.exception, row.standing) for row in reply.rows] == [
        (follows.exception, "approved")
    ]


async def test_a_past_day_can_be_decided_while_a_report_is_made(
    data: Path, signed_in: SignedIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, done = threading.Event(), threading.Event()

    def slow(*asked: object) -> NoReturn:
        begun.set()
        done.wait(LIMIT_S)
        raise Refused(Code.UNKNOWN_REPORT)

    monkeypatch.setattr(handlers, "make", slow)
    client = await signed_in("2001")
    yesterday = bootstrap.now_ms() - 24 * HOUR
    day = datetime.fromtimestamp(yesterday / 1000, UTC).astimezone(WHERE).date()
    with shifts_in(data) as floor:
        floor.now_ms = yesterday
        told = PlannedSegment(yesterday, yesterday + 20 * MINUTE, Activity.WORK)
        floor.record(ShiftPlanned("1001", day, 1, (told,), "2001", PlanCause.ROSTER))
        floor.begin("1001", "s")
        states = [
            (yesterday, enters(State.NOT_READY, Reason.SYSTEM_FAULT)),
            (yesterday + 5 * MINUTE, enters(State.READY)),
            (yesterday + 20 * MINUTE, enters(State.LOGGED_OFF)),
        ]
        floor.tell("s", states)
    shown = await client.request(GetAdherence(client.next_id(), "1001", day))
    assert isinstance(shown, AdherenceDay)
    (follows,) = shown.exceptions
    reporting = asyncio.create_task(
        client.request(GetReport(client.next_id(), "adherence", day, day))
    )
    assert await asyncio.to_thread(begun.wait, LIMIT_S)
    other = await signed_in("3001")
    decided = DecideExceptions(other.next_id(), (follows.exception,), approved=True)
    reply = await other.request(decided)
    assert not reporting.done()
    done.set()
    assert isinstance(reply, ExceptionsDecided)
    assert [row.standing for row in reply.rows] == ["approved"]
    with pytest.raises(Refused):
        await reporting


async def test_what_follows_from_the_facts_is_proposed_by_itself(
    data: Path, signed_in: SignedIn
) -> None:
    now_ms = bootstrap.now_ms() - MINUTE
    today = datetime.fromtimestamp(now_ms / 1000, UTC).astimezone(WHERE).date()
    begin_ms = now_ms - 30 * MINUTE
    plan = (PlannedSegment(begin_ms, now_ms, Activity.WORK),)
    with shifts_in(data) as floor:
        floor.now_ms = begin_ms
        floor.record(ShiftPlanned("1001", today, 1, plan, "2001", PlanCause.ROSTER))
        floor.begin("1001", "s")
        told = [
            (begin_ms, enters(State.NOT_READY, Reason.SYSTEM_FAULT)),
            (begin_ms + 5 * MINUTE, enters(State.READY)),
            (now_ms, enters(State.LOGGED_OFF)),
        ]
        floor.tell("s", told)
    lead = await signed_in("2001")

    async def asked() -> list[str]:
        message = GetExceptions(lead.next_id(), today, today)
        reply = await lead.request(message)
        assert isinstance(reply, Exceptions)
        return [row.code for row in reply.rows]

    async with asyncio.timeout(LIMIT_S):
        while not (found := await asked()):
            await asyncio.sleep(0.5)
    assert found == ["SYSTEM_FAULT"]
    verify(data)
