"""Hours at the operator's command line: booked with a note, shown with every entry."""

import json
from pathlib import Path

import pytest

from agent_service.commands.ledger import verify
from tests.service.operator import Operator

OWED = ("hours", "book", "1001", "owed_leave", "--date", "2026-11-30")


@pytest.fixture
def booked(operator: Operator, data: Path) -> Path:
    """Twelve and a half hours owed, of which two were taken."""
    for how in (("--add", "12:30", "--note", "old system"), ("--take", "2:00", "--note", "typo")):
        code, out, err = operator.run("--lang", "en", *OWED, *how, "--data", str(data))
        assert (code, out) == (0, ""), err
    assert "10:30:00" in err
    return data


def test_balances_and_every_entry_are_shown(operator: Operator, booked: Path) -> None:
    code, out, _ = operator.run("--lang", "zh_CN", "hours", "show", "1001", "--data", str(booked))
    assert code == 0
    assert [line.split("\t") for line in out.splitlines()] == [
        ["积欠假", "10:30:00"],
        ["加班工时", "0:00:00"],
        ["2026-11-30", "积欠假", "-2:00:00", "operator", "typo"],
        ["2026-11-30", "积欠假", "12:30:00", "operator", "old system"],
    ]
    verify(booked)


def test_scripts_get_the_same_as_json(operator: Operator, booked: Path) -> None:
    code, out, _ = operator.run("hours", "show", "1001", "--json", "--data", str(booked))
    told = json.loads(out)
    assert (code, told["agent"]) == (0, "1001")
    assert told["balances"] == {"owed_leave": 37_800, "overtime": 0}
    assert [each["seconds"] for each in told["bookings"]] == [-7_200, 45_000]
    assert told["bookings"][1]["text"] == "old system"


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("book", "9999", "overtime", "--add", "1:00", "--note", "x"), "unknown_agent"),
        (("book", "1001", "overtime", "--add", "1:00", "--note", " "), "bad_text"),
        (
            ("book", "1001", "overtime", "--add", "1:00", "--note", "x", "--date", "1000-01-01"),
            "booking_day",
        ),
        (("show", "9999"), "unknown_agent"),
    ],
)
def test_what_cannot_be_booked_is_refused(
    operator: Operator, data: Path, words: tuple[str, ...], code: str
) -> None:
    status, out, err = operator.run("hours", *words, "--data", str(data))
    assert (status, out, f"[{code}]" in err) == (1, "", True)


@pytest.mark.parametrize("length", ["0:00", "1", "1:60", "-1:00", "x"])
def test_a_length_is_hours_and_minutes(
    operator: Operator, length: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as left:
        operator.run("--lang", "en", "hours", "book", "1001", "overtime", f"--add={length}")
    assert left.value.code == 2
    assert f"{length} is no length of time" in capsys.readouterr().err
