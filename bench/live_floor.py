"""What it costs to keep the adherence of a floor live: everybody's figures once a minute, in
rounds beside the event loop, while facts go on coming; and how late the loop is meanwhile. The
peer is the same figures read person by person.

python -m bench.live_floor [--agents N]
"""

import argparse
import asyncio
import contextlib
import sqlite3
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from datetime import date
from functools import partial
from pathlib import Path

from agent_service import database
from agent_service.adherence.basis import Moment
from agent_service.adherence.day import read_day
from agent_service.adherence.live_days import Asked, LiveDays
from agent_service.reader import Reader
from bench.shifts import WHERE, at_ms, make_floor, number_of

DAY = date(2025, 3, 3)
NOW_MS = at_ms(DAY, 14)
AT_ONCE = 20
MINUTE_S = 60
TICK_S = 0.005
SAMPLE = 20
SWITCH_S = 0.0005
"""As `serve` sets it."""


async def measure(data: Path, agents: int) -> None:
    """Count everybody twice: the first time all of the day is read."""
    entries = make_floor(data, agents, [DAY], NOW_MS)
    numbers = [number_of(agent) for agent in range(agents)]
    reader, days = Reader(data / database.FILE), LiveDays()
    try:
        first_s, _ = await _counted(reader, days, numbers[:AT_ONCE], None)
        minute_s, lag_ms = await _counted(reader, days, numbers, frozenset())
    finally:
        await reader.stop()
    alone_s = _alone(data, numbers[:SAMPLE]) / len(numbers[:SAMPLE]) * agents
    late = sorted(lag_ms)[len(lag_ms) * 19 // 20]
    print(
        f"live floor of {agents:,} ({entries:,} facts so far): start {first_s:.1f} CPU s,"
        f" then {minute_s / MINUTE_S:.1%} of a core ({minute_s / agents * 1000:.2f} ms a figure);"
        f" the loop was late by {late:.1f} ms (p95), {max(lag_ms):.1f} ms at most;"
        f" / person by person {minute_s / alone_s:.2f}"
    )


async def _counted(
    reader: Reader, days: LiveDays, numbers: Sequence[str], changed: frozenset[str] | None
) -> tuple[float, list[float]]:
    """Processor seconds, and how late the loop was each time (ms)."""
    lag_ms: list[float] = []
    lagging = asyncio.create_task(_lag(lag_ms))
    used = time.process_time()
    for part in _parts(numbers):
        asked = Asked(part, changed, Moment(WHERE, NOW_MS))
        await reader.run(partial(_round, days, asked))
    used = time.process_time() - used
    lagging.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await lagging
    return used, lag_ms or [0.0, 0.0]


def _round(days: LiveDays, asked: Asked, connection: sqlite3.Connection) -> None:
    days.round(connection, asked)


async def _lag(lag_ms: list[float]) -> None:
    while True:
        began = time.perf_counter()
        await asyncio.sleep(TICK_S)
        lag_ms.append((time.perf_counter() - began - TICK_S) * 1000)


def _parts(numbers: Sequence[str]) -> Iterator[Sequence[str]]:
    for at in range(0, len(numbers), AT_ONCE):
        yield numbers[at : at + AT_ONCE]


def _alone(data: Path, numbers: Sequence[str]) -> float:
    """The same figures as a person's page finds them, in processor seconds."""
    with contextlib.closing(database.open_reader(data / database.FILE)) as disk:
        used = time.process_time()
        for number in numbers:
            read_day(disk, number, DAY, Moment(WHERE, NOW_MS))
        return time.process_time() - used


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--agents", type=int, default=5000)
    asked = parser.parse_args()
    sys.setswitchinterval(SWITCH_S)
    with tempfile.TemporaryDirectory(prefix="seatline-bench-") as name:
        asyncio.run(measure(Path(name) / "data", asked.agents))


if __name__ == "__main__":
    main()
