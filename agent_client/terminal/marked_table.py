"""A table of a text: in columns where it fits, else row by row with the name of each column."""

from collections.abc import Callable, Sequence

from textual.content import Content

_GAP = "  "
Wrap = Callable[[Content, int], list[Content]]


def table(rows: Sequence[Sequence[Content]], width: int, wrap: Wrap) -> list[Content]:
    """The first row names the columns."""
    widths = [max(cell.cell_length for cell in column) for column in zip(*rows, strict=True)]
    if sum(widths) + len(_GAP) * (len(widths) - 1) <= width:
        return _in_columns(rows, widths)
    head, *others = rows
    return [line for row in others for line in _one_by_one(head, row, width, wrap)]


def _in_columns(rows: Sequence[Sequence[Content]], widths: Sequence[int]) -> list[Content]:
    head, *others = [_line(row, widths) for row in rows]
    rule = _GAP.join("─" * width for width in widths)
    return [head.stylize("bold"), Content.styled(rule, "$line"), *others]


def _line(row: Sequence[Content], widths: Sequence[int]) -> Content:
    padded = [
        cell.pad_right(width - cell.cell_length) for cell, width in zip(row, widths, strict=True)
    ]
    return Content(_GAP).join(padded).rstrip()


def _one_by_one(
    head: Sequence[Content], row: Sequence[Content], width: int, wrap: Wrap
) -> list[Content]:
    lines = [
        line
        for name, cell in zip(head, row, strict=True)
        for line in wrap(Content.assemble(name.stylize("bold"), _GAP, cell), width)
    ]
    return [*lines, Content("")]
