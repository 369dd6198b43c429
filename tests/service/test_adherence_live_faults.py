"""One person's fault, or a disk's, does not end what the floor is told of everybody."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TypeVar, cast

import pytest

from agent_service.adherence import live as live_module
from agent_service.adherence.live import LiveAdherence
from agent_service.adherence.live_days import Asked, LiveDay, LiveDays
from agent_service.adherence.own_plans import OwnPlans
from agent_service.calls.day_counts import DayCounts
from agent_service.exceptions.proposing import DerivedProposer
from agent_service.presence.floor import Floor
from agent_service.presence.row import Presence
from agent_service.reader import Reader
from agent_service.writer import Writer
from protocol.facts.agent import Reason, State
from protocol.rules.agent_state import AgentState, Limits
from protocol.wire.errors import Code, Refused
from protocol.wire.roster import OwnPlan
from protocol.wire.session import Person, Role
from tests.seat.service import eventually
from tests.service.shifts import MINUTE, NINE_TO_SIX, WHERE, Shifts, at, enters, shifts

T = TypeVar("T")
PEOPLE = tuple(Person(number, number, (Role.AGENT,), "A") for number in ("1001", "1002"))


class Disk:
    """Reads at once; refuses writes, and as many reads as it is told."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.connection = connection
        self.refusing = 0
        self.writes = 0

    async def run(self, query: Callable[[sqlite3.Connection], T]) -> T:
        if self.refusing:
            self.refusing -= 1
            raise Refused(Code.LEDGER_UNAVAILABLE)
        return query(self.connection)


class Full(Disk):
    """No write succeeds."""

    async def run(self, query: Callable[[sqlite3.Connection], T]) -> T:
        self.writes += 1
        raise Refused(Code.LEDGER_UNAVAILABLE)


class Begun(LiveDays):
    """Counts how often everything was read, and fails for whom it is told."""

    times = 0
    faulty = ""

    def __init__(self) -> None:
        super().__init__()
        Begun.times += 1

    def round(self, connection: sqlite3.Connection, asked: Asked) -> list[LiveDay]:
        if Begun.faulty in asked.agents:
            raise ZeroDivisionError("planted")
        return super().round(connection, asked)


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Short ticks; what is begun is counted."""
    monkeypatch.setattr(live_module, "_TICK_S", 0.01)
    monkeypatch.setattr(live_module, "LiveDays", Begun)
    monkeypatch.setattr(Begun, "times", 0)
    monkeypatch.setattr(Begun, "faulty", "")


@pytest.fixture
def shift(tmp_path: Path) -> Iterator[Shifts]:
    """Two people who are to work from nine to six."""
    with shifts(tmp_path / "data") as made:
        made.hire("1001", "1002")
        for agent in ("1001", "1002"):
            made.plan(agent, NINE_TO_SIX)
            made.begin(agent, f"s{agent}")
            made.tell(f"s{agent}", [(at("09:00"), enters(State.READY))])
        made.now_ms = at("11:59")
        yield made


def made_live(shift: Shifts) -> tuple[Floor, LiveAdherence, Full]:
    """All that is counted by; no write succeeds."""
    floor = Floor(Limits(), (), DayCounts(WHERE, lambda: shift.now_ms))
    floor.join(PEOPLE)
    full = Full(shift.connection)
    parts = cast("Reader", Disk(shift.connection)), cast("Writer", full)
    proposer = cast("DerivedProposer", None)
    live = LiveAdherence(floor, *parts, proposer, WHERE, lambda: shift.now_ms)
    live.note(("1001", "1002"))
    return floor, live, full


@asynccontextmanager
async def running(live: LiveAdherence) -> AsyncIterator[asyncio.Task[None]]:
    """It runs, and is ended."""
    task = asyncio.create_task(live.run())
    yield task
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


READY = AgentState(state=State.READY, reason=None)


async def test_somebody_may_leave_the_staff(shift: Shifts) -> None:
    floor, live, _ = made_live(shift)
    told: list[str] = []
    async with running(live) as task:
        await eventually(lambda: live.row("1001", READY).planned is not None)
        await eventually(lambda: live.row("1002", READY).planned is not None)
        floor.leave(["1001"])
        await eventually(lambda: live.row("1001", READY).planned is None)
        floor.changed = told.extend
        shift.now_ms = at("12:01")
        await eventually(lambda: "1002" in told)
        assert not task.done()
    assert Begun.times == 2


async def test_one_who_cannot_be_counted_stops_nobody(
    shift: Shifts, caplog: pytest.LogCaptureFixture
) -> None:
    _, live, _ = made_live(shift)
    Begun.faulty = "1001"
    async with running(live):
        await eventually(lambda: live.row("1002", READY).planned is not None)
        Begun.faulty = ""
        shift.now_ms += MINUTE
        await eventually(lambda: live.row("1001", READY).planned is not None)
    assert "planted" in caplog.text


async def test_a_full_disk_does_not_begin_everything_anew(shift: Shifts) -> None:
    fault = enters(State.NOT_READY, Reason.SYSTEM_FAULT)
    shift.tell("s1001", [(at("11:00"), fault), (at("11:30"), enters(State.READY))])
    _, live, full = made_live(shift)
    async with running(live) as task:
        await eventually(lambda: full.writes == 1)
        shift.now_ms += 2 * MINUTE
        await eventually(lambda: full.writes == 2)
        assert not task.done()
    assert Begun.times == 2


async def test_nobody_is_told_to_be_out_before_it_is_known(shift: Shifts) -> None:
    floor, live, _ = made_live(shift)
    personal = AgentState(state=State.NOT_READY, reason=Reason.PERSONAL)
    told: list[str] = []
    async with running(live):
        await eventually(lambda: live.row("1001", READY).adhering is True)
        shift.tell("s1001", [(at("11:59"), enters(State.NOT_READY, Reason.PERSONAL))])
        floor.rows["1001"] = Presence("1001", "", "", since_ms=at("11:59"))
        assert live.row("1001", personal).adhering is None
        floor.changed = told.extend
        shift.now_ms += 30_000
        await eventually(lambda: "1001" in told)


async def test_a_plan_is_told_although_one_read_failed(
    shift: Shifts, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("agent_service.adherence.own_plans._LOOK_S", 0.05)
    floor, _, _ = made_live(shift)
    people, disk = {each.number: each for each in PEOPLE}, Disk(shift.connection)
    own = OwnPlans(floor, people.get, cast("Reader", disk), WHERE, lambda: shift.now_ms)
    told: list[str] = []

    def push(agent: str, plan: OwnPlan) -> None:
        told.append(agent)

    own.push, own.signed_in = push, lambda: people
    disk.refusing = 1
    own.note(("1001", "1002"))
    task = asyncio.create_task(own.run())
    await eventually(lambda: sorted(told) == ["1001", "1002"])
    people["1001"] = Person("1001", "1001", (Role.AGENT,), "B")
    await eventually(lambda: len(told) == 3)
    assert told[-1] == "1001"
    shift.now_ms = at("24:01")
    await eventually(lambda: sorted(told[3:]) == ["1001", "1002"])
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
