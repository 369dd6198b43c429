"""The log: a line an event, which nobody's text can forge."""

import json
import logging
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent_service.log import JsonFormatter, Log, TextFormatter, fields, set_up


def record(message: str, values: dict[str, object], level: int = logging.INFO) -> logging.LogRecord:
    made = logging.makeLogRecord({"name": "a.room", "msg": message, "created": 1_700_000_000.123})
    made.levelno, made.levelname = level, logging.getLevelName(level)
    made.fields = values
    return made


def test_a_line_for_people_has_the_time_the_event_and_its_fields() -> None:
    line = TextFormatter().format(
        record("signed_in", {"agent": "1001", "desk": "front desk", "new": True, "team": None})
    )
    assert line == (
        '2023-11-14T22:13:20.123Z INFO    signed_in agent=1001 desk="front desk" new=true team=null'
    )


def test_a_line_for_programs_is_one_object() -> None:
    line = JsonFormatter().format(record("disk_failing", {"detail": "满"}, logging.ERROR))
    assert json.loads(line) == {
        "time": "2023-11-14T22:13:20.123Z",
        "level": "error",
        "event": "disk_failing",
        "logger": "a.room",
        "detail": "满",
    }


def test_what_another_library_says_is_a_field() -> None:
    line = JsonFormatter().format(record("connection failed: reset", {}))
    assert (json.loads(line)["event"], json.loads(line)["text"]) == (
        "message",
        "connection failed: reset",
    )


@settings(deadline=None)
@given(st.text(), st.text(max_size=20))
def test_no_text_makes_a_line_of_its_own(value: str, message: str) -> None:
    for formatter in (TextFormatter(), JsonFormatter()):
        line = formatter.format(record(message.replace("%", ""), {"name": value}))
        assert len(line.splitlines()) == 1
        assert line.isprintable()


@settings(deadline=None)
@given(st.text(alphabet='a" \\\n='))
def test_a_value_can_not_pass_for_another_field(value: str) -> None:
    line = TextFormatter().format(record("event", {"one": value, "two": 2}))
    assert line.endswith(" two=2")
    quoted = line.partition(" one=")[2].removesuffix(" two=2")
    outside = quoted.replace("\\\\", "").replace('\\"', "")
    assert '"' not in outside.removeprefix('"').removesuffix('"')
    assert " " not in quoted or (outside[0], outside[-1]) == ('"', '"')


@pytest.mark.parametrize("formatter", [TextFormatter(), JsonFormatter()])
def test_a_traceback_stays_in_its_line(formatter: logging.Formatter) -> None:
    try:
        raise ValueError("one\ntwo")
    except ValueError:
        failed = record("handler_failed", {})
        failed.exc_info = sys.exc_info()
    line = formatter.format(failed)
    assert len(line.splitlines()) == 1
    assert "Traceback" in line
    assert "ValueError" in line


@pytest.fixture
def log_as_before(monkeypatch: pytest.MonkeyPatch) -> None:
    """When the test is over."""
    root = logging.getLogger()
    monkeypatch.setattr(root, "handlers", list(root.handlers))
    monkeypatch.setattr(root, "level", root.level)


@pytest.mark.usefixtures("log_as_before")
def test_set_up_again_each_event_is_told_once_and_what_is_less_not_at_all(
    capsys: pytest.CaptureFixture[str],
) -> None:
    set_up(Log())
    set_up(Log(format="json", level="warning"))
    room = logging.getLogger("agent_service.a_room")
    room.info("left_out")
    room.warning("told", extra=fields(count=3))
    (line,) = capsys.readouterr().err.splitlines()
    assert (json.loads(line)["event"], json.loads(line)["count"]) == ("told", 3)
