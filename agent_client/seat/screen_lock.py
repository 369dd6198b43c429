"""The operating system's own screen lock, where systemd-logind tells of it.

A locked screen is a locked desk, and opens it again by itself: the system has asked for a password.
Elsewhere the locker's own hook can run `agent-client lock`.
"""

import asyncio
import contextlib
import getpass
import logging
import os
import re
import shutil

from agent_client.seat.clock import Reading
from agent_client.seat.standing import SYSTEM, Standing
from protocol.facts.agent import DeskLocked, State
from protocol.rules.agent_state import Happening, Trigger

_log = logging.getLogger(__name__)

SERVICE = "org.freedesktop.login1"
_HINT = re.compile(rb"'LockedHint': <(true|false)>")
_PLAIN = re.compile(r"[A-Za-z0-9]")


class ScreenLock:
    """Follows the screen of the login session that the seat belongs to."""

    def __init__(self, standing: Standing) -> None:
        self._standing = standing
        self._locked = False
        """Whether it was the screen that locked the desk."""

    async def watch(self) -> None:
        """Follow it until cancelled; where the system can't tell, not at all."""
        if shutil.which("gdbus") is None:
            return
        with contextlib.suppress(OSError):
            session = await _session()
            if session:
                await self._monitor(session_path(session))

    async def _monitor(self, path: str) -> None:
        monitor = await asyncio.create_subprocess_exec(
            *("gdbus", "monitor", "--system", "--dest", SERVICE, "--object-path", path),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
        )
        assert monitor.stdout is not None
        try:
            async for line in monitor.stdout:
                self.take(line)
            _log.warning("the system no longer tells whether the screen is locked")
        finally:
            await _end(monitor)

    def take(self, line: bytes) -> None:
        """One line of the monitor: a change of one of the session's properties."""
        told = _HINT.search(line)
        if self._standing.agent.state is State.LOGGED_OFF:
            self._locked = False
        elif told is not None:
            self._follow(told[1] == b"true")

    def _follow(self, locked: bool) -> None:
        if locked:
            self._lock()
        else:
            self._open()

    def _lock(self) -> None:
        if not self._standing.agent.locked:
            self._locked = True
            self._happened(Trigger.SCREEN_LOCKED, DeskLocked(locked=True))

    def _open(self) -> None:
        if self._locked and self._standing.agent.locked:
            self._happened(Trigger.SCREEN_OPENED, DeskLocked(locked=False))
        self._locked = False

    def _happened(self, trigger: Trigger, fact: DeskLocked) -> None:
        def take(at: Reading) -> None:
            self._standing.take(at, Happening(trigger), (fact,), actor=SYSTEM)

        self._standing.happened(take)


def session_path(session: str) -> str:
    """The D-Bus object of a login session: what is no plain letter or digit, and a digit at the
    beginning, is written as `_` and two hexadecimal digits."""
    escaped = "".join(
        sign if _PLAIN.fullmatch(sign) and not (at == 0 and sign.isdigit()) else f"_{ord(sign):02x}"
        for at, sign in enumerate(session)
    )
    return f"/org/freedesktop/login1/session/{escaped}"


async def _session() -> str:
    """The login session: this process's own or, for a service of the person's, the one on the
    display. Empty where there is none."""
    own = os.environ.get("XDG_SESSION_ID", "")
    if own or shutil.which("loginctl") is None:
        return own
    asked = await asyncio.create_subprocess_exec(
        *("loginctl", "show-user", getpass.getuser(), "--property=Display", "--value"),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        answer, _ = await asked.communicate()
    finally:
        if asked.returncode is None:
            await _end(asked)
    return answer.decode("utf-8", "replace").strip()


async def _end(process: asyncio.subprocess.Process) -> None:
    """End it, and read what it still says: a pipe is closed at its end alone."""
    with contextlib.suppress(ProcessLookupError):
        process.kill()
    await process.communicate()
