"""A table of a roster, read as people write it, with every fault of every row found at once.

Long: a row a day of a person, by its pattern, or a row a stretch of it, by times. Wide: a row a
person, a column a date, and cells as `plan_cells` reads them; an empty one leaves the day alone.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from enum import StrEnum
from typing import TypeVar

import msgspec

from agent_service.accounts import staff
from agent_service.accounts.staff_sheet import Fault, folded
from agent_service.rosters.clock_times import ClockTime, is_day, read_clock, read_day
from agent_service.rosters.patterns import DAY_OFF, clashes, cut
from agent_service.rosters.plan_cells import DayPlanned, PlanCells, Stretch, stretch
from agent_service.sheets import Line
from protocol.facts.shift import Activity
from protocol.wire.errors import Code, Refused

T = TypeVar("T")


class Column(StrEnum):
    """What can stand in a table of a roster, besides dates."""

    NUMBER = "number"
    NAME = "name"
    """For whoever reads it; it is not looked at."""
    DAY = "day"
    PATTERN = "pattern"
    START = "start"
    END = "end"
    ACTIVITY = "activity"
    SUBSTITUTE = "substitute"
    """Who works the shift, likewise: substitutes are named by leads."""


class _Row(msgspec.Struct, frozen=True):
    """A row of a long table."""

    line: int
    agent: str
    day: date
    pattern: str
    stretch: Stretch | None


class RosterSheet:
    """Reads a table. `days` are the plans without a fault, `faults` what was found."""

    def __init__(
        self, lines: Sequence[Line], columns: Mapping[str, Column], cells: PlanCells
    ) -> None:
        """`columns` by how people write them, folded."""
        self.days: list[DayPlanned] = []
        self.faults: list[Fault] = []
        self._known = columns
        self._cells = cells
        self._columns: dict[Column, int] = {}
        self._dates: dict[date, int] = {}
        self._names: dict[int, str] = {}
        self._seen: dict[tuple[str, date], int] = {}
        head = lines[0] if lines else Line(1, ())
        self._read_head(head)
        if self.faults:
            return
        if self._dates:
            for line in lines[1:]:
                self._read_wide(line)
        else:
            self._read_long(lines[1:])

    def _read_head(self, head: Line) -> None:
        for position, cell in enumerate(head.cells):
            if cell:
                self._names[position] = cell
                self._read_name(head.number, position, cell)
        if Column.NUMBER not in self._columns:
            self._blame(head.number, Column.NUMBER, Refused(Code.COLUMN_MISSING))
        if bool(self._dates) == (Column.DAY in self._columns):
            self._blame(head.number, Column.DAY, Refused(Code.COLUMN_MISSING))

    def _read_name(self, line: int, position: int, cell: str) -> None:
        column = self._known.get(folded(cell))
        if column is None and not is_day(cell):
            self._blame(line, cell, Refused(Code.UNKNOWN_COLUMN))
            return
        try:
            day = read_day(cell) if column is None else None
        except Refused as refused:
            self._blame(line, cell, refused)
            return
        if column in self._columns or day in self._dates:
            self._blame(line, cell, Refused(Code.COLUMN_TWICE))
        elif column is not None:
            self._columns[column] = position
        elif day is not None:
            self._dates[day] = position

    def _read_wide(self, line: Line) -> None:
        agent = self._take(line, Column.NUMBER, staff.check_number)
        if agent is None:
            return
        for day, position in self._dates.items():
            cell = line.cells[position] if position < len(line.cells) else ""
            if not cell:
                continue
            try:
                segments, pattern = self._cells.read(cell, day)
                self._check_once(line.number, agent, day)
            except Refused as refused:
                self._blame(line.number, self._names[position], refused)
            else:
                self.days.append(DayPlanned(line.number, agent, day, segments, pattern))

    def _read_long(self, lines: Sequence[Line]) -> None:
        rows: dict[tuple[str, date], list[_Row]] = {}
        for line in lines:
            row = self._row(line)
            if row is not None:
                rows.setdefault((row.agent, row.day), []).append(row)
        for same in rows.values():
            self._put_together(same)

    def _row(self, line: Line) -> _Row | None:
        """A row without a fault."""
        before = len(self.faults)
        agent = self._take(line, Column.NUMBER, staff.check_number)
        day = self._take(line, Column.DAY, read_day)
        pattern = self._take(line, Column.PATTERN, self._cells.pattern, needed=False)
        timed = any(self._cell(line, each) for each in (Column.START, Column.END))
        by_times = timed or not self._cell(line, Column.PATTERN)
        start = self._take(line, Column.START, read_clock, needed=by_times)
        end = self._take(line, Column.END, read_clock, needed=by_times)
        activity = self._take(line, Column.ACTIVITY, self._cells.activity, needed=False)
        timed_part = self._stretch(line, start, end, activity or Activity.WORK)
        if len(self.faults) > before or agent is None or day is None:
            return None
        return _Row(line.number, agent, day, pattern or "", timed_part)

    def _put_together(self, rows: Sequence[_Row]) -> None:
        """All rows of one person's day: one by its pattern alone, or those of its times. A
        pattern beside times says what they were made with."""
        first, *others = rows
        stretches = [each.stretch for each in rows if each.stretch is not None]
        for other in others:
            if len(stretches) < len(rows) or DAY_OFF in (first.pattern, other.pattern):
                refused = Refused(Code.DAY_TWICE, line=first.line)
                self._blame(other.line, self._name(Column.DAY), refused)
                return
        if not stretches:
            segments = self._cells.of_pattern(first.pattern, first.day)
            name = "" if first.pattern == DAY_OFF else first.pattern
        elif first.pattern == DAY_OFF:
            refused = Refused(Code.UNKNOWN_PATTERN, pattern=first.pattern)
            self._blame(first.line, self._name(Column.PATTERN), refused)
            return
        else:
            placed = self._cells.placed(stretches, first.day)
            clash = list(clashes(placed))
            for later, earlier in clash:
                refused = Refused(Code.ROWS_CLASH, line=rows[earlier].line)
                self._blame(rows[later].line, self._name(Column.START), refused)
            if clash:
                return
            segments, name = cut(placed), first.pattern
        self.days.append(DayPlanned(first.line, first.agent, first.day, segments, name))

    def _take(
        self, line: Line, column: Column, read: Callable[[str], T], *, needed: bool = True
    ) -> T | None:
        """What a cell holds; what is wrong with it is noted."""
        cell = self._cell(line, column)
        try:
            if cell:
                return read(cell)
            if needed:
                raise Refused(Code.VALUE_MISSING)
        except Refused as refused:
            self._blame(line.number, self._name(column), refused)
        return None

    def _stretch(
        self, line: Line, start: ClockTime | None, end: ClockTime | None, activity: Activity
    ) -> Stretch | None:
        if start is None or end is None:
            return None
        try:
            return stretch(start, end, activity)
        except Refused as refused:
            self._blame(line.number, self._name(Column.END), refused)
        return None

    def _cell(self, line: Line, column: Column) -> str:
        position = self._columns.get(column, len(line.cells))
        return line.cells[position] if position < len(line.cells) else ""

    def _name(self, column: Column) -> str:
        """The column as the table calls it."""
        return self._names[self._columns[column]] if column in self._columns else column

    def _check_once(self, line: int, agent: str, day: date) -> None:
        first = self._seen.setdefault((agent, day), line)
        if first != line:
            raise Refused(Code.DAY_TWICE, line=first)

    def _blame(self, line: int, column: str, refused: Refused) -> None:
        self.faults.append(Fault(line, column, refused.code, refused.params))
