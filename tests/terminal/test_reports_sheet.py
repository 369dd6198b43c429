"""Reports: which one, its table, months side by side, and the file."""

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual.widgets import Input

from agent_client.terminal.report_file import path_of, save
from agent_client.terminal.report_grid import Grid, GridColumn, aligned, furthest, placed
from agent_client.terminal.report_span import Span, SpanKind, month_around, shifted, week_around
from agent_client.terminal.report_table import by_months, report_table
from agent_client.terminal.screens.field_fault import FieldFault
from agent_client.terminal.screens.report import ReportSheet
from agent_client.terminal.screens.report_choose import ReportForm
from agent_client.terminal.screens.report_save import SaveForm
from agent_client.terminal.widgets.report_grid import ReportGrid
from agent_client.terminal.wording import Wording
from protocol.i18n import load
from protocol.wire.errors import Code, Refused
from protocol.wire.report import GetReport, Report
from tests.terminal.fake_seat import FakeSeat
from tests.terminal.requests_scenes import MONTHLY, REPORT, answer
from tests.terminal.sheets import LEADER, signed_in
from tests.terminal.showing import opened, reads, text_of
from tests.terminal.waiting import until

WORDS = Wording(load("en"))
NOVEMBER = Span(date(2026, 11, 1), date(2026, 11, 30))


def asked(seat: FakeSeat) -> list[GetReport]:
    """The reports that were asked for."""
    return [each for each in seat.asked_service() if isinstance(each, GetReport)]


@given(st.dates(date(1990, 1, 1), date(2090, 1, 1)), st.integers(-30, 30))
def test_a_month_goes_to_months_and_back(day: date, steps: int) -> None:
    span = month_around(day)
    there = shifted(span, steps)
    assert there.kind is SpanKind.MONTH
    assert shifted(there, -steps) == span


@given(st.dates(date(1990, 1, 1), date(2090, 1, 1)), st.integers(-30, 30))
def test_a_week_goes_to_weeks(day: date, steps: int) -> None:
    there = shifted(week_around(day), steps)
    assert (there.first.isoweekday(), there.days) == (1, 7)


def test_other_spans_go_by_their_length() -> None:
    three = Span(date(2026, 11, 10), date(2026, 11, 12))
    assert shifted(three, 1) == Span(date(2026, 11, 13), date(2026, 11, 15))
    quarter = Span(date(2026, 7, 1), date(2026, 9, 30))
    assert shifted(quarter, 1) == Span(date(2026, 10, 1), date(2026, 12, 31))


@given(st.lists(st.integers(1, 26), min_size=1, max_size=14), st.integers(20, 200))
def test_every_column_can_be_brought_into_sight(widths: list[int], width: int) -> None:
    grid = Grid(tuple(GridColumn("", each) for each in widths), ())
    offsets = range(furthest(grid, width) + 1)
    seen = {place for offset in offsets for place in placed(grid, offset, width)}
    assert seen == set(range(len(widths)))


def test_figures_stand_to_the_right_and_wide_characters_take_two_cells() -> None:
    assert aligned("4", GridColumn("Late", 6, right=True)) == "     4"
    assert aligned("王丽", GridColumn("Name", 6)) == "王丽  "
    assert aligned("王丽", GridColumn("Name", 6, right=True)) == "  王丽"


def test_what_is_unknown_is_marked_and_nothing_is_a_dash() -> None:
    grid = report_table(WORDS, REPORT, "UTC")
    share = [column.name for column in REPORT.columns].index("adherence")
    texts = [row[share].text for row in (*grid.rows, grid.total)]
    assert texts[0].startswith("96.85  ")
    assert texts[1].startswith("90.50~ ")
    assert texts[2].strip() == "–"
    assert texts[3].startswith("93.78~ ")
    assert grid.total[0].text == "Total"
    assert grid.frozen == 2


def test_months_stand_side_by_side() -> None:
    grid = by_months(WORDS, MONTHLY)
    assert grid is not None
    assert [column.heading for column in grid.columns][2:] == ["2026-10", "2026-11"]
    assert [[cell.text.strip() for cell in row] for row in grid.rows] == [
        ["1001", "王丽", "97.50", "96.85"],
        ["1002", "Ann-Kathrin Oberländer", "92.00", "–"],
    ]
    assert by_months(WORDS, REPORT) is None


async def test_this_months_adherence_comes_first(terminal, seat) -> None:
    async with signed_in(terminal, seat, LEADER, supervisor=True) as (app, pilot):
        await pilot.press("u")
        await reads(app, "Ann-Kathrin")
        assert "provisional" in text_of(app)
        await pilot.press("down")
        await reads(app, "days of this kind: 1; with them 91.25 % at best")
    assert asked(seat) == [GetReport(0, "adherence", NOVEMBER.first, NOVEMBER.last)]


async def test_columns_and_spans_move(terminal, seat) -> None:
    async with signed_in(terminal, seat, LEADER, supervisor=True) as (app, pilot):
        await pilot.press("u")
        await reads(app, "Ann-Kathrin")
        assert "91.25" not in text_of(app)
        await pilot.press(*["right"] * 9)
        await reads(app, "91.25")
        assert "1001" in text_of(app)
        await pilot.press("comma")
        await until(lambda: len(asked(seat)) == 2)
        await pilot.press("full_stop")
        await until(lambda: len(asked(seat)) == 3)
    assert [each.first_day for each in asked(seat)] == [
        date(2026, 11, 1),
        date(2026, 10, 1),
        date(2026, 11, 1),
    ]


