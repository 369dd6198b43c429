"""The project's own files, as the tests of its architecture read them."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGES = ("protocol", "agent_client", "agent_service")


def files(*folders: str) -> list[Path]:
    """Every Python file below the folders, as paths from the root."""
    return sorted(
        path.relative_to(ROOT) for folder in folders for path in (ROOT / folder).rglob("*.py")
    )


def modules(*folders: str) -> list[str]:
    """Every module below the folders that may be imported, by its dotted name."""
    dotted = (".".join(path.with_suffix("").parts) for path in files(*folders))
    return [name.removesuffix(".__init__") for name in dotted if not name.endswith("__main__")]


@cache
def tree(path: Path) -> ast.Module:
    """The syntax tree of a file."""
    return ast.parse((ROOT / path).read_text(encoding="utf-8"))


def imported(path: Path) -> set[str]:
    """The dotted names that a file imports, wherever in the file."""
    return set(_imported(path))


def _imported(path: Path) -> Iterator[str]:
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}:{node.lineno}: a relative import"
            yield node.module or ""
