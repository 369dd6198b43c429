"""The seat's clock: the server's time, from one anchor and the machine's monotonic clock.

The wall clock of the desk is recorded beside every fact and never used. On Linux the monotonic
clock is the one that counts through suspend, and an anchor holds until the machine is started
again.
"""

import time
from collections.abc import Callable
from pathlib import Path

import msgspec


class Anchor(msgspec.Struct, frozen=True):
    """The server's clock showed `server_ms` when the monotonic one showed `mono_ms`, give or
    take half of `rtt_ms`, in the running of the machine named `boot_id`."""

    server_ms: int
    mono_ms: int
    rtt_ms: int
    boot_id: str


class Reading(msgspec.Struct, frozen=True):
    """One look at all clocks. `occurred_ms` is null without an anchor."""

    occurred_ms: int | None
    wall_ms: int
    mono_ms: int


def monotonic_ms() -> int:
    """Milliseconds that no correction of the wall clock moves."""
    clock = getattr(time, "CLOCK_BOOTTIME", None)
    return (time.monotonic_ns() if clock is None else time.clock_gettime_ns(clock)) // 1_000_000


def wall_ms() -> int:
    """What the desk's own clock shows."""
    return time.time_ns() // 1_000_000


def this_boot() -> str:
    """Identifies this running of the machine; empty where the system does not say, and then no
    anchor outlives its process."""
    try:
        return Path("/proc/sys/kernel/random/boot_id").read_text().strip()
    except OSError:
        return ""


class Clock:
    """Reads the time as the server has it."""

    def __init__(
        self,
        mono: Callable[[], int] = monotonic_ms,
        wall: Callable[[], int] = wall_ms,
        boot_id: str | None = None,
    ) -> None:
        self._mono = mono
        self._wall = wall
        self.boot_id = this_boot() if boot_id is None else boot_id
        self.anchor: Anchor | None = None

    def monotonic(self) -> int:
        """The monotonic clock alone, in milliseconds."""
        return self._mono()

    def sample(self, sent_ms: int, server_ms: int) -> Anchor:
        """The anchor that an answered heartbeat gives: the server read its clock half-way."""
        rtt_ms = self._mono() - sent_ms
        return Anchor(server_ms, sent_ms + rtt_ms // 2, rtt_ms, self.boot_id)

    def fix(self, anchor: Anchor) -> None:
        """Tell the time by this anchor from now on; one a session."""
        self.anchor = anchor

    def read(self) -> Reading:
        """Look at all clocks at once."""
        mono = self._mono()
        return Reading(self._at(mono), self._wall(), mono)

    def now_ms(self) -> int | None:
        """Server time in milliseconds since 1970, or null without an anchor."""
        return self._at(self._mono())

    def _at(self, mono: int) -> int | None:
        if self.anchor is None:
            return None
        return self.anchor.server_ms + (mono - self.anchor.mono_ms)
