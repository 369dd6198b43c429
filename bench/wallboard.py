"""What a lead's floor costs while it changes, beside a table of the toolkit's own.

A seat's socket in this process tells of so many people and of their changes; the terminal in a
process of its own shows them on a screen of 120×40, and after it Textual's `DataTable` does. Each
line says how much of a core the screen took and how long it was from a key to its paint; the last
line is the ratios.

    python -m bench.wallboard [--rows N] [--changes N]
"""

import argparse
import asyncio
import contextlib
import fcntl
import os
import pty
import random
import re
import statistics
import struct
import subprocess
import sys
import tempfile
import termios
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from protocol.facts.agent import State
from protocol.wire import desk_base, desk_floor
from protocol.wire.session import Role
from tests.terminal.fake_seat import SIGNED_OUT, FakeSeat
from tests.terminal.try_it import random_row

ROUNDS_S = 1 / 20
STARTING_S = 60.0
SETTLING_S = 4.0
MEASURED_S = 10.0
KEY_EVERY_S = 0.37
PIECE = 500
SIZE = (40, 120)
SHOWN = ("ours", "table")
DOWN = b"\x1b[B"
CURSOR = re.compile(rb"48;2;4[234];9[234];13[789]")
"""How a terminal is told to paint the theme's cursor, give or take the rounding."""


@dataclass(frozen=True)
class Outcome:
    """What one screen took."""

    core: float
    keys_ms: tuple[float, ...]

    @property
    def p95_ms(self) -> float:
        """From key to paint, all but the slowest twentieth."""
        return statistics.quantiles(self.keys_ms, n=20)[-1]


class BusyFloor(FakeSeat):
    """A seat that tells of a floor where `changes` rows change twenty times a second."""

    def __init__(self, socket: Path, rows: int, changes: int) -> None:
        status = msgspec.structs.replace(
            SIGNED_OUT, roles=(Role.SUPERVISOR,), state=State.NOT_READY, now=datetime.now(UTC)
        )
        super().__init__(socket, status)
        draw = random.Random(7)  # noqa: S311 - a bench repeats itself
        people = [random_row(number, draw) for number in range(rows)]
        self._whole = [
            desk_floor.Floor(tuple(people[at : at + PIECE]), datetime.now(UTC), reset=at == 0)
            for at in range(0, rows, PIECE)
        ]
        self._rounds = [
            tuple(random_row(draw.randrange(rows), draw) for _ in range(changes))
            for _ in range(100)
        ]
        self._living: asyncio.Task[None] | None = None
        self.react = self._begin

    def _begin(self, request: desk_base.Request) -> None:
        if isinstance(request, desk_floor.WatchFloor):
            for piece in self._whole:
                self.send(piece)
            self._living = asyncio.create_task(self._live())

    async def _live(self) -> None:
        while True:
            for rows in self._rounds:
                await asyncio.sleep(ROUNDS_S)
                self.send(desk_floor.Floor(rows, datetime.now(UTC)))

    async def still(self) -> None:
        """No more changes."""
        if self._living is not None:
            self._living.cancel()
            await asyncio.wait([self._living])


async def measured(shown: str, rows: int, changes: int) -> Outcome:
    """Run one screen and look at it from outside."""
    with tempfile.TemporaryDirectory() as folder:
        seat = BusyFloor(Path(folder) / "seat.sock", rows, changes)
        await seat.start()
        used = Path(folder) / "used"
        try:
            with on_a_terminal(shown, Path(folder) / "seat.sock", used) as screen:
                painted = Painted(screen)
                async with asyncio.timeout(STARTING_S):
                    while not used.exists():  # noqa: ASYNC110 - a file tells nobody that it came
                        await asyncio.sleep(ROUNDS_S)
                await asyncio.sleep(SETTLING_S)
                began = _read(used)
                keys_ms = await painted.press_for(MEASURED_S)
                ended = _read(used)
                painted.close()
        finally:
            await seat.still()
            await seat.stop()
    (at, cpu), (at_end, cpu_end) = began, ended
    return Outcome((cpu_end - cpu) / (at_end - at), tuple(keys_ms))


@contextlib.contextmanager
def on_a_terminal(shown: str, socket: Path, used: Path) -> Iterator[int]:
    """The screen's process on a terminal of its own: the other end of that."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", *SIZE, 0, 0))
    environment = os.environ | {
        "TERM": "xterm-256color",
        "COLORTERM": "truecolor",
        "TEXTUAL_DISABLE_KITTY_KEY": "1",
    }
    process = subprocess.Popen(
        [sys.executable, "-m", "bench.wallboard_screen", shown, str(socket), str(used)],
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        env=environment,
        start_new_session=True,
    )
    os.close(theirs)
    try:
        yield ours
    finally:
        process.kill()
        process.wait()
        os.close(ours)


class Painted:
    """Reads what the screen paints, and sees the cursor in it."""

    def __init__(self, screen: int) -> None:
        self._screen = screen
        self._seen = asyncio.Event()
        os.set_blocking(screen, False)
        asyncio.get_running_loop().add_reader(screen, self._read)

    async def press_for(self, seconds: float) -> list[float]:
        """Move the cursor down again and again: milliseconds until it is painted."""
        loop = asyncio.get_running_loop()
        until = loop.time() + seconds
        took = []
        while loop.time() < until:
            self._seen.clear()
            pressed = loop.time()
            os.write(self._screen, DOWN)
            async with asyncio.timeout(10):
                await self._seen.wait()
            took.append((loop.time() - pressed) * 1000)
            await asyncio.sleep(KEY_EVERY_S)
        return took

    def close(self) -> None:
        """Read no more."""
        asyncio.get_running_loop().remove_reader(self._screen)

    def _read(self) -> None:
        with contextlib.suppress(BlockingIOError, OSError):
            if CURSOR.search(os.read(self._screen, 1 << 20)):
                self._seen.set()


def _read(used: Path) -> tuple[float, float]:
    """The last whole line: a monotonic second and the CPU seconds used until then."""
    at, cpu = used.read_text().splitlines()[-1].split()
    return float(at), float(cpu)


async def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, default=5000)
    parser.add_argument("--changes", type=int, default=50)
    asked = parser.parse_args()
    outcomes = {}
    for shown in SHOWN:
        outcome = outcomes[shown] = await measured(shown, asked.rows, asked.changes)
        sys.stdout.write(
            f"{shown:>6}: {outcome.core:6.1%} of a core, key to paint p50 "
            f"{statistics.median(outcome.keys_ms):.0f} ms, p95 {outcome.p95_ms:.0f} ms\n"
        )
        sys.stdout.flush()
    ours, table = outcomes["ours"], outcomes["table"]
    sys.stdout.write(
        f"wallboard / DataTable, {asked.rows} rows, {asked.changes} changing 20/s: "
        f"core {ours.core / table.core:.2f}, key to paint p95 {ours.p95_ms / table.p95_ms:.2f};"
        f" itself {ours.core:.1%} of a core (≤ 12 %), p95 {ours.p95_ms:.0f} ms (≤ 50)\n"
    )


if __name__ == "__main__":
    asyncio.run(main())
