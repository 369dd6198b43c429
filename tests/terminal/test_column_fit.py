"""Columns in a width: whole ones, or none, and one that gives way."""

from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from agent_client.terminal.column_fit import LEAST, FitColumn, fitted
from agent_client.terminal.report_grid import GAP, MARGIN, GridCell

_texts = st.text("ab 培训", max_size=30)


def column(texts: list[str], weight: int, most: int = 0) -> FitColumn:
    return FitColumn("h", tuple(map(GridCell, texts)), weight, most=most)


@st.composite
def _columns(draw: st.DrawFn) -> list[FitColumn]:
    rows = draw(st.integers(0, 3))
    cells = st.lists(_texts, min_size=rows, max_size=rows)
    others = draw(st.lists(cells, max_size=6))
    given_way = column(draw(cells), 0)
    return [given_way, *(column(texts, place) for place, texts in enumerate(others, 1))]


@given(_columns(), st.integers(1, 200))
def test_what_is_shown_fits_and_nothing_but_the_one_is_cut(
    columns: list[FitColumn], width: int
) -> None:
    made = fitted(columns, width)
    taken = sum(each.width + GAP for each in made.columns) - GAP + 2 * MARGIN
    assert taken <= max(width, 1 + 2 * MARGIN)
    assert [each.width for each in made.columns[1:]] == [
        each.natural for each in columns[1:] if each.weight > len(columns) - len(made.columns)
    ]
    assert all(len(row) == len(made.columns) for row in made.rows)


def test_the_least_important_is_left_out_first() -> None:
    columns = [column(["x" * 40], 0), column(["y" * 10], 1), column(["z" * 10], 2)]
    widths = [[each.width for each in fitted(columns, width).columns] for width in (70, 44, 43, 20)]
    assert widths == [[40, 10, 10], [LEAST, 10, 10], [29, 10], [18]]


def test_a_limit_is_in_cells() -> None:
    made = fitted([column(["a"], 0), column(["培训培训"], 1, most=6)], 80)
    assert made.columns[1].width == 6
    assert cell_len(made.rows[0][1].text) == 8
