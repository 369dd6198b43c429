"""What it costs to keep the adherence of a floor live: everybody's figures once a minute, in
rounds beside the event loop, while facts and decisions go on coming as on an ordinary day; and how
late the loop is meanwhile. The peer is the same figures read person by person.

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
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from functools import partial
from pathlib import Path

from agent_service import database
from agent_service.adherence.basis import Moment
from agent_service.adherence.day import read_day
from agent_service.adherence.live_days import Asked, LiveDays
from agent_service.reader import Reader
from bench.arrivals import FACTS_PER_AGENT_HOUR, Arrivals
from bench.shifts import WHERE, at_ms, make_floor, number_of

DAY = date(2025, 3, 3)
NOW_MS = at_ms(DAY, 14)
AT_ONCE = 20
MINUTE_S = 60
TICK_S = 0.005
SAMPLE = 20
DECIDED_EVERY = 12
"""Rounds: somebody's plan or exceptions are others than before."""
SWITCH_S = 0.0005
"""As `serve` sets it."""


async def measure(data: Path, agents: int) -> None:
    """Count a few, which reads all of the day; then everybody, for a minute of the floor's."""
    entries = make_floor(data, agents, [DAY], NOW_MS)
    numbers = [number_of(agent) for agent in range(agents)]
    reader, loop = Reader(data / database.FILE), asyncio.get_running_loop()
    writing = ThreadPoolExecutor(1)  # what it opens belongs to its thread
    minute = await loop.run_in_executor(writing, Minute, data, agents)
    try:
        used = time.process_time()
        first = Asked(numbers[:AT_ONCE], None, Moment(WHERE, NOW_MS))
        await reader.run(partial(_round, minute.days, first))
        first_s = time.process_time() - used
        minute_s, lag_ms = await _counted(reader, minute, numbers, writing)
    finally:
        await loop.run_in_executor(writing, minute.arrivals.close)
        writing.shutdown()
        await reader.stop()
    alone_s = _alone(data, numbers[:SAMPLE]) / len(numbers[:SAMPLE]) * agents
    late = sorted(lag_ms)[len(lag_ms) * 19 // 20]
    print(
        f"live floor of {agents:,} ({entries:,} facts so far, then {minute.facts / MINUTE_S:.0f}"
        f" a second and {minute.decisions} decisions a minute): start {first_s:.1f} CPU s,"
        f" then {minute_s / MINUTE_S:.1%} of a core ({minute_s / agents * 1000:.2f} ms a figure);"
        f" the loop was late by {late:.1f} ms (p95), {max(lag_ms):.1f} ms at most;"
        f" / person by person {minute_s / alone_s:.2f}"
    )


class Minute:
    """What happens on the floor while everybody is counted once."""

    def __init__(self, data: Path, agents: int) -> None:
        self.days = LiveDays()
        self.arrivals = Arrivals(data, agents, DAY)
        self.facts = self.decisions = 0
        self._per_round = AT_ONCE * FACTS_PER_AGENT_HOUR / MINUTE_S

    def go_on(self, number: int, rounds: int) -> int:
        """The facts that come before a round, and the moment of it (ms)."""
        now_ms = NOW_MS + number * MINUTE_S * 1000 // rounds
        due = round((number + 1) * self._per_round) - self.facts
        self.arrivals.bring(due, now_ms)
        self.facts += due
        return now_ms

    def decided(self, number: int, part: Sequence[str]) -> frozenset[str]:
        """Whose plan or exceptions are others since the last round."""
        if number % DECIDED_EVERY:
            return frozenset()
        self.decisions += 1
        return frozenset(part[:1])


async def _counted(
    reader: Reader, minute: Minute, numbers: Sequence[str], writing: ThreadPoolExecutor
) -> tuple[float, list[float]]:
    """Processor seconds of the counting alone, and how late the loop was each time (ms)."""
    lag_ms: list[float] = []
    loop = asyncio.get_running_loop()
    lagging = asyncio.create_task(_lag(lag_ms))
    used, parts = 0.0, list(_parts(numbers))
    for number, part in enumerate(parts):
        now_ms = await loop.run_in_executor(writing, minute.go_on, number, len(parts))
        began = time.process_time()
        asked = Asked(part, minute.decided(number, part), Moment(WHERE, now_ms))
        await reader.run(partial(_round, minute.days, asked))
        used += time.process_time() - began
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
