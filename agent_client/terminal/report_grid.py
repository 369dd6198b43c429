"""A table larger than the screen: its first columns stay, the others move past them. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from rich.cells import cell_len

from agent_client.terminal.cells import fit

GAP = 2
MARGIN = 1
_WIDEST, _WIDEST_FROZEN = 26, 16


@dataclass(frozen=True)
class GridColumn:
    """A column as wide as what stands in it."""

    heading: str
    width: int
    right: bool = False


@dataclass(frozen=True)
class GridCell:
    """What stands in one place."""

    text: str
    tone: str = ""
    """`quiet`, `alarm` or plain."""


@dataclass(frozen=True)
class Grid:
    """Rows of equal length, and perhaps one of totals."""

    columns: tuple[GridColumn, ...]
    rows: tuple[tuple[GridCell, ...], ...]
    total: tuple[GridCell, ...] = ()
    frozen: int = 1
    """How many columns always stay in sight."""


def grid(
    headings: Sequence[str],
    rows: Sequence[Sequence[GridCell]],
    total: Sequence[GridCell],
    right: Sequence[bool],
    frozen: int,
) -> Grid:
    """With columns as wide as their widest cell, up to a limit."""
    lines = [*rows, total] if total else rows
    columns = tuple(
        GridColumn(
            heading,
            _widest(
                [heading, *(line[place].text for line in lines)],
                _WIDEST_FROZEN if place < frozen else _WIDEST,
            ),
            right[place],
        )
        for place, heading in enumerate(headings)
    )
    return Grid(columns, tuple(map(tuple, rows)), tuple(total), frozen)


def placed(shown: Grid, offset: int, width: int) -> list[int]:
    """Which columns stand in a width, from the left: the frozen ones, then as many whole ones
    from the offset on as fit; one at least."""
    left = width - 2 * MARGIN + GAP
    places = list(range(min(shown.frozen, len(shown.columns))))
    left -= sum(shown.columns[place].width + GAP for place in places)
    for place in range(shown.frozen + offset, len(shown.columns)):
        left -= shown.columns[place].width + GAP
        if left < 0 and place > shown.frozen + offset:
            break
        places.append(place)
    return places


def furthest(shown: Grid, width: int) -> int:
    """The offset from which on the last column is in sight."""
    moving = len(shown.columns) - shown.frozen
    last = len(shown.columns) - 1
    offsets = range(max(1, moving))
    return next((each for each in offsets if last in placed(shown, each, width)), 0)


def aligned(text: str, column: GridColumn) -> str:
    """Exactly as wide as the column."""
    fitted = fit(text, column.width)
    if not column.right:
        return fitted
    bare = fitted.rstrip()
    return " " * (len(fitted) - len(bare)) + bare


def _widest(texts: Sequence[str], limit: int) -> int:
    return min(limit, max(map(cell_len, texts)))
