"""Records of a seat, and what a disk may make of them."""

import random
import resource
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from agent_client.seat.clock import Reading
from agent_client.seat.outbox import Outbox
from agent_client.seat.place import SeatPlace
from agent_client.seat.salvage import Opened, open_records
from protocol.facts.call import CallHeld
from protocol.wire.sync import Ack

PAGE = 4096
FACTS = 400


def place_in(folder: Path) -> SeatPlace:
    return SeatPlace("ws://s", "1001", folder, folder, folder / "run")


@contextmanager
def opened(folder: Path) -> Iterator[Opened]:
    made = open_records(place_in(folder))
    with closing(made.outbox):
        yield made


def fill(folder: Path, *, acked: int, facts: int = FACTS) -> Path:
    """Two sessions; the service has one whole, and the second up to `acked`."""
    file = place_in(folder).outbox
    with closing(Outbox(file)) as outbox:
        for name in ("first", "second"):
            at = [Reading(1_000 + seq, 6, 7) for seq in range(facts)]
            outbox.begin(name, at[0], [CallHeld("0" * 99)])
            for each in at[1:]:
                outbox.append(each, [CallHeld("0" * 99)])
        outbox.acknowledge(Ack("first", facts, 5, 10, "ten"))
        outbox.acknowledge(Ack("second", acked, 5, 12, "twelve"))
    return file


def leaf_of(file: Path, seq: int) -> int:
    """The page that holds a fact of the second session: the first that tells of it."""
    body = file.read_bytes()
    change(
        file, f"UPDATE fact SET body = x'{b'damage here'.hex()}' WHERE session = 2 AND seq = {seq}"
    )
    page = file.read_bytes().index(b"damage here") // PAGE
    file.write_bytes(body)
    return page


def change(file: Path, script: str) -> None:
    """Write what a seat would not."""
    with closing(sqlite3.connect(file)) as db:
        db.executescript(script)


def spoil(file: Path, page: int, count: int = 1) -> None:
    """The disk gives something else for these pages."""
    with file.open("r+b") as stream:
        stream.seek(page * PAGE)
        stream.write(random.Random(1).randbytes(PAGE * count))


def counts(outbox: Outbox) -> dict[str, int]:
    return {each.id: each.last_seq for each in outbox.sessions()}


@contextmanager
def no_room(size: int = 0) -> Iterator[None]:
    """The system lets no file of this process become longer than so many bytes."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
