"""Columns that fit a width: one gives way first, then whole columns are left out. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from rich.cells import cell_len

from agent_client.terminal.report_grid import GAP, MARGIN, Grid, GridCell, GridColumn

LEAST = 18
"""Cells that the column which gives way keeps while others can be left out."""


@dataclass(frozen=True)
class FitColumn:
    """A column with all its cells."""

    heading: str
    cells: tuple[GridCell, ...]
    weight: int
    """Those of the lowest are left out first; 0 is the one that gives way, and always there."""
    right: bool = False
    most: int = 0
    """Cells that it takes at most; 0: as many as its widest cell has."""

    @property
    def natural(self) -> int:
        """As wide as its widest cell, up to the limit."""
        widest = max(map(cell_len, (self.heading, *(cell.text for cell in self.cells))))
        return min(widest, self.most) if self.most else widest


def fitted(columns: Sequence[FitColumn], width: int) -> Grid:
    """The columns that stand in a width, none of them cut but the one that gives way."""
    kept = list(columns)
    while len(kept) > 1 and _taken(kept) + min(LEAST, _giving(kept).natural) > _room(kept, width):
        kept.remove(min((each for each in kept if each.weight), key=lambda each: each.weight))
    left = _room(kept, width) - _taken(kept)
    made = tuple(
        GridColumn(
            each.heading,
            each.natural if each.weight else max(1, min(each.natural, left)),
            each.right,
        )
        for each in kept
    )
    rows = tuple(zip(*(each.cells for each in kept), strict=True))
    return Grid(made, rows, frozen=len(made))


def _giving(columns: Sequence[FitColumn]) -> FitColumn:
    return next(each for each in columns if not each.weight)


def _taken(columns: Sequence[FitColumn]) -> int:
    return sum(each.natural for each in columns if each.weight)


def _room(columns: Sequence[FitColumn], width: int) -> int:
    return width - 2 * MARGIN - GAP * (len(columns) - 1)
