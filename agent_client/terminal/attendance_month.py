"""A month of attendance by person. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass

from agent_client.terminal.cells import shown
from agent_client.terminal.report_grid import Grid, GridCell, grid
from agent_client.terminal.report_table import hours
from agent_client.terminal.wording import Wording
from protocol.wire.attendance import AttendanceMonth, AttendanceRow

_NO_SHIFT = ("DAY_OFF", "OPEN")
_HALF, _WHOLE = "ABSENT_HALF_DAY", "ABSENT"


@dataclass(frozen=True)
class PersonMonth:
    """One person's month."""

    agent: str
    rows: tuple[AttendanceRow, ...]

    def count(self, *codes: str) -> int:
        """Days with one of these codes."""
        return sum(row.code in codes for row in self.rows)

    @property
    def shifts(self) -> int:
        """Days on which something was planned and is settled."""
        return sum(row.code not in _NO_SHIFT for row in self.rows)

    @property
    def overtime_s(self) -> int:
        """Beyond the plan."""
        return sum(row.overtime_s for row in self.rows)


FIGURES = ("shifts", "normal", "late", "early", "half_day", "absent", "leave", "open")
"""The columns of counts; their headings are `attendance_column.<name>`."""


def people(rows: Iterable[AttendanceRow]) -> list[PersonMonth]:
    """In the order in which the service lists them."""
    by_agent: dict[str, list[AttendanceRow]] = {}
    for row in rows:
        by_agent.setdefault(row.agent, []).append(row)
    return [PersonMonth(agent, tuple(days)) for agent, days in by_agent.items()]


def figures(person: PersonMonth) -> dict[str, int]:
    """The counts by their columns."""
    return {
        "shifts": person.shifts,
        "normal": person.count("NORMAL"),
        "late": person.count("LATE"),
        "early": person.count("EARLY_LEAVE"),
        "half_day": person.count(_HALF),
        "absent": person.count(_WHOLE),
        "leave": person.count("LEAVE"),
        "open": person.count("OPEN"),
    }


def month_grid(words: Wording, told: AttendanceMonth) -> Grid:
    """A row a person, and the sums."""
    found = people(told.rows)
    rows = [_row(person, told) for person in found]
    sums = PersonMonth("", told.rows)
    total = [GridCell(words.text("report.total")), GridCell(""), *_cells(sums)]
    headings = [
        *(words.text(f"attendance_column.{name}") for name in ("agent", "name", *FIGURES)),
        words.text("attendance_column.overtime"),
    ]
    right = [False, False, *(True for _ in FIGURES), True]
    return grid(headings, rows, total, right, 2)


def _row(person: PersonMonth, told: AttendanceMonth) -> list[GridCell]:
    name = told.names.get(person.agent, "")
    return [GridCell(shown(person.agent)), GridCell(shown(name)), *_cells(person)]


def _cells(person: PersonMonth) -> list[GridCell]:
    """What has to be looked at stands out, also without colour: a zero is a dash."""
    counted = figures(person)
    cells = [
        GridCell(str(count) if count else "–", _tone(name, count))
        for name, count in counted.items()
    ]
    overtime = hours(person.overtime_s)[:-3] if person.overtime_s else "–"
    return [*cells, GridCell(overtime, "" if person.overtime_s else "quiet")]


def _tone(name: str, count: int) -> str:
    if not count:
        return "quiet"
    return "alarm" if name in ("late", "early", "half_day", "absent", "open") else ""
