"""The other end of a call, byte by byte: a SIP speaker that says exactly what a test wants."""

import asyncio
import re
from collections.abc import Callable
from typing import Self
from uuid import uuid4

from tests.contract.phones import LIMIT_S

Address = tuple[str, int]


class Message(str):
    """A SIP request or response; bytes that are no text are kept one to one."""

    @property
    def first(self) -> str:
        return self.partition("\r\n")[0]

    def header(self, name: str) -> str:
        """The value of a header; fails without one."""
        found = re.search(rf"^{name}:\s*(.*?)\r$", self, re.IGNORECASE | re.MULTILINE)
        assert found is not None, f"no {name} in {self}"
        return found[1]


class SipPeer(asyncio.DatagramProtocol):
    """One dialog with a phone, from a UDP port of its own."""

    def __init__(self) -> None:
        self._heard: asyncio.Queue[Message] = asyncio.Queue()
        self._branch = ""
        self._cseq = 0
        self._call_id = uuid4().hex
        self._from = ""
        self._to = ""
        self._phone: Address = ("", 0)

    @classmethod
    async def open(cls) -> Self:
        loop = asyncio.get_running_loop()
        transport, peer = await loop.create_datagram_endpoint(cls, local_addr=("127.0.0.1", 0))
        peer.transport = transport
        peer.port = transport.get_extra_info("sockname")[1]
        return peer

    transport: asyncio.DatagramTransport
    port: int

    @property
    def address(self) -> str:
        return f"sip:peer@127.0.0.1:{self.port}"

    def datagram_received(self, data: bytes, addr: Address) -> None:
        self._heard.put_nowait(Message(data.decode("latin-1")))

    def send(self, message: str) -> None:
        self.transport.sendto(message.encode("latin-1"), self._phone)

    async def next(self, wanted: Callable[[Message], bool]) -> Message:
        """The next message like this; others are skipped."""
        async with asyncio.timeout(LIMIT_S):
            while not wanted(message := await self._heard.get()):
                pass
        return message

    def heard_so_far(self) -> list[Message]:
        """What has come and nobody has asked for."""
        return [self._heard.get_nowait() for _ in range(self._heard.qsize())]

    async def request(self, method: str) -> Message:
        """Wait for a request."""
        return await self.next(lambda message: message.first.startswith(f"{method} "))

    async def response(self, method: str, status: int) -> Message:
        """Wait for a response to a request of ours."""
        return await self.next(
            lambda message: (
                message.first.startswith(f"SIP/2.0 {status} ")
                and message.header("CSeq").endswith(method)
            )
        )

    def calls(self, phone: str, from_value: str = '"Jane" <sip:4955512345@peer.test>') -> None:
        """Send an INVITE to the phone's address."""
        host, _, port = phone.rpartition("@")[2].partition(":")
        self._phone = (host, int(port))
        self._from = f"{from_value};tag=peer"
        self._to = f"<{phone}>"
        self.asks("INVITE", body=self.sdp("sendrecv"))

    def asks(self, method: str, *headers: str, body: str = "") -> None:
        """Send a request in the dialog."""
        if method not in {"ACK", "CANCEL"}:
            self._cseq += 1
            self._branch = f"z9hG4bK{uuid4().hex}"
        uri = f"sip:{self._phone[0]}:{self._phone[1]}"
        lines = [
            f"{method} {uri} SIP/2.0",
            f"Via: SIP/2.0/UDP 127.0.0.1:{self.port};branch={self._branch}",
            "Max-Forwards: 70",
            f"From: {self._from}",
            f"To: {self._to}",
            f"Call-ID: {self._call_id}",
            f"CSeq: {self._cseq} {method}",
            f"Contact: <{self.address}>",
            *headers,
        ]
        self.send(self._with_body(lines, body))

    async def is_answered(self) -> None:
        """Wait for the 200 to our INVITE, and acknowledge it."""
        self._to = (await self.response("INVITE", 200)).header("To")
        self._branch = f"z9hG4bK{uuid4().hex}"
        self.asks("ACK")

    async def is_refused(self, status: int) -> None:
        """Wait for this final answer to our INVITE, and acknowledge it."""
        self._to = (await self.response("INVITE", status)).header("To")
        self.asks("ACK")

    def answered_with(self, to: str) -> None:
        """From now on this is the other end of the dialog."""
        self._to = to

    def replies(self, request: Message, status: int, *headers: str, body: str = "") -> None:
        """Answer a request of the phone."""
        host, _, port = re.split(r"[ ;]", request.header("Via"))[1].partition(":")
        self._phone = (host, int(port))
        to = request.header("To")
        lines = [
            f"SIP/2.0 {status} Whatever",
            *(f"{name}: {request.header(name)}" for name in ("Via", "From", "Call-ID", "CSeq")),
            f"To: {to}" if "tag=" in to else f"To: {to};tag=peer",
            f"Contact: <{self.address}>",
            *headers,
        ]
        self.send(self._with_body(lines, body))

    def sdp(self, direction: str) -> str:
        """A description of sound in PCMA that is sent to nobody who listens."""
        return (
            "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\n"
            f"m=audio {self.port} RTP/AVP 8\r\na=rtpmap:8 PCMA/8000\r\na={direction}\r\n"
        )

    @staticmethod
    def _with_body(lines: list[str], body: str) -> str:
        kind = ["Content-Type: application/sdp"] if body else []
        return "\r\n".join([*lines, *kind, f"Content-Length: {len(body)}", "", body])