async def test_another_report_of_one_person_in_a_week(terminal, seat) -> None:
    async with signed_in(terminal, seat, LEADER, supervisor=True) as (app, pilot):
        await pilot.press("u")
        await reads(app, "Ann-Kathrin")
        await pilot.press("n", "right", "tab", "right", "tab")
        app.screen.query_one("#first", Input).value = "11-18"
        app.screen.query_one("#agent", Input).value = "1002"
        await reads(app, "2026-11-16 – 2026-11-22")
        await pilot.press("shift+tab", "shift+tab", "down", "up", "enter")
        await until(lambda: len(asked(seat)) == 2)
        await until(lambda: isinstance(app.screen, ReportSheet))
    week = date(2026, 11, 16), date(2026, 11, 22)
    assert asked(seat)[1] == GetReport(0, "conformance", *week, agent="1002")


async def test_days_that_make_no_span_are_refused(terminal, seat) -> None:
    async with signed_in(terminal, seat, LEADER, supervisor=True) as (app, pilot):
        await pilot.press("u")
        await reads(app, "Ann-Kathrin")
        await pilot.press("n", "tab", "left")
        app.screen.query_one("#last", Input).value = "2026-10-01"
        await reads(app, "Which days?")
        app.screen.query_one("#team", Input).focus()
        await pilot.press("enter")
        await reads(app, "can't be shown at once")
        assert isinstance(app.screen, ReportForm)
    assert len(asked(seat)) == 1


async def test_months_need_a_span_of_several(terminal, seat) -> None:
    async with signed_in(terminal, seat, LEADER, supervisor=True) as (app, pilot):
        await pilot.press("u")
        await reads(app, "Ann-Kathrin")
        await pilot.press("v")
        await reads(app, "need a span of several months")
        seat.service[GetReport] = lambda _: MONTHLY
        await pilot.press("comma")
        await until(lambda: len(asked(seat)) == 2)
        await reads(app, "97.50")
        await pilot.press("v")
        await reads(app, "2026-10 2026-11")


async def test_a_report_that_is_refused_says_why(terminal, seat) -> None:
    seat.status = LEADER

    def refuse(_: object) -> Report:
        raise Refused(Code.NOT_PERMITTED)

    seat.service[GetReport] = refuse
    app = terminal(supervisor=True)
    async with opened(app) as pilot:
        await pilot.press("u")
        await reads(app, "Your role does not permit this")


async def test_a_long_report_costs_no_more_than_a_screen(terminal, seat) -> None:
    seat.status = LEADER
    rows = tuple((str(number), "x", *REPORT.rows[0][2:]) for number in range(5000))
    long = Report(
        *(0, "adherence", NOVEMBER.first, NOVEMBER.last, REPORT.columns, rows, REPORT.total),
        provisional=False,
        rule_versions=(),
    )
    seat.service[GetReport] = lambda _: long
    app = terminal(supervisor=True)
    async with opened(app) as pilot:
        await pilot.press("u")
        await reads(app, "of 5000")
        await pilot.press("end")
        await reads(app, "–5000 of 5000")
        assert app.screen.query_one(ReportGrid).cursor == 4999


async def test_excel_is_written_once_and_never_over_a_file(
    terminal, seat, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / "Downloads").mkdir()
    seat.status = LEADER
    answer(seat)
    app = terminal("zh_CN", supervisor=True)
    async with opened(app) as pilot:
        await pilot.press("u")
        await reads(app, "Ann-Kathrin")
        await pilot.press("x", "enter")
        await until(lambda: list((tmp_path / "Downloads").iterdir()))
        await until(lambda: isinstance(app.screen, ReportSheet))
        await pilot.press("x", "enter")
        await until(lambda: app.screen.query_one(FieldFault).display)
        assert isinstance(app.screen, SaveForm)
    (file,) = (tmp_path / "Downloads").iterdir()
    assert file.name == "adherence-2026-11-01_2026-11-30.xlsx"
    assert file.read_bytes() == b"an Excel file"
    assert [(each.file, each.language) for each in asked(seat)[1:]] == [(True, "zh_CN")] * 2


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("november", "november.xlsx"),
        ("v1.2", "v1.2.xlsx"),
        ("a.XLSX", "a.XLSX"),
        ("~/sub/a.xlsx", "sub/a.xlsx"),
    ],
)
def test_a_name_means_a_file_at_home(name: str, path: str, tmp_path: Path) -> None:
    assert path_of(name, tmp_path) == tmp_path / path


def test_a_file_that_cannot_be_written_says_why(tmp_path: Path) -> None:
    with pytest.raises(Refused) as refused:
        save("QQ==", tmp_path / "nowhere" / "a.xlsx")
    assert refused.value.code == Code.FILE_REFUSED
    with pytest.raises(Refused) as refused:
        save("no base64", tmp_path / "a.xlsx")
    assert refused.value.code == Code.FILE_REFUSED
    assert list(tmp_path.iterdir()) == []
