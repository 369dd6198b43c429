"""The link to the floor service: one websocket that comes back by itself.

It says hello, proves the desk, reads the server's clock, delivers facts in order and keeps
delivering; requests of the seat go over it and get one answer each. It knows nothing of states.

Limits of time are `asyncio.timeout`: `wait_for` of Python 3.11 can swallow a cancellation, and the
seat would wait for its link for ever when it ends.
"""

import asyncio
import contextlib
import logging
import random
import ssl

from websockets.asyncio.client import ClientConnection, connect
from websockets.asyncio.connection import broadcast
from websockets.exceptions import ConnectionClosed, WebSocketException

from agent_client.seat.clock import Anchor, Clock
from agent_client.seat.comparing import Comparing, MakeRequest
from agent_client.seat.delivery import Delivery
from agent_client.seat.identity import DeskIdentity
from protocol import OLDEST_VERSION, VERSION
from protocol.wire import (
    breaks,
    codec,
    exams,
    handover,
    orders,
    roster,
    session,
    sync,
    training,
)
from protocol.wire.errors import Code, Refused

_log = logging.getLogger(__name__)

_Own = (
    roster.OwnPlan | handover.OwnNotices | breaks.OwnQueue | exams.OwnExams | training.OwnTraining
)

HEARTBEAT_S = 10.0
SILENCE_S = 30.0
REQUEST_S = 10.0
INTRODUCTION_S = 2.0
ANCHOR_SAMPLES = 3
SHORTEST_WAIT_S = 0.2
LONGEST_WAIT_S = 10.0
SETTLED_S = 5.0
"""A connection that held so long starts the next back-off afresh."""
SLOWEST = 6
"""Tries after which the back-off grows no more."""

_FINAL = frozenset(
    {
        Code.BAD_DESK_PROOF,
        Code.BAD_TOKEN,
        Code.SIGNED_IN_ELSEWHERE,
        Code.NOT_YOUR_SESSION,
        Code.NOT_CONFIRMED,
        Code.PASSWORD_CHANGE_NEEDED,
    }
)
"""Refusals that only a person can change: the connection stays, and waits for one."""


class Unanswered(Refused):
    """A request went out and no answer came in time: the service may still be at work on it."""


class Listener:
    """What the link tells its seat."""

    def link_changed(self) -> None:
        """The link went up or down, or the reason why it is down changed."""

    async def link_presented(self) -> None:
        """The desk has proved itself: time to resume what was signed in."""

    def displaced(self) -> None:
        """The person has signed in at another desk."""

    def acknowledged(self) -> None:
        """The service has more of our facts on its disk."""

    def floor_batch(self, batch: sync.FloorBatch) -> None:
        """Rows of the floor changed."""

    def orders_waiting(self, waiting: orders.OrdersWaiting) -> None:
        """Leads ask something."""

    def own_plan(self, plan: roster.OwnPlan) -> None:
        """The person's plan is another."""

    def own_notices(self, notices: handover.OwnNotices) -> None:
        """What waits for the person is another."""

    def own_queue(self, queue: breaks.OwnQueue) -> None:
        """The person's place in the queue for breaks is another."""

    def own_exams(self, own: exams.OwnExams) -> None:
        """What there is to sit, or a result, is another."""

    def own_training(self, own: training.OwnTraining) -> None:
        """What there is to study is another."""


