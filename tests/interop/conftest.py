"""Peers that are packages of the system."""

import asyncio
import contextlib
import os
import shutil
import signal
import socket
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.contract.phones import LIMIT_S, ChildPhones

CONFIG = Path(__file__).parent / "kamailio.cfg"


class Registrar:
    """A running Kamailio: its address, and its life."""

    def __init__(self, port: int, process: asyncio.subprocess.Process) -> None:
        self.address = f"127.0.0.1:{port}"
        self._process = process

    def falls_silent(self) -> None:
        os.killpg(self._process.pid, signal.SIGSTOP)

    def speaks_again(self) -> None:
        os.killpg(self._process.pid, signal.SIGCONT)

    async def stop(self) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        await self._process.wait()


def free_port() -> int:
    """A port that is free for both UDP and TCP."""
    with socket.socket(type=socket.SOCK_DGRAM) as udp, socket.socket() as tcp:
        udp.bind(("127.0.0.1", 0))
        port: int = udp.getsockname()[1]
        tcp.bind(("127.0.0.1", port))
        return port


async def listening(port: int) -> None:
    """Wait until something listens."""
    async with asyncio.timeout(LIMIT_S):
        while True:
            with contextlib.suppress(ConnectionRefusedError):
                _, writer = await asyncio.open_connection("127.0.0.1", port)
                writer.close()
                await writer.wait_closed()
                return
            await asyncio.sleep(0.02)


@pytest.fixture
async def registrar(tmp_path: Path) -> AsyncIterator[Registrar]:
    program = shutil.which("kamailio", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
    if program is None:
        pytest.skip("kamailio is not installed")
    port = free_port()
    config = tmp_path / "kamailio.cfg"
    config.write_text(CONFIG.read_text().replace("@PORT@", str(port)))
    with (tmp_path / "kamailio.log").open("wb") as log:
        process = await asyncio.create_subprocess_exec(
            program,
            *("-f", str(config), "-P", str(tmp_path / "kamailio.pid"), "-Y", str(tmp_path)),
            *("-w", str(tmp_path), "-DD", "-E", "-m", "32", "-M", "4"),
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    running = Registrar(port, process)
    try:
        await listening(port)
        yield running
    finally:
        await running.stop()


@pytest.fixture
async def phones() -> AsyncIterator[ChildPhones]:
    made = ChildPhones()
    yield made
    await made.stop()
