"""The operator's commands on people, from outside."""

import json
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from agent_service.accounts.credentials import Credential
from agent_service.accounts.projector import StaffRow
from agent_service.accounts.staff import OPERATOR
from agent_service.appending import appending
from agent_service.commands.ledger import verify
from agent_service.ledger.append import Clock
from protocol.wire.errors import Refused
from tests.service.client import Client
from tests.service.conftest import PASSWORD, SignedIn
from tests.service.operator import Operator

Desks = Callable[..., Awaitable[Client]]
ADD = ("user", "add", "1010", "--name", "N", "--role", "agent")


def shown(operator: Operator, data: Path, number: str) -> dict[str, object]:
    code, out, _ = operator.run("user", "show", number, "--data", str(data))
    assert code == 0
    found = json.loads(out)
    assert isinstance(found, dict)
    return found


def do(operator: Operator, data: Path, *arguments: str, given: str = "") -> str:
    """Carry out a command that is not refused; what it prints."""
    code, out, err = operator.run(*arguments, "--data", str(data), given=given)
    assert code == 0, err
    return out


def refusal(operator: Operator, data: Path, *arguments: str, given: str = "") -> str:
    """What a refused command says."""
    before = verify(data)
    code, out, err = operator.run(*arguments, "--data", str(data), given=given)
    assert (code, out) == (1, "")
    assert verify(data) == before
    return err


def test_a_person_is_added_with_team_and_lines_and_shown(operator: Operator, data: Path) -> None:
    places = ("--team", "夜班", "--line", "sales", "--line", "service", "--from", "2026-01-01")
    do(operator, data, *ADD, *places, "--password-stdin", given="password 1\n")
    assert shown(operator, data, "1010") == {
        "number": "1010",
        "name": "N",
        "roles": ["agent"],
        "team": "夜班",
        "lines": ["sales", "service"],
        "disabled": False,
        "memberships": [
            {"group": "line", "name": "sales", "since": "2026-01-01", "until": None},
            {"group": "line", "name": "service", "since": "2026-01-01", "until": None},
            {"group": "team", "name": "夜班", "since": "2026-01-01", "until": None},
        ],
    }
    verify(data)


def test_a_move_in_the_future_is_not_yet_so(operator: Operator, data: Path) -> None:
    do(operator, data, "user", "move", "1001", "--team", "B", "--from", "2099-12-01")
    now = shown(operator, data, "1001")
    assert now["team"] == "A"
    assert now["memberships"] == [
        {"group": "team", "name": "A", "since": "2020-01-01", "until": "2099-12-01"},
        {"group": "team", "name": "B", "since": "2099-12-01", "until": None},
    ]


def test_a_loan_to_another_team_ends_by_itself(operator: Operator, data: Path) -> None:
    days = ("--from", "2026-01-01", "--until", "2026-02-01")
    do(operator, data, "user", "move", "1001", "--team", "B", *days)
    assert shown(operator, data, "1001")["team"] == "A"


def test_who_leaves_a_team_is_in_none(operator: Operator, data: Path) -> None:
    do(operator, data, "user", "move", "1001", "--no-team")
    assert shown(operator, data, "1001")["team"] == ""


def test_lines_come_and_go(operator: Operator, data: Path) -> None:
    do(operator, data, "user", "lines", "1001", "--add", "sales", "--add", "service")
    do(operator, data, "user", "lines", "1001", "--remove", "sales")
    assert shown(operator, data, "1001")["lines"] == ["service"]


def test_what_is_changed_is_changed_and_nothing_else(operator: Operator, data: Path) -> None:
    do(operator, data, "user", "change", "1001", "--role", "trainer", "--role", "agent")
    do(operator, data, "user", "change", "1001", "--name", "=1+1")
    now = shown(operator, data, "1001")
    assert (now["name"], now["roles"], now["team"]) == ("=1+1", ["agent", "trainer"], "A")
    before = verify(data)
    do(operator, data, "user", "change", "1001", "--name", "=1+1")
    assert verify(data) == before


def test_the_list_is_of_today_and_leaves_out_who_is_closed(operator: Operator, data: Path) -> None:
    do(operator, data, "user", "disable", "1002")
    listed = json.loads(do(operator, data, "user", "list", "--json"))
    assert {each["number"]: each["team"] for each in listed} == {
        "1001": "A",
        "1003": "",
        "2001": "A",
        "2002": "",
        "3001": "",
        "admin": "",
    }
    everybody = do(operator, data, "user", "list", "--all", "--lang", "zh_CN")
    assert "1002\tLi Wei\t座席\tB\t\t已停用" in everybody.splitlines()
    do(operator, data, "user", "enable", "1002")
    assert "1002\tLi Wei\tagent\tB\t" in do(operator, data, "user", "list").splitlines()


def test_an_absence_from_a_team_ends_on_its_day(operator: Operator, data: Path) -> None:
    do(operator, data, "user", "move", "1001", "--team", "B", "--from", "2030-06-01")
    days = ("--from", "2030-02-01", "--until", "2030-03-01")
    do(operator, data, "user", "move", "1001", "--no-team", *days)
    known = shown(operator, data, "1001")["memberships"]
    assert isinstance(known, list)
    assert [(each["name"], each["since"], each["until"]) for each in known[-2:]] == [
        ("A", "2030-03-01", "2030-06-01"),
        ("B", "2030-06-01", None),
    ]
    assert known[0]["until"] == "2030-02-01"


