"""Putting the client's programs together."""

import asyncio
import contextlib
import gc
import logging
import os
import sys
from collections.abc import Awaitable, Callable, Iterator
from logging.handlers import RotatingFileHandler
from pathlib import Path

import msgspec

from agent_client.desk_client import DeskClient
from agent_client.seat.place import SeatPlace, make_folders, place_of
from agent_client.seat.process import serve
from agent_client.seat_starter import ensure_seat
from agent_client.settings import Settings
from protocol.i18n import Catalogue
from protocol.wire.errors import Code, Refused

_log = logging.getLogger(__name__)

LOG_BYTES = 5_000_000
LOG_FILES = 3


def run_seat(settings: Settings, catalogue: Catalogue) -> None:
    """Run the seat in the foreground until SIGTERM. Raises `Refused` when one runs already."""
    if not settings.agent:
        raise Refused(Code.AGENT_NEEDED)
    os.umask(0o077)
    place = place_of(settings)
    make_folders(place)
    with _held(place):
        _log_to(place.log)
        gc.freeze()  # what is loaded stays: to search it for garbage would hold up a ringing call
        try:
            asyncio.run(serve(settings, place, "pjsua2", lambda: _say_ready(place, catalogue)))
        except OSError as error:
            _log.critical("the seat ended", exc_info=True)
            raise Refused(Code.SEAT_STARTING_FAILED, log=str(place.log)) from error


def _say_ready(place: SeatPlace, catalogue: Catalogue) -> None:
    line = catalogue.text("client.ready_line", agent=place.agent, server=place.server)
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def run_terminal(settings: Settings, language: str, *, supervisor: bool) -> None:
    """Open the terminal of `settings.agent`."""
    # Textual reads it when it is imported; with it, some terminals lose what an input method types.
    os.environ["TEXTUAL_DISABLE_KITTY_KEY"] = "1"
    from agent_client.terminal.app import run  # noqa: PLC0415 - after the line above, and slow
    from agent_client.terminal.kept_look import KeptLook  # noqa: PLC0415 - as above

    def connect_as(agent: str) -> Callable[[], Awaitable[DeskClient]]:
        return lambda: ensure_seat(msgspec.structs.replace(settings, agent=agent))

    look = KeptLook(settings.data_folder() / "screens" / settings.agent)
    run(
        connect_as,
        settings.agent,
        language=language,
        supervisor=supervisor,
        look=look,
        bell=settings.terminal.bell,
    )


@contextlib.contextmanager
def _held(place: SeatPlace) -> Iterator[None]:
    """The place's lock: one seat a staff number and server."""
    with place.lock.open("a+b") as file:
        if not _lock(file.fileno()):
            raise Refused(Code.SEAT_RUNNING, agent=place.agent)
        yield


def _lock(descriptor: int) -> bool:
    try:
        import fcntl  # noqa: PLC0415 - not there on Windows
    except ImportError:
        return _lock_on_windows(descriptor)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def _lock_on_windows(descriptor: int) -> bool:
    import msvcrt  # noqa: PLC0415 - there on Windows alone

    try:
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined]  # as above
    except OSError:
        return False
    return True


def _log_to(file: Path) -> None:
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    os.close(descriptor)
    handler = RotatingFileHandler(file, maxBytes=LOG_BYTES, backupCount=LOG_FILES, encoding="utf-8")
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s %(message)s"))
    logging.getLogger().addHandler(handler)
    logging.getLogger().setLevel(logging.INFO)
    logging.getLogger("websockets").setLevel(logging.WARNING)
