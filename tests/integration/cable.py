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
        """From here on the cable breaks the connection when it is pulled, and ends with it."""
        self._wires.add(writer)
        self._ends_with_it(asyncio.current_task())
        far = await self._far_end() if self._in else None
        if far is None:
            self._wires.discard(writer)
            writer.transport.abort()
            return
        far_reader, far_writer = far
        self._wires.add(far_writer)
        for source, sink in ((reader, far_writer), (far_reader, writer)):
            self._ends_with_it(asyncio.create_task(self._pipe(source, sink)))

    async def _far_end(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter] | None:
        """A connection to the service; None without one, or if the cable was pulled meanwhile."""
        try:
            reader, writer = await asyncio.open_connection(*self._target)
        except OSError:
            return None
        if not self._in:
            writer.transport.abort()
            return None
        return reader, writer

    def _ends_with_it(self, task: asyncio.Task[None] | None) -> None:
        assert task is not None
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _pipe(self, source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
        try:
            with contextlib.suppress(ConnectionError):
                while data := await source.read(65536):
                    await self._frozen.wait()
                    sink.write(data)
                    await sink.drain()
        finally:
            self._wires.discard(sink)
            sink.close()
