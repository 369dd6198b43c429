"""Whatever a disk makes of its records: a seat starts, and loses no fact without a word."""

import random
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from agent_client.seat.outbox import Outbox
from agent_client.seat.salvaged_copy import WHATEVER
from protocol.facts.session import FactsLost
from protocol.wire import codec
from protocol.wire.sync import Append
from tests.seat.damaging import PAGE, fill, opened, place_in

FACTS = 60
ACKED = {"first": FACTS, "second": 30}


def flip(rng: random.Random, file: bytearray) -> None:
    file[rng.randrange(len(file))] ^= 1 << rng.randrange(8)


def flip_some(rng: random.Random, file: bytearray) -> None:
    for _ in range(rng.randrange(2, 11)):
        flip(rng, file)


def overwrite(rng: random.Random, file: bytearray) -> None:
    page = rng.randrange(len(file) // PAGE) * PAGE
    file[page : page + PAGE] = rng.choice([bytes(PAGE), rng.randbytes(PAGE)])


def misplace(rng: random.Random, file: bytearray) -> None:
    source, target = (rng.randrange(len(file) // PAGE) * PAGE for _ in range(2))
    file[target : target + PAGE] = file[source : source + PAGE]


def cut_off(rng: random.Random, file: bytearray) -> None:
    del file[rng.randrange(len(file)) :]


DAMAGES: tuple[Callable[[random.Random, bytearray], None], ...] = (
    flip,
    flip_some,
    overwrite,
    misplace,
    cut_off,
)


def is_told(name: str, outbox: Outbox) -> bool:
    """Whether each fact of a session is there, is at the service, or is declared as lost. One that
    seems acknowledged and is not is found by comparing with the service."""
    (session,) = (each for each in outbox.sessions() if each.id == name)
    missing = range(max(session.last_seq, session.acked, ACKED[name]) + 1, FACTS + 1)
    return not missing or any(
        lost == WHATEVER or (lost.lost_session == name and covers(lost, missing))
        for lost in outbox.undeclared()
    )


def covers(lost: FactsLost, missing: range) -> bool:
    return lost.from_seq <= missing.start and (lost.to_seq is None or lost.to_seq >= FACTS)


def check(folder: Path) -> None:
    """It starts, tells what is lost, sends what it has, and starts again without more ado."""
    with opened(folder) as (outbox, _):
        names = {each.id for each in outbox.sessions()} & ACKED.keys()
        assert names == ACKED.keys() or WHATEVER in outbox.undeclared()
        assert [name for name in names if not is_told(name, outbox)] == []
        for each in outbox.sessions():
            records = outbox.records(each, 0, FACTS)
            assert [record.seq for record in records] == list(range(1, each.last_seq + 1))
        for each in outbox.unsent_sessions():
            records = outbox.records(each, each.acked, FACTS)
            codec.decode_from_seat(codec.encode(Append(each.id, records)))
        outbox.witness(), outbox.forgotten(), outbox.prune()
    with opened(folder) as (_, damaged):
        assert damaged is None


@pytest.mark.parametrize(
    ("seed", "count"), [(1, 60), pytest.param(2, 1_000, marks=pytest.mark.prove)]
)
def test_a_seat_starts_whatever_became_of_its_records(
    tmp_path: Path, seed: int, count: int
) -> None:
    rng = random.Random(seed)
    (tmp_path / "whole").mkdir()
    whole = fill(tmp_path / "whole", acked=ACKED["second"], facts=FACTS).read_bytes()
    for each in range(count):
        folder = tmp_path / str(each)
        folder.mkdir()
        file = bytearray(whole)
        rng.choice(DAMAGES)(rng, file)
        place_in(folder).outbox.write_bytes(file)
        place_in(folder).anchor.write_bytes(b"{}")
        check(folder)
        shutil.rmtree(folder)