def test_a_line_is_left_for_some_days_and_one_that_nobody_has_not_at_all(
    operator: Operator, data: Path
) -> None:
    do(operator, data, "user", "lines", "1001", "--add", "sales", "--from", "2030-01-01")
    days = ("--from", "2030-02-01", "--until", "2030-03-01")
    do(operator, data, "user", "lines", "1001", "--remove", "sales", *days)
    known = shown(operator, data, "1001")["memberships"]
    assert isinstance(known, list)
    lines = [each for each in known if each["group"] == "line"]
    assert [(each["since"], each["until"]) for each in lines] == [
        ("2030-01-01", "2030-02-01"),
        ("2030-03-01", None),
    ]
    before = verify(data)
    do(operator, data, "user", "lines", "1001", "--remove", "no such line")
    assert verify(data) == before


def test_a_name_of_another_ledger_can_not_steer_the_terminal(
    operator: Operator, data: Path
) -> None:
    with appending(data, Clock(lambda: 1, lambda: 1)) as books:
        row = StaffRow("666", "N\x1b[2J\n", ("agent",))
        books.register.add(books.connection, row, Credential("666"), OPERATOR)
    assert "666\tN\\u{1b}[2J\\n\tagent\t\t" in do(operator, data, "user", "list").splitlines()


def test_teams_are_listed_with_their_leaders(operator: Operator, data: Path) -> None:
    assert json.loads(do(operator, data, "team", "list", "--json")) == [
        {"team": "A", "leaders": ["2001"], "members": ["1001", "2001"]},
        {"team": "B", "leaders": [], "members": ["1002"]},
    ]
    assert do(operator, data, "team", "list") == "A\t2001\t2\nB\t\t1\n"


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["user", "move", "9999", "--team", "A"], "unknown_agent"),
        (["user", "move", "1001", "--team", "a\x1b[31m"], "bad_name"),
        (
            [
                "user",
                "move",
                "1001",
                "--team",
                "B",
                "--from",
                "2026-02-01",
                "--until",
                "2026-02-01",
            ],
            "bad_dates",
        ),
        (["user", "lines", "1001", "--add", " "], "bad_name"),
        (["user", "lines", "9999", "--remove", "sales"], "unknown_agent"),
        (["user", "lines", "1001", "--remove", "\x1b[31m"], "bad_name"),
        (["user", "change", "9999", "--name", "N"], "unknown_agent"),
        (["user", "change", "1001", "--role", "king"], "unknown_role"),
        (["user", "disable", "9999"], "unknown_agent"),
        (["user", "enable", "9999"], "unknown_agent"),
        (["user", "reset", "9999"], "unknown_agent"),
        (["user", "change", "1001"], "nothing_asked"),
        (["user", "change", "1001", "--password-stdin"], "nothing_asked"),
        (["user", "change", "1001", "--sip-user", "a b", "--password-stdin"], "bad_sip_user"),
        (["user", "lines", "1001"], "nothing_asked"),
        ([*ADD, "--team", "", "--password-stdin"], "bad_name"),
        ([*ADD, "--sip-user", "x" * 65, "--password-stdin"], "bad_sip_user"),
        ([*ADD, "--until", "2026-12-01", "--password-stdin"], "nothing_asked"),
        (["user", "show", "9999"], "unknown_agent"),
        (["user", "password", "9999", "--password-stdin"], "unknown_agent"),
    ],
)
def test_what_can_not_be_is_refused_and_changes_nothing(
    operator: Operator, data: Path, arguments: list[str], code: str
) -> None:
    assert f"[{code}]" in refusal(operator, data, *arguments, given="password 1\n")


@pytest.mark.parametrize("day", ["tomorrow", "2026-02-30", "=1"])
def test_a_day_that_is_none_ends_with_2(
    operator: Operator, data: Path, day: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        operator.run("user", "move", "1001", "--team", "B", "--from", day, "--data", str(data))
    assert ended.value.code == 2
    assert f"{day} is no date such as" in capsys.readouterr().err


def test_who_is_closed_gets_no_code(operator: Operator, data: Path) -> None:
    do(operator, data, "user", "disable", "1001")
    said = refusal(operator, data, "user", "reset", "1001")
    assert "agent-service user enable 1001" in said
    assert "[staff_closed]" in said


def test_a_line_that_the_settings_do_not_name_is_recorded_and_said(
    operator: Operator, data: Path, tmp_path: Path
) -> None:
    config = tmp_path / "service.toml"
    config.write_text('[[lines]]\nname = "service"\nlabels = {}\n')
    asked = ("user", "lines", "1001", "--add", "servcie", "--add", "service", "--data", str(data))
    code, _, err = operator.run(*asked, "--config", str(config))
    assert (code, err.count("servcie"), err.count("\n")) == (0, 1, 1)
    assert shown(operator, data, "1001")["lines"] == ["servcie", "service"]
    assert operator.run(*asked)[2] == ""


async def test_a_password_set_by_the_operator_has_to_be_changed(
    operator: Operator, data: Path, signed_in: SignedIn, url: str, desks: Desks
) -> None:
    client = await signed_in("1001")
    do(operator, data, "user", "password", "1001", "--password-stdin", given="password 2\n")
    await client.closed()
    again = await desks(url, client.key)
    with pytest.raises(Refused, match="bad_token"):
        await again.resume(client.signed_in.token, client.session)
    with pytest.raises(Refused, match="password_change_needed"):
        await again.sign_in("1001", "password 2")


async def test_a_code_of_the_operators_stands_for_the_password(
    operator: Operator, data: Path, url: str, desks: Desks
) -> None:
    client = await desks(url)
    code = do(operator, data, "user", "reset", "1001").strip()
    await client.sign_in("1001", code, new_password=PASSWORD + "!")
    assert client.signed_in.person.number == "1001"
