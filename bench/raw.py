"""SQLite alone: the table of the ledger's entries, written as fast as it goes. No figure of ours
can be higher."""

import contextlib
import sqlite3
import time
from pathlib import Path

from agent_service.ledger import chain, schema
from agent_service.ledger.chain import Entry
from bench.facts import HELD
from bench.publisher import MEASURED_S

ROWS_A_STATEMENT = 64
ROWS_A_COMMIT = 1024
_SESSION = "5f1d7a2e-8c9b-4c0d-9e6f-3a1b2c4d5e6f"


def rows_a_second(folder: Path) -> tuple[float, float]:
    """Rows a second, and rows a second of processor time; every commit is on the disk."""
    with contextlib.closing(sqlite3.connect(folder / "raw.db", isolation_level=None)) as raw:
        raw.execute("PRAGMA journal_mode = WAL")
        raw.execute("PRAGMA synchronous = FULL")
        raw.execute(next(text for text in schema.SCHEMA.steps[0].statements if "entry" in text))
        row = f"({', '.join('?' * len(Entry.__struct_fields__))})"
        statement = f"INSERT INTO entry VALUES {', '.join([row] * ROWS_A_STATEMENT)}"  # noqa: S608 - only marks
        written, began, used = 0, time.perf_counter(), time.process_time()
        while (taken := time.perf_counter() - began) < MEASURED_S:
            raw.execute("BEGIN IMMEDIATE")
            for _ in range(ROWS_A_COMMIT // ROWS_A_STATEMENT):
                raw.execute(statement, _values(written))
                written += ROWS_A_STATEMENT
            raw.execute("COMMIT")
        return written / taken, written / (time.process_time() - used)


def _values(after: int) -> list[str | int | bytes]:
    """The values of one statement's rows."""
    positions = range(after + 1, after + 1 + ROWS_A_STATEMENT)
    return [value for position in positions for value in _row(position)]


def _row(position: int) -> tuple[str | int | bytes, ...]:
    """As the ledger would hold it."""
    times = [1_790_000_000_000] * 4
    blobs = [bytes(chain.SALT_BYTES), HELD.encode(), bytes(32)]
    return (position, _SESSION, position, "100001", "call.held", *times, *blobs)
