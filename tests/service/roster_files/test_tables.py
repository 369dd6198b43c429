"""Tables with rosters as people write them, every fault named."""

from datetime import datetime
from pathlib import Path

import pytest
import xlsxwriter

from agent_service.commands.ledger import verify
from protocol.facts.shift import Activity, PlannedSegment
from tests.service.roster_files.files import (
    MONDAY,
    TUESDAY,
    WEDNESDAY,
    Run,
    at,
    drafted,
    in_force,
    span,
    table,
)
from tests.service.rosters import (
    DAY,
    NIGHT,
    plan_of,
)


def test_a_long_table_is_read_as_people_write_it(run: Run, data: Path, tmp_path: Path) -> None:
    chinese = MONDAY.strftime("%Y/%m/%d")
    path = table(
        tmp_path,
        ("工号", "姓名", "日期", "班次", "开始", "结束", "活动"),
        ("1001", "王芳", chinese, "DAY", "", "", ""),
        ("1001", "", TUESDAY.isoformat(), "休", "", "", ""),
        ("1002", "", TUESDAY.isoformat(), "", "23:00", "2:00", "上线"),
        ("1002", "", TUESDAY.isoformat(), "", "2:00", "2:30", "meal"),
        ("1002", "", TUESDAY.isoformat(), "", "2:30", "05:00:00", ""),
    )
    code, out, err = run("import", "roster", str(path), "--publish")
    assert (code, out.strip()) == (0, "1"), err
    assert in_force(data) == {
        ("1001", MONDAY): plan_of(DAY, MONDAY),
        ("1001", TUESDAY): (),
        ("1002", TUESDAY): (
            PlannedSegment(at(TUESDAY, "23:00"), at(WEDNESDAY, "02:00"), Activity.WORK),
            PlannedSegment(at(WEDNESDAY, "02:00"), at(WEDNESDAY, "02:30"), Activity.MEAL),
            PlannedSegment(at(WEDNESDAY, "02:30"), at(WEDNESDAY, "05:00"), Activity.WORK),
        ),
    }


def test_every_row_of_which_the_time_is_no_plan_is_named(
    run: Run, data: Path, tmp_path: Path
) -> None:
    monday, tuesday = MONDAY.isoformat(), TUESDAY.isoformat()
    path = table(
        tmp_path,
        ("number", "day", "start", "end", "activity"),
        ("1001", monday, "09:00", "12:00", "work"),
        ("1001", monday, "11:00", "13:00", "break"),
        ("1002", monday, "09:00", "18:00", "work"),
        ("1002", monday, "12:00", "12:00", "meal"),
        ("1001", tuesday, "09:00", "18:00", "work"),
        ("1001", tuesday, "17:00", "20:00", "work"),
        ("1002", tuesday, "09:00", "12:00", "work"),
        ("1002", tuesday, "12:00", "18:00", "work"),
        ("1002", tuesday, "11:45", "12:15", "break"),
    )
    code, _, err = run("import", "roster", str(path), "--publish")
    assert (code, in_force(data)) == (1, {})
    named = [line.partition(": ")[::2] for line in err.splitlines()[:-1]]
    assert [place for place, _ in named] == [
        "Line 3, column start",
        "Line 5, column end",
        "Line 7, column start",
    ]
    assert "line 2" in named[0][1]
    assert "line 6" in named[2][1]


