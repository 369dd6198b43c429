"""How fast every figure of a month is counted anew, beside two peers that do less: reading the
same entries alone, and a sum over a table of ready intervals in SQLite.

python -m bench.month [--agents N] [--days N]
"""

import argparse
import contextlib
import resource
import sqlite3
import tempfile
import time
from collections.abc import Callable, Iterable
from datetime import date
from multiprocessing import get_context
from pathlib import Path

from agent_service import database
from agent_service.adherence.basis import Moment
from agent_service.adherence.day import PersonDate
from agent_service.adherence.month import dates_between
from bench.shifts import WHERE, at_ms, make_floor, workdays
from protocol.rules.day_segments import DaySegment

FIRST = date(2025, 3, 1)
_READ = "SELECT session, occurred_ms, mono_ms, received_ms, payload FROM entry ORDER BY position"
_SUM = """
    SELECT agent, day, state, sum(until_ms - from_ms) FROM interval GROUP BY agent, day, state
"""


def measure(data: Path, agents: int, days: int) -> None:
    """Make the ledger, count the month, and its peers."""
    span = workdays(FIRST, days)
    with get_context("spawn").Pool(1) as apart:  # its memory is not ours
        entries = apart.apply(make_floor, (data, agents, span))
    moment = Moment(WHERE, at_ms(span[-1], 40))
    with contextlib.closing(database.open_reader(data / database.FILE)) as disk:
        read_s = _timed("reading the entries alone", lambda: _exhaust(disk.execute(_READ)))
        before_kib = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        counted: list[int] = []

        def count() -> None:
            for each in dates_between(disk, span[0], span[-1], moment):
                counted.append(each.figure.figure.in_adherence_s)

        ours_s = _timed(f"{agents} agents × {days} days, every figure", count)
        peak_kib = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        dates = dates_between(disk, span[0], span[-1], moment)
        with contextlib.closing(_table(dates)) as table:
            sum_s = _timed(
                "a sum over ready intervals in SQLite", lambda: _exhaust(table.execute(_SUM))
            )
    assert len(counted) == agents * days
    print(
        f"month of {agents:,} agents ({entries:,} facts, {len(counted):,} figures): {ours_s:.1f} s,"
        f" {entries / ours_s / 1000:.0f} k facts/s, peak {peak_kib >> 10} MiB"
        f" (+{(peak_kib - before_kib) >> 10});"
        f" / reading alone {ours_s / read_s:.1f}, / SQL sum of ready intervals {ours_s / sum_s:.1f}"
        " (both peers do less)"
    )


def _table(dates: Iterable[PersonDate]) -> sqlite3.Connection:
    """The intervals that a day is made of, ready in a table: what the sum does not have to find."""
    table = sqlite3.connect(":memory:")
    table.execute("CREATE TABLE interval (agent, day, state, from_ms INTEGER, until_ms INTEGER)")
    for each in dates:
        rows = [_row(each, segment) for segment in each.recorded]
        table.executemany("INSERT INTO interval VALUES (?, ?, ?, ?, ?)", rows)
    return table


def _row(each: PersonDate, segment: DaySegment) -> tuple[str, str, str, int, int]:
    day = each.whose.day.isoformat()
    return each.whose.agent, day, str(segment.state), segment.from_ms, segment.until_ms


def _exhaust(rows: Iterable[object]) -> None:
    for _ in rows:
        pass


def _timed(name: str, work: Callable[[], None]) -> float:
    """Seconds of processor time, since others share the machine."""
    began, used = time.perf_counter(), time.process_time()
    work()
    took, used = time.perf_counter() - began, time.process_time() - used
    print(f"  {name:<44} {used:6.2f} CPU s, {took:6.2f} s", flush=True)
    return used


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--agents", type=int, default=1000)
    parser.add_argument("--days", type=int, default=22)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="seatline-bench-") as name:
        measure(Path(name) / "data", asked.agents, asked.days)


if __name__ == "__main__":
    main()
