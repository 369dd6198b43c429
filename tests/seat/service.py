"""A floor service that does what a test tells it to: a real websocket that speaks the wire."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import TypeVar

import msgspec
from websockets.asyncio.server import Server, ServerConnection, serve
from websockets.exceptions import ConnectionClosed

from protocol import VERSION
from protocol.rules.lines import Line
from protocol.wire import calls, codec, orders, session, sync
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
        self.marks: dict[str, int] = {}
        """The last fact of each session that it knows."""
        self.witness = sync.WitnessSeen.SAME
        self.head = "head"
        """Of its chain, wherever it ends."""
        self.lines: tuple[Line, ...] = ()
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

    def has(self, session: str) -> list[int]:
        """The numbers of a session's facts that arrived since it was forgotten last, each once."""
        return list(range(1, self.marks.get(session, 0) + 1))

    def forgets(self, session: str, mark: int | None = None) -> None:
        """A backup was restored: it has less of a session, or knows nothing of it."""
        if mark is None:
            self.marks.pop(session, None)
        else:
            self.marks[session] = mark

    def _remember(self, message: codec.SeatMessage) -> codec.ServiceMessage | None:
        """A good service that knows which sessions have begun, and how far it has them."""
        match message:
            case session.SignIn() | session.Resume():
                self.marks.setdefault(message.session, 0)
                return msgspec.structs.replace(answer_to(message.id), lines=self.lines)
            case sync.Claim():
                self.marks.update({name: self.marks.get(name, 0) for name in message.sessions})
                return sync.Claimed(message.id)
            case sync.Compare():
                marks = {name: self.marks[name] for name in message.sessions if name in self.marks}
                seen = self.witness if message.witness is not None else None
                return sync.Compared(message.id, marks, seen)
            case sync.Append():
                return self._append(message)
        return good(message)

    def _append(self, message: sync.Append) -> codec.ServiceMessage:
        mark = self.marks.get(message.session)
        if mark is None:
            return session.Error(Code.NOT_YOUR_SESSION, {"session": message.session})
        if message.facts[0].seq > mark + 1:
            gap: dict[str, str | int] = {"session": message.session, "expected": mark + 1}
            return session.Error(Code.SEQUENCE_GAP, gap)
        last = self.marks[message.session] = max(mark, message.facts[-1].seq)
        return sync.Ack(message.session, last, SERVER_MS, last, self.head)

    async def _converse(self, connection: ServerConnection) -> None:
        self.attempts.append(asyncio.get_running_loop().time())
        self.connections.append(connection)
        with contextlib.suppress(ConnectionClosed):
            async for frame in connection:
                await self._hear(connection, codec.decode_from_seat(frame))

    async def _hear(self, connection: ServerConnection, message: codec.SeatMessage) -> None:
        self.heard.append(message)
        answer = self.answers.get(type(message), self._remember)(message)
        if answer is not None:
            await connection.send(codec.encode(answer), text=True)


def good(message: codec.SeatMessage) -> codec.ServiceMessage | None:
    """What a service without troubles says."""
    match message:
        case session.Hello():
            return session.Welcome(VERSION, "fake", "00ff", "ledger")
        case session.Forget():
            return None
        case session.Heartbeat():
            return session.HeartbeatSeen(message.mono_ms, SERVER_MS)
        case session.SignIn() | session.Resume():
            return answer_to(message.id)
        case sync.Append():
            last = message.facts[-1].seq
            return sync.Ack(message.session, last, SERVER_MS, last, "head")
        case _:
            return _AGREED[type(message)](message.id)


_AGREED: dict[type[codec.SeatMessage], Callable[[int], codec.ServiceMessage]] = {
    session.Enrol: lambda id_: session.Enrolled(id_, "d1"),
    session.Present: session.Presented,
    session.SignOut: session.SignedOut,
    session.ChangePassword: session.PasswordChanged,
    session.ResetPassword: lambda id_: session.ResetCode(id_, "A1B2", SERVER_MS),
    sync.Subscribe: sync.Subscribed,
    sync.Unsubscribe: sync.Unsubscribed,
    orders.PlaceOrder: lambda id_: orders.OrderAccepted(id_, ("o1",)),
    calls.Recall: lambda id_: calls.Recalled(id_, ()),
}


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
