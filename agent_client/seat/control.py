"""The local socket: terminals, scripts, headset buttons and tests ask the seat here."""

import asyncio
import contextlib
import logging
import os
import secrets
import socket
from collections.abc import Awaitable, Callable, Iterable, Iterator
from typing import NamedTuple

import msgspec

from agent_client.seat.place import Contact, SeatPlace, make_private, write_private
from protocol import VERSION
from protocol.facts.base import UNREADABLE
from protocol.rules.lines import Line
from protocol.wire import (
    attendance,
    desk,
    desk_base,
    desk_exam,
    desk_floor,
    desk_plan,
    desk_training,
    report,
    roster,
)
from protocol.wire.errors import Code, Refused

_log = logging.getLogger(__name__)

MOST_AT_ONCE = 32
"""Requests of one connection that may be under way."""
MOST_WAITING_BYTES = 4 << 20
"""A reader who leaves so much unread is cut off."""
LONGEST_PATH_BYTES = 103
"""What every system takes as the name of a local socket."""

_QUESTIONS = (report.GetReport, attendance.GetAttendance, roster.CheckRoster)
"""What the service needs long for, and changes nothing."""

END_S = 1.0
"""How long connections may take to end with the seat."""

Carry = Callable[[desk.AnyRequest], Awaitable[desk.AnyAnswering]]


class Watched(NamedTuple):
    """What is told again and again to whoever watches it, as it is now."""

    status: Callable[[], desk.Status]
    floor: Callable[[], Iterable[desk_floor.Floor]]
    day: Callable[[], desk_plan.OwnDay]
    exams: Callable[[], desk_exam.DeskExams]
    training: Callable[[], desk_training.DeskTraining]


class Control:
    """Serves the local socket. `carry` does what is asked."""

    def __init__(
        self,
        place: SeatPlace,
        carry: Carry,
        watched: Watched,
        terminals: Callable[[int], None],
    ) -> None:
        self._place = place
        self._carry = carry
        self._status, self._floor, self._day, self._exams, self._training = watched
        self._count = terminals
        self._connections: set[_Connection] = set()
        self._serving: set[asyncio.Task[object]] = set()
        self._server: asyncio.Server | None = None
        self._token = ""
        self._due = False

    async def open(self) -> None:
        """Listen, and say where."""
        make_private(self._place.runtime)
        fits = len(os.fsencode(self._place.socket)) <= LONGEST_PATH_BYTES
        if hasattr(socket, "AF_UNIX") and fits:
            contact = await self._open_socket()
        else:
            contact = await self._open_port()
        write_private(self._place.contact, msgspec.json.encode(contact))

    async def close(self) -> None:
        """Stop listening and let everybody go."""
        if self._server is not None:
            self._server.close()
        for file in (self._place.contact, self._place.socket):
            file.unlink(missing_ok=True)
        for connection in list(self._connections):
            connection.cut()
        if self._serving:
            await asyncio.wait(self._serving, timeout=END_S)

    def changed(self) -> None:
        """Something that a status shows has changed: tell it, once for all that changes now."""
        if not self._due:
            self._due = True
            asyncio.get_running_loop().call_soon(self._push_status)

    def push_floor(self, floor: desk_floor.Floor) -> None:
        """Rows of the floor changed."""
        for connection in self._watching(lambda each: each.floor):
            connection.tell(floor)

    def push_day(self, day: desk_plan.OwnDay) -> None:
        """The person's day is another."""
        for connection in self._watching(lambda each: each.day):
            connection.tell(day)

    def push_exams(self, told: desk_exam.DeskExams) -> None:
        """What there is to sit, or what lies open, is another."""
        for connection in self._watching(lambda each: each.exams):
            connection.tell(told)

    def push_training(self, told: desk_training.DeskTraining) -> None:
        """What there is to study, or how far reading has come, is another."""
        for connection in self._watching(lambda each: each.training):
            connection.tell(told)

    def day_watched(self) -> bool:
        """Whether anybody wants to be told of it."""
        return bool(self._watching(lambda each: each.day))

    async def _open_socket(self) -> Contact:
        self._place.socket.unlink(missing_ok=True)
        self._server = await asyncio.start_unix_server(
            self._serve, self._place.socket, limit=desk.MAX_LINE_BYTES
        )
        self._place.socket.chmod(0o600)
        path = str(self._place.socket)
        return Contact(self._place.server, self._place.agent, os.getpid(), socket=path)

    async def _open_port(self) -> Contact:
        """Where there are no local sockets, or none with so long a name: loopback, with a secret
        in an owner-only file."""
        self._token = secrets.token_hex(32)
        self._server = await asyncio.start_server(
            self._serve, "127.0.0.1", 0, limit=desk.MAX_LINE_BYTES
        )
        port = self._server.sockets[0].getsockname()[1]
        place = self._place
        return Contact(place.server, place.agent, os.getpid(), port=port, token=self._token)

    def _push_status(self) -> None:
        self._due = False
        watching = self._watching(lambda each: each.status)
        if watching:
            status = self._status()
            for connection in watching:
                connection.tell_status(status)

    def _watching(self, which: "Callable[[_Connection], bool]") -> "list[_Connection]":
        return [each for each in self._connections if which(each)]

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        connection = _Connection(writer)
        present = asyncio.current_task()
        assert present is not None
        self._serving.add(present)
        tasks: set[asyncio.Task[None]] = set()
        try:
            await self._greet(connection, reader)
            while line := await reader.readline():
                task = asyncio.create_task(self._request(connection, line))
                tasks.add(task)
                task.add_done_callback(tasks.discard)
                if len(tasks) >= MOST_AT_ONCE:
                    await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        except Refused as refused:
            connection.tell(desk_base.Refused(None, refused.code, refused.params))
        except ValueError:
            connection.tell(desk_base.Refused(None, Code.FRAME_TOO_LARGE))
        except ConnectionError as error:
            _log.info("a local connection ended: %s", error)
        finally:
            self._connections.discard(connection)
            for question in connection.questions:
                question.cancel()
            self._recount()
            connection.end()
            self._serving.discard(present)

    async def _greet(self, connection: "_Connection", reader: asyncio.StreamReader) -> None:
        first = _decoded(await reader.readline())
        if not isinstance(first, desk.Attach):
            raise Refused(Code.HELLO_EXPECTED)
        if not secrets.compare_digest(first.token.encode(), self._token.encode()):
            raise Refused(Code.BAD_TOKEN)
        if first.version != VERSION:
            raise Refused(Code.VERSION_UNSUPPORTED, oldest=VERSION, newest=VERSION)
        connection.terminal = first.terminal
        self._connections.add(connection)
        self._recount()
        connection.tell(desk_base.Done(first.id))

    def _recount(self) -> None:
        self._count(sum(each.terminal for each in self._connections))

    async def _request(self, connection: "_Connection", line: bytes) -> None:
        request: desk.AnyRequest | None = None
        try:
            request = _decoded(line)
            connection.tell(await self._answer(connection, request))
        except Refused as refused:
            re = request.id if request is not None else None
            connection.tell(desk_base.Refused(re, refused.code, refused.params))
        except Exception:  # noqa: BLE001 - the edge: one request's fault ends no connection
            _log.error("a request failed", exc_info=True)
            re = request.id if request is not None else None
            connection.tell(desk_base.Refused(re, Code.INTERNAL))
        self._begin_watching(connection, request)

    async def _answer(
        self, connection: "_Connection", request: desk.AnyRequest
    ) -> desk.AnyAnswering:
        if isinstance(request, desk.Watch):
            connection.status = True
            return desk_base.Done(request.id)
        if isinstance(request, desk_plan.WatchDay):
            connection.day = True
            return desk_base.Done(request.id)
        if isinstance(request, desk_exam.WatchExams):
            connection.exams = True
            return desk_base.Done(request.id)
        if isinstance(request, desk_training.WatchTraining):
            connection.training = True
            return desk_base.Done(request.id)
        with connection.asking(request):
            answer = await self._carry(request)
        connection.floor = connection.floor or isinstance(request, desk_floor.WatchFloor)
        return answer

    def _begin_watching(self, connection: "_Connection", request: desk.AnyRequest | None) -> None:
        if isinstance(request, desk.Watch):
            connection.tell_status(self._status())
        if isinstance(request, desk_plan.WatchDay):
            connection.tell(self._day())
        if isinstance(request, desk_exam.WatchExams):
            connection.tell(self._exams())
        if isinstance(request, desk_training.WatchTraining):
            connection.tell(self._training())
        if isinstance(request, desk_floor.WatchFloor) and connection.floor:
            for piece in self._floor():
                connection.tell(piece)


