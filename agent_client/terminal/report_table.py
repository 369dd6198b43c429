"""A report as a table in words: figures with their units, shares with a bar, what is unknown."""

from collections.abc import Sequence

import msgspec

from agent_client.terminal.cells import shown
from agent_client.terminal.clock import at_site
from agent_client.terminal.report_grid import Grid, GridCell, grid
from agent_client.terminal.widgets.line import progress
from agent_client.terminal.wording import Wording
from protocol.wire.report import Column, ColumnKind, Report, Value

NOTHING = "–"
PROVISIONAL = "~"
_BAR = 8
_HEADS = frozenset({"month", "agent", "name", "lead", "adjusts", "day", "team"})
"""Columns that say what a row is about."""
_TO_THE_RIGHT = frozenset(
    {ColumnKind.COUNT, ColumnKind.SECONDS, ColumnKind.PERCENT, ColumnKind.DAYS}
)
_MONTH, _PROVISIONAL_DAYS = "month", "provisional_days"
_CODES = {
    "exception_code": "exception_code",
    "target_met": "report.target_met",
    "locked_attendance": "attendance",
    "adjusted_attendance": "attendance",
}
"""The family of words of a column of codes."""


def report_table(words: Wording, report: Report, zone: str) -> Grid:
    """Every column of the report, and the totals."""
    barred = main_share(report.columns)
    rows = [_row(words, report, row, barred, zone) for row in report.rows]
    total = _row(words, report, report.total, barred, zone)
    heads = _frozen(report.columns)
    blank = [GridCell("")] * (heads - 1)
    total = [GridCell(words.text("report.total")), *blank, *total[heads:]]
    headings = [_heading(words, column) for column in report.columns]
    right = [column.kind in _TO_THE_RIGHT for column in report.columns]
    return grid(headings, rows, total, right, heads)


def by_months(words: Wording, report: Report) -> Grid | None:
    """A row a person, a column a month, of the figure that matters most; null where the report
    has no months."""
    names = [column.name for column in report.columns]
    place = main_figure(report.columns)
    if not has_months(report) or place is None:
        return None
    month, figure = names.index(_MONTH), report.columns[place]
    about = [names.index(name) for name in ("agent", "name", "team") if name in names]
    months = sorted({str(row[month]) for row in report.rows})
    values = {(_key(row, about), str(row[month])): row for row in report.rows}
    rows = []
    for key in dict.fromkeys(_key(row, about) for row in report.rows):
        cells = [GridCell(shown(text)) for text in key]
        for each in months:
            row = values.get((key, each))
            cells.append(GridCell(NOTHING) if row is None else _marked(words, report, row, place))
        rows.append(cells)
    headings = [*(_heading(words, report.columns[each]) for each in about), *months]
    right = [False] * len(about) + [figure.kind in _TO_THE_RIGHT] * len(months)
    return grid(headings, rows, (), right, len(about))


def unnamed(report: Report) -> Report:
    """Without the name of whoever it is about, which leaves room for figures."""
    kept = [place for place, each in enumerate(report.columns) if each.name != "name"]
    return msgspec.structs.replace(
        report,
        columns=tuple(report.columns[place] for place in kept),
        rows=tuple(tuple(row[place] for place in kept) for row in report.rows),
        total=tuple(report.total[place] for place in kept),
    )


def has_months(report: Report) -> bool:
    """Whether its rows are by months."""
    return any(column.name == _MONTH for column in report.columns)


def figure_named(words: Wording, report: Report) -> str:
    """What `by_months` shows."""
    place = main_figure(report.columns)
    return _heading(words, report.columns[place]) if place is not None else ""


def main_share(columns: Sequence[Column]) -> int | None:
    """The first share, which gets the bar."""
    shares = (place for place, each in enumerate(columns) if each.kind is ColumnKind.PERCENT)
    return next(shares, None)


