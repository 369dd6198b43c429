"""Who may know whom: the contracts in pyproject.toml hold, and each fails where it is broken."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.sources import PACKAGES, ROOT

VIOLATIONS = {
    "client knows service": ("agent_client/seat", "import agent_service"),
    "service knows client": ("agent_service", "import agent_client.seat"),
    "protocol knows service": ("protocol/wire", "import agent_service"),
    "facts know wire": ("protocol/facts", "import protocol.wire.errors"),
    "facts know rules": ("protocol/facts", "import protocol.rules.agent_state"),
    "rules know wire": ("protocol/rules", "import protocol.wire.errors"),
    "wire knows words": ("protocol/wire", "import protocol.i18n"),
    "words know codes": ("protocol/i18n", "import protocol.wire.errors"),
    "protocol knows Textual": ("protocol", "import textual"),
    "service knows Textual": ("agent_service", "from textual import app"),
    "seat knows Textual": ("agent_client/seat", "def later():\n    import textual"),
    "seat knows terminal": ("agent_client/seat", "import agent_client.terminal"),
    "phone knows Textual": ("agent_client/phone", "import textual"),
    "phone knows seat": ("agent_client/phone", "import agent_client.seat"),
    "phone knows wire": ("agent_client/phone", "import protocol.wire.errors"),
}


def module(name: str) -> str:
    """What a violation is planted as."""
    return name.replace(" ", "_").lower()


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
def told(tmp_path_factory: pytest.TempPathFactory) -> str:
    """What is told of a copy of all packages, in which every violation is planted."""
    folder = tmp_path_factory.mktemp("copy")
    shutil.copy(ROOT / "pyproject.toml", folder)
    for package in PACKAGES:
        shutil.copytree(
            ROOT / package, folder / package, ignore=shutil.ignore_patterns("__pycache__")
        )
    for name, (package, source) in VIOLATIONS.items():
        (folder / package / f"{module(name)}.py").write_text(source + "\n")
    done = lint(folder)
    assert done.returncode == 1, done.stdout + done.stderr
    return done.stdout


def test_every_contract_holds() -> None:
    done = lint(ROOT)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("name", VIOLATIONS)
def test_a_violation_is_seen(told: str, name: str) -> None:
    package, _ = VIOLATIONS[name]
    assert f"{package.replace('/', '.')}.{module(name)} -> " in told
