"""Who may know whom: the contracts in pyproject.toml hold, and each fails where it is broken."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.sources import PACKAGES, ROOT

VIOLATIONS = {
    "client knows service": ("agent_client/seat/planted.py", "import agent_service"),
    "service knows client": ("agent_service/planted.py", "import agent_client.seat"),
    "protocol knows service": ("protocol/wire/planted.py", "import agent_service"),
    "facts know wire": ("protocol/facts/planted.py", "import protocol.wire.errors"),
    "facts know rules": ("protocol/facts/planted.py", "import protocol.rules.agent_state"),
    "rules know wire": ("protocol/rules/planted.py", "import protocol.wire.errors"),
    "wire knows words": ("protocol/wire/planted.py", "import protocol.i18n"),
    "words know codes": ("protocol/i18n/planted.py", "import protocol.wire.errors"),
    "protocol knows Textual": ("protocol/planted.py", "import textual"),
    "service knows Textual": ("agent_service/planted.py", "from textual import app"),
    "seat knows Textual": ("agent_client/seat/planted.py", "def later():\n    import textual"),
    "seat knows terminal": ("agent_client/seat/planted.py", "import agent_client.terminal"),
    "phone knows Textual": ("agent_client/phone/planted.py", "import textual"),
    "phone knows seat": ("agent_client/phone/planted.py", "import agent_client.seat"),
    "phone knows wire": ("agent_client/phone/planted.py", "import protocol.wire.errors"),
}


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache", "--no-logo"],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of all packages, to plant a violation in."""
    folder = tmp_path_factory.mktemp("copy")
    shutil.copy(ROOT / "pyproject.toml", folder)
    for package in PACKAGES:
        shutil.copytree(
            ROOT / package, folder / package, ignore=shutil.ignore_patterns("__pycache__")
        )
    return folder


def test_every_contract_holds() -> None:
    done = lint(ROOT)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(("path", "source"), VIOLATIONS.values(), ids=VIOLATIONS.keys())
def test_a_violation_is_seen(copy: Path, path: str, source: str) -> None:
    planted = copy / path
    planted.write_text(source + "\n")
    done = lint(copy)
    planted.unlink()
    assert done.returncode == 1, done.stdout + done.stderr
    assert ".".join(planted.relative_to(copy).with_suffix("").parts) in done.stdout
