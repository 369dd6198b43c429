"""A floor of real processes for one test: a service, seats, and a customer with a phone.

Everything listens on loopback, lives in the test's folder, and is ended by its own process id.
"""

import asyncio
import contextlib
import fcntl
import json
import os
import pty
import shutil
import signal
import sqlite3
import struct
import sys
import termios
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from uuid import uuid4

from agent_client.demo.player import Player
from agent_client.phone import engine
from agent_client.phone.child import PhoneChild
from agent_client.seat.place import place_of
from agent_client.seat_starter import find_seat
from agent_client.settings import PhoneSettings, Settings, as_environment
from protocol.facts.record import AnyFact, read_fact
from protocol.wire import desk, desk_call, desk_floor
from tests.integration.process_ids import PHONE, children, only_child, runs
from tests.integration.watching import Lead

LIMIT_S = 20.0
PASSWORD = "a long enough one"
SIP_PASSWORD = "secret"
"""Of every phone; a direct phone needs none."""


async def eventually(what: Callable[[], bool], limit_s: float = LIMIT_S) -> None:
    """Wait for a condition. Raises `TimeoutError`."""
    async with asyncio.timeout(limit_s):
        while not what():
            await asyncio.sleep(0.02)


class Program:
    """One of our programs in a process of its own."""

    def __init__(
        self, process: asyncio.subprocess.Process, first_line: str, *, traced: bool = False
    ) -> None:
        self._process = process
        self._traced = traced
        self.first_line = first_line
        self.terminal: int | None = None
        """Our end of its terminal."""

    @property
    def pid(self) -> int:
        """Its process id."""
        return self._process.pid

    @classmethod
    async def start(
        cls,
        log: Path,
        *arguments: str,
        environment: dict[str, str] | None = None,
        under: tuple[str, ...] = (),
    ) -> "Program":
        """Start it, `under` another program if need be, and wait for its first line."""
        with log.open("ab") as errors:
            process = await asyncio.create_subprocess_exec(
                *under,
                sys.executable,
                "-m",
                *arguments,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=asyncio.subprocess.PIPE,
                stderr=errors,
                start_new_session=True,
                env={**os.environ, **(environment or {})},
            )
        assert process.stdout is not None
        line = await asyncio.wait_for(process.stdout.readline(), LIMIT_S)
        assert line, log.read_text()
        return cls(process, line.decode().strip(), traced=bool(under))

    @classmethod
    async def start_in_terminal(
        cls, *arguments: str, environment: dict[str, str], painted: bytes
    ) -> "Program":
        """Start it at a terminal of 80×24 and wait until it has painted some text."""
        near, far = pty.openpty()
        fcntl.ioctl(far, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            *arguments,
            stdin=far,
            stdout=far,
            stderr=far,
            start_new_session=True,
            env={**os.environ, "TERM": "xterm-256color", **environment},
        )
        os.close(far)
        os.set_blocking(near, False)
        program = cls(process, "")
        program.terminal = near
        screen = bytearray()

        def paints() -> bool:
            with contextlib.suppress(BlockingIOError):
                screen.extend(os.read(near, 65536))
            return painted in screen

        try:
            await eventually(paints)
        except TimeoutError:
            await program.kill()
            raise
        return program

    @contextlib.contextmanager
    def watched(self) -> Iterator[None]:
        """Read what it paints, so that it can go on painting."""
        assert self.terminal is not None
        loop, near = asyncio.get_running_loop(), self.terminal

        def read() -> None:
            try:
                os.read(near, 65536)
            except OSError:  # the other end is gone
                loop.remove_reader(near)

        loop.add_reader(near, read)
        try:
            yield
        finally:
            loop.remove_reader(near)

    async def close_window(self) -> int:
        """Hang up its terminal, without a signal to anybody; its exit code."""
        assert self.terminal is not None
        os.close(self.terminal)
        self.terminal = None
        async with asyncio.timeout(LIMIT_S):
            return await self._process.wait()

    async def kill(self) -> None:
        """Pull the cable: SIGKILL."""
        with contextlib.suppress(ProcessLookupError):
            self._process.kill()
        await self._process.wait()
        if self.terminal is not None:
            os.close(self.terminal)

    async def end(self) -> int:
        """SIGTERM, to the program itself where it runs under a tracer that is deaf to it; its
        exit code."""
        with contextlib.suppress(ProcessLookupError):
            os.kill(only_child(self.pid) if self._traced else self.pid, signal.SIGTERM)
        async with asyncio.timeout(LIMIT_S):
            return await self._process.wait()


