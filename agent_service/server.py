"""The socket: one port for the websocket and for the pages beside it."""

import asyncio
import contextlib
import errno
import ssl
from collections.abc import Mapping
from http import HTTPStatus

from websockets.asyncio.server import Server as Listener
from websockets.asyncio.server import ServerConnection, serve
from websockets.http11 import Request, Response

from agent_service.certificate import reload, shown, tls_context
from agent_service.connections import Connections
from agent_service.dispatch import Dispatch
from agent_service.page import Page
from agent_service.session import STRANGER_FRAME_BYTES, Conversation
from agent_service.settings import Listen, Settings
from protocol.wire.errors import Code, Refused

_CLOSE_S = 1.0
"""How long the other side may take to agree to the end, or to say what it wants after it."""


class Server:
    """Listens, and makes a `Conversation` of each connection."""

    def __init__(
        self,
        settings: Settings,
        dispatch: Dispatch,
        connections: Connections,
        pages: Mapping[str, Page],
    ) -> None:
        self._settings = settings
        self._dispatch = dispatch
        self._connections = connections
        self._pages = pages
        """By path."""
        self._listener: Listener | None = None
        self._context: ssl.SSLContext | None = None

    async def start(self) -> None:
        """Open the port. Raises `Refused` with `tls_required`, `address_in_use` or
        `bad_setting`."""
        listen = self._settings.listen
        self._context = tls_context(self._settings)
        try:
            self._listener = await serve(
                self._converse,
                listen.host,
                listen.port,
                ssl=self._context,
                process_request=self._answer_http,
                compression=None,
                max_size=STRANGER_FRAME_BYTES,
                ping_interval=None,  # heartbeats tell the same, and cost no task a connection
                close_timeout=_CLOSE_S,
                server_header=None,
            )
        except OSError as error:
            raise _cannot_listen(listen, error) from error

    @property
    def address(self) -> str:
        """The address that clients connect to, with the true port."""
        assert self._listener is not None
        port = self._listener.sockets[0].getsockname()[1]
        scheme = "wss" if self._settings.tls.certificate else "ws"
        return f"{scheme}://{shown(self._settings.listen.host, port)}"

    def reload_certificate(self) -> bool:
        """Take a renewed certificate from its file, without a connection lost; False where none
        is used. Raises `Refused` with `bad_setting`, and the old one goes on being used."""
        if self._context is None:
            return False
        reload(self._context, self._settings)
        return True

    def stop_accepting(self) -> None:
        """Open connections go on."""
        if self._listener is not None:
            self._listener.close(close_connections=False)

    async def wait_closed(self) -> None:
        """Until every connection is gone; who has come and not said anything is not waited for."""
        if self._listener is not None:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(_CLOSE_S):
                    await self._listener.wait_closed()

    async def _converse(self, connection: ServerConnection) -> None:
        _forget_headers(connection)
        buffer_bytes = self._settings.feed.buffer_kib << 10
        peer = Conversation(
            connection,
            self._dispatch,
            self._connections.heard,
            buffer_bytes,
            self._connections.peers,
        )
        self._connections.add(peer)
        try:
            await peer.run()
        finally:
            self._connections.remove(peer)

    def _answer_http(self, connection: ServerConnection, request: Request) -> Response | None:
        if request.path == "/":
            return None
        page = self._pages.get(request.path)
        if page is None:
            return connection.respond(HTTPStatus.NOT_FOUND, "")
        answer = page()
        response = connection.respond(answer.status, answer.body)
        del response.headers["Content-Type"]
        response.headers["Content-Type"] = answer.content_type
        return response


def _forget_headers(connection: ServerConnection) -> None:
    """Those of the opening: the connection would keep them, more than two KiB, to its end."""
    for said in (connection.request, connection.response):
        if said is not None:
            said.headers.clear()


def _cannot_listen(listen: Listen, error: OSError) -> Refused:
    address = shown(listen.host, listen.port)
    if error.errno == errno.EADDRINUSE:
        return Refused(Code.ADDRESS_IN_USE, address=address)
    return Refused(Code.BAD_SETTING, name="listen", detail=f"{address}: {error.strerror}")
