"""A phone in a child process, as its parent holds it.

The SIP library aborts its process on misuse: in a child, that costs a call and nothing else.
"""

import asyncio
import contextlib
import logging
import sys
from collections.abc import Callable
from pathlib import Path

from agent_client.phone.engine import (
    AnyCommand,
    Close,
    CommandRefused,
    Emit,
    Open,
    decode_event,
    encode,
)
from protocol.facts.base import UNREADABLE

_log = logging.getLogger(__name__)

_LONGEST_LINE = 65_536
_TERMINATE_S = 1.0


class PhoneChild:
    """An `Engine` in a process of its own.

    It is not started again when it dies: `on_exit` is called with its exit status (negative: the
    signal that ended it), once, unless `stop` was called before. Commands to a phone that does
    not run are refused with `not_open`.
    """

    def __init__(
        self,
        emit: Emit,
        on_exit: Callable[[int], None],
        engine: str = "pjsua2",
        log: Path | None = None,
    ) -> None:
        self._emit = emit
        self._on_exit = on_exit
        self._arguments = ["--engine", engine, *(("--log", str(log)) if log else ())]
        self._process: asyncio.subprocess.Process | None = None
        self._reader: asyncio.Task[None] | None = None
        self._stopping = False

    @property
    def pid(self) -> int | None:
        """The process's number; None when it does not run."""
        running = self._process is not None and self._process.returncode is None
        return self._process.pid if self._process is not None and running else None

    async def start(self) -> None:
        """Start the process, once. Raises `OSError` when it can't be started."""
        assert self._process is None
        self._process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "agent_client.phone.process",
            *self._arguments,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            limit=_LONGEST_LINE,
        )
        self._reader = asyncio.create_task(self._read(self._process))

    def do(self, command: AnyCommand) -> None:
        """Send a command; its outcome is an event."""
        if self.pid is None or self._process is None or self._process.stdin is None:
            self._refuse(command)
        else:
            self._process.stdin.write(encode(command))

    async def stop(self, limit_s: float = 3.0) -> None:
        """Close the phone; after `limit_s`, end its process by force. Harmless when it is over."""
        self._stopping = True
        if self._process is None or self._reader is None:
            return
        if self.pid is not None:
            self.do(Close())
            await self._end(self._process, limit_s)
        await self._reader

    async def _end(self, process: asyncio.subprocess.Process, limit_s: float) -> None:
        for limit, force in ((limit_s, process.terminate), (_TERMINATE_S, process.kill)):
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(limit):
                    await process.wait()
                return
            with contextlib.suppress(ProcessLookupError):
                force()
        await process.wait()

    async def _read(self, process: asyncio.subprocess.Process) -> None:
        """Tell the child's events until its output ends, then its exit."""
        assert process.stdout is not None
        assert process.stdin is not None
        while (line := await self._next_line(process.stdout)) != b"":
            self._take(line)
        returncode = await process.wait()
        process.stdin.close()
        if not self._stopping:
            self._on_exit(returncode)

    async def _next_line(self, output: asyncio.StreamReader) -> bytes:
        try:
            return await output.readline()
        except ValueError:
            return b"\n"  # longer than any event, and already thrown away

    def _take(self, line: bytes) -> None:
        try:
            event = decode_event(line)
        except UNREADABLE as error:
            _log.warning("not an event: %s", error)
            return
        try:
            self._emit(event)
        except Exception:  # noqa: BLE001 - the edge: a listener's fault must not stop the reading
            _log.error("a listener failed at %s", type(event).__name__, exc_info=True)

    def _refuse(self, command: AnyCommand) -> None:
        call_id = None if isinstance(command, Open | Close) else command.call_id
        tag = str(command.__struct_config__.tag)
        self._emit(CommandRefused(code="not_open", command=tag, call_id=call_id))
