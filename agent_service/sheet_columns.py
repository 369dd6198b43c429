"""A table whose columns stand in any order under names that people know, with every fault found."""

from collections.abc import Callable, Collection, Mapping, Sequence
from enum import StrEnum
from typing import Generic, TypeVar

from agent_service.accounts.staff_sheet import Fault, folded
from agent_service.sheets import Line
from protocol.wire.errors import Code, Refused

C = TypeVar("C", bound=StrEnum)
T = TypeVar("T")


class Columns(Generic[C]):
    """The heading of a table, and what stands under it. `rows` are the lines under a heading that
    has no fault; `faults` is where readers of rows note theirs, too."""

    def __init__(
        self, lines: Sequence[Line], known: Mapping[str, C], needed: Collection[C]
    ) -> None:
        """`known`: columns by how people write them, folded."""
        self.faults: list[Fault] = []
        self._needed = needed
        self._positions: dict[C, int] = {}
        self._names: dict[C, str] = {}
        self._read_head(lines[0] if lines else Line(1, ()), known)
        self.rows = () if self.faults else lines[1:]

    def has(self, column: C) -> bool:
        """Whether there is such a column."""
        return column in self._positions

    def cell(self, line: Line, column: C) -> str:
        """What stands in it; nothing where there is no such column."""
        position = self._positions.get(column, len(line.cells))
        return line.cells[position] if position < len(line.cells) else ""

    def take(self, line: Line, column: C, read: Callable[[str], T], empty: T) -> T:
        """What a cell says; what is wrong with it is noted, and it is `empty` then."""
        cell = self.cell(line, column)
        try:
            if cell:
                return read(cell)
            if column in self._needed:
                raise Refused(Code.VALUE_MISSING)
        except Refused as refused:
            self.blame(line.number, column, refused)
        return empty

    def blame(self, line: int, column: C, refused: Refused) -> None:
        """Note what is wrong in a row."""
        self._note(line, self._names.get(column, column), refused)

    def _read_head(self, head: Line, known: Mapping[str, C]) -> None:
        for position, cell in enumerate(head.cells):
            column = known.get(folded(cell))
            if column is None and cell:
                self._note(head.number, cell, Refused(Code.UNKNOWN_COLUMN))
            elif column in self._positions:
                self._note(head.number, cell, Refused(Code.COLUMN_TWICE))
            elif column is not None:
                self._positions[column], self._names[column] = position, cell
        for column in self._needed:
            if column not in self._positions:
                self._note(head.number, column, Refused(Code.COLUMN_MISSING))

    def _note(self, line: int, column: str, refused: Refused) -> None:
        self.faults.append(Fault(line, column, refused.code, refused.params))
