"""How long an acknowledgement takes at a steady pace, beside PostgreSQL.

python -m bench.latency
"""

import asyncio
import tempfile
from contextlib import AbstractContextManager
from pathlib import Path

from agent_service import event_loop
from bench import site
from bench.peers import postgresql
from bench.peers.program import Missing
from bench.publisher import Latency, Running, latency, opened

PUBLISHERS = 100
FACTS_A_SECOND = 500
SECONDS = 8.0


async def measured(name: str, server: AbstractContextManager[Running]) -> Latency:
    """One server's."""
    with server as running:
        publishers = await opened(running.address, running.publishers)
        await latency(publishers, FACTS_A_SECOND, 1.0)
        found = await latency(publishers, FACTS_A_SECOND, SECONDS)
        for each in publishers:
            each.close()
    print(f"  {name:<12} p50 {found.p50_ms:6.2f} ms, p99 {found.p99_ms:6.2f} ms", flush=True)
    return found


async def measure(folder: Path) -> None:
    """Both in turn, and the ratios."""
    data = folder / "data"
    enrolled = await asyncio.to_thread(site.make_site, data, PUBLISHERS)
    ours = await measured("service", site.serving(data, enrolled))
    heading = f"latency of an ack at {FACTS_A_SECOND} facts/s"
    try:
        theirs = await measured("PostgreSQL", postgresql.running(folder, PUBLISHERS))
    except Missing as missing:
        print(f"{heading}: PostgreSQL left out, {missing} is not installed")
        return
    print(
        f"{heading} / PostgreSQL: p50 {ours.p50_ms / theirs.p50_ms:.2f},"
        f" p99 {ours.p99_ms / theirs.p99_ms:.2f} (≤ 1.5)"
    )


def main() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory(prefix="seatline-bench-") as name:
        event_loop.run(measure(Path(name)))


if __name__ == "__main__":
    main()
