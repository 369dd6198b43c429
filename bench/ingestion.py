"""How fast facts are acknowledged, beside what else could take them.

Each publisher has a connection of its own and one frame on its way. All peers are spoken to by the
same code, keep what they acknowledge on the same disk, and run one after the other.

    python -m bench.ingestion [--publishers N]
"""

import argparse
import asyncio
import contextlib
import tempfile
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from pathlib import Path

from agent_service import event_loop
from bench import raw, site
from bench.facts import of_a_shift
from bench.peers import jetstream, postgresql, redis
from bench.peers.program import Missing
from bench.publisher import Running, Speed, opened, speed
from bench.seat import Enrolled


class Bench:
    """The measurements, each told as it is taken."""

    def __init__(self, folder: Path, publishers: int) -> None:
        self._folder = folder
        self._publishers = publishers
        self._data = folder / "data"
        self._enrolled: Sequence[Enrolled] = site.make_site(self._data, publishers)
        self._scratch = 0

    def raw(self) -> tuple[float, float]:
        """SQLite alone."""
        found = raw.rows_a_second(self._folder)
        _tell("SQLite, 64 rows a statement, 1024 a commit", 0, Speed(*found))
        return found

    async def service(self, *sizes: int) -> list[Speed]:
        """Ours, with so many facts a frame."""
        return await self._run("service", site.serving(self._data, self._enrolled), sizes)

    async def watched(self) -> Speed:
        """Ours, with the facts of a shift and supervisors who watch the floor."""
        running = site.serving(self._data, self._enrolled, of_a_shift)
        return (await self._run("service, a shift's facts, watched", running, (1,)))[0]

    async def without_database(self) -> Speed:
        """The same server without its database."""
        running = site.serving(self._data, self._enrolled, module=site.NULL_SERVICE)
        return (await self._run("service without its database", running, (1,)))[0]

    async def peer(
        self, name: str, run: Callable[[Path], AbstractContextManager[Running]], facts: int = 1
    ) -> Speed | None:
        """Somebody else's server; None where it is not installed."""
        self._scratch += 1
        folder = self._folder / f"peer-{self._scratch}"
        folder.mkdir()
        try:
            return (await self._run(name, run(folder), (facts,)))[0]
        except Missing as missing:
            print(f"  {name}: left out, {missing} is not installed")
            return None

    async def _run(
        self, name: str, server: AbstractContextManager[Running], sizes: Sequence[int]
    ) -> list[Speed]:
        speeds = []
        with server as running:
            publishers = await opened(running.address, running.publishers)
            watching = await opened(running.address, running.supervisors)
            with contextlib.ExitStack() as connections:
                for each in (*publishers, *watching):
                    connections.callback(each.close)
                for facts in sizes:
                    speeds.append(await speed(publishers, facts, running.pid))
                    _tell(name, facts, speeds[-1])
        return speeds

    async def against_peers(self, one: Speed, eight: Speed, watched: Speed) -> list[str]:
        """The ratios to the others' servers."""
        count = self._publishers
        postgres = await self.peer("PostgreSQL", lambda at: postgresql.running(at, count))
        rows = await self.peer(
            "PostgreSQL, 8 rows a statement", lambda at: postgresql.running(at, count, 8), 8
        )
        notify = await self.peer(
            "PostgreSQL + NOTIFY", lambda at: postgresql.running(at, count, notify=True)
        )
        stream = await self.peer("JetStream, sync always", lambda at: jetstream.running(at, count))
        redis_8 = await self.peer(
            "Redis Streams, AOF always", lambda at: redis.running(at, count), 8
        )
        pairs = (
            ("PostgreSQL", one, postgres, "≥ 2"),
            ("PostgreSQL's one by one, 8 a frame", eight, postgres, "≥ 8"),
            ("PostgreSQL, 8 a statement and frame", eight, rows, ""),
            ("PostgreSQL + NOTIFY, watched", watched, notify, "≥ 4"),
            ("JetStream, watched", watched, stream, "≥ 4"),
            ("Redis, 8 a frame", eight, redis_8, "≥ 1"),
        )
        return [
            _ratio(f"/ {name}", ours.a_second / theirs.a_second, goal)
            for name, ours, theirs, goal in pairs
            if theirs is not None
        ]


def _tell(name: str, facts: int, found: Speed) -> None:
    size = f", {facts} a frame" if facts else ""
    print(
        f"  {name + size:<46} {found.a_second:>9,.0f}/s {found.a_cpu_second:>9,.0f} a CPU second",
        flush=True,
    )


def _ratio(name: str, found: float, goal: str) -> str:
    return f"{name} {found:.2f}" + (f" ({goal})" if goal else "")


async def measure(folder: Path, publishers: int) -> None:
    """Take all figures, and print them."""
    bench = await asyncio.to_thread(Bench, folder, publishers)
    null = await bench.without_database()
    one, eight, many = await bench.service(1, 8, 32)
    watched = await bench.watched()
    raw_wall, raw_cpu = await asyncio.to_thread(bench.raw)
    ratios = [
        _ratio("/ no database", one.a_second / null.a_second, "≥ 0.80"),
        _ratio("by CPU", one.a_cpu_second / null.a_cpu_second, ""),
        _ratio("/ raw SQLite, 32 a frame", many.a_second / raw_wall, "≥ 0.30"),
        _ratio("by CPU", many.a_cpu_second / raw_cpu, ""),
        *await bench.against_peers(one, eight, watched),
    ]
    print(f"ingestion, {publishers} publishers: {', '.join(ratios)}")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--publishers", type=int, default=1000)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="seatline-bench-") as name:
        event_loop.run(measure(Path(name), asked.publishers))


if __name__ == "__main__":
    main()
