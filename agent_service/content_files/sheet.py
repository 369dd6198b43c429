"""Contents as a table: a row a content, columns in any order."""

from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum

from agent_service.content_files.reading import Placed, Reading, Written
from agent_service.content_files.values import read_keywords, read_place, written_keywords
from agent_service.sheet_columns import Columns
from agent_service.sheets import Line

MOST_TEXT = 32_767
"""Characters that a cell of Excel holds."""


class Column(StrEnum):
    """What can stand in a table of contents."""

    TITLE = "title"
    TYPE = "type"
    KEYWORDS = "keywords"
    PLACE = "place"
    REMARK = "remark"
    TEXT = "text"


_NEEDED = (Column.TITLE, Column.TYPE, Column.TEXT)


def holds(content: Written) -> bool:
    """Whether a cell can say it."""
    return len(content.text) <= MOST_TEXT


def read(lines: Sequence[Line], known: Mapping[str, Column]) -> Reading:
    """The contents of a table. `known`: columns by how people write them, folded."""
    columns = Columns(lines, known, _NEEDED)
    found = []
    for line in columns.rows:
        before = len(columns.faults)
        content = _content(columns, line)
        if len(columns.faults) == before:
            found.append(content)
    return Reading(found, columns.faults, ())


def write(contents: Iterable[Written], headings: Sequence[str]) -> list[Sequence[str]]:
    """The rows of a table that says the same."""
    rows = (
        (
            each.name,
            each.type,
            written_keywords(each.keywords),
            str(each.place),
            each.remark,
            each.text,
        )
        for each in contents
    )
    return [headings, *rows]


def _content(columns: Columns[Column], line: Line) -> Placed:
    """A column that is not there says nothing; an empty cell says that there is none."""
    none: tuple[str, ...] = ()
    keywords = columns.take(line, Column.KEYWORDS, read_keywords, none)
    remark = columns.cell(line, Column.REMARK)
    return Placed(
        file="",
        line=line.number,
        name=columns.take(line, Column.TITLE, str, ""),
        type=columns.take(line, Column.TYPE, str, ""),
        text=columns.take(line, Column.TEXT, str, ""),
        keywords=keywords if columns.has(Column.KEYWORDS) else None,
        place=columns.take(line, Column.PLACE, _place, None),
        remark=remark if columns.has(Column.REMARK) else None,
    )


def _place(cell: str) -> int | None:
    return read_place(cell)
