"""The operator's commands, in both languages, from outside."""

import asyncio
import logging
import os
import pty
import signal
import stat
import subprocess
import time
from contextlib import closing
from pathlib import Path

import pytest
import sqlite_utils

from agent_service import cli, database, tables
from agent_service.accounts import staff
from agent_service.accounts.projector import memberships_of
from agent_service.commands.database import init
from agent_service.commands.ledger import verify
from agent_service.ledger import replay
from protocol.i18n import load
from protocol.wire.errors import Refused
from tests.service.conftest import HIRED
from tests.service.operator import Operator
from tests.service.processes import command, run


@pytest.fixture(autouse=True)
def log_as_before(monkeypatch: pytest.MonkeyPatch) -> None:
    """`serve` decides how its whole process logs."""
    root = logging.getLogger()
    monkeypatch.setattr(root, "handlers", list(root.handlers))
    monkeypatch.setattr(root, "level", root.level)


COMMANDS = [
    [],
    ["init"],
    ["user"],
    ["user", "add"],
    ["user", "list"],
    ["user", "show"],
    ["user", "change"],
    ["user", "disable"],
    ["user", "enable"],
    ["user", "password"],
    ["user", "reset"],
    ["user", "move"],
    ["user", "lines"],
    ["team"],
    ["team", "list"],
    ["import", "staff"],
    ["export", "staff"],
    ["enrol"],
    ["desk"],
    ["desk", "list"],
    ["serve"],
    ["migrate"],
    ["backup"],
    ["restore"],
    ["verify"],
    ["rebuild"],
    ["export"],
    ["export", "facts"],
    ["import"],
    ["import", "facts"],
    ["calc"],
]


