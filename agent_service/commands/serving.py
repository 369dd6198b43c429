"""The command that runs the service: `serve`."""

import asyncio
import contextlib
import logging
import signal
import sys
from collections.abc import Callable
from pathlib import Path

from agent_service import bootstrap, event_loop, log
from agent_service.arguments import Commands
from agent_service.commands.invocation import Invocation, print_data
from agent_service.log import fields
from agent_service.notify import Notifier
from agent_service.release import VERSION
from agent_service.service import Service
from agent_service.settings import Settings
from protocol.wire.errors import Refused

if sys.platform != "win32":
    import resource

_log = logging.getLogger(__name__)

_SWITCH_S = 0.0005
"""How long the event loop may keep the writer from the interpreter. The default of 5 ms would be
spent at each of a commit's statements."""
_FILES = 65_536


def add_commands(commands: Commands) -> None:
    """Add it to the command line."""
    parser, text = commands.add("serve", "serve", _serve), commands.text
    parser.add_argument("--listen", metavar="HOST:PORT", help=text("serve_listen"))
    parser.add_argument(
        "--insecure-plaintext", action="store_true", help=text("serve_insecure_plaintext")
    )
    parser.add_argument("--log-format", choices=log.FORMATS, help=text("serve_log_format"))


def _serve(invocation: Invocation) -> None:
    log.set_up(invocation.settings.log)
    sys.setswitchinterval(_SWITCH_S)
    _permit_connections()
    notifier = Notifier(invocation.environment)
    event_loop.run(_run(invocation.settings, invocation.folder, notifier))


def _permit_connections() -> None:
    """Each takes an open file, of which many systems permit 1024 unless they are asked."""
    if sys.platform != "win32":
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        wanted = _FILES if hard == resource.RLIM_INFINITY else min(_FILES, hard)
        if soft != resource.RLIM_INFINITY and soft < wanted:
            with contextlib.suppress(ValueError, OSError):  # the system has a limit of its own
                resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


async def _run(settings: Settings, folder: Path, notifier: Notifier) -> None:
    _log.info("starting", extra=fields(version=VERSION, data=str(folder)))
    service = bootstrap.make_service(settings, folder)
    ending = asyncio.Event()
    reloads = notifier.listening or bool(settings.tls.certificate)
    _on_signals(ending.set, (lambda: _reload(service, notifier)) if reloads else ending.set)
    await service.start()
    _tell_ready(service)
    notifier.ready()
    alive = asyncio.create_task(notifier.keep_alive())
    await ending.wait()
    notifier.stopping()
    _log.info("draining", extra=fields(connections=len(service.connections)))
    await service.stop()
    alive.cancel()
    _log.info("ended", extra=fields(position=service.writer.head.position))


def _tell_ready(service: Service) -> None:
    address, position = service.server.address, service.writer.head.position
    _log.info("ready", extra=fields(address=address, position=position))
    print_data(f"seatline service ready on {address}")


def _reload(service: Service, notifier: Notifier) -> None:
    """Take what can be changed in flight: the certificate."""
    notifier.reloading()
    try:
        if service.server.reload_certificate():
            _log.info("certificate_reloaded")
    except Refused as refused:
        _log.error("certificate_refused", extra=fields(detail=str(refused)))
    notifier.ready()


def _on_signals(end: Callable[[], None], hang_up: Callable[[], None]) -> None:
    """`hang_up` is a terminal that was closed, or an operator who wants a reload."""
    loop = asyncio.get_running_loop()
    if sys.platform == "win32":
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: loop.call_soon_threadsafe(end))
    else:
        loop.add_signal_handler(signal.SIGTERM, end)
        loop.add_signal_handler(signal.SIGINT, end)
        loop.add_signal_handler(signal.SIGHUP, hang_up)
