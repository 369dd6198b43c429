"""Records that are damaged or gone: what can be read goes on, what can't is declared, and nothing
is deleted."""

import random
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from agent_client.seat import salvage
from agent_client.seat.clock import Reading
from agent_client.seat.outbox import Outbox
from agent_client.seat.place import SeatPlace
from agent_client.seat.salvage import WHATEVER, Opened, open_records
from protocol.facts.call import CallHeld
from protocol.facts.session import FactsLost
from protocol.wire.errors import Code, Refused
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


def fill(folder: Path, *, acked: int) -> Path:
    """Two sessions; the service has one whole, and the second up to `acked`."""
    file = place_in(folder).outbox
    with closing(Outbox(file)) as outbox:
        for name in ("first", "second"):
            at = [Reading(1_000 + seq, 6, 7) for seq in range(FACTS)]
            outbox.begin(name, at[0], [CallHeld("0" * 99)])
            for each in at[1:]:
                outbox.append(each, [CallHeld("0" * 99)])
        outbox.acknowledge(Ack("first", FACTS, 5, 10, "ten"))
        outbox.acknowledge(Ack("second", acked, 5, 12, "twelve"))
    return file


def leaf_of(file: Path, seq: int) -> int:
    """The page that holds a fact of the second session: the first that tells of it."""
    body = file.read_bytes()
    with closing(sqlite3.connect(file)) as db, db:
        mark = b"damage here"
        db.execute("UPDATE fact SET body = ? WHERE session = 2 AND seq = ?", (mark, seq))
    page = file.read_bytes().index(b"damage here") // PAGE
    file.write_bytes(body)
    return page


def spoil(file: Path, page: int, count: int = 1) -> None:
    """The disk gives something else for these pages."""
    with file.open("r+b") as stream:
        stream.seek(page * PAGE)
        stream.write(random.Random(1).randbytes(PAGE * count))


def counts(outbox: Outbox) -> dict[str, int]:
    return {each.id: each.last_seq for each in outbox.sessions()}


def test_sound_records_are_opened_as_they_are(tmp_path: Path) -> None:
    fill(tmp_path, acked=10)
    with opened(tmp_path) as (outbox, damaged):
        assert damaged is None
        assert counts(outbox) == {"first": FACTS, "second": FACTS}
        assert outbox.undeclared() == ()
    assert [each.name for each in tmp_path.glob("*damaged*")] == []


def test_a_new_desk_has_lost_nothing(tmp_path: Path) -> None:
    with opened(tmp_path) as (outbox, damaged):
        assert (damaged, outbox.undeclared()) == (None, ())


def test_of_damaged_records_what_can_be_read_goes_on_and_the_rest_is_lost(tmp_path: Path) -> None:
    file = fill(tmp_path, acked=10)
    spoil(file, leaf_of(file, 300))
    before = file.read_bytes()
    with opened(tmp_path) as (outbox, damaged):
        assert damaged is not None
        assert damaged.read_bytes() == before
        first, second = outbox.sessions()
        assert (first.last_seq, second.acked) == (FACTS, 10)
        assert 10 < second.last_seq < 300
        (lost,) = outbox.undeclared()
        assert (lost.lost_session, lost.from_seq) == ("second", second.last_seq + 1)
        assert lost.to_seq in {None, FACTS}
        assert lost.since_ms == 1_000 + second.last_seq - 1
        assert outbox.witness() == (12, "twelve")
        assert [each.seq for each in outbox.records(second, 10, 2)] == [11, 12]


def test_what_the_service_has_is_not_lost(tmp_path: Path) -> None:
    file = fill(tmp_path, acked=FACTS)
    spoil(file, leaf_of(file, 300))
    with opened(tmp_path) as (outbox, _):
        lost = [each for each in outbox.undeclared() if each.to_seq is not None]
        assert lost == []
        assert all(each.from_seq == FACTS + 1 for each in outbox.undeclared())
        assert outbox.unsent() == 0


@pytest.mark.parametrize("length", [0.0, 0.3, 0.9])
def test_a_file_that_was_cut_off_is_read_as_far_as_it_goes(tmp_path: Path, length: float) -> None:
    file = fill(tmp_path, acked=10)
    whole = file.read_bytes()
    file.write_bytes(whole[: PAGE + int(len(whole) * length)])
    with opened(tmp_path) as (outbox, damaged):
        assert damaged is not None
        assert outbox.undeclared() != ()
    with opened(tmp_path) as (again, damaged):
        assert damaged is None
        assert again.undeclared() != ()


