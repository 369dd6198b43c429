"""Connecting a seat with somebody who listens: what changes is said, what is typed is done."""

import argparse
import asyncio
import sys
import threading
import time
from collections.abc import Callable, Coroutine, Iterable
from datetime import datetime
from typing import TypeVar

from agent_client.asking import request, waits
from agent_client.desk_client import DeskClient
from agent_client.plain.floor_lines import FloorLines
from agent_client.plain.own_day_lines import OwnDayLines
from agent_client.plain.page_lines import page_lines
from agent_client.plain.status_lines import StatusLines
from agent_client.plain.study import Study
from agent_client.plain.training_lines import TrainingLines
from agent_client.plain.typed_lines import Hint, Typed
from agent_client.seat_starter import ensure_seat
from agent_client.seat_words import answer_lines
from agent_client.settings import Settings
from agent_client.terminal.clock import Monotonic, SeatClock
from agent_client.terminal.connection import Connected, Failed, Lost, News, keep_connected
from agent_client.terminal.seat import Connect, Seat
from agent_client.typed_secrets import AskedSecrets, Secrets, given_ahead
from protocol.facts.agent import State
from protocol.i18n import Catalogue
from protocol.wire import desk, desk_base, desk_floor
from protocol.wire.desk import Status
from protocol.wire.desk_floor import Floor
from protocol.wire.desk_plan import OwnDay, WatchDay
from protocol.wire.desk_training import DeskTraining, WatchTraining
from protocol.wire.errors import Code, Refused

LOOK_S = 5.0
"""How often time alone is looked at for who needs help."""
FLOOR_S = 5.0
"""How long to wait for the rows of a floor that is asked for before it was told."""

Say = Callable[[str], None]
_Result = TypeVar("_Result")


