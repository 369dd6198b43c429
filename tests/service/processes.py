"""The service as a process of its own, as an operator starts it."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

READY = "seatline service ready on "
LIMIT_S = 20.0
"""How long a process may take to start or to end; far more than it needs."""


class Process:
    """A running `agent-service serve`."""

    def __init__(self, process: asyncio.subprocess.Process, log: Path) -> None:
        self.process = process
        self.log = log
        self.url = ""

    async def ready(self) -> None:
        assert self.process.stdout is not None
        async with asyncio.timeout(LIMIT_S):
            line = (await self.process.stdout.readline()).decode()
        assert line.startswith(READY), self.log.read_text()
        self.url = line.removeprefix(READY).strip()

    async def end(self, number: signal.Signals) -> int:
        """Send a signal and wait; the exit code."""
        self.process.send_signal(number)
        async with asyncio.timeout(LIMIT_S):
            return await self.process.wait()

    async def rest_of_output(self) -> str:
        assert self.process.stdout is not None
        return (await self.process.stdout.read()).decode()


@asynccontextmanager
async def serving(data: Path, *options: str, **variables: str) -> AsyncIterator[Process]:
    """Start it on any free port; whatever happens, it does not outlive the test."""
    log = data.with_name("service.log")
    with log.open("ab") as stream:
        process = await asyncio.create_subprocess_exec(
            *command("serve", "--data", str(data), "--listen", "127.0.0.1:0", *options),
            stdout=asyncio.subprocess.PIPE,
            stderr=stream,
            env={**os.environ, "SEATLINE_LANG": "en", **variables},
        )
    running = Process(process, log)
    try:
        await running.ready()
        yield running
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


def command(*arguments: str) -> list[str]:
    """The command line of `agent-service`."""
    return [sys.executable, "-m", "agent_service.cli", *arguments]


async def run(*arguments: str, given: str = "", **variables: str) -> tuple[int, str, str]:
    """Run a command to its end: exit code, standard output, standard error."""
    process = await asyncio.create_subprocess_exec(
        *command(*arguments),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env={**os.environ, "SEATLINE_LANG": "en", "COLUMNS": "100", **variables},
    )
    async with asyncio.timeout(LIMIT_S):
        out, err = await process.communicate(given.encode())
    assert process.returncode is not None
    return process.returncode, out.decode(), err.decode()