class Customer:
    """A customer's phone: dials, listens, hangs up."""

    def __init__(self) -> None:
        self.events: list[engine.AnyEvent] = []
        self._phone = PhoneChild(self.events.append, lambda _: None)

    async def start(self, number: str = "13800138000", name: str = "赵女士") -> None:
        """Have a phone with a tone for a voice, which goes wherever it is handed on."""
        await self._phone.start()
        tone = engine.Sound.TONE
        order = engine.Open(user=number, display_name=name, sound=tone, obeys_refer=True)
        self._phone.do(order)
        await eventually(lambda: any(isinstance(each, engine.PhoneUp) for each in self.events))

    @property
    def address(self) -> str:
        """Where this phone is reached."""
        return next(each.address for each in self.events if isinstance(each, engine.PhoneUp))

    async def takes(self) -> str:
        """Answer the next call that comes; its name."""
        seen = len(self.events)

        def rings() -> list[str]:
            new = self.events[seen:]
            return [each.call_id for each in new if isinstance(each, engine.CallIncoming)]

        await eventually(lambda: bool(rings()))
        self.answer(rings()[0])
        return rings()[0]

    def dial(self, address: str) -> str:
        """Call; the call's name."""
        call_id = uuid4().hex
        self._phone.do(engine.Dial(call_id=call_id, target=address))
        return call_id

    def answer(self, call_id: str) -> None:
        """Take a call."""
        self._phone.do(engine.Answer(call_id=call_id))

    def hang_up(self, call_id: str) -> None:
        """End the call."""
        self._phone.do(engine.Hangup(call_id=call_id))

    async def sees(self, kind: type[engine.AnyEvent], call_id: str) -> engine.AnyEvent:
        """Wait for an event of a call."""

        def found() -> list[engine.AnyEvent]:
            return [
                each
                for each in self.events
                if isinstance(each, kind) and getattr(each, "call_id", None) == call_id
            ]

        await eventually(lambda: bool(found()))
        return found()[-1]

    def ends(self, call_id: str) -> int:
        """How often the call was said to be over."""
        return sum(
            isinstance(each, engine.CallEnded) and each.call_id == call_id for each in self.events
        )

    async def stop(self) -> None:
        """Put the phone away."""
        await self._phone.stop()