def main_figure(columns: Sequence[Column]) -> int | None:
    """The first share, else the first sum of time, else the first count."""
    for kind in (ColumnKind.PERCENT, ColumnKind.SECONDS, ColumnKind.COUNT):
        for place, each in enumerate(columns):
            if each.kind is kind:
                return place
    return None


def provisional_days(report: Report, row: Sequence[Value]) -> int:
    """How many days of a row have time that nobody knows, and are in none of its sums."""
    value = _at(report, row, _PROVISIONAL_DAYS)
    return value if isinstance(value, int) else 0


def up_to(report: Report, row: Sequence[Value]) -> str:
    """What the share would be at best with those days; empty where that is not told."""
    value = _at(report, row, "adherence_high")
    if value is None:
        value = _at(report, row, "conformance_high")
    return "" if value is None else f"{percent(value)} %"


def about(report: Report, row: Sequence[Value]) -> str:
    """What a row is about, as text."""
    cells = zip(report.columns, row, strict=True)
    parts = [str(value) for column, value in cells if column.name in _HEADS and value]
    return shown(" ".join(parts))


def hours(seconds: int) -> str:
    """`12:05:30`, `-0:45:00`."""
    sign, length = ("-", -seconds) if seconds < 0 else ("", seconds)
    return f"{sign}{length // 3600}:{length // 60 % 60:02}:{length % 60:02}"


def percent(value: Value) -> str:
    """`96.85`; the unit stands in the heading."""
    return f"{value:.2f}" if isinstance(value, int | float) else NOTHING


def _row(
    words: Wording, report: Report, row: Sequence[Value], barred: int | None, zone: str
) -> list[GridCell]:
    """Shares of a row with provisional days are marked."""
    unknown = provisional_days(report, row)
    cells = []
    for place, (column, value) in enumerate(zip(report.columns, row, strict=True)):
        text, tone = _said(words, column, value, zone), ""
        if column.kind is ColumnKind.PERCENT and place == barred:
            mark = PROVISIONAL if unknown else " "
            text, tone = f"{text}{mark} {_bar(value)}", "alarm" if unknown else ""
        if column.name == _PROVISIONAL_DAYS and unknown:
            text, tone = f"{PROVISIONAL}{text}", "alarm"
        cells.append(GridCell(text, tone or ("quiet" if value in (None, 0) else "")))
    return cells


def _marked(words: Wording, report: Report, row: Sequence[Value], place: int) -> GridCell:
    text = _said(words, report.columns[place], row[place], "UTC")
    if provisional_days(report, row):
        return GridCell(f"{text}{PROVISIONAL}", "alarm")
    return GridCell(f"{text} ", "quiet" if row[place] is None else "")


def _said(words: Wording, column: Column, value: Value, zone: str) -> str:
    if value is None:
        return NOTHING
    if column.kind is ColumnKind.PERCENT:
        return percent(value)
    if column.kind is ColumnKind.SECONDS and isinstance(value, int):
        return hours(value)
    if column.kind is ColumnKind.INSTANT and isinstance(value, int):
        return f"{at_site(value, zone):%Y-%m-%d %H:%M}"
    if column.kind is ColumnKind.CODE:
        family = _CODES.get(column.name, column.name)
        return words.term(f"{family}.{value}", str(value))
    return shown(str(value))


def _bar(value: Value) -> str:
    done = value / 100 if isinstance(value, int | float) else 0.0
    return "".join(progress(done, _BAR)) if value is not None else " " * _BAR


def _heading(words: Wording, column: Column) -> str:
    return words.term(f"report.column.{column.name}", column.name)


def _frozen(columns: Sequence[Column]) -> int:
    """All that says what a row is about."""
    return max(1, sum(column.name in _HEADS for column in columns))


def _key(row: Sequence[Value], places: Sequence[int]) -> tuple[str, ...]:
    return tuple(str(row[place] or "") for place in places)


def _at(report: Report, row: Sequence[Value], name: str) -> Value:
    cells = zip(report.columns, row, strict=True)
    return next((value for column, value in cells if column.name == name), None)
