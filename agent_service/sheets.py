"""Tables that people keep in files: CSV and Excel, read as text and written as text.

What people wrote is never a formula: an Excel cell is written as a string, and a CSV cell that a
spreadsheet would compute is written behind an apostrophe, which reading takes off again.
"""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from pathlib import Path

import msgspec
import xlsxwriter
from python_calamine import CalamineError, CalamineWorkbook

from agent_service.file_content import content_of, refusal, text_of
from protocol.wire.errors import Code, Refused

EXCEL = ".xlsx"
_MOST_ROWS = 100_000
_TEXT_ONLY = {"strings_to_formulas": False, "strings_to_urls": False}
_SEPARATORS = ",;\t"
_QUOTED = re.compile(r'"[^"]*("|$)')
_COMPUTED = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r")
"""What a spreadsheet takes for the beginning of a formula, wide forms included."""


class Line(msgspec.Struct, frozen=True):
    """One row of a table with something in it."""

    number: int
    """As the file counts: 1 is the first."""
    cells: tuple[str, ...]


def read(path: Path) -> list[Line]:
    """The rows of a CSV file (UTF-8, or GB 18030 as Chinese Excel writes it) or of the first
    sheet of an Excel file. Raises `Refused` with `file_refused` or `sheet_unreadable`."""
    content = content_of(path, Code.SHEET_UNREADABLE)
    rows = _excel(path, content) if path.suffix.lower() == EXCEL else _csv(path, content)
    lines = [Line(number, cells) for number, cells in rows if any(cells)]
    if len(lines) > _MOST_ROWS:
        raise _unreadable(path, f"> {_MOST_ROWS}")
    return lines


def _excel(path: Path, content: bytes) -> Iterator[tuple[int, tuple[str, ...]]]:
    try:
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(content))
        rows = workbook.get_sheet_by_index(0).to_python(skip_empty_area=False)
    except (CalamineError, OSError, ValueError) as error:
        raise _unreadable(path, str(error)) from error
    for number, row in enumerate(rows, 1):
        yield number, tuple(_text(cell) for cell in row)


def _text(cell: object) -> str:
    """A cell as people see it: whole numbers without a point, days without a time."""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime) and cell == datetime(cell.year, cell.month, cell.day):  # noqa: DTZ001 - a cell has no zone
        return cell.date().isoformat()
    if isinstance(cell, datetime | date):
        return cell.isoformat()
    return str(cell).strip()


def _csv(path: Path, content: bytes) -> Iterator[tuple[int, tuple[str, ...]]]:
    text = text_of(path, content, Code.SHEET_UNREADABLE)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_separator(text))
    begun = 1
    try:
        for row in reader:
            yield begun, tuple(_shown(cell.strip()) for cell in row)
            begun = reader.line_num + 1
    except csv.Error as error:
        raise _unreadable(path, str(error)) from error


def _separator(text: str) -> str:
    """What there is most of in the first line, outside quotes."""
    first = _QUOTED.sub("", text.partition("\n")[0])
    return max(_SEPARATORS, key=first.count)


def _unreadable(path: Path, detail: str) -> Refused:
    return refusal(path, Code.SHEET_UNREADABLE, detail)


def write(path: Path, rows: Iterable[Sequence[str]], suffix: str) -> None:
    """Write a table into an existing empty file, as Excel or as CSV by the suffix."""
    if suffix.lower() == EXCEL:
        _write_excel(path, rows)
        return
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        stream.write(_as_csv([[_guarded(cell) for cell in row] for row in rows]))


def _as_csv(table: Sequence[Sequence[str]]) -> str:
    """With all cells in quotes where those of the first row would let it be read otherwise."""
    for quoting in (csv.QUOTE_MINIMAL, csv.QUOTE_ALL):
        stream = io.StringIO(newline="")
        csv.writer(stream, quoting=quoting).writerows(table)
        if _separator(stream.getvalue()) == _SEPARATORS[0]:
            break
    return stream.getvalue()


def _write_excel(path: Path, rows: Iterable[Sequence[str]]) -> None:
    with xlsxwriter.Workbook(str(path), _TEXT_ONLY) as book:
        sheet = book.add_worksheet()
        for line, row in enumerate(rows):
            for column, cell in enumerate(row):
                sheet.write_string(line, column, cell)


Cell = str | int | float | None
"""Text, a number, or nothing."""


def workbook(rows: Iterable[Sequence[Cell]]) -> bytes:
    """A table as the content of an Excel file: text as text, numbers as numbers."""
    kept = io.BytesIO()
    with xlsxwriter.Workbook(kept, {**_TEXT_ONLY, "in_memory": True}) as book:
        sheet = book.add_worksheet()
        for line, row in enumerate(rows):
            for column, cell in enumerate(row):
                if isinstance(cell, str):
                    sheet.write_string(line, column, cell)
                elif cell is not None:
                    sheet.write_number(line, column, cell)
    return kept.getvalue()


def _guarded(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_COMPUTED) else cell


def _shown(cell: str) -> str:
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(_COMPUTED) else cell
