"""A lead who goes on asking until there is an answer, whatever happens to the link."""

import asyncio
import contextlib
import uuid
from collections.abc import Awaitable, Callable
from typing import TypeVar

from websockets.exceptions import WebSocketException

from protocol.facts.order import OrderKind
from protocol.wire import codec, orders, person, sync
from protocol.wire.errors import Code, Refused
from tests.integration.rig import LIMIT_S, PASSWORD
from tests.service.client import Client, DeskKey

T = TypeVar("T")
NUMBER = "2001"
_AWAY = frozenset({Code.LEDGER_UNAVAILABLE, Code.DRAINING})


class PersistentLead:
    """Supervisor 2001 at a desk of their own."""

    def __init__(self, server: str) -> None:
        self._server = server
        self._key = DeskKey()
        self._session = uuid.uuid4().hex
        self._token = ""
        self._client: Client | None = None

    async def begin(self, code: str) -> None:
        """Enrol the desk and sign in."""
        self._client = await (await Client.open(self._server, self._key)).hello()
        await self._client.enrol(code)
        await self._client.present()
        await self._client.sign_in(NUMBER, PASSWORD, self._session)
        self._token = self._client.signed_in.token

    async def order(self, what: OrderKind, agent: str, text: str) -> str:
        """Place an order once, however often it has to be asked; its name."""
        key = uuid.uuid4().hex
        accepted = await self.ask(
            lambda id_: orders.PlaceOrder(id_, what, text, agent=agent, key=key)
        )
        assert isinstance(accepted, orders.OrderAccepted)
        (order,) = accepted.orders
        return order

    async def page(self, agent: str, floor: sync.FloorRow) -> person.PersonDay:
        """An agent's day, the one on which the floor counts."""
        day = floor.day
        assert day is not None
        page = await self.ask(lambda id_: person.GetPersonDay(id_, agent, day))
        assert isinstance(page, person.PersonDay)
        return page

    async def rows(self) -> dict[str, sync.FloorRow]:
        """The whole floor as it is."""
        batch = await self._until_done(_floor)
        return {row.agent: row for row in batch.rows}

    async def ask(self, make: Callable[[int], codec.SeatMessage]) -> codec.ServiceMessage:
        """Ask until there is an answer. Raises `Refused`."""
        return await self._until_done(lambda client: client.request(make(client.next_id())))

    async def _until_done(self, work: Callable[[Client], Awaitable[T]]) -> T:
        async with asyncio.timeout(2 * LIMIT_S):
            while True:
                try:
                    return await work(await self._connected())
                except (OSError, TimeoutError, WebSocketException):
                    await self.leave()
                except Refused as refused:
                    if refused.code not in _AWAY:
                        raise
                await asyncio.sleep(0.1)

    async def leave(self) -> None:
        """Let the connection go."""
        if self._client is not None:
            with contextlib.suppress(OSError, WebSocketException):
                await self._client.cut()
            self._client = None

    async def _connected(self) -> Client:
        if self._client is None:
            client = await Client.open(self._server, self._key)
            try:
                await (await client.hello()).present()
                await client.resume(self._token, self._session)
            except BaseException:
                await client.cut()
                raise
            self._client = client
        return self._client


async def _floor(client: Client) -> sync.FloorBatch:
    batch = await client.subscribe()
    await client.request(sync.Unsubscribe(client.next_id()))
    return batch