class _Connection:
    """Whoever is connected, and what they watch."""

    def __init__(self, writer: asyncio.StreamWriter) -> None:
        self._writer = writer
        self.terminal = False
        self.status = False
        self.floor = False
        self.day = False
        self.exams = False
        self.training = False
        self.questions: set[asyncio.Task[object]] = set()
        """What nobody needs to find out once this connection has ended."""
        self._lines: tuple[Line, ...] = ()

    @contextlib.contextmanager
    def asking(self, request: desk.AnyRequest) -> Iterator[None]:
        """While the present task finds an answer."""
        task = asyncio.current_task()
        assert task is not None
        if isinstance(request, desk_plan.AskService) and isinstance(request.message, _QUESTIONS):
            self.questions.add(task)
        try:
            yield
        finally:
            self.questions.discard(task)

    def tell(self, answering: desk.AnyAnswering) -> None:
        """Send without waiting; a reader who does not read is cut off."""
        if self._writer.is_closing():
            return
        self._writer.write(desk.encode(answering))
        if self._writer.transport.get_write_buffer_size() > MOST_WAITING_BYTES:
            _log.warning("a local reader was too slow and is cut off")
            self.cut()

    def tell_status(self, status: desk.Status) -> None:
        """Send it, without the lines of business where they were told before."""
        if status.lines == self._lines:
            status = msgspec.structs.replace(status, lines=(), lines_as_told=True)
        else:
            self._lines = status.lines
        self.tell(status)

    def end(self) -> None:
        """Close after what was told is sent."""
        with contextlib.suppress(OSError):
            self._writer.close()

    def cut(self) -> None:
        """Close at once."""
        self._writer.transport.abort()


def _decoded(line: bytes) -> desk.AnyRequest:
    try:
        return desk.decode_request(line)
    except UNREADABLE as error:
        raise Refused(Code.MALFORMED_MESSAGE, detail=str(error)) from error
