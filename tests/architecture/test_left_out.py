"""What a test run leaves out is named at its end, and fails where nothing may be left out."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.sources import ROOT

TESTS = """
import pytest

def test_that_runs():
    pass

@pytest.mark.skip(reason="no kamailio here")
def test_of_a_registrar():
    pass

@pytest.mark.xfail(reason="known")
def test_that_is_expected_to_fail():
    raise AssertionError
"""
FILE_LEFT_OUT = 'import pytest\npytest.skip("no strace here", allow_module_level=True)\n'


@pytest.fixture
def suite(tmp_path: Path) -> Path:
    """A small suite under the project's own conftest.py."""
    (tmp_path / "conftest.py").write_text((ROOT / "tests/conftest.py").read_text("utf-8"))
    (tmp_path / "test_some.py").write_text(TESTS)
    (tmp_path / "test_traced.py").write_text(FILE_LEFT_OUT)
    return tmp_path


def run(suite: Path, *options: str, **environment: str) -> tuple[int, str]:
    """Exit code and output of a test run, in a worker's process."""
    inherited = {name: value for name, value in os.environ.items() if name != "REQUIRE_INTEROP"}
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-n", "1", "-p", "no:cacheprovider", *options],
        cwd=suite,
        env=inherited | environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    return done.returncode, done.stdout


def test_it_is_named_with_its_reason(suite: Path) -> None:
    code, output = run(suite, "-m", "not prove")
    said = output.partition("left out")[2]
    assert code == 0
    assert "test_of_a_registrar: no kamailio here" in said
    assert "test_traced.py: no strace here" in said
    assert "the long proofs: `make prove`" in said


def test_it_fails_where_nothing_may_be(suite: Path) -> None:
    code, output = run(suite, REQUIRE_INTEROP="1")
    assert code == 1
    assert "1 passed, 1 xfailed, 2 errors" in output
    assert "REQUIRE_INTEROP=1, and this was left out: no kamailio here" in output
    assert "REQUIRE_INTEROP=1, and this was left out: no strace here" in output
    assert "nothing" in output.partition(" left out 未运行")[2]
