"""The report as a whole: nothing hides anything else, in words or as JSON, with its exit code."""

import asyncio
import json
from pathlib import Path

import pytest

from agent_client.doctor.examination import examine, run_doctor
from agent_client.doctor.finding import FAILS, WARNS, Finding, Found, Level, found
from agent_client.settings import Settings
from protocol.i18n import LANGUAGES, load


async def _well() -> list[Finding]:
    return [found(Found.UTF8)]


async def _breaks() -> list[Finding]:
    raise ZeroDivisionError("planted")


async def _never() -> list[Finding]:
    await asyncio.Event().wait()
    raise AssertionError


async def test_a_check_that_breaks_or_hangs_hides_no_other() -> None:
    report = await examine({"a": _breaks, "b": _never, "c": _well}, limit_s=0.05)
    assert [report[name][0].code for name in "abc"] == [
        Found.CHECK_BROKE,
        Found.CHECK_TOO_SLOW,
        Found.UTF8,
    ]


@pytest.mark.parametrize("language", LANGUAGES)
def test_everything_has_words_and_what_is_wrong_its_cure(language: str) -> None:
    keys = load(language).keys()
    assert {f"doctor.found.{code}" for code in Found} == {
        key for key in keys if key.startswith("doctor.found.")
    }
    assert {f"doctor.mend.{code}" for code in FAILS | WARNS} == {
        key for key in keys if key.startswith("doctor.mend.")
    }
    assert {f"doctor.level.{level}" for level in Level} <= keys


def test_a_desk_without_a_service_fails_with_one_line_a_finding(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = Settings(
        server="ws://127.0.0.1:1", agent="1001", data=str(tmp_path / "d"), runtime=str(tmp_path)
    )
    assert run_doctor(settings, load("en"), as_json=True) == 1
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    codes = {line["code"]: line for line in lines}
    assert {line["check"] for line in lines} == {
        *("python", "terminal", "phone", "sound", "records", "service", "seat")
    }
    assert codes["port_closed"]["level"] == "fail"
    assert codes["port_closed"]["mend"]
    assert codes["no_seat"]["mend"] is None
