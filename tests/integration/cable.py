"""A cable between a seat and the service that a test can pull: a TCP relay on loopback."""

import asyncio
import contextlib


class Cable:
    """Relays one port to another while it is in."""

    def __init__(self, server: str) -> None:
        host, _, port = server.removeprefix("ws://").rpartition(":")
        self._target = (host, int(port))
        self._relay: asyncio.Server | None = None
        self._wires: set[asyncio.StreamWriter] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._in = True
        self._frozen = asyncio.Event()
        self._frozen.set()

    async def open(self) -> str:
        """Listen; the address that the seat is told."""
        self._relay = await asyncio.start_server(self._carry, "127.0.0.1", 0)
        return f"ws://127.0.0.1:{self._relay.sockets[0].getsockname()[1]}"

    def pull(self) -> None:
        """Break every connection and refuse new ones."""
        self._in = False
        for wire in self._wires:
            wire.transport.abort()

    def plug_in(self) -> None:
        """Let connections through again."""
        self._in = True
        self._frozen.set()

    def freeze(self) -> None:
        """Carry nothing more, without a word to either side: a half-open link."""
        self._frozen.clear()

    async def close(self) -> None:
        """End."""
        self.pull()
        if self._relay is not None:
            self._relay.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if not self._in:
            writer.transport.abort()
            return
        try:
            far_reader, far_writer = await asyncio.open_connection(*self._target)
        except OSError:
            writer.transport.abort()
            return
        self._wires |= {writer, far_writer}
        for source, sink in ((reader, far_writer), (far_reader, writer)):
            task = asyncio.create_task(self._pipe(source, sink))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _pipe(self, source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError):
            while data := await source.read(65536):
                await self._frozen.wait()
                sink.write(data)
                await sink.drain()
        self._wires.discard(sink)
        sink.close()
