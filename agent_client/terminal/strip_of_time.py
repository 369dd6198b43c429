"""Dividing a strip of cells among stretches of time."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Part:
    """One kind of time: how it is named and painted, and how much of it there is."""

    label: str
    fill: str
    colour: str
    seconds: int


def shares(amounts: Sequence[int], width: int) -> list[int]:
    """Cells for each positive amount, in proportion and `width` together; everything that
    happened has a cell at least, as far as there are any."""
    if not amounts or width < len(amounts):
        return [1] * min(len(amounts), width) + [0] * max(0, len(amounts) - width)
    spare = width - len(amounts)
    whole = sum(amounts)
    exact = [spare * amount / whole for amount in amounts]
    cells = [int(share) for share in exact]
    by_rest = sorted(range(len(amounts)), key=lambda place: cells[place] - exact[place])
    for place in by_rest[: spare - sum(cells)]:
        cells[place] += 1
    return [count + 1 for count in cells]
