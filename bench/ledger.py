"""How fast facts are acknowledged, beside what SQLite alone can write to the same disk.

A floor service in a process of its own is sent facts by seats on real connections, every one of
which waits for its acks; then the same rows go into a bare SQLite file as fast as they can. Both
put every commit on the disk. The last line is the ratio.

    python -m bench.ledger
"""

import asyncio
import contextlib
import sqlite3
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from agent_service import commands
from agent_service.accounts.passwords import hash_password
from agent_service.accounts.staff import Member
from agent_service.ledger import chain, schema
from agent_service.ledger.chain import Entry
from protocol.facts.call import CallHeld
from protocol.facts.record import encode_fact
from protocol.wire.session import Person, Role
from protocol.wire.sync import Ack
from tests.service.client import Client
from tests.service.conftest import make_token
from tests.service.processes import serving

SEATS = 50
WARM_UP_S = 1.0
MEASURED_S = 4.0
ROWS_A_STATEMENT = 64
ROWS_A_COMMIT = 1024
FACTS_A_FRAME = (1, 32)
FRAMES_IN_FLIGHT = 16
BODY = encode_fact(CallHeld(call_id="5f1d7a2e8c9b4c0d9e6f3a1b2c4d5e6f")).decode()
PASSWORD = "nobody signs in with it"  # noqa: S105 - of a database that lives for seconds


class Seat:
    """One connection that sends facts without a pause, and counts those acknowledged."""

    def __init__(self, client: Client) -> None:
        self.client = client
        self.sent = 0
        self.acked = 0

    def frame(self, facts: int) -> str:
        """The next facts, as one frame."""
        records = ",".join(
            f'{{"seq":{self.sent + number},"occurred_ms":1790000000000,"wall_ms":1790000000000,'
            f'"mono_ms":{self.sent + number},"body":{BODY}}}'
            for number in range(1, facts + 1)
        )
        self.sent += facts
        return f'{{"type":"append","session":"{self.client.session}","facts":[{records}]}}'

    async def publish(self, facts: int, ending: asyncio.Event) -> None:
        """Keep some frames on their way until it ends, then wait for the last ack."""
        while not ending.is_set() or self.acked < self.sent:
            while not ending.is_set() and self.sent - self.acked < facts * FRAMES_IN_FLIGHT:
                await self.client.send_raw(self.frame(facts))
            self.acked = (await self.client.expect(Ack)).upto


async def facts_a_second(seats: Sequence[Seat], facts: int) -> float:
    """Facts acknowledged in a second, over all seats, when each frame holds so many."""
    ending = asyncio.Event()
    async with asyncio.TaskGroup() as publishing:
        for seat in seats:
            publishing.create_task(seat.publish(facts, ending))
        await asyncio.sleep(WARM_UP_S)
        began, before = time.perf_counter(), sum(seat.acked for seat in seats)
        await asyncio.sleep(MEASURED_S)
        taken, after = time.perf_counter() - began, sum(seat.acked for seat in seats)
        ending.set()
    return (after - before) / taken


async def service_facts_a_second(folder: Path) -> list[float]:
    """One figure for each of `FACTS_A_FRAME`."""
    commands.init(folder, "admin", lambda: PASSWORD)
    agents = [str(1001 + number) for number in range(SEATS)]
    password_hash = hash_password(PASSWORD)
    for agent in agents:
        person = Person(agent, f"Agent {agent}", (Role.AGENT,))
        commands.add_member(folder, Member(person, password_hash, "", ""))
    codes = commands.make_codes(folder, SEATS, 1)
    async with serving(folder) as service, contextlib.AsyncExitStack() as connections:
        seats = []
        for agent, code in zip(agents, codes, strict=True):
            client = await connections.enter_async_context(await Client.open(service.url))
            await (await (await client.hello()).enrol(code)).present()
            await client.resume(make_token(folder, client.key.desk, agent), f"bench-{agent}")
            seats.append(Seat(client))
        return [await facts_a_second(seats, facts) for facts in FACTS_A_FRAME]


def raw_rows_a_second(folder: Path) -> float:
    """Rows a second of a bare SQLite file that holds the same table."""
    with contextlib.closing(sqlite3.connect(folder / "raw.db", isolation_level=None)) as raw:
        raw.execute("PRAGMA journal_mode = WAL")
        raw.execute("PRAGMA synchronous = FULL")
        raw.execute(next(text for text in schema.SCHEMA.steps[0].statements if "entry" in text))
        row = f"({', '.join('?' * len(Entry.__struct_fields__))})"
        statement = f"INSERT INTO entry VALUES {', '.join([row] * ROWS_A_STATEMENT)}"  # noqa: S608 - only marks
        written, began = 0, time.perf_counter()
        while (taken := time.perf_counter() - began) < MEASURED_S:
            raw.execute("BEGIN IMMEDIATE")
            for _ in range(ROWS_A_COMMIT // ROWS_A_STATEMENT):
                raw.execute(statement, rows(written))
                written += ROWS_A_STATEMENT
            raw.execute("COMMIT")
        return written / taken


def rows(after: int) -> list[str | int | bytes]:
    """The values of one statement's rows, as the ledger would hold them."""
    times = [1_790_000_000_000] * 4
    blobs = [bytes(chain.SALT_BYTES), BODY.encode(), bytes(32)]
    return [
        value
        for position in range(after + 1, after + 1 + ROWS_A_STATEMENT)
        for value in (position, "bench-1001", position, "1001", "call.held", *times, *blobs)
    ]


def main() -> None:
    """Measure both in turn, and print the ratios."""
    with tempfile.TemporaryDirectory(prefix="seatline-bench-") as name:
        folder = Path(name)
        raw = raw_rows_a_second(folder)
        measured = asyncio.run(service_facts_a_second(folder / "data"))
    for facts, speed in zip(FACTS_A_FRAME, measured, strict=True):
        print(f"service, {SEATS} seats, facts a frame: {facts:>3}  {speed:>9,.0f} acked/s")
    print(
        f"SQLite, {ROWS_A_STATEMENT} rows a statement, {ROWS_A_COMMIT} a commit {raw:>9,.0f} rows/s"
    )
    ratios = (
        f"{speed / raw:.2f} with {facts} a frame"
        for facts, speed in zip(FACTS_A_FRAME, measured, strict=True)
    )
    print(f"ledger: acked facts/s to raw SQLite rows/s: {', '.join(ratios)}")


if __name__ == "__main__":
    main()
