"""The server's timer: what nobody has handed in when its time is over is handed in by the service,
whether anybody is connected or not, and also when the service was away meanwhile."""

import asyncio
import logging
import sqlite3
from collections.abc import Callable

from agent_service.exams import store
from agent_service.exams.sitting import GRACE_MS, SittingRegister
from agent_service.handover.disk import Disk
from agent_service.log import fields

_log = logging.getLogger(__name__)
_EVERY_S = 1.0


class Closing:
    """Looks once a second. Lives in the event loop's thread."""

    def __init__(
        self, register: SittingRegister, reader: Disk, writer: Disk, now_ms: Callable[[], int]
    ) -> None:
        self._register = register
        self._reader = reader
        self._writer = writer
        self._now_ms = now_ms

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            await self.look()
            await asyncio.sleep(_EVERY_S)

    async def look(self) -> None:
        """Hand in what is overdue: as of its deadline, and once the submission of a candidate
        could not be on its way any more."""
        now_ms = self._now_ms()

        def overdue(connection: sqlite3.Connection) -> list[str]:
            return store.overdue(connection, now_ms - GRACE_MS)

        names = await self._reader.run(overdue)
        if names:
            closed = await self._writer.run(
                lambda connection: self._register.close(connection, names, now_ms)
            )
            _log.info("sittings_closed", extra=fields(count=closed))
