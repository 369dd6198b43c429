"""The way to the service, step by step: name, port, certificate, greeting, clock, desk."""

import asyncio
import contextlib
import socket
import ssl
import time
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from urllib.parse import SplitResult, urlsplit

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import WebSocketException

from agent_client import CLIENT
from agent_client.doctor.finding import Finding, Found, found
from agent_client.seat import identity
from agent_client.seat.identity import DeskIdentity
from agent_client.seat.place import place_of
from agent_client.settings import Settings
from protocol import OLDEST_VERSION, VERSION
from protocol.facts.base import UNREADABLE
from protocol.wire import codec, session
from protocol.wire.errors import Code

STEP_S = 4.0
"""How long each step may take."""
CLOCK_SAMPLES = 3
SKEW_S = 2.0
CERTIFICATE_DAYS = 14
"""A certificate that ends sooner is worth a word."""
_PORTS = {"ws": 80, "wss": 443}


class _Stop(Exception):
    """No step behind this one makes sense."""

    def __init__(self, finding: Finding) -> None:
        self.finding = finding


async def service(settings: Settings) -> list[Finding]:
    """Each step as far as it can be gone."""
    findings: list[Finding] = []
    try:
        async for finding in _steps(settings):
            findings.append(finding)
    except _Stop as stop:
        findings.append(stop.finding)
    return findings


async def _steps(settings: Settings) -> AsyncIterator[Finding]:
    address = _address(settings.server)
    host, port = str(address.hostname), address.port or _PORTS[address.scheme]
    await _name(host, port)
    await _port(host, port)
    context = None
    if address.scheme == "wss":
        context = _context(settings.ca)
        yield await _certificate(host, port, context)
    elif not _loopback(host):
        yield found(Found.IN_THE_CLEAR, server=settings.server)
    async with _connected(settings.server, context) as connection:
        welcome = await _greet(connection, settings.server)
        yield found(Found.SERVICE_FINE, server=settings.server, version=welcome.version)
        yield await _clock(connection)
        yield await _desk(connection, welcome, settings)


def _address(server: str) -> SplitResult:
    """The address in parts."""
    with contextlib.suppress(ValueError):
        parts = urlsplit(server)
        if parts.scheme in _PORTS and parts.hostname and parts.port != 0:
            return parts
    raise _Stop(found(Found.SERVER_BAD, server=server))


async def _name(host: str, port: int) -> None:
    try:
        async with asyncio.timeout(STEP_S):
            await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError, TimeoutError) as error:
        raise _Stop(found(Found.NAME_UNKNOWN, host=host)) from error


async def _port(host: str, port: int) -> None:
    try:
        async with asyncio.timeout(STEP_S):
            _, writer = await asyncio.open_connection(host, port)
    except TimeoutError as error:
        raise _Stop(found(Found.PORT_SILENT, host=host, port=port)) from error
    except OSError as error:
        raise _Stop(found(Found.PORT_CLOSED, host=host, port=port)) from error
    await _close(writer)


def _context(ca: str) -> ssl.SSLContext:
    try:
        return ssl.create_default_context(cafile=ca or None)
    except (OSError, ssl.SSLError) as error:
        raise _Stop(found(Found.CA_UNREADABLE, file=ca)) from error


async def _certificate(host: str, port: int, context: ssl.SSLContext) -> Finding:
    try:
        async with asyncio.timeout(STEP_S):
            _, writer = await asyncio.open_connection(host, port, ssl=context)
    except ssl.SSLCertVerificationError as error:
        detail = error.verify_message
        raise _Stop(found(Found.CERTIFICATE_REFUSED, detail=detail)) from error
    except (OSError, TimeoutError) as error:
        raise _Stop(found(Found.CERTIFICATE_REFUSED, detail=str(error))) from error
    ends = _end_of(writer.get_extra_info("peercert"))
    await _close(writer)
    days = (ends - datetime.now(UTC)).days
    code = Found.CERTIFICATE_ENDS if days < CERTIFICATE_DAYS else Found.CERTIFICATE_FINE
    return found(code, day=ends.date().isoformat(), days=days)


def _end_of(certificate: dict[str, str]) -> datetime:
    return datetime.fromtimestamp(ssl.cert_time_to_seconds(certificate["notAfter"]), UTC)


def _loopback(host: str) -> bool:
    return host == "localhost" or host.startswith("127.") or host == "::1"


@contextlib.asynccontextmanager
async def _connected(
    server: str, context: ssl.SSLContext | None
) -> AsyncIterator[ClientConnection]:
    try:
        async with connect(
            server,
            ssl=context,
            proxy=None,
            compression=None,
            ping_interval=None,
            open_timeout=STEP_S,
            close_timeout=1,
        ) as connection:
            yield connection
    except (OSError, TimeoutError, WebSocketException, *UNREADABLE) as error:
        raise _Stop(found(Found.NO_SERVICE, server=server)) from error


async def _greet(connection: ClientConnection, server: str) -> session.Welcome:
    answer = await _asked(connection, session.Hello(VERSION, OLDEST_VERSION, CLIENT))
    if isinstance(answer, session.Welcome):
        return answer
    if isinstance(answer, session.Error) and answer.code == Code.VERSION_UNSUPPORTED:
        params = {"oldest": 0, "newest": 0} | answer.params
        raise _Stop(found(Found.VERSION_DIFFERS, own=VERSION, **params))
    raise _Stop(found(Found.NO_SERVICE, server=server))


async def _clock(connection: ClientConnection) -> Finding:
    """This desk's clock beside the service's, by the sample with the shortest way."""
    samples = []
    for _ in range(CLOCK_SAMPLES):
        sent, wall = time.monotonic(), time.time()
        answer = await _asked(connection, session.Heartbeat(round(sent * 1000)))
        took = time.monotonic() - sent
        if isinstance(answer, session.HeartbeatSeen):
            samples.append((took, wall + took / 2 - answer.server_ms / 1000))
    if not samples:
        return found(Found.CHECK_BROKE, check="clock")
    skew = min(samples)[1]
    off = abs(skew) > SKEW_S
    return found(
        Found.CLOCK_OFF if off else Found.CLOCK_FINE,
        skew=f"{skew:+.1f}" if off else f"{abs(skew):.1f}",
    )


async def _desk(
    connection: ClientConnection, welcome: session.Welcome, settings: Settings
) -> Finding:
    """Whether the service knows this desk's key."""
    own = identity.read(place_of(settings).identity, DeskIdentity)
    if own is None:
        return found(Found.DESK_NOT_ENROLLED)
    answer = await _asked(connection, session.Present(1, own.desk, own.prove(welcome.nonce)))
    known = isinstance(answer, session.Presented)
    return found(Found.DESK_ENROLLED if known else Found.DESK_NOT_ENROLLED)


async def _asked(connection: ClientConnection, message: codec.SeatMessage) -> codec.ServiceMessage:
    async with asyncio.timeout(STEP_S):
        await connection.send(codec.encode(message), text=True)
        return codec.decode_from_service(await connection.recv())


async def _close(writer: asyncio.StreamWriter) -> None:
    writer.close()
    with contextlib.suppress(OSError, TimeoutError):
        async with asyncio.timeout(1):
            await writer.wait_closed()
