"""What every module keeps to: its size, its name, and what it may import or call."""

import ast
import re
import sys
from pathlib import Path

import pytest

from tests.architecture.sources import PACKAGES, ROOT, files, imported, modules, tree

LINES = 450
NAMES_OF_NOTHING = {"util", "utils", "helper", "helpers", "common", "misc", "manager", "managers"}
OVERLOOKED = re.compile(r"# (noqa|type: ignore)")
WITH_REASON = re.compile(r"# (noqa: [A-Z0-9, ]+ - \S|type: ignore\[[a-z-]+\] +# ?\S)")
CLOCKS = {
    ("time", name)
    for name in ("time", "time_ns", "monotonic", "monotonic_ns", "perf_counter", "localtime")
} | {("datetime", name) for name in ("now", "utcnow", "today")} | {("date", "today")}  # fmt: skip


def clocks_read(module: ast.Module) -> list[str]:
    """Where a module reads a clock: `time.time()`, `datetime.now()`, `from time import time`."""
    calls = (
        f"line {node.lineno}"
        for node in ast.walk(module)
        if isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name | ast.Attribute)
        and (getattr(node.value, "id", getattr(node.value, "attr", "")), node.attr) in CLOCKS
    )
    names = (
        f"line {node.lineno}"
        for node in ast.walk(module)
        if isinstance(node, ast.ImportFrom) and node.module == "time"
    )
    return [*calls, *names]


def unreasoned(source: str) -> list[str]:
    """Lines that tell a checker to overlook something, and not why."""
    overlooking = (line for line in source.splitlines() if OVERLOOKED.search(line))
    return [line for line in overlooking if not WITH_REASON.search(line)]


def foreign(names: set[str]) -> set[str]:
    """Packages among imported names that are neither the protocol's, Python's nor msgspec."""
    tops = {name.partition(".")[0] for name in names}
    return tops - set(sys.stdlib_module_names) - {"protocol", "msgspec"}


def doc(path: Path) -> str | None:
    """What a file says of itself."""
    return ast.get_docstring(tree(path))


def lines(path: Path) -> int:
    """How long a file is."""
    return len((ROOT / path).read_text(encoding="utf-8").splitlines())


def test_names_say_what_is_inside() -> None:
    words = {path: set(path.stem.split("_")) for path in files(*PACKAGES)}
    assert [path for path, parts in words.items() if parts & NAMES_OF_NOTHING] == []


def test_every_file_says_what_it_is() -> None:
    silent = [path for path in files(*PACKAGES) if tree(path).body and not doc(path)]
    assert silent == []


def test_every_file_can_be_read_at_one_sitting() -> None:
    assert {path: lines(path) for path in files(*PACKAGES) if lines(path) > LINES} == {}


def test_what_checks_overlook_has_its_reason_beside_it() -> None:
    found = {
        path: unreasoned((ROOT / path).read_text(encoding="utf-8"))
        for path in files(*PACKAGES, "bench", "config", "tools")
    }
    assert {path: places for path, places in found.items() if places} == {}


@pytest.mark.parametrize(
    "line", ["import x  # noqa", "import x  # noqa: E402", "x = y  # type: ignore[misc]"]
)
def test_something_overlooked_without_a_reason_is_seen(line: str) -> None:
    assert unreasoned(line)


def test_the_protocol_imports_the_standard_library_and_msgspec() -> None:
    found = {path: foreign(imported(path)) for path in files("protocol")}
    assert {path: names for path, names in found.items() if names} == {}


def test_the_protocol_reads_no_clock() -> None:
    found = {path: clocks_read(tree(path)) for path in files("protocol")}
    assert {path: places for path, places in found.items() if places} == {}


@pytest.mark.parametrize(
    "source",
    [
        "import time\ntime.time()",
        "import datetime\ndatetime.datetime.now(zone)",
        "from datetime import datetime\ndatetime.now(zone)",
        "from datetime import date\nx = date.today",
        "from time import monotonic",
        "import time\ndef rule():\n    return time.monotonic_ns()",
    ],
)
def test_a_clock_read_is_seen(source: str) -> None:
    assert clocks_read(ast.parse(source))


def test_a_foreign_import_is_seen() -> None:
    assert foreign({"json", "msgspec.json", "protocol.facts", "rich.text"}) == {"rich"}


def test_pjsua2_is_imported_in_one_file() -> None:
    importing = [path for path in files(*PACKAGES) if "pjsua2" in imported(path)]
    assert [path.parent for path in importing] == [Path("agent_client/phone")]


def test_every_folder_of_code_is_a_package() -> None:
    names = set(modules(*PACKAGES))
    assert {name.rpartition(".")[0] for name in names} - {""} <= names
