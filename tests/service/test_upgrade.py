"""Databases of another version, a broken end, and tables made anew."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from agent_service import database, tables
from agent_service.commands.database import migrate
from agent_service.commands.ledger import rebuild, verify
from agent_service.database import Schema, Step
from agent_service.ledger import rebuild as refolding
from agent_service.ledger import tail
from agent_service.opening import open_database
from protocol.facts.agent import State, StateEntered
from protocol.facts.call import CallMuted
from protocol.wire.errors import Refused
from tests.service.ledgers import Ledger, new_ledger
from tests.service.operator import Operator
from tests.service.processes import run, serving
from tests.service.test_backup import quiet


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with new_ledger(tmp_path / "ledger") as made:
        made.begin("1001", "s1")
        made.append("s1", [StateEntered(State.READY, "ready", "1001")])
        made.append("s1", [CallMuted("c1", True)] * 20)
        yield made


@pytest.fixture
def operator(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Operator:
    return Operator(capsys, monkeypatch)


@pytest.fixture
def newer_program(monkeypatch: pytest.MonkeyPatch) -> None:
    """A program that has one more table."""
    step = Step("0001_tomorrow", ("CREATE TABLE tomorrow (x INTEGER) STRICT",))
    monkeypatch.setattr(tables, "SCHEMAS", (*tables.SCHEMAS, Schema("of tomorrow", (step,))))


@pytest.mark.usefixtures("newer_program")
@pytest.mark.parametrize(
    "command",
    [
        ["verify"],
        ["rebuild"],
        ["enrol"],
        ["backup", "copy.db"],
        ["export", "facts", "facts.jsonl"],
    ],
    ids=lambda command: command[0],
)
def test_an_older_database_is_refused_and_left_as_it_is(
    operator: Operator,
    data: Path,
    tmp_path: Path,
    command: list[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    before = (data / database.FILE).read_bytes()
    code, out, err = operator.run(*command, "--data", str(data))
    assert (code, out) == (1, "")
    assert err.endswith("[database_older]\n")
    assert (data / database.FILE).read_bytes() == before
    assert [each.name for each in tmp_path.iterdir()] == ["data"]


@pytest.mark.usefixtures("newer_program")
def test_migrate_runs_what_is_lacking_once(operator: Operator, data: Path) -> None:
    assert operator.run("migrate", "--data", str(data))[:2] == (
        0,
        '{"applied": ["of tomorrow/0001_tomorrow"]}\n',
    )
    assert operator.run("migrate", "--data", str(data))[:2] == (0, '{"applied": []}\n')
    verify(data)


@pytest.mark.usefixtures("newer_program")
async def test_the_service_brings_an_older_database_up_by_itself(data: Path) -> None:
    open_database(data, 0)
    verify(data)


def test_a_step_that_fails_leaves_the_older_database(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps = (Step("1", ("CREATE TABLE tomorrow (x INTEGER) STRICT",)), Step("2", ("NONSENSE",)))
    head = verify(data)
    with monkeypatch.context() as patch:
        patch.setattr(tables, "SCHEMAS", (*tables.SCHEMAS, Schema("of tomorrow", steps)))
        with pytest.raises(Exception, match="NONSENSE"):
            migrate(data, quiet)
    assert verify(data) == head


def test_nothing_is_migrated_where_there_is_nothing(operator: Operator, tmp_path: Path) -> None:
    (tmp_path / database.FILE).touch()
    for command in ("migrate", "verify", "rebuild"):
        code, _, err = operator.run(command, "--data", str(tmp_path))
        assert code == 1
        assert err.endswith("[no_database]\n")


def test_a_rebuild_mends_every_table(ledger: Ledger) -> None:
    ledger.connection.execute("UPDATE presence SET state = 'TALK'")
    ledger.connection.execute("DELETE FROM session")
    with pytest.raises(Refused, match="projection_differs"):
        verify(ledger.folder)
    assert rebuild(ledger.folder, quiet) == verify(ledger.folder)


def test_a_rebuild_of_a_broken_ledger_changes_nothing(ledger: Ledger) -> None:
    ledger.connection.execute("UPDATE presence SET state = 'TALK'")
    ledger.connection.execute("UPDATE entry SET wall_ms = 1 WHERE position = 20")
    with pytest.raises(Refused, match="ledger_broken"):
        rebuild(ledger.folder, quiet)
    assert ledger.connection.execute("SELECT state FROM presence").fetchone() == ("TALK",)


def test_a_rebuild_tells_how_far_it_has_come(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(refolding, "_TELL_EVERY", 10)
    told: list[tuple[int, int]] = []
    rebuild(ledger.folder, lambda done, of: told.append((done, of)))
    assert told == [(10, 22), (20, 22)]


@pytest.mark.parametrize(
    ("statement", "code"),
    [
        ("UPDATE entry SET mono_ms = 1 WHERE position = 22", "ledger_broken"),
        ("UPDATE entry SET mono_ms = 1 WHERE position = 18", "ledger_broken"),
        ("DELETE FROM entry WHERE position = 17", "ledger_broken"),
        ("UPDATE session SET mark = mark - 1 WHERE session = 's1'", "projection_differs"),
        ("DELETE FROM session WHERE session = 's1'", "projection_differs"),
        ("DELETE FROM entry WHERE position = 22", "projection_differs"),
        ("UPDATE presence SET position = 23", "projection_differs"),
        ("UPDATE session SET began = 23", "projection_differs"),
    ],
)
async def test_the_service_does_not_write_on_what_is_broken_at_its_end(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch, statement: str, code: str
) -> None:
    monkeypatch.setattr(tail, "TAIL", 5)
    open_database(ledger.folder, 0)
    ledger.connection.execute(statement)
    with pytest.raises(Refused) as refused:
        open_database(ledger.folder, 0)
    assert refused.value.code == code


async def test_what_lies_further_back_is_for_verify(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tail, "TAIL", 5)
    ledger.connection.execute("UPDATE entry SET mono_ms = 1 WHERE position = 3")
    open_database(ledger.folder, 0)
    with pytest.raises(Refused, match="ledger_broken"):
        verify(ledger.folder)


async def test_a_real_service_refuses_a_broken_end(data: Path) -> None:
    async with serving(data):
        pass
    with closing(database.open_writer(data / database.FILE)) as opened:
        opened.conn.execute("UPDATE entry SET mono_ms = mono_ms + 1 WHERE position = 1")
    code, out, err = await run("serve", "--data", str(data), "--listen", "127.0.0.1:0")
    assert (code, out) == (1, "")
    assert "[ledger_broken]" in err
