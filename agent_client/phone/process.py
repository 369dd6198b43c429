"""The phone's process: commands in on standard input, events out on standard output.

It ends in order (BYE sent, unregistered) on `Close`, at the end of its input (the seat died) and
on SIGTERM. Nothing else ever reaches its output or the screen: whatever
libraries write goes to the log.
"""

import argparse
import asyncio
import contextlib
import gc
import importlib
import logging
import os
import signal
import sys
import threading
from collections.abc import Callable
from pathlib import Path

from agent_client.phone.engine import (
    AnyCommand,
    AnyEvent,
    Close,
    CommandRefused,
    Emit,
    Open,
    PhoneDown,
    decode_command,
    encode,
)
from agent_client.phone.softphone import Softphone
from protocol.facts.base import UNREADABLE

_log = logging.getLogger(__name__)

_LIMIT_S = 5.0
"""When the seat is gone, a library that hangs is not waited for longer."""
_LONGEST_LINE = 65_536
_ENGINES = {
    "pjsua2": ("agent_client.phone.pjsua2_engine", "Pjsua2Engine"),
    "fake": ("agent_client.phone.fake_engine", "FakeEngine"),
}


def main() -> int:
    """Run until closed. Returns the exit status."""
    parser = argparse.ArgumentParser(prog="phone")
    parser.add_argument("--engine", choices=sorted(_ENGINES), default="pjsua2")
    parser.add_argument("--log", type=Path, default=Path(os.devnull))
    options = parser.parse_args()
    output = _keep_output_clean(options.log)
    for name in ("SIGINT", "SIGHUP"):  # Ctrl-C and a closed terminal are not for the phone
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), signal.SIG_IGN)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s %(levelname)s %(message)s")
    asyncio.run(_serve(options.engine, output))
    return 0


def _keep_output_clean(log: Path) -> int:
    """Point file descriptors 1 and 2 to the log; return the way to the seat."""
    output = os.dup(1)
    file = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    os.dup2(file, 1)
    os.dup2(file, 2)
    os.close(file)
    return output


async def _serve(engine: str, output: int) -> None:
    loop = asyncio.get_running_loop()
    seat = _Seat(output)
    try:
        make: Callable[[Emit], Softphone] = _load(engine)
    except ImportError:
        _log.exception("the phone library is missing")
        phone: Softphone | _Missing = _Missing(seat.tell)
    else:
        gc.freeze()  # what is loaded stays: to search it for garbage would hold up calls and sound
        phone = make(seat.tell)
    with contextlib.suppress(NotImplementedError):  # Windows ends a process without asking
        loop.add_signal_handler(signal.SIGTERM, phone.do, Close())
    reader = threading.Thread(target=_read, args=(loop, phone), daemon=True)
    reader.start()
    await phone.closed.wait()
    _log.info("closed")


def _load(engine: str) -> Callable[[Emit], Softphone]:
    module, name = _ENGINES[engine]
    make: Callable[[Emit], Softphone] = getattr(importlib.import_module(module), name)
    return make


class _Seat:
    """The way to the seat."""

    def __init__(self, output: int) -> None:
        self._output = output

    def tell(self, event: AnyEvent) -> None:
        """Write one line. A seat that is gone is noticed at the end of the input."""
        line = encode(event)
        with contextlib.suppress(BrokenPipeError):
            while line:
                line = line[os.write(self._output, line) :]


class _Missing:
    """A phone without a library."""

    def __init__(self, emit: Emit) -> None:
        self.closed = asyncio.Event()
        self._emit = emit

    def do(self, command: AnyCommand) -> None:
        """Refuse everything but to close."""
        match command:
            case Close():
                self.closed.set()
            case Open():
                self._emit(PhoneDown(code="library_missing"))
            case _:
                tag = str(command.__struct_config__.tag)
                self._emit(CommandRefused(code="not_open", command=tag, call_id=command.call_id))


def _read(loop: asyncio.AbstractEventLoop, phone: Softphone | _Missing) -> None:
    """Hand each line of the input to the loop; at its end, close.

    A thread with a raw read works on every system and may be left behind at the end.
    """
    rest = b""
    while chunk := os.read(0, _LONGEST_LINE):
        *lines, rest = (rest + chunk).split(b"\n")
        rest = rest if len(rest) <= _LONGEST_LINE else b""
        for line in lines:
            _post(loop, _take, phone, line)
    _post(loop, phone.do, Close())
    _end_for_certain()


def _post(loop: asyncio.AbstractEventLoop, function: Callable[..., None], *values: object) -> None:
    with contextlib.suppress(RuntimeError):  # the loop is closed: the phone has ended already
        loop.call_soon_threadsafe(function, *values)


def _take(phone: Softphone | _Missing, line: bytes) -> None:
    try:
        command = decode_command(line)
    except UNREADABLE as error:
        _log.warning("not a command: %s", error)
    else:
        phone.do(command)


def _end_for_certain() -> None:
    """The seat is gone: a phone that hangs must not outlive it."""
    last_resort = threading.Timer(_LIMIT_S, os._exit, (1,))
    last_resort.daemon = True
    last_resort.start()


if __name__ == "__main__":
    sys.exit(main())