@pytest.mark.parametrize("language", ["en", "zh_CN"])
@pytest.mark.parametrize("name", COMMANDS, ids=" ".join)
def test_every_command_helps_in_both_languages(
    name: list[str], language: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        cli.run([*name, "--lang", language, "--help"], {"COLUMNS": "300"})
    assert ended.value.code == 0
    out, err = capsys.readouterr()
    assert err == ""
    assert load(language).text("arguments.usage").strip() in out
    key = f"service.help.{'_'.join(name) or 'about'}"
    assert load(language).text(key)[:20] in out


@pytest.mark.parametrize("name", [[], ["user"]])
def test_without_a_command_it_helps_and_ends_with_2(
    name: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.run(name, {}) == 2
    assert "usage: agent-service" in capsys.readouterr().out


@pytest.mark.parametrize(
    "wrong",
    [
        ["fly"],
        ["serve", "--fly"],
        ["user", "add"],
        ["--lang", "xx"],
        ["enrol", "--count", "0"],
        ["enrol", "--count", "1001"],
        ["enrol", "--count", "many"],
        ["backup"],
        ["serve", "--log-format", "colours"],
        ["calc", "horoscope"],
    ],
)
def test_what_is_not_understood_ends_with_2(
    wrong: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        cli.run(wrong, {})
    assert ended.value.code == 2
    assert capsys.readouterr().out == ""


async def test_init_makes_a_database_that_only_its_owner_reads(tmp_path: Path) -> None:
    data = tmp_path / "new" / "data"
    code, out, err = await run(
        "init", "--data", str(data), "--password-stdin", given="password 1\n"
    )
    assert code == 0
    with closing(database.open_reader(data / database.FILE)) as connection:
        assert out == f"{replay.ledger_id(connection)}\n"
        admin = staff.find(connection, "admin")
    assert admin is not None
    assert not admin.credential.to_be_changed
    assert "password 1" not in err
    assert stat.S_IMODE(data.stat().st_mode) == 0o700
    assert stat.S_IMODE((data / database.FILE).stat().st_mode) == 0o600


def test_of_two_that_make_a_database_at_once_one_is_refused(tmp_path: Path) -> None:
    made: list[str] = []

    def meanwhile() -> str:
        made.append(init(tmp_path, "quick", lambda: "password 1"))
        return "password 2"

    with pytest.raises(Refused, match="database_exists"):
        init(tmp_path, "slow", meanwhile)
    with tables.reading(tmp_path / database.FILE) as (connection, ledger):
        assert [ledger] == made
        assert connection.execute("SELECT count(*) FROM ledger").fetchone() == (1,)
    verify(tmp_path)


def test_init_leaves_what_is_there_alone(operator: Operator, data: Path) -> None:
    before = (data / database.FILE).read_bytes()
    code, out, err = operator.run(
        "init", "--data", str(data), "--password-stdin", "--lang", "zh_CN", given="password 1\n"
    )
    assert (code, out) == (1, "")
    assert "已有数据库" in err
    assert "[database_exists]" in err
    assert (data / database.FILE).read_bytes() == before


@pytest.mark.parametrize(
    ("arguments", "given", "code"),
    [
        (["1001", "--name", "N", "--role", "agent"], "password 1\n", "staff_exists"),
        (["1010", "--name", "N", "--role", "king"], "password 1\n", "unknown_role"),
        (["operator", "--name", "N", "--role", "agent"], "password 1\n", "bad_staff_number"),
        (["10 10", "--name", "N", "--role", "agent"], "password 1\n", "bad_staff_number"),
        (["x" * 33, "--name", "N", "--role", "agent"], "password 1\n", "bad_staff_number"),
        (["1010", "--name", " ", "--role", "agent"], "password 1\n", "bad_name"),
        (["1010", "--name", "a\tb", "--role", "agent"], "password 1\n", "bad_name"),
        (["1010", "--name", "\udcff", "--role", "agent"], "password 1\n", "bad_name"),
        (["1010", "--name", "N" * 65, "--role", "agent"], "password 1\n", "bad_name"),
        (
            ["1010", "--name", "N", "--role", "agent", "--team", "\n"],
            "password 1\n",
            "bad_name",
        ),
        (["1010", "--name", "N", "--role", "agent"], "pass\udcffword\n", "not_text"),
        (["1010", "--name", "N", "--role", "agent"], "short\n", "password_too_short"),
        (["1010", "--name", "N", "--role", "agent"], "", "password_too_short"),
    ],
)
def test_a_member_of_staff_who_can_not_be_added_is_refused_with_a_code(
    operator: Operator, data: Path, arguments: list[str], given: str, code: str
) -> None:
    exit_code, out, err = operator.run(
        "user", "add", *arguments, "--data", str(data), "--password-stdin", given=given
    )
    assert (exit_code, out) == (1, "")
    assert f"[{code}]" in err


def test_a_member_of_staff_is_added_with_all_that_was_said(operator: Operator, data: Path) -> None:
    code, out, _ = operator.run(
        *("user", "add", "a.b_c-9", "--name", "小 [red]", "--role", "leader", "--role", "agent"),
        *("--team", "夜班", "--sip-user", "77", "--data", str(data), "--password-stdin"),
        given="password 1\n\n",
    )
    assert (code, out) == (0, "a.b_c-9\n")
    with closing(database.open_reader(data / database.FILE)) as connection:
        member = staff.find(connection, "a.b_c-9")
        memberships = memberships_of(connection, "a.b_c-9")
    assert member is not None
    assert (member.row.name, member.row.roles) == ("小 [red]", ("agent", "leader"))
    assert [(each.group, each.name) for each in memberships] == [("team", "夜班")]
    assert (member.credential.sip_user, member.credential.sip_password) == ("77", "")
    assert member.credential.to_be_changed
    assert "password 1" not in member.credential.password_hash


@pytest.mark.parametrize(
    ("typed", "outcome"),
    [(b"password 1\npassword 1\n", 0), (b"password 1\npassword 2\n", 1)],
)
def test_a_password_is_asked_for_twice(data: Path, typed: bytes, outcome: int) -> None:
    keyboard, screen = pty.openpty()
    arguments = ("user", "add", "1010", "--name", "N", "--role", "agent", "--data", str(data))
    with subprocess.Popen(
        command(*arguments), stdin=screen, stdout=screen, stderr=screen, start_new_session=True
    ) as process:
        shown = b""
        for line in typed.splitlines(keepends=True):
            while not shown.endswith(b": "):
                shown += os.read(keyboard, 1000)
            os.write(keyboard, line)
            shown += os.read(keyboard, 1000)
    os.close(screen)
    os.close(keyboard)
    assert process.returncode == outcome
    assert b"password 1" not in shown


def wait_until_it_reads(pid: int) -> None:
    """A signal between the prompt and the reading is noticed only with the next key."""
    deadline = time.monotonic() + 10
    status = Path(f"/proc/{pid}/stat")
    while status.read_text().rpartition(")")[2].split()[0] != "S":
        assert time.monotonic() < deadline, "it never came to rest"


def test_a_password_that_is_given_up_leaves_everything_as_it_was(data: Path) -> None:
    keyboard, screen = pty.openpty()
    arguments = ("user", "add", "1010", "--name", "N", "--role", "agent", "--data", str(data))
    with subprocess.Popen(
        command(*arguments), stdin=screen, stdout=screen, stderr=screen, start_new_session=True
    ) as process:
        shown = b""
        while not shown.endswith(b": "):
            shown += os.read(keyboard, 1000)
        wait_until_it_reads(process.pid)
        process.send_signal(signal.SIGINT)
    os.close(screen)
    os.close(keyboard)
    assert process.returncode == 130
    assert b"Traceback" not in shown


async def test_without_a_terminal_a_password_is_not_asked_for(data: Path) -> None:
    process = await asyncio.create_subprocess_exec(
        *command("user", "add", "1010", "--name", "N", "--role", "agent", "--data", str(data)),
        stdin=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    _, err = await process.communicate()
    assert process.returncode == 1
    assert b"[no_password]" in err
    assert b"Traceback" not in err


def test_codes_come_one_a_line(operator: Operator, data: Path) -> None:
    code, out, err = operator.run("enrol", "--count", "3", "--data", str(data), "--lang", "zh_CN")
    assert code == 0
    assert [len(line) for line in out.splitlines()] == [14, 14, 14]
    assert "24 小时" in err


@pytest.mark.parametrize(
    "name",
    [
        ["user", "add", "1", "--name", "N", "--role", "agent"],
        ["enrol"],
        ["desk", "list"],
        ["serve"],
        ["migrate"],
        ["backup", "copy.db"],
        ["verify"],
        ["rebuild"],
        ["export", "facts", "facts.jsonl"],
    ],
    ids=lambda name: name[0],
)
def test_without_a_database_it_says_how_to_make_one(
    operator: Operator, tmp_path: Path, name: list[str]
) -> None:
    stdin = ["--password-stdin"] if name[0] == "user" else []
    code, out, err = operator.run(
        *name, "--data", str(tmp_path / "none"), *stdin, given="password 1\n"
    )
    assert (code, out) == (1, "")
    assert "[no_database]" in err
    assert not (tmp_path / "none").exists()


def test_a_database_of_a_newer_version_is_left_alone(operator: Operator, data: Path) -> None:
    with closing(database.open_writer(data / database.FILE)) as opened:
        opened.table(sqlite_utils.Migrations.migrations_table).insert(
            {"migration_set": "of tomorrow", "name": "0001_tomorrow", "applied_at": "2099"}
        )
    for name in (["serve", "--listen", "127.0.0.1:0"], ["enrol"], ["verify"]):
        code, out, err = operator.run(*name, "--data", str(data))
        assert (code, out) == (1, "")
        assert "[database_newer]" in err


def test_verify_names_the_first_difference(operator: Operator, data: Path) -> None:
    assert verify(data).position == HIRED
    with closing(database.open_writer(data / database.FILE)) as opened:
        opened.execute(
            "INSERT INTO session (session, agent, desk, began, mark) VALUES ('s', 'a', 'd', 1, 0)"
        )
    code, out, err = operator.run("verify", "--data", str(data))
    assert (code, out) == (1, "")
    assert "[projection_differs]" in err
    assert "session" in err


def test_a_file_that_is_no_database_is_refused_without_a_traceback(
    operator: Operator, tmp_path: Path
) -> None:
    (tmp_path / database.FILE).write_bytes(b"no database " * 1000)
    for name in (["serve", "--listen", "127.0.0.1:0"], ["enrol"], ["verify"]):
        code, out, err = operator.run(*name, "--data", str(tmp_path))
        assert (code, out) == (1, "")
        assert "[database_refused]" in err


def test_a_folder_that_can_not_be_made_is_refused_without_a_traceback(
    operator: Operator, tmp_path: Path
) -> None:
    (tmp_path / "file").touch()
    code, out, err = operator.run(
        "init", "--data", str(tmp_path / "file"), "--password-stdin", given="password 1\n"
    )
    assert (code, out) == (1, "")
    assert "[database_refused]" in err


@pytest.mark.parametrize(
    "listen",
    ["nonsense", "127.0.0.1", ":7420", "127.0.0.1:x", "127.0.0.1:", "h:70000", "h:-1", "::1:7420"],
)
def test_an_address_that_is_none_is_refused_with_what_was_expected(
    operator: Operator, data: Path, listen: str
) -> None:
    code, out, err = operator.run("serve", "--data", str(data), "--listen", listen)
    assert (code, out) == (1, "")
    assert "--listen" in err
    assert "HOST:PORT" in err
    assert err.endswith(" [bad_setting]\n")
    assert len(err.splitlines()) == 1