class Rig:
    """The floor. Made by `rig`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.data = folder / "service"
        self.server = ""
        self.variables: dict[str, str] = {}
        """Settings of the service, beside what the rig says itself."""
        self.seat_variables: dict[str, str] = {}
        """What the seats' programs find in their environment, beside their settings."""
        self.staff_number: dict[str, str] = {}
        """Who sits at a seat that is not named after its agent: a second desk."""
        self.told: dict[str, str] = {}
        """The server's address as some seats were told it: their end of a cable."""
        self.service: Program | None = None
        self.seats: dict[str, Program] = {}
        self.customer = Customer()
        self.players: list[Player] = []
        self.leads: list[Lead] = []

    async def command(self, *arguments: str, given: str = "") -> str:
        """Run `agent-service …` to its end."""
        code, out, errors = await self.run("agent_service.cli", *arguments, given=given)
        assert code == 0, errors
        return out

    async def run(self, module: str, *arguments: str, given: str = "") -> tuple[int, str, str]:
        """Run a program to its end: exit code, standard output, standard error."""
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            module,
            *arguments,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            env={**os.environ, "SEATLINE_RUNTIME": str(self.folder / "run")},
        )
        out, errors = await asyncio.wait_for(process.communicate(given.encode()), 60)
        assert process.returncode is not None
        return process.returncode, out.decode().strip(), errors.decode().strip()

    async def make_database(self) -> None:
        """A database with two agents and a supervisor."""
        data, two = str(self.data), f"{PASSWORD}\n{SIP_PASSWORD}\n"
        await self.command("init", "--data", data, "--password-stdin", given=two)
        people = (("1001", "agent"), ("1002", "agent"), ("2001", "supervisor"))
        for number, role in people:
            sip = ("--sip-user", number) if role == "agent" else ()
            flags = ("--name", f"Name {number}", "--role", role, "--team", "A", *sip)
            await self.command(
                *("user", "add", number, *flags, "--data", data),
                *("--password-stdin", "--password-final"),
                given=two,
            )

    async def start_service(self, listen: str = "127.0.0.1:0", under: tuple[str, ...] = ()) -> None:
        """Start the service; on the same address as before when it ran already."""
        where = self.server.removeprefix("ws://") or listen
        self.service = await Program.start(
            self.folder / "service.log",
            *("agent_service.cli", "serve", "--data", str(self.data), "--listen", where),
            environment=self.variables,
            under=under,
        )
        self.server = self.service.first_line.split()[-1]

    def settings(self, agent: str) -> Settings:
        """The client's settings of somebody's seat. Who has two desks has a runtime folder at
        each."""
        elsewhere = f"-{agent}" if agent in self.staff_number else ""
        return Settings(
            server=self.told.get(agent, self.server),
            agent=self.staff_number.get(agent, agent),
            data=str(self.folder / f"desk-{agent}"),
            runtime=str(self.folder / f"run{elsewhere}"),
            phone=PhoneSettings(sound=engine.Sound.NONE),
        )

    async def start_seat(self, agent: str, server: str = "") -> Player:
        """Start somebody's seat and sit down at it."""
        self.told[agent] = server or self.told.get(agent, self.server)
        settings = self.settings(agent)
        self.seats[agent] = await Program.start(
            self.folder / f"seat-{agent}.log",
            *("agent_client.cli", "seat"),
            environment={**as_environment(settings), **self.seat_variables},
        )
        return await self.sit_down(agent)

    async def sit_down(self, agent: str) -> Player:
        """Connect to a running seat."""
        player = await Player.at(self.settings(agent))
        self.players.append(player)
        return player

    async def lead(self, number: str) -> Lead:
        """A supervisor at a running seat, watching the floor."""
        client = await find_seat(self.settings(number))
        lead = Lead(client)
        self.leads.append(lead)
        await client.ask(desk_floor.WatchFloor)
        return lead

    async def sign_in(self, agent: str, server: str = "") -> Player:
        """A seat with somebody signed in at it and a phone that is up."""
        player = await self.start_seat(agent, server)
        code = await self.command("enrol", "--data", str(self.data))
        await player.enrol_and_sign_in(code, PASSWORD)
        return player

    async def agent_at_work(self, agent: str = "1001", server: str = "") -> Player:
        """An agent who is READY."""
        player = await self.sign_in(agent, server)
        await player.until(lambda status: status.phone is desk.PhoneState.REGISTERED)
        await player.ask(desk.Ready)
        await player.until(lambda status: status.state == "READY")
        return player

    async def talking(self, player: Player) -> str:
        """The customer calls, the agent answers; the customer's name of the call."""
        assert player.status is not None
        assert player.status.phone_address is not None
        call_id = self.customer.dial(player.status.phone_address)
        await player.until(lambda status: status.state == "RINGING")
        await player.ask(desk_call.Answer)
        await player.until(lambda status: status.state == "TALK")
        await self.customer.sees(engine.CallConnected, call_id)
        return call_id

    def phone_pid(self, agent: str) -> int:
        """The process id of somebody's phone: a child of the seat."""
        (phone,) = (each for each in children(self.seats[agent].pid) if runs(each, PHONE))
        return phone

    def ledger(self) -> list[tuple[str, int, AnyFact]]:
        """What is on the service's disk: (session, seq, fact), read beside the service."""
        where = f"file:{self.data / 'seatline.db'}?mode=ro"
        with contextlib.closing(sqlite3.connect(where, uri=True)) as database:
            rows = database.execute(LEDGER_QUERY).fetchall()
        read = [(session, seq, read_fact(bytes(payload))) for session, seq, payload in rows]
        return [(session, seq, fact) for session, seq, fact in read if fact is not None]

    def outbox(self, agent: str) -> list[tuple[str, int, AnyFact]]:
        """What is on a seat's disk: (session, seq, fact)."""
        where = f"file:{place_of(self.settings(agent)).outbox}?mode=ro"
        with contextlib.closing(sqlite3.connect(where, uri=True)) as database:
            rows = database.execute(
                "SELECT session.id, seq, body FROM fact JOIN session ON number = session"
                " ORDER BY number, seq"
            ).fetchall()
        read = [(session, seq, read_fact(bytes(body))) for session, seq, body in rows]
        return [(session, seq, fact) for session, seq, fact in read if fact is not None]

    async def all_sent(self, player: Player) -> None:
        """Wait until the service has acknowledged everything on the seat's disk."""
        async with asyncio.timeout(LIMIT_S):
            while (await self.status(player)).unsent:
                await asyncio.sleep(0.02)

    async def status(self, player: Player) -> desk.Status:
        """The seat's state as it is now; what a player was told may be a moment old."""
        status = await player.ask(desk.GetStatus)
        assert isinstance(status, desk.Status)
        return status

    async def close(self) -> None:
        """End everything."""
        for player in self.players:
            await player.leave()
        for lead in self.leads:
            await lead.leave()
        await self.customer.stop()
        for seat in self.seats.values():
            await seat.end()
        if self.service is not None:
            await self.service.end()


LEDGER_QUERY = "SELECT session, seq, payload FROM entry ORDER BY position"


@contextlib.asynccontextmanager
async def rig(
    folder: Path, database: Path, kind: Callable[[Path], Rig] = Rig
) -> AsyncIterator[Rig]:
    """A floor with its service running on a copy of a database and a customer who can call; all
    of it ended afterwards."""
    made = kind(folder)
    shutil.copytree(database, made.data)
    try:
        await made.start_service()
        await made.customer.start()
        yield made
    finally:
        await made.close()


def as_json(text: str) -> dict[str, object]:
    """One JSON object."""
    decoded = json.loads(text)
    assert isinstance(decoded, dict)
    return decoded
