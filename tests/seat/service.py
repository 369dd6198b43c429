"""A floor service that does what a test tells it to: a real websocket that speaks the wire."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import TypeVar

from websockets.asyncio.server import Server, ServerConnection, serve
from websockets.exceptions import ConnectionClosed

from protocol import VERSION
from protocol.wire import codec, session, sync
from protocol.wire.errors import Code
from tests.seat.rig import signed_in

SERVER_MS = 1_800_000_000_000
LIMIT_S = 10.0
LOOK_S = 0.005

Answer = Callable[[codec.SeatMessage], codec.ServiceMessage | None]
M = TypeVar("M")


async def eventually(what: Callable[[], bool]) -> None:
    """Wait for a condition. Raises `TimeoutError`."""
    async with asyncio.timeout(LIMIT_S):
        while not what():
            await asyncio.sleep(LOOK_S)


class FakeService:
    """Answers as a good service would, unless `answers` says otherwise for a kind of message."""

    def __init__(self) -> None:
        self.heard: list[codec.SeatMessage] = []
        self.attempts: list[float] = []
        """Loop times at which somebody connected."""
        self.connections: list[ServerConnection] = []
        self.answers: dict[type[codec.SeatMessage], Answer] = {}
        self.port = 0
        self._server: Server | None = None

    @property
    def url(self) -> str:
        """Where it is."""
        return f"ws://127.0.0.1:{self.port}"

    async def open(self) -> None:
        """Listen; on the same port as before."""
        self._server = await serve(self._converse, "127.0.0.1", self.port, compression=None)
        self.port = self._server.sockets[0].getsockname()[1]

    async def close(self) -> None:
        """Cut all connections, and listen no more."""
        assert self._server is not None
        self.cut()
        self._server.close()
        await self._server.wait_closed()

    def cut(self) -> None:
        """End all connections without a word."""
        for connection in self.connections:
            connection.transport.abort()
        self.connections.clear()

    async def tell(self, message: codec.ServiceMessage) -> None:
        """Say something that nobody asked for."""
        await self.connections[-1].send(codec.encode(message), text=True)

    def of(self, kind: type[M]) -> list[M]:
        """What was heard of a kind."""
        return [message for message in self.heard if isinstance(message, kind)]

    async def hears(self, kind: type[M], count: int = 1) -> list[M]:
        """Wait for so many messages of a kind."""
        await eventually(lambda: len(self.of(kind)) >= count)
        return self.of(kind)

    def seqs(self) -> list[tuple[str, int]]:
        """The facts that arrived, in the order of their arrival."""
        return [(each.session, fact.seq) for each in self.of(sync.Append) for fact in each.facts]

    async def _converse(self, connection: ServerConnection) -> None:
        self.attempts.append(asyncio.get_running_loop().time())
        self.connections.append(connection)
        with contextlib.suppress(ConnectionClosed):
            async for frame in connection:
                await self._hear(connection, codec.decode_from_seat(frame))

    async def _hear(self, connection: ServerConnection, message: codec.SeatMessage) -> None:
        self.heard.append(message)
        answer = self.answers.get(type(message), good)(message)
        if answer is not None:
            await connection.send(codec.encode(answer), text=True)


def good(message: codec.SeatMessage) -> codec.ServiceMessage | None:
    """What a service without troubles says."""
    match message:
        case session.Hello():
            return session.Welcome(VERSION, "fake", "00ff", "ledger")
        case session.Heartbeat():
            return session.HeartbeatSeen(message.mono_ms, SERVER_MS)
        case session.Enrol():
            return session.Enrolled(message.id, "d1")
        case session.Present():
            return session.Presented(message.id)
        case session.SignIn() | session.Resume():
            return answer_to(message.id)
        case session.SignOut():
            return session.SignedOut(message.id)
        case sync.Append():
            last = message.facts[-1].seq
            return sync.Ack(message.session, last, SERVER_MS, last, "head")
        case sync.Subscribe():
            return sync.Subscribed(message.id)
        case _:
            return sync.Unsubscribed(message.id)


def answer_to(request: int) -> session.SignedIn:
    """Somebody is signed in."""
    known = signed_in()
    return session.SignedIn(request, known.token, known.person, known.sip, known.limits, known.zone)


def refuses(code: Code, **params: str | int) -> Answer:
    """An answer that refuses a request."""
    return lambda message: session.Error(code, params, getattr(message, "id", None))


@asynccontextmanager
async def fake_service() -> AsyncIterator[FakeService]:
    """One that listens."""
    service = FakeService()
    await service.open()
    try:
        yield service
    finally:
        await service.close()
