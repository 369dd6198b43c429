"""From an INVITE on the wire to the call on the agent's screen, while a lead's floor is busy on the
same machine: a service, a seat with a real phone and two terminals, each a process of its own, and
a caller who speaks SIP byte by byte and gives up as soon as the call is shown.

    python -m bench.ringing [--calls N]
"""

import argparse
import asyncio
import contextlib
import os
import statistics
import tempfile
import time
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

from agent_client.demo.player import Player
from agent_client.settings import as_environment
from bench.wallboard import BusyFloor, Painted, on_a_terminal
from protocol.facts.agent import State
from protocol.wire import desk
from tests.integration.rig import Program, Rig, eventually, rig
from tests.phone.sip_peer import SipPeer

ROWS, CHANGES = 5000, 50
STARTING_S = 60.0
LIMIT_S = 10.0
BETWEEN_S = 0.37
"""Calls in a hurry are made to wait by the phone; and in no step with anything that repeats."""


class Screen:
    """The agent's terminal, from outside."""

    def __init__(self, terminal: int) -> None:
        self._terminal = terminal
        self._wanted = b""
        self._seen = b""
        self._shown = asyncio.Event()
        asyncio.get_running_loop().add_reader(terminal, self._read)

    def wait_for(self, text: str) -> asyncio.Event:
        """Set when the text is painted from now on."""
        self._wanted, self._seen = text.encode(), b""
        self._shown.clear()
        return self._shown

    def close(self) -> None:
        """Look no more."""
        asyncio.get_running_loop().remove_reader(self._terminal)

    def _read(self) -> None:
        with contextlib.suppress(BlockingIOError, OSError):
            self._seen += os.read(self._terminal, 1 << 20)
            if self._wanted and self._wanted in self._seen:
                self._shown.set()


async def ring(number: int, player: Player, screen: Screen) -> tuple[float, float]:
    """One call: milliseconds until the phone says that it rings, and until it is shown."""
    status = await player.in_state(State.READY)
    assert status.phone_address is not None
    peer, name = await SipPeer.open(), f"Caller{number:04}"
    shown = screen.wait_for(name)
    began = time.perf_counter()
    peer.calls(status.phone_address, f'"{name}" <sip:1380013{number:04}@peer.test>')
    ringing = asyncio.create_task(_until_it_rings(peer, began))
    async with asyncio.timeout(LIMIT_S):
        await shown.wait()
    took = time.perf_counter() - began
    rang = await ringing
    peer.asks("CANCEL")
    await peer.is_refused(487)
    peer.transport.close()
    await player.until(lambda status: status.call is None)
    return rang * 1000, took * 1000


async def _until_it_rings(peer: SipPeer, began: float) -> float:
    await peer.response("INVITE", 180)
    return time.perf_counter() - began


async def back_to_ready(player: Player) -> None:
    """Whatever the missed call led to."""
    if player.status is not None and player.status.state is not State.READY:
        await player.ask(desk.Ready)


@contextlib.asynccontextmanager
async def busy_floor(folder: Path) -> AsyncIterator[None]:
    """A lead's terminal on which thousands of rows change."""
    seat = BusyFloor(folder / "busy.sock", ROWS, CHANGES)
    await seat.start()
    used = folder / "used"
    try:
        with on_a_terminal("ours", folder / "busy.sock", used) as screen:
            painted = Painted(screen)
            await eventually(used.exists, STARTING_S)
            yield
            painted.close()
    finally:
        await seat.still()
        await seat.stop()


async def agents_screen(floor: Rig) -> Program:
    """The agent's terminal at the running seat."""
    return await Program.start_in_terminal(
        *("agent_client.cli", "--lang", "en"),
        environment=as_environment(floor.settings("1001")),
        painted=b"READY",
    )


async def measure(folder: Path, calls: int) -> None:
    """Ring again and again, and print."""
    made = Rig(folder / "made")
    made.folder.mkdir()
    await made.make_database()
    home = folder / "floor"
    home.mkdir()
    async with rig(home, made.data) as floor, busy_floor(folder):
        player = await floor.agent_at_work()
        terminal = await agents_screen(floor)
        assert terminal.terminal is not None
        screen = Screen(terminal.terminal)
        took = []
        for number in range(calls):
            took.append(await ring(number, player, screen))
            await back_to_ready(player)
            await asyncio.sleep(BETWEEN_S)
        screen.close()
        await terminal.kill()
    rings, shown = zip(*took, strict=True)
    print(f"  INVITE to 180 on the wire: {_figures(rings)}")
    print(
        f"INVITE to the agent's screen, {calls} calls, a floor of {ROWS} rows busy beside it:"
        f" {_figures(shown)} (≤ 100)"
    )


def _figures(took_ms: Sequence[float]) -> str:
    p95 = statistics.quantiles(took_ms, n=20)[-1]
    return f"p50 {statistics.median(took_ms):.0f} ms, p95 {p95:.0f} ms"


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--calls", type=int, default=30)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="seatline-bench-") as name:
        asyncio.run(measure(Path(name), asked.calls))


if __name__ == "__main__":
    main()
