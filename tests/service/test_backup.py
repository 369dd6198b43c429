"""Copies: made under load, whole or not there at all, and put back with nothing lost."""

import asyncio
import json
import signal
import stat
from collections.abc import Awaitable, Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from agent_service import backup, database
from agent_service.commands.ledger import verify
from protocol.facts.call import CallMuted
from protocol.wire.errors import Refused
from tests.service.client import Client
from tests.service.processes import run, serving
from tests.service.test_process import Publisher, come

Desks = Callable[..., Awaitable[Client]]
MUTED = CallMuted("c1", True)
NOW = datetime(2026, 11, 22, 10, 30, tzinfo=UTC)


def quiet(_: int, __: int) -> None:
    """Nobody is told how far it has come."""


@pytest.fixture
def copy(data: Path, tmp_path: Path) -> Path:
    """A copy of the untouched database."""
    file = tmp_path / "copy.db"
    backup.back_up(data, file, quiet)
    return file


async def test_a_copy_made_under_load_is_whole_and_nobody_waits_for_it(
    desks: Desks, data: Path, tmp_path: Path
) -> None:
    file = tmp_path / "copy.db"
    async with serving(data) as service:
        publisher = Publisher(await come(desks, service.url, data, "1001"))
        working = [asyncio.create_task(publisher.publish()), asyncio.create_task(publisher.note())]
        async with asyncio.timeout(10):
            while publisher.acked < 100:
                await asyncio.sleep(0.01)
        before = publisher.acked
        code, out, err = await run("backup", str(file), "--data", str(data))
        assert code == 0
        assert " backup_made " in err
        assert publisher.acked > before
        await service.end(signal.SIGTERM)
        await asyncio.gather(*working)
    made = json.loads(out)
    assert made["file"] == str(file)
    assert before <= made["entries"] <= verify(data).position
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert sorted(each.name for each in tmp_path.iterdir()) == ["copy.db", "data", "service.log"]
    restored = tmp_path / "restored"
    code, out, err = await run("restore", str(file), "--data", str(restored))
    assert code == 0
    assert " backup_restored " in err
    assert json.loads(out)["head"] == made["head"] == verify(restored).hash.hex()
    assert json.loads(out)["kept"] is None


def test_a_file_that_exists_is_never_overwritten(data: Path, tmp_path: Path) -> None:
    file = tmp_path / "precious"
    file.write_text("precious")
    with pytest.raises(Refused, match="file_exists"):
        backup.back_up(data, file, quiet)
    assert file.read_text() == "precious"


def test_a_file_that_appears_meanwhile_is_not_overwritten_either(
    data: Path, tmp_path: Path
) -> None:
    file = tmp_path / "precious"
    with pytest.raises(Refused, match="file_exists"):
        backup.back_up(data, file, lambda done, of: file.write_text("precious") and None)
    assert file.read_text() == "precious"
    assert sorted(each.name for each in tmp_path.iterdir()) == ["data", "precious"]


def test_what_is_broken_is_not_called_a_backup(data: Path, tmp_path: Path) -> None:
    tamper(data / database.FILE)
    with pytest.raises(Refused, match="ledger_broken"):
        backup.back_up(data, tmp_path / "copy.db", quiet)
    assert [each.name for each in tmp_path.iterdir()] == ["data"]


@pytest.mark.parametrize("name", ["missing/copy.db", "data"])
async def test_a_copy_that_can_not_be_made_is_refused(
    data: Path, tmp_path: Path, name: str
) -> None:
    code, out, err = await run("backup", str(tmp_path / name), "--data", str(data))
    assert (code, out) == (1, "")
    assert err.rstrip().endswith(("[file_refused]", "[file_exists]"))


async def test_what_was_replaced_is_kept_under_a_dated_name(
    data: Path, copy: Path, desks: Desks
) -> None:
    async with serving(data) as service:
        client = await come(desks, service.url, data, "1001")
        await client.record(MUTED)
        await service.end(signal.SIGTERM)
    later, (_, earlier) = verify(data), backup.check(copy)
    code, out, _ = await run("restore", str(copy), "--data", str(data))
    assert code == 0
    told = json.loads(out)
    assert (told["entries"], told["head"]) == (earlier.position, earlier.hash.hex())
    assert verify(data) == earlier
    kept = Path(told["kept"])
    assert kept.parent == data
    assert backup.check(kept)[1] == later
    assert not list(data.glob("*-wal"))
    async with serving(data) as service:
        assert await service.end(signal.SIGTERM) == 0


