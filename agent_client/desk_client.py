"""Asking a running seat: one connection to its local socket."""

import asyncio
import contextlib
import logging
from collections.abc import Callable
from pathlib import Path

import msgspec

from agent_client.seat.place import Contact
from protocol import VERSION
from protocol.facts.base import UNREADABLE
from protocol.rules.lines import Line
from protocol.wire import desk, desk_base
from protocol.wire.errors import Code, Refused

_log = logging.getLogger(__name__)

CONNECT_S = 5.0


class ConnectionLost(ConnectionError):
    """The seat is gone. What it had recorded is on its disk."""


class DeskClient:
    """A connection to a seat. Made by `connect`."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer
        self._next_id = 0
        self._answers: dict[int, asyncio.Future[desk.AnyAnswering]] = {}
        self._listeners: list[Callable[[desk.Pushed], None]] = []
        self._lines: tuple[Line, ...] = ()
        self._reading = asyncio.create_task(self._read())

    @classmethod
    async def connect(cls, contact: Contact, *, terminal: bool) -> "DeskClient":
        """Attach to a seat. Raises `Refused`: `NO_SEAT` also where something else answers or
        nothing does, `VERSION_UNSUPPORTED`."""
        try:
            async with asyncio.timeout(CONNECT_S):
                client = cls(*await _open(contact))
                try:
                    await client.ask(lambda id_: desk.Attach(id_, VERSION, terminal, contact.token))
                except BaseException:
                    await client.close()
                    raise
        except (OSError, TimeoutError) as error:
            raise Refused(Code.NO_SEAT) from error
        return client

    async def ask(self, make: Callable[[int], desk.AnyRequest]) -> desk.AnyAnswering:
        """Ask and wait for the one answer. Raises `Refused`, or `ConnectionLost`."""
        if self._reading.done():
            raise ConnectionLost
        self._next_id += 1
        number = self._next_id
        answer: asyncio.Future[desk.AnyAnswering] = asyncio.get_running_loop().create_future()
        self._answers[number] = answer
        try:
            self._writer.write(desk.encode(make(number)))
            return await answer
        finally:
            self._answers.pop(number, None)

    def listen(self, listener: Callable[[desk.Pushed], None]) -> None:
        """Call `listener` for each status and floor that the seat tells by itself."""
        self._listeners.append(listener)

    async def closed(self) -> None:
        """Returns when the seat is gone."""
        await asyncio.wait([self._reading])

    async def close(self) -> None:
        """Let the connection go."""
        self._writer.close()
        with contextlib.suppress(OSError):
            await self._writer.wait_closed()
        await self.closed()

    async def _read(self) -> None:
        try:
            while line := await self._reader.readline():
                self._take(desk.decode_answering(line))
        except (OSError, ValueError, *UNREADABLE):
            self._writer.close()
        finally:
            for waiting in self._answers.values():
                if not waiting.done():
                    waiting.set_exception(ConnectionLost())

    def _take(self, message: desk.AnyAnswering) -> None:
        if isinstance(message, desk.News) or message.re is None:
            self._tell(message)
            return
        waiting = self._answers.get(message.re)
        if waiting is None or waiting.done():
            return
        if isinstance(message, desk_base.Refused):
            waiting.set_exception(Refused(message.code, **message.params))
        else:
            waiting.set_result(message)

    def _tell(self, message: desk.AnyAnswering) -> None:
        if isinstance(message, desk_base.Refused):
            refusal = Refused(message.code, **message.params)
            for waiting in self._answers.values():
                if not waiting.done():
                    waiting.set_exception(refusal)
        if isinstance(message, desk.Status):
            message = self._with_lines(message)
        if isinstance(message, desk.Pushed):
            for listener in list(self._listeners):
                try:
                    listener(message)
                except Exception:  # noqa: BLE001 - the edge: the connection outlives a listener
                    _log.error("a listener failed", exc_info=True)

    def _with_lines(self, status: desk.Status) -> desk.Status:
        """A status with the lines of business, which the seat tells once."""
        if status.lines_as_told:
            return msgspec.structs.replace(status, lines=self._lines, lines_as_told=False)
        self._lines = status.lines
        return status


async def _open(contact: Contact) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    if contact.socket:
        path = Path(contact.socket)
        return await asyncio.open_unix_connection(path, limit=desk.MAX_TOLD_BYTES)
    return await asyncio.open_connection("127.0.0.1", contact.port, limit=desk.MAX_TOLD_BYTES)
