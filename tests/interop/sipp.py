"""SIPp: a customer who does exactly what a scenario says."""

import asyncio
import contextlib
import shutil
from pathlib import Path

import pytest

from tests.interop.ports import free_port

SCENARIOS = Path(__file__).parent / "scenarios"
LIMIT_S = 60.0


class Sipp:
    """Runs of SIPp; each ends by itself or with the test."""

    def __init__(self, folder: Path) -> None:
        found = shutil.which("sipp")
        if found is None:
            pytest.skip("sipp is not installed")
        self._program = found
        self._folder = folder
        self._processes: list[asyncio.subprocess.Process] = []
        self.port = 0
        """Of the last run."""

    async def start(
        self, scenario: str, host_port: str, user: str, *options: str
    ) -> asyncio.subprocess.Process:
        """Play a scenario against somebody."""
        self.port, media = free_port(), free_port() & ~1
        log = (self._folder / f"sipp-{len(self._processes)}.log").open("wb")
        with log:
            process = await asyncio.create_subprocess_exec(
                self._program,
                *("-sf", str(SCENARIOS / f"{scenario}.xml"), "-s", user),
                *("-i", "127.0.0.1", "-p", str(self.port), "-mi", "127.0.0.1", "-mp", str(media)),
                *("-nostdin", "-m", "1", *options, host_port),
                cwd=self._folder,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self._processes.append(process)
        return process

    async def ends_well(self, process: asyncio.subprocess.Process) -> None:
        """Wait until a scenario is over; fails when it did not go as written."""
        async with asyncio.timeout(LIMIT_S):
            assert await process.wait() == 0, self.said()

    def said(self) -> str:
        """What SIPp wrote, the end of it."""
        return "\n".join(
            file.read_text(errors="replace")[-2_000:] for file in self._folder.glob("sipp-*.log")
        )

    async def stop(self) -> None:
        """End what still runs."""
        for process in self._processes:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            await process.wait()