def test_of_what_is_no_database_at_all_nobody_knows_what_it_held(tmp_path: Path) -> None:
    place_in(tmp_path).outbox.write_bytes(b"no database" * 999)
    with opened(tmp_path) as (outbox, damaged):
        assert damaged == tmp_path / "outbox.damaged-1.db"
        assert (outbox.sessions(), outbox.undeclared()) == ([], (WHATEVER,))


def test_records_that_are_gone_from_a_desk_that_had_some_are_lost(tmp_path: Path) -> None:
    place_in(tmp_path).anchor.write_bytes(b"{}")
    with opened(tmp_path) as (outbox, damaged):
        assert (damaged, outbox.undeclared()) == (None, (WHATEVER,))
    with opened(tmp_path) as (outbox, _):
        outbox.begin("a", Reading(1, 1, 1), outbox.undeclared())
    with opened(tmp_path) as (outbox, _):
        assert outbox.undeclared() == ()


def test_a_fact_that_is_no_fact_any_more_ends_what_can_be_sent(tmp_path: Path) -> None:
    file = fill(tmp_path, acked=10)
    page = leaf_of(file, 300)
    with closing(sqlite3.connect(file)) as db, db:
        db.execute("UPDATE fact SET body = ? WHERE session = 2 AND seq = 20", (b"\x00\xff",))
    spoil(file, page)
    with opened(tmp_path) as (outbox, _):
        assert counts(outbox)["second"] == 19
        (lost,) = outbox.undeclared()
        assert (lost.lost_session, lost.from_seq) == ("second", 20)


def test_each_damaged_database_is_kept_under_a_name_of_its_own(tmp_path: Path) -> None:
    names = []
    for _ in range(2):
        place_in(tmp_path).outbox.write_bytes(b"no database" * 999)
        with opened(tmp_path) as (_, damaged):
            names.append(damaged)
    assert names == [tmp_path / "outbox.damaged-1.db", tmp_path / "outbox.damaged-2.db"]


def renamed(tmp_path: Path, *, done: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Open damaged records, and die after so many files were renamed."""
    real, count = Path.rename, iter(range(9))

    def rename(file: Path, target: Path) -> Path:
        if next(count) >= done:
            raise KeyboardInterrupt
        return real(file, target)

    monkeypatch.setattr(Path, "rename", rename)
    with pytest.raises(KeyboardInterrupt):
        open_records(place_in(tmp_path))
    monkeypatch.setattr(Path, "rename", real)


@pytest.mark.parametrize("done", [0, 1, 2])
def test_a_start_that_dies_over_it_is_made_good_by_the_next(
    tmp_path: Path, done: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = fill(tmp_path, acked=10)
    spoil(file, leaf_of(file, 300))
    file.with_name("outbox.db-wal").write_bytes(b"")
    renamed(tmp_path, done=done, monkeypatch=monkeypatch)
    with opened(tmp_path) as (outbox, damaged):
        assert damaged == tmp_path / "outbox.damaged-1.db"
        assert counts(outbox)["first"] == FACTS
        (lost,) = outbox.undeclared()
        assert lost.lost_session == "second"
    assert sorted(each.name for each in tmp_path.glob("*salvaged*")) == []


def test_a_disk_that_can_not_be_read_is_no_damage_and_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(tmp_path, acked=10)

    def fails(_: Path) -> sqlite3.Connection:
        raise sqlite3.OperationalError("disk I/O error")

    monkeypatch.setattr(salvage, "_open", fails)
    with opened(tmp_path) as (outbox, damaged):
        assert damaged is None
        assert outbox.undeclared() == ()
    place_in(tmp_path).outbox.unlink()
    place_in(tmp_path).outbox.mkdir()
    with pytest.raises(Refused) as refused:
        open_records(place_in(tmp_path))
    assert refused.value.code == Code.DISK_FAILED


def test_a_loss_of_before_is_still_to_be_declared_after_another(tmp_path: Path) -> None:
    file = fill(tmp_path, acked=FACTS)
    with closing(Outbox(file)) as outbox:
        outbox.lose(FactsLost("before", 3, 9, 77))
    spoil(file, leaf_of(file, 300))
    with opened(tmp_path) as (outbox, _):
        assert FactsLost("before", 3, 9, 77) in outbox.undeclared()
