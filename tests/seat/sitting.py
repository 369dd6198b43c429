"""A whole seat between a scripted service and a phone in memory, asked over its own socket."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import ClassVar

import pytest

from agent_client.desk_client import DeskClient
from agent_client.phone.engine import AnyCommand, Close, Emit
from agent_client.phone.fake_engine import FakeEngine
from agent_client.seat import link as link_module
from agent_client.seat import phone as phone_module
from agent_client.seat import sealed as sealed_module
from agent_client.seat.clock import Reading
from agent_client.seat.place import SeatPlace, contacts, make_folders, place_of
from agent_client.seat.process import Seat
from agent_client.settings import Settings
from protocol.facts.agent import Reason, State, StateEntered
from protocol.facts.record import AnyFact
from protocol.wire import desk, desk_call, desk_floor
from protocol.wire.errors import Refused
from protocol.wire.sync import Link
from tests.seat.folding import read_disk
from tests.seat.service import FakeService, eventually

PASSWORD = "pa55word"


class Child:
    """A phone's process, in memory: the fake engine behind `PhoneChild`'s face."""

    made: ClassVar[list["Child"]] = []
    fails_to_start = 0

    def __init__(
        self, emit: Emit, on_exit: Callable[[int], None], engine: str, log: Path | None
    ) -> None:
        self.engine = FakeEngine(self._emit)
        self._tell = emit
        self._on_exit = on_exit
        self.alive = False
        Child.made.append(self)

    async def start(self) -> None:
        if Child.fails_to_start:
            Child.fails_to_start -= 1
            raise OSError("no more processes")
        self.alive = True

    def do(self, command: AnyCommand) -> None:
        self.engine.do(command)

    async def stop(self, limit_s: float = 3.0) -> None:
        if self.alive:
            self.engine.do(Close())
            await asyncio.wait_for(self.engine.closed.wait(), 5)
        self.alive = False

    def dies(self) -> None:
        self.alive = False
        self._on_exit(-9)

    def _emit(self, event: object) -> None:
        if self.alive:
            self._tell(event)  # type: ignore[arg-type]  # an engine emits events alone


class Sitting:
    """Somebody at a seat."""

    def __init__(self, seat: Seat, client: DeskClient, place: SeatPlace) -> None:
        self.seat = seat
        self.client = client
        self.place = place
        self.seen: list[desk.Status] = []
        self.floors: list[desk_floor.Floor] = []
        client.listen(self._take)

    def _take(self, push: desk.Pushed) -> None:
        if isinstance(push, desk.Status):
            self.seen.append(push)
        elif isinstance(push, desk_floor.Floor):
            self.floors.append(push)

    @property
    def status(self) -> desk.Status:
        return self.seen[-1]

    async def until(self, what: Callable[[desk.Status], bool]) -> desk.Status:
        await eventually(lambda: bool(self.seen) and what(self.status))
        return self.status

    async def enrol_and_sign_in(self) -> None:
        await self.until(lambda status: status.link is Link.ONLINE)
        await self.client.ask(lambda id_: desk.EnrolDesk(id_, "code"))
        await self.sign_in()

    async def sign_in(self) -> None:
        await self.client.ask(lambda id_: desk.SignIn(id_, PASSWORD))
        await self.until(lambda status: status.phone is desk.PhoneState.REGISTERED)

    async def refusal(self, make: Callable[[int], desk.AnyRequest]) -> str:
        """The code with which a request is refused; `done` when it is not."""
        try:
            await self.client.ask(make)
        except Refused as refused:
            return refused.code
        return "done"

    async def talking(self) -> str:
        await self.client.ask(desk.Ready)
        call_id = Child.made[-1].engine.far.peer_calls("13800138000")
        await self.until(lambda status: status.state is State.RINGING)
        await self.client.ask(desk_call.Answer)
        return call_id

    def facts(self) -> list[AnyFact]:
        return read_disk(self.place.outbox)[-1]

    def states(self) -> list[tuple[State, str, Reason | None]]:
        entered = [fact for fact in self.facts() if isinstance(fact, StateEntered)]
        return [(fact.state, fact.trigger, fact.reason) for fact in entered]


def place_in(folder: Path, service: FakeService) -> tuple[Settings, SeatPlace]:
    settings = Settings(
        server=service.url, agent="1001", data=str(folder / "d"), runtime=str(folder / "r")
    )
    place = place_of(settings)
    make_folders(place)
    return settings, place


@asynccontextmanager
async def sitting(folder: Path, service: FakeService) -> AsyncIterator[Sitting]:
    """A seat that runs, with somebody watching it. In the end it is stopped in order."""
    settings, place = place_in(folder, service)
    seat = Seat(settings, place, "fake")
    ready = asyncio.Event()
    running = asyncio.create_task(seat.run(ready.set))
    await asyncio.wait_for(ready.wait(), 10)
    (contact,) = contacts(place.runtime)
    client = await DeskClient.connect(contact, terminal=True)
    sits = Sitting(seat, client, place)
    try:
        await client.ask(desk.Watch)
        yield sits
    finally:
        await client.close()
        seat.stop()
        await asyncio.wait_for(running, 10)


def without_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    """No process for the phone, and no long wait anywhere."""
    monkeypatch.setattr(Child, "made", [])
    monkeypatch.setattr(Child, "fails_to_start", 0)
    monkeypatch.setattr(phone_module, "PhoneChild", Child)
    monkeypatch.setattr(phone_module, "FIRST_WAIT_S", 0.01)
    monkeypatch.setattr(link_module, "LONGEST_WAIT_S", 0.05)
    monkeypatch.setattr(link_module, "SHORTEST_WAIT_S", 0.01)
    monkeypatch.setattr(link_module, "INTRODUCTION_S", 0.5)
    monkeypatch.setattr(sealed_module, "COST", 4)


def dead(act: Callable[[Reading], None]) -> None:
    """Nothing happens any more."""


async def nothing_more(_: Sitting) -> None:
    """It is killed as it is."""


async def in_a_call(sits: Sitting) -> None:
    """Somebody is talking."""
    await sits.talking()


async def kill(
    folder: Path,
    service: FakeService,
    meanwhile: Callable[[Sitting], Awaitable[None]] = nothing_more,
    begun: Callable[[Sitting], Awaitable[None]] = in_a_call,
) -> None:
    """A seat, with a call unless it has `begun` otherwise, that ends as by `kill -9`: nothing of
    it is told to anybody."""
    settings, place = place_in(folder, service)
    seat = Seat(settings, place, "fake")
    ready = asyncio.Event()
    running = asyncio.create_task(seat.run(ready.set))
    await asyncio.wait_for(ready.wait(), 10)
    (contact,) = contacts(place.runtime)
    client = await DeskClient.connect(contact, terminal=True)
    sits = Sitting(seat, client, place)
    await client.ask(desk.Watch)
    await sits.enrol_and_sign_in()
    await begun(sits)
    await meanwhile(sits)
    for child in Child.made:
        child.alive = False
    seat.standing.happened = dead  # type: ignore[method-assign]  # nothing is heard any more
    running.cancel()
    await client.close()
    with contextlib.suppress(asyncio.CancelledError):
        await running
