"""A client of the floor service written by hand, for tests and benchmarks: it says what it is told
to say, right or wrong."""

import asyncio
import contextlib
import itertools
import uuid
from collections import deque
from collections.abc import AsyncIterator, Callable, Sequence
from ssl import SSLContext
from types import TracebackType
from typing import Self, TypeVar

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from protocol import OLDEST_VERSION, VERSION
from protocol.facts.record import AnyFact, Record, encode_fact
from protocol.wire import codec, session, sync
from protocol.wire.errors import Refused

LIMIT_S = 20.0
"""How long anything that is waited for may take."""
M = TypeVar("M", bound=session.FromService)


class DeskKey:
    """A desk's identity, as it would lie in its owner-only file."""

    def __init__(self) -> None:
        self.key = Ed25519PrivateKey.generate()
        self.desk = ""

    @property
    def public_key(self) -> str:
        return self.key.public_key().public_bytes_raw().hex()

    def proof(self, nonce: str, desk: str | None = None) -> str:
        return self.key.sign(session.proof_text(nonce, desk or self.desk)).hex()


class Client:
    """One connection. Requests raise `Refused` when the service answers with an error."""

    def __init__(self, connection: ClientConnection, key: DeskKey | None = None) -> None:
        self.connection = connection
        self.key = key or DeskKey()
        self.welcome: session.Welcome
        self.signed_in: session.SignedIn
        self.session = ""
        self.inbox: deque[codec.ServiceMessage] = deque()
        """What came and nobody asked for yet."""
        self._ids = itertools.count(1)
        self._arrived = asyncio.Condition()
        self._closed = False
        self._reading = asyncio.create_task(self._read())

    @classmethod
    async def open(
        cls, url: str, key: DeskKey | None = None, ssl: SSLContext | None = None
    ) -> Self:
        """Connect, without a word said."""
        connection = await connect(url, proxy=None, compression=None, ssl=ssl)
        return cls(connection, key)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.close()

    async def close(self) -> None:
        await self.connection.close()
        await self._reading

    async def cut(self) -> None:
        """End without a good-bye, as a cut cable that the kernel noticed."""
        self.connection.transport.abort()
        await self._reading

    async def _read(self) -> None:
        with contextlib.suppress(ConnectionClosed):
            async for frame in self.connection:
                async with self._arrived:
                    self.inbox.append(codec.decode_from_service(frame))
                    self._arrived.notify_all()
        async with self._arrived:
            self._closed = True
            self._arrived.notify_all()

    async def send(self, message: codec.SeatMessage) -> None:
        await self.connection.send(codec.encode(message), text=True)

    async def send_raw(self, frame: str | bytes) -> None:
        await self.connection.send(frame)

    async def take(self, wanted: Callable[[codec.ServiceMessage], bool]) -> codec.ServiceMessage:
        """The first message that is wanted, waiting for it. ConnectionError when none can come."""
        async with asyncio.timeout(LIMIT_S), self._arrived:
            await self._arrived.wait_for(lambda: self._closed or any(map(wanted, self.inbox)))
            for message in self.inbox:
                if wanted(message):
                    self.inbox.remove(message)
                    return message
        raise ConnectionError("closed")

    async def expect(self, kind: type[M]) -> M:
        """The next message of a kind."""
        message = await self.take(lambda message: isinstance(message, kind))
        assert isinstance(message, kind)
        return message

    async def closed(self) -> tuple[int | None, str]:
        """Wait for the end; the close code and reason."""
        async with asyncio.timeout(LIMIT_S):
            await self.connection.wait_closed()
        return self.connection.close_code, self.connection.close_reason or ""

    async def request(self, message: codec.SeatMessage) -> codec.ServiceMessage:
        """Send a request and take its reply."""
        await self.send(message)
        number = getattr(message, "id", None)
        reply = await self.take(lambda reply: getattr(reply, "re", None) == number)
        if isinstance(reply, session.Error):
            raise Refused(reply.code, **reply.params)
        return reply

    def next_id(self) -> int:
        return next(self._ids)

    async def hello(self, version: int = VERSION, oldest: int = OLDEST_VERSION) -> Self:
        await self.send(session.Hello(version, oldest, "test client"))
        answer = await self.take(lambda m: isinstance(m, session.Welcome | session.Error))
        if isinstance(answer, session.Error):
            raise Refused(answer.code, **answer.params)
        assert isinstance(answer, session.Welcome)
        self.welcome = answer
        return self

    async def enrol(self, code: str, name: str = "desk") -> Self:
        message = session.Enrol(self.next_id(), code, self.key.public_key, name)
        reply = await self.request(message)
        assert isinstance(reply, session.Enrolled)
        self.key.desk = reply.desk
        return self

    async def present(self, proof: str | None = None, desk: str | None = None) -> Self:
        desk = desk or self.key.desk
        proof = self.key.proof(self.welcome.nonce, desk) if proof is None else proof
        await self.request(session.Present(self.next_id(), desk, proof))
        return self

    async def sign_in(
        self,
        agent: str,
        password: str,
        seat_session: str | None = None,
        new_password: str = "",
        take_over: bool = False,
    ) -> Self:
        self.session = seat_session or str(uuid.uuid4())
        message = session.SignIn(
            self.next_id(), agent, password, self.session, new_password, take_over
        )
        reply = await self.request(message)
        assert isinstance(reply, session.SignedIn)
        self.signed_in = reply
        return self

    async def resume(self, token: str, seat_session: str) -> Self:
        self.session = seat_session
        reply = await self.request(session.Resume(self.next_id(), token, seat_session))
        assert isinstance(reply, session.SignedIn)
        self.signed_in = reply
        return self

    async def append(self, records: Sequence[Record], seat_session: str | None = None) -> None:
        """Send a batch, without waiting for anything."""
        await self.send(sync.Append(seat_session or self.session, tuple(records)))

    async def record(self, *facts: AnyFact, first: int = 1, at_ms: int | None = 1_000) -> sync.Ack:
        """Append facts numbered from `first` and wait for their ack."""
        await self.append(records(*facts, first=first, at_ms=at_ms))
        return await self.acked(first + len(facts) - 1)

    async def acked(self, upto: int) -> sync.Ack:
        """Wait until everything up to a number is acknowledged. Raises `Refused`."""
        while True:
            answer = await self.take(lambda m: isinstance(m, sync.Ack | session.Error))
            if isinstance(answer, session.Error):
                raise Refused(answer.code, **answer.params)
            assert isinstance(answer, sync.Ack)
            if answer.upto >= upto:
                return answer

    async def error(self) -> session.Error:
        """The next error."""
        return await self.expect(session.Error)

    async def subscribe(self, cursor: sync.Cursor | None = None) -> sync.FloorBatch:
        """Subscribe, and take the first batch."""
        await self.request(sync.Subscribe(self.next_id(), cursor))
        return await self.expect(sync.FloorBatch)


def records(*facts: AnyFact, first: int = 1, at_ms: int | None = 1_000) -> tuple[Record, ...]:
    """Facts in their envelopes, numbered from `first`."""
    return tuple(
        Record(
            seq=first + number,
            occurred_ms=at_ms,
            wall_ms=2_000,
            mono_ms=3_000 + number,
            body=msgspec.Raw(encode_fact(fact)),
        )
        for number, fact in enumerate(facts)
    )


@contextlib.asynccontextmanager
async def desk(url: str, key: DeskKey) -> AsyncIterator[Client]:
    """A desk that has proved its key."""
    async with await Client.open(url, key) as client:
        await client.hello()
        await client.present()
        yield client
