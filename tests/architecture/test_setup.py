"""The set-up: what it installs is pinned by hashes and names no address, and it is documented."""

import re
import tomllib

import pytest

from tests.architecture.sources import ROOT, files

LOCK = (ROOT / "requirements.lock").read_text(encoding="utf-8")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
LICENCES = (ROOT / "docs/licences.md").read_text(encoding="utf-8").replace("| package", "| *")
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
SET_UP = ["requirements.lock", "Makefile", "pyproject.toml", ".ci/run", "tools/setup"]
ADDRESS = re.compile(r"(?<!xmlns=\")(?:https?|wss?)://([\w\[\].:-]+)")
OWN_HOSTS = re.compile(
    r"(localhost|127\.0\.0\.1|\[::1\]|[\w.-]*\.(example|invalid|test))(?=[:/]|$)"
)


def names(requirements: list[str]) -> set[str]:
    """The packages that requirements ask for."""
    return {re.split(r"[^\w.-]", requirement)[0].lower() for requirement in requirements}


@pytest.mark.parametrize("path", SET_UP)
def test_the_set_up_names_no_address(path: str) -> None:
    text = (ROOT / path).read_text(encoding="utf-8")
    assert not re.findall(
        r"\w+://\S*|\bfile:\S+|(?<!no-emit-)index-url\s*=?\s*\S*[/.]|find-links|\S+ @ \S+", text
    )


def test_code_names_no_address_but_its_own() -> None:
    found = {
        (path, host)
        for path in files("protocol", "agent_client", "agent_service", "tools")
        for host in re.findall(ADDRESS, (ROOT / path).read_text(encoding="utf-8"))
    }
    assert {(path, host) for path, host in found if not OWN_HOSTS.match(host)} == set()


def test_every_package_of_the_lock_is_pinned_with_hashes() -> None:
    entries = re.split(r"\n(?=\S)", LOCK.strip())
    assert [
        entry for entry in entries if not re.match(r"[\w.-]+==[\w.]+( ;[^\n]+)? \\\n", entry)
    ] == []
    assert [entry for entry in entries if "--hash=sha256:" not in entry] == []


def test_the_lock_holds_what_the_project_asks_for() -> None:
    asked = PROJECT["project"]["dependencies"] + PROJECT["project"]["optional-dependencies"]["dev"]
    assert names(asked) <= names(LOCK.splitlines())


def test_every_package_is_listed_with_its_licence() -> None:
    listed = re.findall(r"^\| ([\w-]+) +\| ([\w.]+) +\| \S.*\|$", LICENCES, re.MULTILINE)
    assert sorted(listed) == sorted(re.findall(r"^([\w.-]+)==([\w.]+)", LOCK, re.MULTILINE))


def test_every_target_is_listed() -> None:
    targets = set(re.findall(r"^([a-z]+):", MAKEFILE, re.MULTILINE)) - {"help", "code"}
    assert targets == set(re.findall(r"echo 'make (\w+)", MAKEFILE))
