"""The demonstration's telephone exchange: phones register with it, and numbers are called at it.

A stateless proxy (RFC 3261, 16.11) on the loopback interface: it adds its name to each request,
sends it on to whoever has registered the number, and takes its name off each answer. It asks
nobody for a password, and is for nothing but the demonstration.
"""

import asyncio
import hashlib
import logging
import re
from dataclasses import dataclass, replace

_log = logging.getLogger(__name__)

EXPIRY_S = 60
"""How long a registration is said to be good; each holds until the next of its number."""
MOST_NUMBERS = 1000
MOST_HOPS = 70

_HOPS = "Max-Forwards"
_COOKIE = "z9hG4bK"
"""What every branch of RFC 3261 begins with."""
_VIA = re.compile(r"SIP/2\.0/UDP\s+(?P<host>[^\s;:]+):(?P<port>\d+)(?P<rest>.*)")
_BRANCH = re.compile(r";\s*branch=([^;,\s]+)")
_ADDRESS = re.compile(r"sip:(?:(?P<user>[^@;>]+)@)?(?P<host>[^:;>]+)(?::(?P<port>\d+))?")

Address = tuple[str, int]


@dataclass(frozen=True)
class Message:
    """A SIP message as far as an exchange reads it."""

    start: str
    headers: tuple[tuple[str, str], ...]
    body: str = ""

    @classmethod
    def read(cls, packet: bytes) -> "Message":
        """Raises `ValueError` for what is none."""
        head, _, body = packet.decode("utf-8", "surrogateescape").partition("\r\n\r\n")
        start, *lines = head.split("\r\n")
        headers = []
        for line in lines:
            name, colon, value = line.partition(":")
            if not colon:
                raise ValueError(line)
            headers.append((name.strip(), value.strip()))
        return cls(start, tuple(headers), body)

    def written(self) -> bytes:
        """As it is sent."""
        lines = [self.start, *(f"{name}: {value}" for name, value in self.headers)]
        return ("\r\n".join(lines) + "\r\n\r\n" + self.body).encode("utf-8", "surrogateescape")

    def header(self, name: str) -> str:
        """A header's first value; empty without one."""
        return next((value for each, value in self.headers if each.lower() == name.lower()), "")

    def answer(self, status: str, *more: tuple[str, str]) -> "Message":
        """The answer to a request."""
        kept = {"via", "from", "to", "call-id", "cseq"}
        headers = [
            (
                name,
                f"{value};tag={_digest(self.header('Call-ID'))}" if _opens(name, value) else value,
            )
            for name, value in self.headers
            if name.lower() in kept
        ]
        return Message(f"SIP/2.0 {status}", (*headers, *more, ("Content-Length", "0")))


class Exchange(asyncio.DatagramProtocol):
    """Knows where each number's phone is."""

    def __init__(self) -> None:
        self._places: dict[str, str] = {}
        self._transport: asyncio.DatagramTransport | None = None
        self.address = ""
        """`host:port`, once it is open."""

    async def open(self) -> None:
        """Listen on a free port."""
        loop = asyncio.get_running_loop()
        self._transport, _ = await loop.create_datagram_endpoint(
            lambda: self, local_addr=("127.0.0.1", 0)
        )
        host, port = self._transport.get_extra_info("sockname")
        self.address = f"{host}:{port}"

    def close(self) -> None:
        """Harmless when it is not open."""
        if self._transport is not None:
            self._transport.close()
            self._transport = None

    def datagram_received(self, data: bytes, addr: Address) -> None:
        """Send one message on, or answer it."""
        if not data.strip():
            return  # what keeps a way open
        try:
            message = Message.read(data)
            if message.start.startswith("SIP/2.0 "):
                self._send_back(replace(message, headers=_without_via(message)))
            else:
                self._request(message)
        except ValueError:
            _log.info("the exchange did not understand a message")

    def _request(self, request: Message) -> None:
        method, uri, _ = request.start.split(" ", 2)
        if method == "REGISTER":
            self._register(request)
            return
        hops = min(int(request.header(_HOPS) or MOST_HOPS), MOST_HOPS)
        place = self._places.get(_part(uri, "user"), "")
        if place and hops > 0:
            self._send_on(request, method, place, hops - 1)
        elif method != "ACK":
            self._send_back(request.answer("404 Not Found" if hops else "483 Too Many Hops"))

    def _register(self, request: Message) -> None:
        number, contact = _part(request.header("To"), "user"), request.header("Contact")
        found = _ADDRESS.search(contact)
        leaves = request.header("Expires") == "0" or re.search(r";\s*expires=0\b", contact)
        place = found.group() if found is not None else ""
        if leaves:
            if self._places.get(number) == place:
                del self._places[number]
            self._send_back(request.answer("200 OK"))
        elif self._may_be_at(number, place):
            self._places[number] = place
            told = ("Contact", f"<{place}>;expires={EXPIRY_S}")
            self._send_back(request.answer("200 OK", told))
        else:
            self._send_back(request.answer("403 Forbidden"))

    def _may_be_at(self, number: str, place: str) -> bool:
        """A call that is sent to the exchange itself would go round for ever. Raises `ValueError`
        for what is no place."""
        host, port = _address(place)
        room = number in self._places or len(self._places) < MOST_NUMBERS
        return room and f"{host}:{port}" != self.address

    def _send_on(self, request: Message, method: str, place: str, hops: int) -> None:
        """The branch comes of the request's own, so that a CANCEL and an ACK take the way of their
        INVITE."""
        branch = _BRANCH.search(request.header("Via"))
        made = _COOKIE + _digest(branch[1] if branch else request.header("Call-ID"))
        via = ("Via", f"SIP/2.0/UDP {self.address};branch={made}")
        others = tuple(each for each in request.headers if each[0].lower() != _HOPS.lower())
        passed = replace(
            request, start=f"{method} {place} SIP/2.0", headers=(via, (_HOPS, str(hops)), *others)
        )
        self._send(passed, _address(place))

    def _send_back(self, answer: Message) -> None:
        """To whoever stands on top. On the loopback interface phones name their true address."""
        way = _VIA.match(answer.header("Via"))
        if way is None:
            raise ValueError(answer.start)
        self._send(answer, _checked(way["host"], way["port"]))

    def _send(self, message: Message, to: Address) -> None:
        if self._transport is not None:
            self._transport.sendto(message.written(), to)


def _part(uri: str, name: str) -> str:
    found = _ADDRESS.search(uri)
    return (found[name] or "") if found is not None else ""


def _address(place: str) -> Address:
    """Where a SIP address is reached. Raises `ValueError`."""
    return _checked(_part(place, "host"), _part(place, "port") or "5060")


def _checked(host: str, port: str) -> Address:
    """What can be sent to, on this machine alone. Raises `ValueError`."""
    number = int(port)
    if host != "127.0.0.1" or not 1 <= number <= 65535:
        raise ValueError(host)
    return host, number


def _opens(name: str, value: str) -> bool:
    """Whether this is a To that no dialog has marked."""
    return name.lower() == "to" and ";tag=" not in value.lower()


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogateescape")).hexdigest()[:24]


def _without_via(message: Message) -> tuple[tuple[str, str], ...]:
    """Raises `ValueError` where there is none."""
    place = [name.lower() for name, _ in message.headers].index("via")
    return message.headers[:place] + message.headers[place + 1 :]
