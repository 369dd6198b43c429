"""How fast every projection can be made anew from the ledger.

python -m bench.refold [--long]
"""

import argparse
import contextlib
import tempfile
import time
import uuid
from collections.abc import Callable
from pathlib import Path

import msgspec

from agent_service import bootstrap, database
from agent_service.appending import appending
from agent_service.commands.database import init
from agent_service.ledger import replay
from agent_service.ledger.admission import admit
from agent_service.ledger.append import Batch
from agent_service.ledger.projection import folding
from agent_service.ledger.rebuild import rebuild
from agent_service.ledger.sessions import Sessions
from agent_service.ledger.verify import follow
from agent_service.tables import empty_projections
from bench.facts import of_a_shift
from bench.site import PASSWORD
from protocol.facts.record import Record
from protocol.facts.session import SessionBegan
from tests.service.people import CLOCK

SHORT, LONG = 200_000, 2_000_000
AGENTS = 500
FACTS_A_BATCH = 50


def make_ledger(data: Path, facts: int) -> str:
    """Shifts of `AGENTS`, written as a busy floor would bring them: batch after batch in turn.
    Returns the ledger's identity."""
    init(data, "admin", lambda: PASSWORD)
    with appending(data, CLOCK) as books:
        disk, appender = books.connection, books.appender
        sessions = {str(100_001 + number): str(uuid.uuid4()) for number in range(AGENTS)}
        for agent, session in sessions.items():
            appender.record(disk, SessionBegan(agent, "desk", session))
        at_ms = bootstrap.now_ms()
        for first in range(1, facts // AGENTS + 1, FACTS_A_BATCH):
            records = [_record(seq, at_ms) for seq in range(first, first + FACTS_A_BATCH)]
            for session in sessions.values():
                batch = Batch(session, "desk", at_ms, admit(session, records))
                appender.append(disk, batch)
            appender.flush(disk)
            appender.committed()
        return appender.ledger


def _record(seq: int, at_ms: int) -> Record:
    body = msgspec.Raw(of_a_shift(seq).encode())
    return Record(seq=seq, occurred_ms=at_ms, wall_ms=at_ms, mono_ms=seq, body=body)


def measure(data: Path, facts: int) -> None:
    """Fold without the chain, the chain without a fold, and `rebuild` as an operator runs it."""
    ledger = make_ledger(data, facts)
    with contextlib.closing(database.open_writer(data / database.FILE)) as opened:
        disk = opened.conn
        total = replay.last_position(disk)

        def read() -> None:
            for _ in disk.execute("SELECT * FROM entry ORDER BY position"):
                pass

        def fold() -> None:
            take = folding((Sessions(), *empty_projections()))
            for entry in replay.entries(disk):
                take(entry, replay.fact_of(entry))

        def whole() -> None:
            disk.execute("BEGIN IMMEDIATE")
            rebuild(disk, ledger, empty_projections(), lambda done, last: None)
            disk.execute("COMMIT")

        reading = _rate("reading alone", total, read)
        rate = _rate("fold", total, fold)
        _rate("chain alone", total, lambda: follow(replay.entries(disk), ledger, ()))
        _rate("rebuild: chain, fold and tables", total, whole)
    print(
        f"refold of {total:,} facts, the chain checked apart: {rate:.2f} M facts/s (≥ 0.4),"
        f" / reading alone {rate / reading:.2f}"
    )


def _rate(name: str, facts: int, work: Callable[[], object]) -> float:
    """Millions a second of processor time, since others share the machine."""
    began, used = time.perf_counter(), time.process_time()
    work()
    took, used = time.perf_counter() - began, time.process_time() - used
    print(f"  {name:<34} {facts / used / 1e6:.2f} M a CPU second, {took:6.2f} s", flush=True)
    return facts / used / 1e6


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--long", action="store_true", help=f"{LONG:,} facts, not {SHORT:,}")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="seatline-bench-") as name:
        measure(Path(name) / "data", LONG if asked.long else SHORT)


if __name__ == "__main__":
    main()
