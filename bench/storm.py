"""Everybody comes back at once: connecting, proving the desk, signing in by token; then what all
owe of an outage is delivered, and counted in the ledger.

    python -m bench.storm [--long]
"""

import argparse
import asyncio
import contextlib
import sqlite3
import tempfile
import time
from pathlib import Path

from agent_service import database, event_loop
from bench import site
from bench.facts import of_a_shift
from bench.process import cpu_s, memory_bytes
from bench.publisher import OPENING_S, Publisher, opened
from bench.site import serving

SHORT, LONG = 500, 5000
OWED = 80
"""Facts of one seat: an hour's."""
FACTS_A_FRAME = 40
_SETTLING_S = 1.0


async def storm(folder: Path, seats: int) -> None:
    """Connect all, then let all catch up."""
    data = folder / "data"
    enrolled = await asyncio.to_thread(site.make_site, data, seats)
    with serving(data, enrolled, of_a_shift) as running:
        await asyncio.sleep(_SETTLING_S)
        before, used = memory_bytes(running.pid), cpu_s(running.pid)
        began = time.perf_counter()
        publishers = await opened(running.address, running.publishers, at_once=seats)
        took, used = time.perf_counter() - began, cpu_s(running.pid) - used
        await asyncio.sleep(_SETTLING_S)
        each_kib = (memory_bytes(running.pid) - before) / seats / 1024
        print(
            f"storm: {seats} seats connected and signed in after {took:.2f} s"
            f" ({used:.2f} s of processor time; 5,000 in ≤ 2.5 s),"
            f" {each_kib:.1f} KiB each (≤ 16)",
            flush=True,
        )
        took = await catch_up(publishers)
        for each in publishers:
            each.close()
    found = recorded(data)
    owed = seats * OWED
    print(
        f"catch-up: {owed:,} owed facts acknowledged after {took:.2f} s, {owed / took:,.0f}/s;"
        f" in the ledger {found:,}, lost {owed - found} (0)"
    )


async def catch_up(publishers: list[Publisher]) -> float:
    """Let each deliver what it owes, one frame after another; seconds."""
    began = time.perf_counter()
    async with asyncio.timeout(OPENING_S * 2):
        await asyncio.gather(*map(_deliver, publishers))
    return time.perf_counter() - began


async def _deliver(publisher: Publisher) -> None:
    for _ in range(OWED // FACTS_A_FRAME):
        await publisher.deliver(FACTS_A_FRAME)


def recorded(data: Path) -> int:
    """Facts of seats in the ledger, each number of each session once."""
    with contextlib.closing(sqlite3.connect(data / database.FILE)) as disk:
        (found,) = disk.execute(
            "SELECT COUNT(*) FROM (SELECT DISTINCT session, seq FROM entry WHERE agent <> '')"
        ).fetchone()
    return int(found)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--long", action="store_true", help=f"{LONG} seats in place of {SHORT}")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="seatline-bench-") as name:
        event_loop.run(storm(Path(name), LONG if asked.long else SHORT))


if __name__ == "__main__":
    main()
