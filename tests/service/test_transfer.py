"""A ledger as a file: the same ledger comes out of it, or nothing does and the line is named."""

import json
import signal
import stat
from pathlib import Path

import msgspec
import pytest

from agent_service import database
from agent_service.commands.ledger import verify
from agent_service.ledger.admission import admit
from agent_service.ledger.append import Batch
from agent_service.transfer import export_facts, import_facts
from protocol.facts.agent import State, StateEntered
from protocol.facts.call import CallMuted, CallOffered
from protocol.facts.record import Record
from protocol.i18n import load
from protocol.wire.errors import Refused
from tests.service.ledgers import DESK, Ledger, new_ledger
from tests.service.processes import run, serving
from tests.service.test_backup import quiet, tamper


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A ledger of seven entries, one of which is no text."""
    folder = tmp_path / "from"
    with new_ledger(folder) as ledger:
        ledger.begin("1001", "s1")
        ledger.append("s1", [StateEntered(State.READY, "ready", "1001"), CallMuted("c1", True)])
        ledger.begin("1002", "s2")
        ledger.append("s2", [CallOffered("c2", "138\u202e\n")], at_ms=None)
        append_bytes(ledger, b'{"kind":"call.muted","call_id":"c1","muted":true,"x":"\xff"}')
    return folder


def append_bytes(ledger: Ledger, body: bytes) -> None:
    """A fact in bytes that are no UTF-8, in a field that nobody here knows."""
    record = Record(seq=3, occurred_ms=1, wall_ms=2, mono_ms=3, body=msgspec.Raw(body))
    ledger.connection.execute("BEGIN IMMEDIATE")
    ledger.appender.append(ledger.connection, Batch("s1", DESK, 4_000, admit("s1", [record])))
    ledger.appender.flush(ledger.connection)
    ledger.connection.execute("COMMIT")
    ledger.appender.committed()


def lines(folder: Path) -> list[bytes]:
    return list(export_facts(folder))


def test_a_round_trip_gives_the_identical_ledger(folder: Path, tmp_path: Path) -> None:
    exported = lines(folder)
    imported = import_facts(tmp_path / "to", exported, "file", quiet)
    assert imported.head == verify(folder) == verify(tmp_path / "to")
    assert imported.ledger == "a ledger"
    assert lines(tmp_path / "to") == exported


async def test_the_commands_round_trip_and_the_result_can_be_served(
    folder: Path, tmp_path: Path
) -> None:
    file, to = tmp_path / "facts.jsonl", tmp_path / "to"
    assert await run("export", "facts", str(file), "--data", str(folder)) == (0, "", "")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    code, out, err = await run("import", "facts", str(file), "--data", str(to))
    assert code == 0
    assert load("en").text("service.imported") in err
    assert json.loads(out)["head"] == verify(folder).hash.hex()
    code, again, _ = await run("export", "facts", "-", "--data", str(to))
    assert (code, again) == (0, file.read_text())
    async with serving(to) as service:
        assert await service.end(signal.SIGTERM) == 0
    code, _, err = await run("export", "facts", str(file), "--data", str(folder))
    assert code == 1
    assert "[file_exists]" in err


async def test_standard_input_is_taken_too(folder: Path, tmp_path: Path) -> None:
    given = b"".join(lines(folder)).decode()
    code, out, _ = await run("import", "facts", "-", "--data", str(tmp_path / "to"), given=given)
    assert code == 0
    assert json.loads(out)["ledger"] == "a ledger"


def test_a_ledger_that_holds_facts_is_left_alone(folder: Path) -> None:
    before = verify(folder)
    with pytest.raises(Refused, match="ledger_not_empty"):
        import_facts(folder, lines(folder), "file", quiet)
    assert verify(folder) == before


def test_an_empty_ledger_takes_the_identity_of_the_file(folder: Path, tmp_path: Path) -> None:
    with new_ledger(tmp_path / "to") as empty:
        empty.connection.execute("UPDATE ledger SET id = 'another'")
    import_facts(tmp_path / "to", lines(folder), "file", quiet)
    assert verify(tmp_path / "to") == verify(folder)


@pytest.mark.parametrize(
    ("number", "change"),
    [
        (1, lambda line: b""),
        (1, lambda line: line.replace(b'"format":1', b'"format":2')),
        (1, lambda line: b"[" * 100_000),
        (2, lambda line: line.replace(b'"seq":1', b'"seq":2')),
        (2, lambda line: b"\n"),
        (3, lambda line: line.replace(b'"kind":"agent', b'"kind":"agents')),
        (3, lambda line: line.replace(b"READY", b"TALK")),
        (4, lambda line: line.replace(b'"wall_ms":2000', b'"wall_ms":2001')),
        (4, lambda line: line.replace(b'"wall_ms":2000', b'"wall_ms":99999999999999999999')),
        (4, lambda line: line.replace(b'"payload"', b'"payload_hex"')),
        (4, lambda line: line.replace(b'"payload"', b'"load"')),
        (5, lambda line: line.replace(b'"hash":"', b'"hash":"zz')),
        (6, lambda line: b"{" + line),
        (6, lambda line: line + line),
        (7, lambda line: b""),
    ],
)
def test_a_bad_line_is_named_and_nothing_is_left(
    folder: Path, tmp_path: Path, number: int, change: object
) -> None:
    assert callable(change)
    spoilt = lines(folder)
    spoilt[number - 1] = change(spoilt[number - 1])
    given = b"".join(spoilt).splitlines(keepends=True)
    with pytest.raises(Refused) as refused:
        import_facts(tmp_path / "to", given, "f.jsonl", quiet)
    assert refused.value.code == "bad_line"
    assert refused.value.params["file"] == "f.jsonl"
    assert int(refused.value.params["line"]) in (number, number + 1)
    assert not (tmp_path / "to" / database.FILE).exists()


def test_a_file_that_was_cut_short_is_seen(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(Refused) as refused:
        import_facts(tmp_path / "to", lines(folder)[:-1], "f.jsonl", quiet)
    assert (refused.value.code, refused.value.params["detail"]) == ("bad_line", "head")


def test_a_broken_ledger_is_not_exported(folder: Path, tmp_path: Path) -> None:
    tamper(folder / database.FILE)
    with pytest.raises(Refused, match="ledger_broken"):
        lines(folder)