class PlainTerminal:
    """Says what happens at a seat, and does what is typed."""

    def __init__(
        self,
        catalogue: Catalogue,
        say: Say,
        *,
        supervisor: bool,
        monotonic: Monotonic = time.monotonic,
    ) -> None:
        self._catalogue = catalogue
        self._say = say
        self._supervisor = supervisor
        self._typed = Typed(catalogue)
        self._status_lines = StatusLines(catalogue)
        self._floor_lines = FloorLines(catalogue)
        self._own_day_lines = OwnDayLines(catalogue)
        self._training_lines = TrainingLines(catalogue)
        self._study = Study(catalogue, self._ask)
        self._clock = SeatClock(monotonic)
        self._seat: Seat | None = None
        self._status: Status | None = None
        self._supervising: asyncio.Task[None] | None = None
        self._watched = False
        """The present connection tells of the floor, or has been asked to."""
        self._own_watched = False
        """Likewise of the own day and training."""
        self._later: set[asyncio.Task[None]] = set()
        """What is told as soon as it is known."""
        self._failure = ""
        self.ended = asyncio.Event()
        """Whoever listens has left."""

    async def stay(self, connect: Connect) -> None:
        """Stay connected until cancelled, looking at the time now and then."""
        async with asyncio.TaskGroup() as works:
            works.create_task(keep_connected(connect, self.hear))
            while True:
                await asyncio.sleep(LOOK_S)
                self._tell(self._floor_lines.look(self._now()))
                self._look_at_own()

    def hear(self, news: News) -> None:
        """Something came from the seat."""
        match news:
            case Connected(seat):
                self._seat, self._failure = seat, ""
            case Failed(refusal):
                self._failed(refusal)
            case Lost():
                self._lost()
            case Status() as status:
                self._take(status)
            case Floor() as floor:
                self._tell(self._floor_lines.take(floor, self._now()))
            case OwnDay() as own:
                self._own_day_lines.take(own)
                self._look_at_own()
            case DeskTraining() as told:
                self._training_lines.take(told)
                self._tell(self._study.take(told))
                self._look_at_own()

    def meant(self, line: str) -> argparse.Namespace | None:
        """The command that a line is; what is no command yet is answered with what could be
        meant, and null."""
        read = self._typed.read(line)
        if isinstance(read, Hint):
            self._tell(read.lines)
            return None
        return read

    async def do(self, asked: argparse.Namespace, secrets: Secrets) -> None:
        """Carry a command out, and say what came of it."""
        try:
            self._tell(await self._carry_out(asked, secrets))
        except Refused as refusal:
            self.refuse(refusal)
        except ConnectionError:
            self.refuse(Refused(Code.NO_SEAT))

    async def _carry_out(self, asked: argparse.Namespace, secrets: Secrets) -> Iterable[str]:
        match asked.command:
            case "quit":
                self.ended.set()
                return (self._text("left"),)
            case "help":
                return self._typed.help(asked.name).lines
            case "floor":
                return await self._floor(" ".join(asked.words))
            case "training":
                return self._training_lines.rows(self._zone()) or (self._text("nothing"),)
            case "study" | "onward" | "back" | "finished" | "leave":
                return await self._read(asked)
            case "person":
                page = await self._ask(lambda id: desk_floor.GetPerson(id, asked.person, asked.day))
                assert isinstance(page, desk_floor.PersonPage)
                return page_lines(page.page, self._zone(), self._catalogue)
        answer = await self._ask(await request(asked, secrets, self._ask))
        if isinstance(answer, desk_base.Done):
            waiting = await waits(asked, self._ask)
            return (self._text("done" if waiting is None else "break_waits"),)
        lines = list(answer_lines(asked.command, answer, self._catalogue, as_json=False))
        return lines or (self._text("nothing"),)

    async def _read(self, asked: argparse.Namespace) -> list[str]:
        match asked.command:
            case "study":
                return await self._study.begin(self._training_lines.told, asked.number)
            case "finished":
                return await self._study.finish()
            case "leave":
                return await self._study.leave()
        return await self._study.turn(1 if asked.command == "onward" else -1)

    async def _floor(self, needle: str) -> Iterable[str]:
        """The rows. Who has not watched begins to; what is not known yet is told when it comes, so
        that nothing else that is typed waits for it."""
        await self._watch_floor()
        if self._floor_lines.heard.is_set():
            return self._floor_lines.rows(needle, self._now())
        self._begin(self._floor_when_told(needle))
        return ()

    def _begin(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.create_task(work)
        self._later.add(task)
        task.add_done_callback(self._later.discard)

    async def _floor_when_told(self, needle: str) -> None:
        """In the first moments the service has not told yet who is there."""
        try:
            async with asyncio.timeout(FLOOR_S):
                await self._floor_lines.heard.wait()
        except TimeoutError:
            if self._watched:  # else it was said why not
                self._say(self._text("floor_not_told"))
        else:
            self._tell(self._floor_lines.rows(needle, self._now()))

    async def _watch_floor(self) -> None:
        """Once a connection. Raises `Refused` for who may not."""
        if self._watched:
            return
        self._watched = True
        try:
            await self._ask(desk_floor.WatchFloor)
        except (Refused, ConnectionError):
            self._watched = False
            raise

    def _take(self, status: Status) -> None:
        self._status = status
        self._clock.set(status.now)
        self._tell(self._status_lines.take(status))
        if not self._own_watched:
            self._own_watched = True
            self._begin(self._watch_own())
        self._look_at_own()
        if status.state is State.LOGGED_OFF:
            self._forget_floor()
            self._forget_own()
        elif self._supervisor and self._supervising is None:
            self._supervising = asyncio.create_task(self._supervise())

    async def _watch_own(self) -> None:
        try:
            await self._ask(WatchDay)
            await self._ask(WatchTraining)
        except Refused as refusal:
            self.refuse(refusal)
        except ConnectionError:
            return  # said already, and watched again with the next connection

    def _look_at_own(self) -> None:
        self._tell(self._own_day_lines.look(self._status, self._now()))
        self._tell(self._training_lines.look(self._status, self._now()))

    def _forget_own(self) -> None:
        self._own_day_lines.forget()
        self._training_lines.forget()
        self._study.forget()

    async def _supervise(self) -> None:
        try:
            await self._watch_floor()
        except Refused as refusal:
            self.refuse(refusal)
        except ConnectionError:
            return  # said already, and watched again with the next connection

    def _forget_floor(self) -> None:
        """Nobody is there to whom it could be told; it is asked for anew."""
        self._supervising, self._watched = None, False
        self._floor_lines.heard.clear()

    def _failed(self, refusal: Refused) -> None:
        """The next attempt follows; the same reason is said once."""
        if refusal.code != self._failure:
            self._failure = refusal.code
            self.refuse(refusal)

    def _lost(self) -> None:
        if self._seat is not None:
            self._say(self._catalogue.text("terminal.seat_gone"))
        self._seat = None
        self._forget_floor()
        self._own_watched = False
        self._forget_own()
        self._clock.stop()
        self._status_lines.forget()

    async def _ask(self, make: Callable[[int], desk.AnyRequest]) -> desk.AnyAnswering:
        if self._seat is None:
            raise ConnectionError
        return await self._seat.ask(make)

    def _now(self) -> datetime | None:
        return self._clock.now()

    def _zone(self) -> str:
        return self._status.zone if self._status is not None else "UTC"

    def _tell(self, lines: Iterable[str]) -> None:
        for line in lines:
            self._say(line)

    def refuse(self, refusal: Refused) -> None:
        """Say why something is not done."""
        self._say(f"! {self._catalogue.error(refusal.code, refusal.params)} [{refusal.code}]")

    def _text(self, key: str) -> str:
        return self._catalogue.text(f"plain.{key}")


def run_plain(settings: Settings, catalogue: Catalogue, *, supervisor: bool) -> None:
    """Run it on standard input and output, at the seat of `settings.agent`, until somebody leaves
    or the input ends."""
    asyncio.run(_run(settings, catalogue, supervisor=supervisor))


async def _run(settings: Settings, catalogue: Catalogue, *, supervisor: bool) -> None:
    out = sys.stdout

    def say(line: str) -> None:
        out.write(line + "\n")
        out.flush()

    async def connect() -> DeskClient:
        return await ensure_seat(settings)

    terminal = PlainTerminal(catalogue, say, supervisor=supervisor)
    say(catalogue.text("plain.welcome"))
    staying = asyncio.create_task(terminal.stay(connect))
    keyboard = _Keyboard(terminal, catalogue, settings.agent)
    keyboard.start()
    await terminal.ended.wait()
    staying.cancel()
    await asyncio.wait([staying])


class _Keyboard(threading.Thread):
    """Reads lines, and where a command needs them secrets, in a thread of its own: neither ever
    keeps a ringing call from being told. A daemon, since a read can't be interrupted."""

    def __init__(self, terminal: PlainTerminal, catalogue: Catalogue, agent: str) -> None:
        super().__init__(daemon=True)
        self._terminal = terminal
        self._agent = agent
        self._secrets = AskedSecrets(catalogue, from_input=not sys.stdin.isatty())
        self._loop = asyncio.get_running_loop()

    def run(self) -> None:
        """Until the input ends."""
        while line := sys.stdin.readline():
            asked = self._in_loop(self._meant(line))
            if asked is not None:
                self._carry_out(asked)
        self._loop.call_soon_threadsafe(self._terminal.ended.set)

    def _in_loop(self, work: Coroutine[None, None, _Result]) -> _Result:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result()

    async def _meant(self, line: str) -> argparse.Namespace | None:
        return self._terminal.meant(line)

    def _carry_out(self, asked: argparse.Namespace) -> None:
        try:
            secrets = given_ahead(asked, self._secrets, self._agent)
        except Refused as refusal:
            self._loop.call_soon_threadsafe(self._terminal.refuse, refusal)
        else:
            self._in_loop(self._terminal.do(asked, secrets))
