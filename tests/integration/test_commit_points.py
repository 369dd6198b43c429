"""Each program killed at each of its commit points, at one after another of its passings, while an
agent works: whatever was acknowledged is in the ledger exactly once, every figure lies between
what was asked and what was agreed to, and the chain holds."""

import asyncio
import contextlib
import os
import shutil
import sys
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from pathlib import Path

import pytest

from agent_client.demo.player import Player
from agent_client.desk_client import ConnectionLost
from agent_client.phone import engine
from agent_client.settings import as_environment
from agent_service import tables
from agent_service.commands.ledger import verify
from agent_service.ledger.verify import verify as verify_ledger
from protocol.facts.agent import Reason, State
from protocol.wire import desk, desk_call
from protocol.wire.errors import Refused
from tests.integration import evidence
from tests.integration.rig import LIMIT_S, PASSWORD, Program, Rig
from tests.integration.sabotage import (
    BACKUP,
    POINTS,
    PRIVATE_FILES,
    Point,
    sabotaged,
    sabotaging,
)
from tests.integration.truth import told

PASSINGS = range(1, 6)
STEP_S = 3.0

pytestmark = pytest.mark.prove


@pytest.fixture(autouse=True)
def _needs_a_tracer() -> None:
    if shutil.which("strace") is None and os.environ.get("REQUIRE_INTEROP") != "1":
        pytest.skip("strace is not installed")


@contextlib.contextmanager
def whatever_breaks() -> Iterator[None]:
    """What a person meets when a program dies under the hand: a refusal, or a lost connection."""
    with contextlib.suppress(Refused, ConnectionLost, TimeoutError):
        yield


class Book:
    """What the test has asked for, and what of it was agreed to."""

    def __init__(self) -> None:
        self.asked: Counter[str] = Counter()
        self.agreed: Counter[str] = Counter()

    async def ask(self, agent: Player, make: Callable[[int], desk.AnyRequest]) -> None:
        """Ask, and note it."""
        name = type(make(0)).__name__
        self.asked[name] += 1
        await agent.ask(make)
        self.agreed[name] += 1

    def compare(self, name: str, happened: int) -> None:
        """All that was agreed to has happened, and nothing that was not asked for."""
        assert self.agreed[name] <= happened <= self.asked[name]


def pid_of(floor: Rig, program: str) -> int:
    """The process id of one of the programs."""
    if program == "phone":
        return floor.phone_pid("1001")
    running = {"service": floor.service, "terminal": floor.seats.get("terminal")}
    found = running.get(program, floor.seats["1001"])
    assert found is not None
    return found.pid


async def open_terminal(floor: Rig) -> Program:
    """The terminal, at its own pseudo terminal."""
    return await Program.start_in_terminal(
        *("agent_client.cli", "--lang", "en"),
        environment=as_environment(floor.settings("1001")),
        painted=b"READY",
    )


@contextlib.asynccontextmanager
async def with_terminal(floor: Rig, point: Point) -> AsyncIterator[None]:
    """Where the point is one of the terminal's, there is a terminal."""
    if point.program != "terminal":
        yield
        return
    terminal = await open_terminal(floor)
    floor.seats["terminal"] = terminal
    try:
        with terminal.watched():
            yield
    finally:
        del floor.seats["terminal"]
        await terminal.kill()


async def work(floor: Rig, agent: Player, book: Book) -> None:
    """A call, after-call work and a break, as far as they go."""
    with whatever_breaks():
        status = await at_rest(agent)
        assert status.phone_address is not None
        floor.customer.dial(status.phone_address)
        await agent.until(lambda status: status.state == State.RINGING, STEP_S)
        await book.ask(agent, desk_call.Answer)
        await agent.ask(desk_call.Hold)
        await agent.ask(desk_call.Resume)
        await agent.ask(desk_call.Hangup)
        await agent.until(lambda status: status.state == State.ACW, STEP_S)
        await agent.ask(desk.AcwDone)
        await book.ask(agent, lambda id_: desk.Break(id_, Reason.MEAL))


async def at_rest(agent: Player) -> desk.Status:
    """READY, whatever was left undone."""
    status = await agent.until(lambda status: status.phone_address is not None, STEP_S)
    if status.call is not None:
        await agent.ask(desk_call.Hangup)
        await agent.until(lambda status: status.call is None, STEP_S)
    await agent.ask(desk.Ready)
    return await agent.until(lambda status: status.state == State.READY, STEP_S)


async def work_until_gone(pid: int, work: Callable[[], Awaitable[None]]) -> None:
    """Work, again and again, until the process dies under it; what was begun is brought to its
    end, as far as it goes."""
    while not is_gone(pid):
        with whatever_breaks():
            async with asyncio.timeout(LIMIT_S):
                await work()


