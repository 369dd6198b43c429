"""One connection: what it has shown of itself, reading its frames one by one, and sending."""

import asyncio
import logging
import re
import secrets
from collections.abc import Callable

import msgspec
from websockets.asyncio.connection import broadcast
from websockets.asyncio.server import ServerConnection
from websockets.exceptions import ConnectionClosed
from websockets.frames import CloseCode

from agent_service.dispatch import Dispatch, Standing
from agent_service.log import fields
from agent_service.questions import Answer, Questions
from agent_service.tally import Peers
from protocol.wire import codec
from protocol.wire.errors import Code, Refused
from protocol.wire.session import Error, FromService, Person
from protocol.wire.sync import Ack

_log = logging.getLogger(__name__)

BAD_FRAMES = 20
"""A connection that sends more frames than this that speak against it is closed."""
STRANGER_FRAME_BYTES = 16 << 10
"""The largest frame of a connection that has not proved its desk: memory is for those who have."""
CLOSE_S = 2.0
"""How long a connection may take to end before it is cut off."""
PENDING_BYTES = 2 << 20
"""Facts of one connection that wait for the writer; beyond it no frame is read."""

_session = re.compile(r"[0-9A-Za-z-]{1,64}")


def check_session(session: str) -> None:
    """Whether it can name a seat's session. Raises `Refused` with `malformed_message`."""
    if not _session.fullmatch(session):
        raise Refused(Code.MALFORMED_MESSAGE, detail="session")


class SignedIn(msgspec.Struct, frozen=True):
    """Who is signed in on a connection, and what with."""

    person: Person
    session: str
    token_hash: bytes


class Conversation:
    """A connection from its opening to its end. Lives in the event loop's thread."""

    def __init__(
        self,
        connection: ServerConnection,
        dispatch: Dispatch,
        heard: Callable[["Conversation"], None],
        buffer_bytes: int,
        peers: Peers,
    ) -> None:
        self.nonce = secrets.token_hex(32)
        """What the desk signs."""
        self.greeted = False
        self.desk: str | None = None
        self.desk_name = ""
        self.signed_in: SignedIn | None = None
        self.busy = False
        """Whether it waits for us: for an answer, or for the writer to make room."""
        self.draining = False
        """Whether nothing more is taken from it."""
        self._connection = connection
        self._dispatch = dispatch
        self._heard = heard
        self._buffer_bytes = buffer_bytes
        self._peers = peers
        self._bad_frames = 0
        self._pending_bytes = 0
        self._room: asyncio.Future[None] | None = None
        """Set while too much of it waits for the writer; done when there is room again."""
        self._acks: dict[str, Ack] = {}
        self._questions: Questions | None = None

    @property
    def standing(self) -> Standing:
        """How far it has come."""
        if not self.greeted:
            return Standing.STRANGER
        if self.desk is None:
            return Standing.GREETED
        return Standing.DESK if self.signed_in is None else Standing.PERSON

    @property
    def person(self) -> Person | None:
        """Who is signed in."""
        return None if self.signed_in is None else self.signed_in.person

    async def run(self) -> None:
        """Read and answer until the connection ends."""
        try:
            while True:
                frame = await self._connection.recv(decode=False)
                self.busy = True
                await self._answer(frame)
                if self._room is not None:
                    await self._room
                self.busy = False
        except ConnectionClosed:
            return
        finally:
            if self._questions is not None:
                self._questions.forget_all()

    async def _answer(self, frame: bytes) -> None:
        self._heard(self)
        if not await self._dispatch.handle(self, frame):
            self._bad_frames += 1
            if self._bad_frames > BAD_FRAMES:
                await self._close(CloseCode.POLICY_VIOLATION)

    def prove(self, desk: str, name: str) -> None:
        """It is this desk, and may send facts."""
        self.desk, self.desk_name = desk, name
        self._connection.protocol.max_message_size = codec.MAX_FRAME_BYTES

    def send(self, message: FromService) -> None:
        """Send at once. Nothing waits but in the socket's buffer."""
        if type(message) is Error:
            self._peers.refused(message.code)
        self.send_frame(codec.encode(message))

    def send_frame(self, frame: bytes) -> None:
        """Send what is encoded already. Who lets the buffer grow over its limit is cut off."""
        broadcast((self._connection,), frame, text=True)
        if self._connection.transport.get_write_buffer_size() > self._buffer_bytes:
            self._peers.slow_readers += 1
            agent = None if self.person is None else self.person.number
            _log.warning("slow_reader_cut_off", extra=fields(agent=agent, desk=self.desk))
            self.abort()

    def aside(self, question: int | None, answer: Answer) -> None:
        """Answer a question beside the frames that follow, as long as the connection lasts. Raises
        `Refused` with `too_many_requests` or `malformed_message`."""
        if self._questions is None:
            self._questions = Questions()
        self._questions.ask(question, answer)

    def forget(self, question: int) -> None:
        """Nobody waits for an answer any more."""
        if self._questions is not None:
            self._questions.forget(question)

    def abort(self) -> None:
        """Cut it off, without waiting for the other side."""
        self._connection.transport.abort()

    def owe(self, size: int) -> None:
        """Facts of so many bytes were handed to the writer."""
        self._pending_bytes += size
        if self._pending_bytes >= PENDING_BYTES and self._room is None:
            self._room = asyncio.get_running_loop().create_future()

    def settled(self, size: int) -> None:
        """The writer is done with them."""
        self._pending_bytes -= size
        if self._pending_bytes < PENDING_BYTES and self._room is not None:
            room, self._room = self._room, None
            if not room.done():  # its reader may have been ended meanwhile
                room.set_result(None)

    def ack(self, ack: Ack) -> None:
        """Acknowledge, once a session and turn of the loop: a later ack covers an earlier."""
        if not self._acks:
            asyncio.get_running_loop().call_soon(self._send_acks)
        self._acks[ack.session] = ack

    def _send_acks(self) -> None:
        acks, self._acks = self._acks, {}
        for ack in acks.values():
            self.send(ack)

    def drain(self) -> None:
        """Take nothing more from it."""
        self.draining = True

    async def dismiss(self, error: Error, code: CloseCode) -> None:
        """Say why, after what is owed, and close."""
        self._send_acks()
        self.send(error)
        await self._close(code)

    async def _close(self, code: CloseCode) -> None:
        """Close. Who does not even read the good-bye is cut off."""
        try:
            async with asyncio.timeout(CLOSE_S):
                await self._connection.close(code)
        except TimeoutError:
            self.abort()
