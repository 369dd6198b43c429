"""Somebody who looks at the floor, as the tests do."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable

from protocol.wire.session import Heartbeat
from protocol.wire.sync import Cursor, FloorBatch, FloorRow
from tests.service.client import LIMIT_S, Client

BEAT_S = 0.03


class Lead:
    """A subscriber with the rows so far."""

    def __init__(self, client: Client) -> None:
        self.client = client
        self.rows: dict[str, FloorRow] = {}
        self.cursor: Cursor
        self.batches: list[FloorBatch] = []

    def take(self, batch: FloorBatch) -> None:
        self.batches.append(batch)
        self.cursor = batch.cursor
        if batch.reset:
            self.rows.clear()
        self.rows.update({row.agent: row for row in batch.rows})

    async def subscribe(self, cursor: Cursor | None = None) -> "Lead":
        self.take(await self.client.subscribe(cursor))
        return self

    async def until(self, agent: str, wanted: Callable[[FloorRow], bool]) -> FloorRow:
        """Take batches until an agent's row is as wanted."""
        async with asyncio.timeout(LIMIT_S):
            while agent not in self.rows or not wanted(self.rows[agent]):
                self.take(await self.client.expect(FloorBatch))
        return self.rows[agent]

    async def until_seen(self, wanted: Callable[[dict[str, FloorRow]], bool]) -> None:
        """Take batches until all that is seen is as wanted."""
        async with asyncio.timeout(LIMIT_S):
            while not wanted(self.rows):
                self.take(await self.client.expect(FloorBatch))


@contextlib.asynccontextmanager
async def beating(*clients: Client) -> AsyncIterator[None]:
    """Heartbeats go out as long as this lasts."""
    tasks = [asyncio.create_task(_beat(client)) for client in clients]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _beat(client: Client) -> None:
    while True:
        await client.send(Heartbeat(1))
        await asyncio.sleep(BEAT_S)