class Link:
    """Keeps a connection to the service. `identity` may be set later, when the desk enrols."""

    def __init__(
        self,
        server: str,
        ca: str,
        clock: Clock,
        delivery: Delivery,
        comparing: Comparing,
        client: str,
    ) -> None:
        self._server = server
        self._ca = ca
        self._clock = clock
        self._delivery = delivery
        self._comparing = comparing
        self._client = client
        self._socket: ClientConnection | None = None
        self._welcome: session.Welcome | None = None
        self._answers: dict[int, asyncio.Future[codec.ServiceMessage]] = {}
        self._samples: dict[int, asyncio.Future[Anchor]] = {}
        self._next_id = 0
        self._introduced = asyncio.Event()
        self.listener = Listener()
        self.identity: DeskIdentity | None = None
        self.best: Anchor | None = None
        """The anchor with the shortest way on this connection."""
        self.up = False
        self.fault: str | None = Code.SERVICE_UNREACHABLE

    async def run(self) -> None:
        """Connect, and again, until cancelled."""
        tries = 0
        while True:
            began = self._clock.monotonic()
            try:
                async with self._connected() as socket:
                    await self._converse(socket)
            except Refused as refused:
                self._down(refused.code)
            except (OSError, TimeoutError, WebSocketException) as why:
                _log.info("link down: %s", why)
                self._down(Code.SERVICE_UNREACHABLE)
            except Exception:  # noqa: BLE001 - the edge: whatever went wrong, the link comes back
                _log.error("the link failed", exc_info=True)
                self._down(Code.INTERNAL)
            tries = 0 if self._clock.monotonic() - began > SETTLED_S * 1000 else tries + 1
            await asyncio.sleep(_wait_s(tries))

    async def introduced(self) -> None:
        """Wait a moment for a connection that is just being made."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(INTRODUCTION_S):
                await self._introduced.wait()

    async def request(
        self, make: MakeRequest, limit_s: float | None = None
    ) -> codec.ServiceMessage:
        """Ask and wait, `REQUEST_S` unless told. Raises `Refused` with the service's code, or
        `SERVICE_UNREACHABLE`; `Unanswered`, with that code too, after the time."""
        if self._socket is None:
            raise Refused(self.fault or Code.SERVICE_UNREACHABLE, server=self._server)
        self._next_id += 1
        number = self._next_id
        answer: asyncio.Future[codec.ServiceMessage] = asyncio.get_running_loop().create_future()
        self._answers[number] = answer
        try:
            await self._send(make(number))
            async with asyncio.timeout(REQUEST_S if limit_s is None else limit_s):
                return await answer
        except asyncio.CancelledError:
            self._forget(number)
            raise
        except TimeoutError as error:
            self._forget(number)
            raise Unanswered(Code.SERVICE_UNREACHABLE, server=self._server) from error
        except ConnectionClosed as error:
            raise Refused(Code.SERVICE_UNREACHABLE, server=self._server) from error
        finally:
            self._answers.pop(number, None)

    async def ask_signed_in(
        self, make: MakeRequest, limit_s: float | None = None
    ) -> codec.ServiceMessage:
        """Ask what only a signed-in person may. Raises `Refused` as `request` does."""
        if not self.up:
            raise Refused(self.fault or Code.SERVICE_UNREACHABLE, server=self._server)
        return await self.request(make, limit_s)

    async def enrol(self, code: str, public_key: str, name: str) -> str:
        """Hand in a one-time code. Returns the desk's new name."""
        answer = await self.request(lambda id_: session.Enrol(id_, code, public_key, name))
        assert isinstance(answer, session.Enrolled)
        return answer.desk

    async def present(self) -> None:
        """Prove the desk's key, on a connection that has none yet; from here on facts go out that
        the service lacks, of sessions that it knows."""
        assert self.identity is not None
        assert self._welcome is not None
        desk, proof = self.identity.desk, self.identity.prove(self._welcome.nonce)
        await self.request(lambda id_: session.Present(id_, desk, proof))
        self._delivery.start(self._send, await self._comparing.compare(self.request))

    @property
    def connected(self) -> bool:
        """Whether the service has welcomed this connection."""
        return self._socket is not None

    def renew(self) -> None:
        """Begin a new connection: what is to be agreed has changed."""
        if self._socket is not None:
            self._socket.transport.abort()

    def came_up(self) -> None:
        """All that this seat wants of the connection is agreed."""
        if self._socket is None:
            return
        self.up, self.fault = True, None
        self._delivery.welcome_again()
        self.listener.link_changed()

    def _connected(self) -> contextlib.AbstractAsyncContextManager[ClientConnection]:
        secure = self._server.startswith("wss://")
        return connect(
            self._server,
            ssl=ssl.create_default_context(cafile=self._ca or None) if secure else None,
            proxy=None,
            compression=None,
            max_size=codec.MAX_FRAME_BYTES,
            ping_interval=None,
            open_timeout=REQUEST_S,
            close_timeout=1,
        )

    async def _converse(self, socket: ClientConnection) -> None:
        """One connection from hello to its end, which raises what ended it."""
        await socket.send(
            codec.encode(session.Hello(VERSION, OLDEST_VERSION, self._client)), text=True
        )
        async with asyncio.timeout(REQUEST_S):
            first = codec.decode_from_service(await socket.recv())
        if isinstance(first, session.Error):
            raise Refused(first.code, **first.params)
        if not isinstance(first, session.Welcome):
            raise Refused(Code.MALFORMED_MESSAGE, detail="no welcome")
        self._socket, self._welcome, self.best = socket, first, None
        parts = (self._receive(socket), self._introduce(), self._beat(socket))
        works = [asyncio.create_task(part) for part in parts]
        try:
            done, _ = await asyncio.wait(works, return_when=asyncio.FIRST_EXCEPTION)
            for work in works:
                if work in done:
                    work.result()
        finally:
            self._disconnected()
            for work in works:
                work.cancel()
            await asyncio.gather(*works, return_exceptions=True)

    async def _introduce(self) -> None:
        """After the welcome: read the clock, prove the desk, resume. Raises `Refused` when that
        is worth trying again."""
        try:
            for _ in range(ANCHOR_SAMPLES):
                await self._sample()
            if self.identity is not None:
                await self.present()
                await self.listener.link_presented()
        except Refused as refused:
            _log.warning("the service refused this desk: %s", refused)
            if refused.code not in _FINAL:
                raise
            self.fault = refused.code
            self.listener.link_changed()
        else:
            self.came_up()
        self._introduced.set()

    async def _beat(self, socket: ClientConnection) -> None:
        """Show that the seat is alive, and find out whether the service is."""
        while True:
            await asyncio.sleep(HEARTBEAT_S)
            try:
                async with asyncio.timeout(SILENCE_S - HEARTBEAT_S):
                    await self._sample()
            except TimeoutError:
                _log.warning("nothing heard from the service; connecting again")
                socket.transport.abort()
                return

    async def _sample(self) -> None:
        sent = self._clock.monotonic()
        sample: asyncio.Future[Anchor] = asyncio.get_running_loop().create_future()
        self._samples[sent] = sample
        await self._send(session.Heartbeat(sent))
        anchor = await sample
        if self.best is None or anchor.rtt_ms < self.best.rtt_ms:
            self.best = anchor

    async def _receive(self, socket: ClientConnection) -> None:
        async for frame in socket:
            self._take(codec.decode_from_service(frame))
        raise ConnectionResetError("closed by the service")

    def _take(self, message: codec.ServiceMessage) -> None:
        match message:
            case session.HeartbeatSeen():
                sample = self._samples.pop(message.mono_ms, None)
                if sample is not None and not sample.done():
                    sample.set_result(self._clock.sample(message.mono_ms, message.server_ms))
            case sync.Ack():
                self._delivery.acknowledged(message)
                self.listener.acknowledged()
            case sync.FloorBatch():
                self.listener.floor_batch(message)
            case orders.OrdersWaiting():
                self.listener.orders_waiting(message)
            case (
                roster.OwnPlan()
                | handover.OwnNotices()
                | breaks.OwnQueue()
                | exams.OwnExams()
                | training.OwnTraining()
            ):
                self._tell_own(message)
            case session.Error(re=None):
                self._complain(message)
            case session.Welcome():
                raise Refused(Code.MALFORMED_MESSAGE, detail="a second welcome")
            case _:
                self._answer(message)

    def _tell_own(self, message: _Own) -> None:
        match message:
            case roster.OwnPlan():
                self.listener.own_plan(message)
            case handover.OwnNotices():
                self.listener.own_notices(message)
            case breaks.OwnQueue():
                self.listener.own_queue(message)
            case exams.OwnExams():
                self.listener.own_exams(message)
            case training.OwnTraining():
                self.listener.own_training(message)

    def _answer(self, message: codec.ServiceMessage) -> None:
        re = getattr(message, "re", None)
        waiting = self._answers.get(re) if isinstance(re, int) else None
        if waiting is None or waiting.done():
            return
        if isinstance(message, session.Error):
            waiting.set_exception(Refused(message.code, **message.params))
        else:
            waiting.set_result(message)

    def _complain(self, error: session.Error) -> None:
        """The service refused something that nobody waits for: facts, above all. They stay on
        this disk. Unless the delivery can go on without them, the connection is made anew and
        they are sent again."""
        refused = Refused(error.code, **error.params)
        _log.warning("the service says: %s", refused)
        if error.code == Code.SIGNED_IN_ELSEWHERE:
            self.listener.displaced()
        if not self._delivery.refused(error):
            raise refused

    async def _send(self, message: codec.SeatMessage) -> None:
        if self._socket is not None:
            await self._socket.send(codec.encode(message), text=True)

    def _forget(self, request: int) -> None:
        """Nobody waits for an answer any more."""
        if self._socket is not None:
            broadcast((self._socket,), codec.encode(session.Forget(request)), text=True)

    def _disconnected(self) -> None:
        self._socket = None
        self._introduced.clear()
        self._delivery.stop()
        for waiting in self._answers.values():
            if not waiting.done():
                waiting.set_exception(Refused(Code.SERVICE_UNREACHABLE, server=self._server))
        for sample in self._samples.values():
            sample.cancel()
        self._samples.clear()

    def _down(self, code: str) -> None:
        self.up, self.fault = False, code
        self.listener.link_changed()


def _wait_s(tries: int) -> float:
    """A back-off with jitter, so that a floor's seats don't come back in step."""
    longest = min(LONGEST_WAIT_S, SHORTEST_WAIT_S * 2 ** min(tries, SLOWEST))
    return random.uniform(SHORTEST_WAIT_S / 2, longest)  # noqa: S311 - no secret
