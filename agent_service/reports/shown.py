"""A report in words: for a terminal, and for Excel."""

from collections.abc import Iterator, Sequence

from agent_service.reports.table import Table
from agent_service.sheets import Cell, workbook
from protocol.i18n import Catalogue
from protocol.wire.report import Column, ColumnKind, Value

_NOTHING = "–"
_JUDGED = frozenset({"locked_attendance", "adjusted_attendance"})
_HOUR_S, _MINUTE_S = 3600, 60


def headings(table: Table, catalogue: Catalogue) -> list[str]:
    """What stands above the columns."""
    return [catalogue.text(f"report.column.{each.name}") for each in table.columns]


def lines(table: Table, catalogue: Catalogue) -> Iterator[tuple[str, ...]]:
    """The rows as text, the total last."""
    for row in (*table.rows, table.total):
        cells = zip(table.columns, row, strict=True)
        yield tuple(_text(catalogue, column, value) for column, value in cells)


def excel(table: Table, catalogue: Catalogue) -> bytes:
    """The content of an Excel file: the figures as numbers, seconds as seconds."""
    heads = [_with_unit(catalogue, each) for each in table.columns]
    rows: list[Sequence[Cell]] = [heads]
    for row in (*table.rows, table.total):
        cells = zip(table.columns, row, strict=True)
        rows.append([_cell(catalogue, column, value) for column, value in cells])
    if table.columns and table.total[0] is None:
        rows[-1] = [catalogue.text("report.total"), *rows[-1][1:]]
    return workbook(rows)


def duration(seconds: int) -> str:
    """Hours, minutes and seconds."""
    sign, length = ("-", -seconds) if seconds < 0 else ("", seconds)
    hours, rest = divmod(length, _HOUR_S)
    return f"{sign}{hours}:{rest // _MINUTE_S:02}:{rest % _MINUTE_S:02}"


def _with_unit(catalogue: Catalogue, column: Column) -> str:
    heading = catalogue.text(f"report.column.{column.name}")
    if column.kind is ColumnKind.SECONDS:
        return catalogue.text("report.in_seconds", heading=heading)
    return heading


def _text(catalogue: Catalogue, column: Column, value: Value) -> str:
    if value is None:
        return _NOTHING
    if column.kind is ColumnKind.SECONDS and isinstance(value, int):
        return duration(value)
    if column.kind is ColumnKind.PERCENT:
        return f"{value:.2f}"
    return str(_cell(catalogue, column, value))


def _cell(catalogue: Catalogue, column: Column, value: Value) -> Cell:
    """Codes in words, where there are any; anything else as it is."""
    if column.kind is not ColumnKind.CODE or value is None:
        return value
    if column.name == "exception_code":
        return exception_code(catalogue, str(value))
    if column.name in _JUDGED:
        return catalogue.text(f"attendance.{value}")
    return catalogue.text(f"report.target_met.{value}")


def exception_code(catalogue: Catalogue, code: str) -> str:
    """A reason in words; one that this version does not know as it is."""
    try:
        return catalogue.text(f"exception_code.{code}")
    except KeyError:
        return code
