"""A relay of the link's frames that can stammer: it says facts twice and swallows acks, as a link
does that breaks at the wrong moment."""

import asyncio
import contextlib

from websockets.asyncio.client import ClientConnection, connect
from websockets.asyncio.server import Server, ServerConnection, serve
from websockets.exceptions import ConnectionClosed, WebSocketException

from protocol.wire import codec, sync


class Repeater:
    """Relays one service to seats, frame by frame."""

    def __init__(self, server: str) -> None:
        self._target = server
        self._server: Server | None = None
        self.stammers = False
        """Whether it repeats and swallows."""
        self.repeated = 0
        """Frames of facts that were said twice."""
        self.swallowed = 0
        """Acks that never arrived."""

    async def open(self) -> str:
        """Listen; the address that stands for the service's."""
        self._server = await serve(
            self._carry,
            "127.0.0.1",
            0,
            compression=None,
            max_size=codec.MAX_FRAME_BYTES,
            ping_interval=None,
            close_timeout=1,
        )
        port = next(iter(self._server.sockets)).getsockname()[1]
        return f"ws://127.0.0.1:{port}"

    async def close(self) -> None:
        """End."""
        if self._server is not None:
            self._server.close()
            await self._server.wait_closed()

    async def _carry(self, seat: ServerConnection) -> None:
        with contextlib.suppress(OSError, WebSocketException):
            async with connect(
                self._target,
                proxy=None,
                compression=None,
                max_size=codec.MAX_FRAME_BYTES,
                ping_interval=None,
                close_timeout=1,
            ) as service:
                ways = [
                    asyncio.create_task(self._to_service(seat, service)),
                    asyncio.create_task(self._to_seat(service, seat)),
                ]
                await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
                for way in ways:
                    way.cancel()
                await asyncio.gather(*ways, return_exceptions=True)

    async def _to_service(self, seat: ServerConnection, service: ClientConnection) -> None:
        with contextlib.suppress(ConnectionClosed):
            async for frame in seat:
                await service.send(frame)
                if self.stammers and isinstance(codec.decode_from_seat(frame), sync.Append):
                    self.repeated += 1
                    await service.send(frame)

    async def _to_seat(self, service: ClientConnection, seat: ServerConnection) -> None:
        with contextlib.suppress(ConnectionClosed):
            async for frame in service:
                if self.stammers and isinstance(codec.decode_from_service(frame), sync.Ack):
                    self.swallowed += 1
                    continue
                await seat.send(frame)
