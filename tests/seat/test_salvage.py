"""Records that are damaged or gone: a whole new database takes their place, whatever interrupts it,
and nothing is deleted."""

import sqlite3
from functools import partial
from pathlib import Path

import pytest

from agent_client.seat import salvage
from agent_client.seat.clock import Reading
from agent_client.seat.outbox import Outbox
from agent_client.seat.salvage import open_records
from agent_client.seat.salvaged_copy import WHATEVER
from protocol.facts.call import CallHeld
from protocol.wire.errors import Code, Refused
from tests.seat.damaging import (
    FACTS,
    change,
    counts,
    fill,
    leaf_of,
    no_room,
    opened,
    place_in,
    spoil,
)


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


def test_records_that_are_gone_from_a_desk_that_had_some_are_lost(tmp_path: Path) -> None:
    place_in(tmp_path).anchor.write_bytes(b"{}")
    with opened(tmp_path) as (outbox, damaged):
        assert (damaged, outbox.undeclared()) == (None, (WHATEVER,))
    with opened(tmp_path) as (outbox, _):
        outbox.begin("a", Reading(1, 1, 1), outbox.undeclared())
    with opened(tmp_path) as (outbox, _):
        assert outbox.undeclared() == ()


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
        failed = sqlite3.OperationalError("disk I/O error")
        failed.sqlite_errorcode = sqlite3.SQLITE_IOERR
        raise failed

    monkeypatch.setattr(salvage, "open_to_read", fails)
    with opened(tmp_path) as (outbox, damaged):
        assert damaged is None
        assert outbox.undeclared() == ()
    place_in(tmp_path).outbox.unlink()
    place_in(tmp_path).outbox.mkdir()
    with pytest.raises(Refused) as refused:
        open_records(place_in(tmp_path))
    assert refused.value.code == Code.DISK_FAILED


class FullOnceItIsLeft(sqlite3.Connection):
    """The disk takes no more when a database is let go."""

    def close(self) -> None:
        with no_room():
            super().close()


def damage(folder: Path) -> None:
    file = fill(folder, acked=10)
    spoil(file, leaf_of(file, 300))


def all_salvaged(folder: Path) -> None:
    with opened(folder) as (outbox, _):
        first, second = outbox.sessions()
        assert (first.last_seq, second.last_seq > 10) == (FACTS, True)
        assert [each.lost_session for each in outbox.undeclared()] == ["second"]


def test_a_disk_that_is_full_in_the_end_loses_nothing_of_what_was_salvaged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    damage(tmp_path)
    with monkeypatch.context() as full:
        full.setattr(sqlite3, "connect", partial(sqlite3.connect, factory=FullOnceItIsLeft))
        open_records(place_in(tmp_path)).outbox.close()
    all_salvaged(tmp_path)


@pytest.mark.parametrize("size", [0, 4096, 50_000])
def test_a_disk_without_room_for_the_copy_leaves_everything_as_it_was(
    tmp_path: Path, size: int
) -> None:
    damage(tmp_path)
    before = place_in(tmp_path).outbox.read_bytes()
    with no_room(size), pytest.raises(Refused) as refused:
        open_records(place_in(tmp_path))
    assert refused.value.code == Code.DISK_FAILED
    assert place_in(tmp_path).outbox.read_bytes() == before
    assert [each.name for each in tmp_path.iterdir() if "-" not in each.name] == ["outbox.db"]
    all_salvaged(tmp_path)


def test_a_copy_that_was_never_finished_is_not_taken_for_the_records(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    damage(tmp_path)
    with monkeypatch.context() as dying:
        dying.setattr(Path, "replace", dies)
        with pytest.raises(KeyboardInterrupt):
            open_records(place_in(tmp_path))
    place_in(tmp_path).outbox.unlink()
    place_in(tmp_path).anchor.write_bytes(b"{}")
    with opened(tmp_path) as (outbox, damaged):
        assert (damaged, outbox.undeclared()) == (None, (WHATEVER,))


def test_a_copy_of_records_that_were_mended_is_not_taken_for_later_ones(tmp_path: Path) -> None:
    fill(tmp_path, acked=10)
    place_in(tmp_path).outbox.with_suffix(".salvaged").write_bytes(b"of an earlier start")
    place_in(tmp_path).anchor.write_bytes(b"{}")
    with opened(tmp_path):
        pass
    place_in(tmp_path).outbox.unlink()
    with opened(tmp_path) as (outbox, _):
        assert outbox.undeclared() == (WHATEVER,)


def test_only_what_is_there_is_named_as_set_aside(tmp_path: Path) -> None:
    file = fill(tmp_path, acked=10)
    file.rename(file.with_suffix(".salvaged"))
    with opened(tmp_path) as (outbox, damaged):
        assert damaged is None
        assert counts(outbox) == {"first": FACTS, "second": FACTS}


def dies(*_: object) -> None:
    raise KeyboardInterrupt


@pytest.mark.parametrize(
    ("kind", "name"), [(Outbox, "lose"), (Path, "replace"), (Path, "rename"), (sqlite3, "connect")]
)
def test_a_start_that_dies_over_records_that_are_gone_leaves_their_loss_to_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: object, name: str
) -> None:
    place_in(tmp_path).anchor.write_bytes(b"{}")
    with monkeypatch.context() as dying:
        dying.setattr(kind, name, dies)
        with pytest.raises(KeyboardInterrupt):
            open_records(place_in(tmp_path)).outbox.lose(WHATEVER)
    with opened(tmp_path) as (outbox, _):
        assert outbox.undeclared() == (WHATEVER,)


def test_records_that_were_emptied_are_gone(tmp_path: Path) -> None:
    place_in(tmp_path).anchor.write_bytes(b"{}")
    place_in(tmp_path).outbox.touch()
    with opened(tmp_path) as (outbox, damaged):
        assert outbox.undeclared() == (WHATEVER,)
        assert damaged == tmp_path / "outbox.damaged-1.db"


def test_the_log_of_records_that_are_gone_does_not_get_into_new_ones(tmp_path: Path) -> None:
    file = fill(tmp_path, acked=10)
    place_in(tmp_path).anchor.write_bytes(b"{}")
    log = file.with_name("outbox.db-wal")
    with sqlite3.connect(file) as db:
        db.execute("UPDATE session SET acked = 20 WHERE number = 2")
        db.commit()
        kept = log.read_bytes()
        assert kept
    db.close()
    file.unlink()
    log.write_bytes(kept)
    with opened(tmp_path) as (outbox, damaged):
        assert (damaged, outbox.sessions()) == (None, [])
        assert outbox.undeclared() == (WHATEVER,)
    assert (tmp_path / "outbox.damaged-1.db-wal").read_bytes() == kept


@pytest.mark.parametrize(
    "script",
    [
        "ALTER TABLE _sqlite_migrations RENAME COLUMN name TO nome",
        "DELETE FROM _sqlite_migrations WHERE name = 'add_disputes'",
        "ALTER TABLE forgotten RENAME COLUMN since_ms TO rince_ms",
        "DROP TABLE witness",
    ],
)
def test_tables_that_this_version_can_not_use_are_damage_and_cost_no_fact(
    tmp_path: Path, script: str
) -> None:
    change(fill(tmp_path, acked=10), script)
    with opened(tmp_path) as (outbox, damaged):
        assert damaged == tmp_path / "outbox.damaged-1.db"
        assert counts(outbox) == {"first": FACTS, "second": FACTS}
        assert outbox.undeclared() == ()
        outbox.begin("third", Reading(9, 9, 9), [CallHeld("0")])
    with opened(tmp_path) as (_, damaged):
        assert damaged is None