async def test_nothing_is_restored_under_a_running_service(data: Path, copy: Path) -> None:
    async with serving(data):
        for command in (["restore", str(copy)], ["rebuild"], ["migrate"]):
            code, out, err = await run(*command, "--data", str(data))
            assert (code, out) == (1, "")
            assert "[already_serving]" in err


@pytest.mark.parametrize("harm", ["tamper", "truncate", "replace"])
async def test_a_bad_copy_changes_nothing(data: Path, copy: Path, harm: str) -> None:
    HARMS[harm](copy)
    before = (data / database.FILE).read_bytes()
    names = sorted(each.name for each in data.iterdir())
    code, out, err = await run("restore", str(copy), "--data", str(data))
    assert (code, out) == (1, "")
    assert "Traceback" not in err
    assert (data / database.FILE).read_bytes() == before
    assert sorted(each.name for each in data.iterdir()) in (names, sorted([*names, "service.lock"]))


async def test_a_database_that_can_not_be_opened_is_replaced_and_kept(
    data: Path, copy: Path
) -> None:
    (data / database.FILE).write_bytes(b"ruined" * 1000)
    (data / f"{database.FILE}-wal").write_bytes(b"and its log")
    code, out, _ = await run("restore", str(copy), "--data", str(data))
    assert code == 0
    kept = Path(json.loads(out)["kept"])
    assert kept.read_bytes() == b"ruined" * 1000
    assert kept.with_name(kept.name + "-wal").read_bytes() == b"and its log"
    assert verify(data) == backup.check(copy)[1]


def test_a_restore_that_is_cut_short_leaves_the_database_whole_beside(
    data: Path, copy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    log = data / f"{database.FILE}-wal"
    with closing(database.open_writer(data / database.FILE)) as opened:
        opened.conn.execute("UPDATE desk SET name = name")
        held = (data / database.FILE).read_bytes(), log.read_bytes()
    (data / database.FILE).write_bytes(held[0])
    log.write_bytes(held[1])

    def stop(draft: Path, path: Path) -> None:
        raise OSError(f"{draft} {path}")

    monkeypatch.setattr(backup, "replace", stop)
    with pytest.raises(OSError, match=database.FILE):
        backup.restore(data, copy, NOW, quiet)
    kept = data / "seatline.replaced-20261122T103000Z.db"
    assert (kept.read_bytes(), kept.with_name(kept.name + "-wal").read_bytes()) == held
    assert not log.exists()
    assert not (data / database.FILE).exists()
    monkeypatch.undo()
    assert backup.restore(data, copy, NOW, quiet).kept is None
    assert verify(data) == backup.check(copy)[1]


def test_a_database_that_can_not_be_put_aside_stays_as_it_is(data: Path, copy: Path) -> None:
    log = data / f"{database.FILE}-wal"
    log.write_bytes(b"its log")
    taken = data / "seatline.replaced-20261122T103000Z.db-wal"
    taken.write_bytes(b"precious")
    with pytest.raises(Refused, match="file_exists"):
        backup.restore(data, copy, NOW, quiet)
    assert (data / database.FILE).exists()
    assert log.read_bytes() == b"its log"
    assert taken.read_bytes() == b"precious"
    assert not taken.with_name("seatline.replaced-20261122T103000Z.db").exists()


def tamper(file: Path) -> None:
    """Change one entry."""
    with closing(database.open_writer(file)) as opened:
        opened.conn.execute("UPDATE entry SET wall_ms = wall_ms + 1 WHERE position = 2")


def truncate(file: Path) -> None:
    """Lose the end of the file."""
    file.write_bytes(file.read_bytes()[:-8192])


def replace(file: Path) -> None:
    """Something else entirely."""
    file.write_bytes(b"no database " * 1000)


HARMS = {"tamper": tamper, "truncate": truncate, "replace": replace}
