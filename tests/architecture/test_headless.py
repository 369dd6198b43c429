"""What runs without a screen loads nothing of a screen: seen in a process of its own."""

import subprocess
import sys

import pytest

from tests.architecture.sources import ROOT, modules

PROGRAM = """
import importlib, sys
for name in sys.argv[1:]:
    importlib.import_module(name)
print(*sorted({name.partition(".")[0] for name in sys.modules}))
"""


def loaded_by(*names: str) -> set[str]:
    """The top-level packages in a fresh process that has imported the modules."""
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, *names],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    return set(done.stdout.split())


@pytest.mark.parametrize("package", ["agent_service", "agent_client/phone", "agent_client/seat"])
def test_headless_programs_load_no_textual(package: str) -> None:
    assert "textual" not in loaded_by(*modules(package))


def test_the_service_needs_no_phone_library() -> None:
    assert loaded_by(*modules("agent_service")).isdisjoint({"pjsua2", "sounddevice"})


def test_the_protocol_loads_no_screen_and_no_storage() -> None:
    foreign = {"textual", "rich", "sqlite_utils", "sqlite3", "websockets", "asyncio"}
    assert loaded_by(*modules("protocol")).isdisjoint(foreign)


@pytest.mark.parametrize("name", ["agent_client.cli", "agent_service.cli"])
def test_a_command_line_starts_without_a_screen(name: str) -> None:
    assert loaded_by(name).isdisjoint({"textual", "pjsua2"})
