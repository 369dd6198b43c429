"""Commands of other processes on the same ledger, noticed while nobody here writes."""

import asyncio
import contextlib

from agent_service.ledger import replay
from agent_service.reader import Reader
from agent_service.writer import Writer
from protocol.wire.errors import Refused

_EVERY_S = 0.5


class Neighbours:
    """Looks now and then whether the ledger has grown behind the writer's back, and wakes the
    writer, which reads on at the beginning of every group."""

    def __init__(self, reader: Reader, writer: Writer) -> None:
        self._reader = reader
        self._writer = writer

    async def run(self) -> None:
        """Look until cancelled. While the database can't be used there is nothing to see."""
        while True:
            await asyncio.sleep(_EVERY_S)
            with contextlib.suppress(Refused):
                if await self._reader.run(replay.last_position) > self._writer.head.position:
                    await self._writer.run(lambda connection: None)
