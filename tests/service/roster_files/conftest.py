"""Commands about rosters, typed."""

from pathlib import Path

import pytest

from tests.service.operator import Operator
from tests.service.roster_files.files import Run

PATTERNS = """
patterns = [
    { name = "day", start = "09:00", end = "18:00", labels = { zh_CN = "白班" }, segments = [
        { start = "12:00", end = "13:00", activity = "MEAL" },
        { start = "15:30", end = "15:45", activity = "BREAK" },
    ] },
    { name = "late", start = "13:00", end = "22:00", segments = [
        { start = "15:00", end = "15:15", activity = "BREAK" },
        { start = "17:00", end = "18:00", activity = "MEAL" },
        { start = "20:00", end = "20:15", activity = "BREAK" },
    ] },
    { name = "night", start = "22:00", end = "06:00", segments = [
        { start = "00:00", end = "00:15", activity = "BREAK" },
        { start = "02:00", end = "02:30", activity = "MEAL" },
    ] },
    { name = "long", start = "08:00", end = "23:00" },
]
"""


@pytest.fixture
def run(operator: Operator, data: Path, tmp_path: Path) -> Run:
    """Type a command on the test's database, with the patterns of the tests."""
    config = tmp_path / "service.toml"
    config.write_text(PATTERNS, encoding="utf-8")

    def typed(*words: str) -> tuple[int, str, str]:
        return operator.run("--lang", "en", *words, "--data", str(data), "--config", str(config))

    return typed
