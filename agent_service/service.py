"""The running service: what is started in which order, and ended in which."""

import asyncio
import logging
import sqlite3
from collections.abc import Awaitable, Callable

import msgspec

from agent_service.accounts.passwords import Passwords
from agent_service.checkpoint import Checkpointer
from agent_service.connections import Connections
from agent_service.lock import Lock
from agent_service.reader import Reader
from agent_service.server import Server
from agent_service.writer import Writer

_log = logging.getLogger(__name__)
_PAUSE_S = 1.0

Work = Callable[[], Awaitable[None]]
"""Something that goes on until it is cancelled."""


class Service(msgspec.Struct):
    """All that has to be started and ended."""

    lock: Lock
    writer: Writer
    readers: tuple[Reader, ...]
    checkpointer: Checkpointer
    passwords: Passwords
    connections: Connections
    server: Server
    at_start: Callable[[sqlite3.Connection], None]
    """Writes what has to be on the disk before anybody may come."""
    beside: tuple[Work, ...]
    """What goes on beside the connections. Work that fails is logged and begins again."""
    tasks: tuple[asyncio.Task[None], ...] = ()

    async def start(self) -> None:
        """Open the port. Raises `Refused` when that can't be; nothing is left running then."""
        self.writer.start()
        self.checkpointer.start()
        try:
            await self.writer.run(self.at_start)
            await self.server.start()
        except BaseException:
            await self.writer.stop()
            await self._close()
            raise
        self.tasks = tuple(asyncio.create_task(_keep_going(work)) for work in self.beside)

    async def stop(self) -> None:
        """Take nothing new, write and acknowledge what came, say good-bye, close."""
        self.server.stop_accepting()
        self.connections.hush()
        for task in self.tasks:
            task.cancel()
        await asyncio.gather(*self.tasks, return_exceptions=True)
        await self.writer.stop()
        await self.connections.drain()
        await self._close()

    async def _close(self) -> None:
        self.passwords.stop()
        await self.server.wait_closed()
        for reader in self.readers:
            await reader.stop()
        await self.checkpointer.stop()
        self.lock.release()


async def _keep_going(work: Work) -> None:
    while True:
        try:
            await work()
        except Exception:  # noqa: BLE001 - one fault must not end what the floor relies on
            _log.exception("work_failed")
            await asyncio.sleep(_PAUSE_S)
