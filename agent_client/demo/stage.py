"""The demonstration's folder and processes: started, written down, and all ended again."""

import asyncio
import contextlib
import os
import signal
import socket
import sys
from collections.abc import Sequence
from pathlib import Path

import msgspec

from agent_client.phone.engine import Sound
from agent_client.seat.place import contacts, make_private, write_private
from agent_client.settings import PhoneSettings, Settings, as_environment

STOP_S = 6.0
READY_S = 20.0
DEFAULT_PORT = 7420


class Running(msgspec.Struct, frozen=True):
    """What a second terminal, or the next run, needs to know of a running demonstration."""

    pid: int
    server: str
    lead: str
    password: str
    children: tuple[int, ...]


class StageFailed(Exception):
    """A program of the demonstration did not do what it should; the text is its own."""


class Stage:
    """A folder with a floor's data, and the processes that belong to it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.server = ""
        self._children: list[asyncio.subprocess.Process] = []
        make_private(folder)

    def settings(self, agent: str, sip_port: int = 0, sound: Sound = Sound.NONE) -> Settings:
        """A client's settings on this stage."""
        return Settings(
            server=self.server,
            agent=agent,
            desk_name=f"demo-{agent}",
            data=str(self.folder / "desks" / agent),
            runtime=str(self.folder / "run"),
            phone=PhoneSettings(listen_port=sip_port, sound=sound),
        )

    async def call(
        self, *arguments: str, given: str = "", environment: dict[str, str] | None = None
    ) -> str:
        """Run one of our commands to its end; its output. Raises `StageFailed`."""
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            *arguments,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            env={**os.environ, **(environment or {})},
        )
        out, errors = await process.communicate(given.encode())
        if process.returncode != 0:
            raise StageFailed(errors.decode(errors="replace").strip() or out.decode())
        return out.decode().strip()

    async def start(self, *arguments: str, environment: dict[str, str] | None = None) -> str:
        """Start a program that stays, and wait for its first line. It is deaf to the terminal's
        Ctrl-C: the stage ends it in good order. Raises `StageFailed`."""
        log = (self.folder / "programs.log").open("ab")
        with log:
            process = await asyncio.create_subprocess_exec(
                sys.executable,
                "-m",
                *arguments,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=asyncio.subprocess.PIPE,
                stderr=log,
                start_new_session=True,
                env={**os.environ, **(environment or {})},
            )
        self._children.append(process)
        self.write_down("", "")
        assert process.stdout is not None
        try:
            async with asyncio.timeout(READY_S):
                line = await process.stdout.readline()
        except TimeoutError:
            line = b""
        if not line:
            raise StageFailed(f"{arguments[0]}: {self._last_words()}")
        return line.decode().strip()

    async def start_seat(self, agent: str, sip_port: int, sound: Sound = Sound.NONE) -> Settings:
        """Start somebody's seat; its settings."""
        settings = self.settings(agent, sip_port, sound)
        await self.start(
            "agent_client.cli",
            "seat",
            environment=as_environment(settings),
        )
        return settings

    def write_down(self, lead: str, password: str) -> None:
        """For `make supervise`, and for the next run should this one be killed."""
        children = tuple(child.pid for child in self._children if child.returncode is None)
        running = Running(os.getpid(), self.server, lead, password, children)
        write_private(self.folder / "demo.json", msgspec.json.encode(running))

    async def end(self) -> None:
        """End every program, the last one first, and wait for each."""
        for child in reversed(self._children):
            await end_process(child)
        for contact in contacts(self.folder / "run"):  # a seat that a terminal started again
            _terminate(contact.pid)
        (self.folder / "demo.json").unlink(missing_ok=True)

    def _last_words(self) -> str:
        log = (self.folder / "programs.log").read_text(errors="replace")
        return " ".join(log.strip().splitlines()[-3:])


def read_running(folder: Path) -> Running | None:
    """The demonstration that was written down, whether it still runs or not."""
    try:
        return msgspec.json.decode((folder / "demo.json").read_bytes(), type=Running)
    except (OSError, msgspec.DecodeError):
        return None


def is_running(running: Running | None) -> bool:
    """Whether the demonstration's own process is alive."""
    return running is not None and _ours(running.pid)


def end_leftovers(running: Running) -> None:
    """End the programs of a demonstration that was killed."""
    for pid in running.children:
        _terminate(pid)


def free_ports(count: int) -> Sequence[int]:
    """Ports of loopback that nobody listens on now."""
    sockets = [socket.socket(socket.AF_INET, socket.SOCK_DGRAM) for _ in range(count)]
    try:
        for each in sockets:
            each.bind(("127.0.0.1", 0))
        return [each.getsockname()[1] for each in sockets]
    finally:
        for each in sockets:
            each.close()


def free_address() -> str:
    """The service's usual address, or any other when that one is taken."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", DEFAULT_PORT))
        except OSError:
            return "127.0.0.1:0"
    return f"127.0.0.1:{DEFAULT_PORT}"


async def end_process(process: asyncio.subprocess.Process) -> None:
    """End a program in good order, by force when that takes too long. Harmless when it is over."""
    if process.returncode is not None:
        return
    with contextlib.suppress(ProcessLookupError):
        process.terminate()
    try:
        async with asyncio.timeout(STOP_S):
            await process.wait()
    except TimeoutError:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await process.wait()


def _terminate(pid: int) -> None:
    if _ours(pid):
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGTERM)


def _ours(pid: int) -> bool:
    """Whether a process runs one of our programs; a number may have been given to another."""
    try:
        command = Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return _alive(pid)
    return b"agent_client" in command or b"agent_service" in command


def _alive(pid: int) -> bool:
    if Path("/proc").is_dir():
        return False
    try:
        os.kill(pid, 0)
    except OSError:
        return False
    return True