def is_gone(pid: int) -> bool:
    """Whether a process is dead, or as good as."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except OSError:
        return True


async def repair(floor: Rig, agent: Player, point: Point) -> Player:
    """Start again what does not start by itself."""
    if point.program == "service":
        assert floor.service is not None
        await floor.service.kill()
        await floor.start_service()
    if point.program == "seat":
        await floor.seats["1001"].kill()
        return await floor.start_seat("1001")
    return agent


async def compare(floor: Rig, agent: Player, book: Book) -> None:
    """Every fact once and in order, and figures that lie within what the test knows."""
    await agent.ask(desk.SignOut)
    await floor.all_sent(agent)
    kept = floor.outbox("1001")
    sessions = {which for which, _, _ in kept}
    assert [entry for entry in floor.ledger() if entry[0] in sessions] == kept
    truth = told(fact for _, _, fact in kept)
    book.compare("Answer", truth.answered)
    book.compare("Break", truth.acts.count("break:MEAL"))
    assert all(each.ended for each in truth.calls)
    day = await agent.ask(desk.GetDay)
    assert isinstance(day, desk.Day)
    assert (day.calls_answered, day.calls_missed) == (truth.answered, truth.missed)
    history = evidence.select(floor.data, "SELECT answered, missed FROM call_history")
    assert Counter(history) == Counter((each.answered, bool(each.missed)) for each in truth.calls)
    verify(floor.data)


@pytest.mark.parametrize("passing", PASSINGS)
@pytest.mark.parametrize("point", POINTS, ids=str)
async def test_killed_at_a_commit_point(
    shift_floor: Rig, tmp_path: Path, point: Point, passing: int
) -> None:
    floor, book = shift_floor, Book()
    agent = await floor.agent_at_work()
    await floor.all_sent(agent)
    acknowledged = floor.ledger()
    async with with_terminal(floor, point):
        pid = pid_of(floor, point.program)
        async with sabotaged(pid, point, passing, tmp_path / "trace"):
            await work_until_gone(pid, lambda: work(floor, agent, book))
    agent = await repair(floor, agent, point)
    await agent.until(lambda status: status.state != State.LOGGED_OFF)
    await agent.until(lambda status: status.phone is desk.PhoneState.REGISTERED)
    for event in [each for each in floor.customer.events if isinstance(each, engine.CallProgress)]:
        floor.customer.hang_up(event.call_id)
    await agent.until(lambda status: status.call is None)
    assert floor.ledger()[: len(acknowledged)] == acknowledged
    await compare(floor, agent, book)


async def comes_and_goes(agent: Player) -> None:
    """Out and in again, as far as it goes."""
    with whatever_breaks():
        await agent.ask(desk.SignOut)
        await agent.ask(lambda id_: desk.SignIn(id_, PASSWORD))


@pytest.mark.parametrize("passing", range(1, 4))
@pytest.mark.parametrize("point", PRIVATE_FILES, ids=str)
async def test_killed_while_a_sign_in_is_kept(
    shift_floor: Rig, tmp_path: Path, point: Point, passing: int
) -> None:
    floor = shift_floor
    agent = await floor.agent_at_work()
    pid = pid_of(floor, point.program)
    async with sabotaged(pid, point, passing, tmp_path / "trace"):
        await work_until_gone(pid, lambda: comes_and_goes(agent))
    agent = await repair(floor, agent, point)
    await agent.until(lambda status: status.link_fault is None)
    with contextlib.suppress(Refused):  # a token that was kept has signed the agent in
        await agent.ask(lambda id_: desk.SignIn(id_, PASSWORD))
    await agent.until(lambda status: status.phone is desk.PhoneState.REGISTERED)
    await compare(floor, agent, Book())


@pytest.mark.parametrize("passing", range(1, 3))
@pytest.mark.parametrize("point", BACKUP, ids=str)
async def test_killed_while_it_backs_up(
    floor: Rig, tmp_path: Path, point: Point, passing: int
) -> None:
    file = tmp_path / "backup.db"
    command = ("backup", str(file), "--data", str(floor.data))
    killed = await asyncio.create_subprocess_exec(
        *sabotaging(point, passing, tmp_path / "trace"),
        *(sys.executable, "-m", "agent_service.cli", *command),
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
    )
    await asyncio.wait_for(killed.wait(), 60)
    if not file.exists():
        await floor.command(*command)
    with tables.reading(file) as (connection, ledger):
        verify_ledger(connection, ledger, tables.empty_projections())
    verify(floor.data)
