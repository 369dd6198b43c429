"""The agent's terminal on the demonstration's own one, and this one put back in order after it."""

import asyncio
import contextlib
import os
import signal
import sys
from collections.abc import Iterator

from agent_client.demo.stage import end_process
from agent_client.settings import Settings, as_environment

if sys.platform != "win32":
    import termios

_CRASHES = tuple(
    -getattr(signal, name) for name in ("SIGKILL", "SIGSEGV", "SIGABRT") if hasattr(signal, name)
)
# Main screen, cursor shown, no mouse, no bracketed paste, no focus reports, plain colours.
_PLAIN = (
    "\x1b[?1049l\x1b[?25h\x1b[?1000l\x1b[?1003l\x1b[?1006l\x1b[?1015l\x1b[?2004l\x1b[?1004l\x1b[0m"
)


async def show_terminal(settings: Settings, language: str, *flags: str) -> int:
    """Open the terminal and wait until it is left; its exit code, negative for a crash."""
    with _put_back():
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            *("-m", "agent_client.cli", "--lang", language),
            *flags,
            env={**os.environ, **as_environment(settings)},
        )
        try:
            return await process.wait()
        finally:
            await end_process(process)  # one that stayed would start the seat again


def crashed(code: int) -> bool:
    """Whether a terminal ended without being left."""
    return code in _CRASHES


@contextlib.contextmanager
def _put_back() -> Iterator[None]:
    """A terminal that is killed leaves keys unread and the mouse on."""
    if sys.platform == "win32":
        yield
        return
    before = termios.tcgetattr(sys.stdin)
    try:
        yield
    finally:
        with contextlib.suppress(termios.error, OSError):  # the window is gone
            if termios.tcgetattr(sys.stdin) != before:
                termios.tcsetattr(sys.stdin, termios.TCSAFLUSH, before)
                sys.stdout.write(_PLAIN)
                sys.stdout.flush()
