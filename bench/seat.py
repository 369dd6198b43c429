"""A seat that says no more than it must, in bytes: the websocket's opening, hello, the desk's
proof, the token, and then facts."""

import json
from typing import NamedTuple

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from bench.facts import Bodies, held
from protocol import OLDEST_VERSION, VERSION
from protocol.wire import codec, session
from protocol.wire.session import FromSeat, Role
from protocol.wire.sync import Subscribe, Subscribed

_UPGRADE = (
    b"GET / HTTP/1.1\r\nHost: bench\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"
)
_NO_MASK = bytes(4)
_TEXT = 0x81
_UPTO = b'"upto":'
_EARLY = 100
"""Where in an ack that stands, at the latest."""


class Enrolled(NamedTuple):
    """What a seat needs to sign in."""

    agent: str
    roles: tuple[Role, ...]
    desk: str
    key: Ed25519PrivateKey
    token: str


class Seat:
    """One seat's side of the wire; a supervisor's watches the floor."""

    def __init__(self, enrolled: Enrolled, name: str, bodies: Bodies = held) -> None:
        """`name` is its session."""
        self.ready = False
        self.acked = 0
        self.session = name
        self._enrolled = enrolled
        self._bodies = bodies
        self._watches = Role.SUPERVISOR in enrolled.roles
        self._seq = 0
        self._buffer = b""
        self._upgraded = False

    def opening(self) -> bytes:
        """The websocket's opening."""
        return _UPGRADE

    def hear(self, data: bytes) -> bytes:
        """Acks are looked at in haste; whatever else comes is read in full."""
        self._buffer += data
        answers = b""
        if not self._upgraded and b"\r\n\r\n" in self._buffer:
            head, _, self._buffer = self._buffer.partition(b"\r\n\r\n")
            assert head.startswith(b"HTTP/1.1 101"), head
            self._upgraded = True
            answers += framed(codec.encode(session.Hello(VERSION, OLDEST_VERSION, "bench")))
        while self._upgraded and (payload := self._next()) is not None:
            at = payload.find(_UPTO, 0, _EARLY)
            if at >= 0:
                begin = at + len(_UPTO)
                self.acked = int(payload[begin : payload.index(b",", begin)])
            else:
                answers += self._answer(payload)
        return answers

    def _next(self) -> bytes | None:
        """The next whole frame's payload."""
        buffer = self._buffer
        if len(buffer) < 4:
            return None
        size, begin = buffer[1], 2
        if size == 126:
            size, begin = int.from_bytes(buffer[2:4], "big"), 4
        elif size == 127:
            size, begin = int.from_bytes(buffer[2:10], "big"), 10
        if len(buffer) < begin + size:
            return None
        self._buffer = buffer[begin + size :]
        return buffer[begin : begin + size]

    def _answer(self, payload: bytes) -> bytes:
        message = codec.decode_from_service(payload)
        match message:
            case session.Welcome(nonce=nonce):
                desk = self._enrolled.desk
                proof = self._enrolled.key.sign(session.proof_text(nonce, desk)).hex()
                return framed(codec.encode(session.Present(1, desk, proof)))
            case session.Presented():
                return framed(self._encoded(session.Resume(2, self._enrolled.token, self.session)))
            case session.SignedIn():
                if self._watches:
                    return framed(self._encoded(Subscribe(3)))
                self.ready = True
            case Subscribed():
                self.ready = True
            case session.Error():
                raise RuntimeError(json.dumps([message.code, message.params]))
        return b""

    @staticmethod
    def _encoded(message: FromSeat) -> bytes:
        return codec.encode(message)

    def frame(self, facts: int) -> bytes:
        """The next facts."""
        records = ",".join(
            f'{{"seq":{seq},"occurred_ms":1790000000000,"wall_ms":1790000000000,'
            f'"mono_ms":{seq},"body":{self._bodies(seq)}}}'
            for seq in range(self._seq + 1, self._seq + 1 + facts)
        )
        self._seq += facts
        message = f'{{"type":"append","session":"{self.session}","facts":[{records}]}}'
        return framed(message.encode())


def framed(payload: bytes) -> bytes:
    """A client's text frame. The mask is zero, which the server takes off like any other."""
    size = len(payload)
    if size < 126:
        head = bytes((_TEXT, 0x80 | size))
    elif size < 1 << 16:
        head = bytes((_TEXT, 0x80 | 126)) + size.to_bytes(2, "big")
    else:
        head = bytes((_TEXT, 0x80 | 127)) + size.to_bytes(8, "big")
    return head + _NO_MASK + payload
