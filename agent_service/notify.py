"""Telling systemd how the service is: ready, alive, reloading, ending. Where no systemd asks for
it, nothing is told."""

import asyncio
import contextlib
import socket
import sys
import time
from collections.abc import Mapping


class Notifier:
    """Sends to the socket that the environment names."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._address = environment.get("NOTIFY_SOCKET", "").replace("@", "\0", 1)
        period = environment.get("WATCHDOG_USEC", "")
        self._watchdog_s = int(period) / 1_000_000 if period.isdecimal() else 0.0

    @property
    def listening(self) -> bool:
        """Whether systemd asked to be told."""
        return bool(self._address)

    def ready(self) -> None:
        """The port is open."""
        self._tell("READY=1")

    def reloading(self) -> None:
        """Settings are read again; `ready` follows."""
        self._tell(f"RELOADING=1\nMONOTONIC_USEC={time.monotonic_ns() // 1000}")

    def stopping(self) -> None:
        """It ends, in good order."""
        self._tell("STOPPING=1")

    async def keep_alive(self) -> None:
        """Twice in the period after which systemd takes a silent service for hung, until
        cancelled."""
        while self.listening and self._watchdog_s:
            self._tell("WATCHDOG=1")
            await asyncio.sleep(self._watchdog_s / 2)

    def _tell(self, state: str) -> None:
        if not self.listening or sys.platform == "win32":
            return
        with (
            contextlib.suppress(OSError),
            socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sender,
        ):
            sender.sendto(state.encode(), self._address)