def test_a_wide_table_of_excel_is_read_as_people_write_it(
    run: Run, data: Path, tmp_path: Path
) -> None:
    path = tmp_path / "roster.xlsx"
    with xlsxwriter.Workbook(str(path), {"default_date_format": "yyyy-mm-dd"}) as workbook:
        sheet = workbook.add_worksheet()
        sheet.write_row(0, 0, ["number", "name"])
        for column, day in enumerate((MONDAY, TUESDAY, WEDNESDAY), 2):
            sheet.write_datetime(0, column, datetime(day.year, day.month, day.day))  # noqa: DTZ001 - a cell has no zone
        sheet.write_number(1, 0, 1001)
        sheet.write_row(1, 1, ["Wang", "白班", "09:00-12:00、13:00-15:00 培训", "-"])
        sheet.write_row(2, 0, ["1002", "", "", "Night", "off"])
    code, _, err = run("import", "roster", str(path))
    assert (code, drafted(data), in_force(data)) == (0, 5, {}), err
    assert run("roster", "publish", *span())[0] == 0
    plans = in_force(data)
    assert plans["1001", MONDAY] == plan_of(DAY, MONDAY)
    assert [each.activity for each in plans["1001", TUESDAY]] == ["WORK", "TRAINING"]
    assert plans["1002", TUESDAY] == plan_of(NIGHT, TUESDAY)
    assert plans["1001", WEDNESDAY] == plans["1002", WEDNESDAY] == ()
    assert ("1002", MONDAY) not in plans


def test_every_bad_row_of_a_long_table_is_named(run: Run, data: Path, tmp_path: Path) -> None:
    good = MONDAY.isoformat()
    path = table(
        tmp_path,
        ("number", "day", "pattern", "start", "end", "activity"),
        ("1001", good, "day", "", "", ""),
        ("9999", good, "day", "", "", ""),
        ("10 01", good, "day", "", "", ""),
        ("1001", "2026-13-01", "day", "", "", ""),
        ("1001", "tomorrow", "", "9 am", "", ""),
        ("1002", good, "evening", "", "", ""),
        ("1002", good, "", "09:00", "25:00", "nap"),
        ("1001", good, "late", "", "", ""),
        ("1003", good, "", "09:00", "10:00", "MEAL"),
        ("1003", good, "", "09:30", "11:00", "BREAK"),
        ("1003", "2026-01-05", "day", "", "", ""),
    )
    entries = verify(data).position
    code, out, err = run("import", "roster", str(path))
    assert (code, out) == (1, "")
    named = [line.partition(":")[0] for line in err.splitlines()[:-1]]
    assert named == [
        "Line 3, column number",
        "Line 4, column number",
        "Line 5, column day",
        "Line 6, column day",
        "Line 6, column start",
        "Line 6, column end",
        "Line 7, column pattern",
        "Line 8, column end",
        "Line 8, column activity",
        "Line 9, column day",
        "Line 11, column start",
        "Line 12, column day",
    ]
    assert "12 faults" in err
    assert (drafted(data), verify(data).position) == (0, entries)


def test_every_bad_cell_of_a_wide_table_is_named(run: Run, data: Path, tmp_path: Path) -> None:
    path = table(
        tmp_path,
        ("number", MONDAY.isoformat(), TUESDAY.strftime("%Y.%m.%d"), "2026-02-30"),
        ("1001", "day", "day", ""),
    )
    code, _, err = run("import", "roster", str(path))
    assert (code, err.splitlines()[0].partition(":")[0]) == (1, "Line 1, column 2026-02-30")
    path = table(
        tmp_path,
        ("number", MONDAY.isoformat(), TUESDAY.isoformat()),
        ("1001", "evening", "09:00-"),
        ("1002", "09:00-18:00 nap", "day"),
        ("1002", "", "late"),
        ("", "day", ""),
    )
    code, _, err = run("import", "roster", str(path))
    named = [line.partition(":")[0] for line in err.splitlines()[:-1]]
    assert named == [
        f"Line 2, column {MONDAY.isoformat()}",
        f"Line 2, column {TUESDAY.isoformat()}",
        f"Line 3, column {MONDAY.isoformat()}",
        f"Line 4, column {TUESDAY.isoformat()}",
        "Line 5, column number",
    ]
    assert (code, drafted(data)) == (1, 0)


@pytest.mark.parametrize(
    "head",
    [("day", "pattern"), ("number", "pattern"), ("number", "day", "colour"), ("number", "number")],
)
def test_a_head_that_is_none_is_named(run: Run, tmp_path: Path, head: tuple[str, ...]) -> None:
    code, _, err = run("import", "roster", str(table(tmp_path, head, ("1001", "day"))))
    assert (code, err.startswith("Line 1, column ")) == (1, True)
