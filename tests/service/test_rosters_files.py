"""Rosters in files: tables as people write them, calendars of other programs, every fault named,
and an export that reads as what it was made of."""

import contextlib
import csv
import sqlite3
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import msgspec
import pytest
import xlsxwriter
from icalendar import Calendar

from agent_service import database
from agent_service.commands import rosters, rosters_publish
from agent_service.commands.ledger import verify
from agent_service.commands.rosters_words import short_told
from agent_service.rosters import store
from protocol.facts.shift import Activity, PlannedSegment
from protocol.i18n import load
from protocol.rules.roster_check_coverage import HalfHour
from tests.service.operator import Operator
from tests.service.people import disable
from tests.service.rosters import (
    DAY,
    LATE,
    NIGHT,
    ZONE,
    calendar,
    coming_monday,
    later,
    plan_of,
)

MONDAY = coming_monday()
TUESDAY, WEDNESDAY = later(MONDAY, 1), later(MONDAY, 2)
PATTERNS = """
patterns = [
    { name = "day", start = "09:00", end = "18:00", labels = { zh_CN = "白班" }, segments = [
        { start = "12:00", end = "13:00", activity = "MEAL" },
        { start = "15:30", end = "15:45", activity = "BREAK" },
    ] },
    { name = "late", start = "13:00", end = "22:00", segments = [
        { start = "15:00", end = "15:15", activity = "BREAK" },
        { start = "17:00", end = "18:00", activity = "MEAL" },
        { start = "20:00", end = "20:15", activity = "BREAK" },
    ] },
    { name = "night", start = "22:00", end = "06:00", segments = [
        { start = "00:00", end = "00:15", activity = "BREAK" },
        { start = "02:00", end = "02:30", activity = "MEAL" },
    ] },
    { name = "long", start = "08:00", end = "23:00" },
]
"""
Plans = dict[tuple[str, date], tuple[PlannedSegment, ...]]
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(operator: Operator, data: Path, tmp_path: Path) -> Run:
    """Type a command on the test's database, with the patterns of the tests."""
    config = tmp_path / "service.toml"
    config.write_text(PATTERNS, encoding="utf-8")

    def typed(*words: str) -> tuple[int, str, str]:
        return operator.run("--lang", "en", *words, "--data", str(data), "--config", str(config))

    return typed


def in_force(data: Path) -> Plans:
    with contextlib.closing(sqlite3.connect(data / database.FILE)) as connection:
        rows = store.in_force(connection, date(2026, 1, 1), date(2099, 12, 31))
    return {key: row.planned_segments() for key, row in rows.items()}


def drafted(data: Path) -> int:
    with contextlib.closing(sqlite3.connect(data / database.FILE)) as connection:
        (count,) = connection.execute("SELECT count(*) FROM roster_draft").fetchone()
    return int(count)


def table(folder: Path, *rows: tuple[str, ...], name: str = "roster.csv") -> Path:
    path = folder / name
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows(rows)
    return path


def at(day: date, clock: str) -> int:
    local = datetime.combine(day, datetime.strptime(clock, "%H:%M").time(), ZONE)  # noqa: DTZ007 - a clock alone
    return int(local.timestamp() * 1000)


def stamp(day: date, clock: str) -> str:
    """As calendars write instants."""
    return datetime.fromtimestamp(at(day, clock) / 1000, UTC).strftime("%Y%m%dT%H%M%SZ")


def span(first_day: date = MONDAY, last_day: date = later(MONDAY, 6)) -> tuple[str, ...]:  # noqa: B008 - a date
    return "--from", first_day.isoformat(), "--to", last_day.isoformat()


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


def test_a_calendar_of_another_program_is_read(run: Run, data: Path, tmp_path: Path) -> None:
    path = calendar(
        tmp_path,
        f"ATTENDEE;CN=Wang:mailto:1001@example.com\nDTSTART:{stamp(MONDAY, '09:00')}\n"
        f"DTEND:{stamp(MONDAY, '18:00')}",
        f"X-SEATLINE-AGENT:1001\nDTSTART;TZID=Asia/Shanghai:{MONDAY:%Y%m%d}T120000\n"
        "DURATION:PT1H\nCATEGORIES:MEAL",
        f"X-SEATLINE-AGENT:1002\nDTSTART:{stamp(MONDAY, '22:00')}\nDTEND:{stamp(TUESDAY, '01:00')}",
        f"X-SEATLINE-AGENT:1002\nDTSTART:{stamp(TUESDAY, '01:00')}\nDTEND:{stamp(TUESDAY, '03:00')}"
        "\nCATEGORIES:Shift,TRAINING",
        f"X-SEATLINE-AGENT:1003\nDTSTART;VALUE=DATE:{MONDAY:%Y%m%d}\n"
        f"DTEND;VALUE=DATE:{WEDNESDAY:%Y%m%d}\nCATEGORIES:OFF",
        f"X-SEATLINE-AGENT:1003\nSTATUS:CANCELLED\nDTSTART:{stamp(MONDAY, '09:00')}",
    )
    code, out, err = run("import", "roster", str(path), "--publish", "--accept-warnings")
    assert (code, out.strip()) == (0, "1"), err
    plans = in_force(data)
    assert [each.activity for each in plans["1001", MONDAY]] == ["WORK", "MEAL", "WORK"]
    night = plans["1002", MONDAY]
    assert [each.activity for each in night] == ["WORK", "TRAINING"]
    assert night[-1].end_ms == at(TUESDAY, "03:00")
    assert {key: plans[key] for key in plans if key[0] == "1003"} == {
        ("1003", MONDAY): (),
        ("1003", TUESDAY): (),
    }


def test_every_bad_event_is_named_and_nothing_is_guessed(
    run: Run, data: Path, tmp_path: Path
) -> None:
    who, when = "X-SEATLINE-AGENT:1001", f"DTSTART:{stamp(MONDAY, '09:00')}\nDURATION:PT1H"
    events = (
        f"{who}\n{when}\nRRULE:FREQ=DAILY;COUNT=5",
        when,
        f"ATTENDEE:mailto:1001@x\nATTENDEE:mailto:1002@x\n{when}",
        f"{who}\nDTSTART:{stamp(MONDAY, '09:00')}",
        f"{who}\nDTSTART:{MONDAY:%Y%m%d}T090000\nDURATION:PT1H",
        f"{who}\nDTSTART;TZID=Mars/Olympus:{MONDAY:%Y%m%d}T090000\nDURATION:PT1H",
        f"{who}\nDTSTART;VALUE=DATE:{MONDAY:%Y%m%d}",
        f"{who}\n{when}\nCATEGORIES:NAP",
        f"{who}\nDTSTART:soon\nDURATION:PT1H",
        f"X-SEATLINE-AGENT:1 1\n{when}",
        f"{who}\nDTSTART:{stamp(TUESDAY, '10:00')}\nDTEND:{stamp(TUESDAY, '09:00')}",
        f"{who}\nDTSTART:{stamp(TUESDAY, '10:00')}\nDTEND:{stamp(TUESDAY, '10:00')}",
        f"{who}\nDTSTART;VALUE=DATE:{MONDAY:%Y%m%d}\nDURATION:P367D\nCATEGORIES:OFF",
        f"{who}\nDTSTART;VALUE=DATE:{MONDAY:%Y%m%d}\nDURATION:P9999D\nCATEGORIES:OFF",
    )
    code, _, err = run("import", "roster", str(calendar(tmp_path, *events)))
    named = [line.partition(":")[0].rpartition(" ")[2] for line in err.splitlines()[:-1]]
    assert named == [
        *("RRULE", "X-SEATLINE-AGENT", "X-SEATLINE-AGENT", "DTSTART", "DTSTART", "DTSTART"),
        *("DTSTART", "CATEGORIES", "DTSTART", "X-SEATLINE-AGENT", "DTEND", "DTEND"),
        *("DTSTART", "DTSTART"),
    ]
    assert err.startswith("Line 4, column RRULE: This event repeats")
    assert (code, drafted(data)) == (1, 0)


@pytest.mark.parametrize("content", [b"", b"garbage", b"\xff\xfe\x00", b"BEGIN:VCALENDAR\r\n"])
def test_a_file_that_is_no_calendar_is_refused(run: Run, tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "roster.ics"
    path.write_bytes(content)
    code, _, err = run("import", "roster", str(path))
    assert (code, "[calendar_unreadable]" in err) == (1, True)


def test_findings_are_told_and_keep_it_from_being_published(
    run: Run, data: Path, tmp_path: Path
) -> None:
    path = table(
        tmp_path,
        ("number", MONDAY.isoformat(), TUESDAY.isoformat()),
        ("1001", "long", "day"),
        ("1002", "late", "07:00-10:00"),
    )
    code, out, err = run("import", "roster", str(path), "--publish", "--accept-warnings")
    assert (code, out, drafted(data), in_force(data)) == (1, "", 0, {})
    assert f"refused: 1001, {MONDAY.isoformat()}: 15 h 00 min of work without a rest" in err
    assert "[roster_refused]" in err
    assert run("import", "roster", str(path))[0] == 0
    code, out, _ = run("roster", "check", *span(), "--json")
    assert (code, msgspec.json.decode(out)["changes"]) == (1, 4)
    table(tmp_path, ("number", MONDAY.isoformat()), ("1001", "day"))
    run("import", "roster", str(path))
    code, out, err = run("roster", "check", *span())
    assert (code, out.count("warning: 1002"), out.count("refused")) == (0, 1, 0), err
    assert run("roster", "publish", *span())[0] == 1
    assert run("roster", "publish", *span(), "--accept-warnings", "--note", "busy")[0] == 0
    assert (len(in_force(data)), drafted(data)) == (4, 0)
    assert run("roster", "publish", *span())[0] == 1


def test_half_hours_that_lack_as_many_heads_are_told_as_one_stretch() -> None:
    def half_hour(clock: str, short: int) -> HalfHour:
        return HalfHour(at(MONDAY, clock), 0, 0, short, short)

    lacking = [half_hour("10:00", 2), half_hour("10:30", 2), half_hour("11:00", 1)]
    told = list(short_told(load("en"), [*lacking, half_hour("14:00", 1)], ZONE))
    day = MONDAY.isoformat()
    assert told == [
        f"{day} 10:00–11:00: 2 lacking",
        f"{day} 11:00–11:30: 1 lacking",
        f"{day} 14:00–14:30: 1 lacking",
    ]


@pytest.mark.parametrize("suffix", [".csv", ".xlsx", ".ics"])
@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_an_export_reads_as_the_same_roster(
    run: Run, operator: Operator, data: Path, tmp_path: Path, suffix: str, language: str
) -> None:
    publish = ("--publish", "--accept-warnings")
    mixed = "09:00-10:00, 10:00-10:30 MEETING, 11:00-12:00, 19:00:30-20:00 ONLINE"
    path = table(
        tmp_path,
        ("number", MONDAY.isoformat(), TUESDAY.isoformat(), WEDNESDAY.isoformat()),
        ("1001", "day", mixed, "off"),
        ("1002", "night", "off", "22:30-00:30, 00:30-01:00 BREAK, 01:00-03:00"),
    )
    assert run("import", "roster", str(path), *publish)[0] == 0
    before = in_force(data)
    file = tmp_path / f"export{suffix}"
    assert run("export", "roster", str(file), *span(), "--lang", language)[0] == 0
    assert run("import", "roster", str(file), *publish)[:2] == (0, "")
    assert (in_force(data), drafted(data)) == (before, 0)
    wiped = table(
        tmp_path,
        ("number", MONDAY.isoformat(), TUESDAY.isoformat(), WEDNESDAY.isoformat()),
        ("1001", "off", "off", "off"),
        ("1002", "off", "off", "off"),
    )
    assert run("import", "roster", str(wiped), "--publish")[0] == 0
    assert run("import", "roster", str(file), *publish)[0] == 0
    assert in_force(data) == before


def events(path: Path) -> dict[str, tuple[str, int]]:
    """What a calendar is told of each event: its standing, and which telling it is."""
    found = Calendar.from_ical(path.read_bytes()).walk("VEVENT")
    return {str(each["UID"]): (str(each["STATUS"]), int(each["SEQUENCE"])) for each in found}


def test_a_calendar_that_read_an_earlier_export_lets_go_of_what_is_no_more(
    run: Run, tmp_path: Path
) -> None:
    told = []
    for number, plan in enumerate(("day", "09:00-12:00, 13:00-17:00", "off", "late")):
        path = table(tmp_path, ("number", MONDAY.isoformat()), ("1001", plan))
        assert run("import", "roster", str(path), "--publish", "--accept-warnings")[0] == 0
        file = tmp_path / f"{number}.ics"
        assert run("export", "roster", str(file), *span(), "--agent", "1001")[0] == 0
        told.append(events(file))
    names = [f"1001-{MONDAY}-{number}@seatline" for number in range(7)]
    for number, (present, length) in enumerate(((5, 5), (2, 5), (1, 5), (7, 7)), 1):
        standing = ["CONFIRMED"] * present + ["CANCELLED"] * (length - present)
        assert told[number - 1] == {
            name: (each, number) for name, each in zip(names, standing, strict=False)
        }
    assert run("import", "roster", str(file), "--publish")[:2] == (0, "")


def test_as_much_is_brought_in_at_once_as_keeps_nobody_waiting(
    run: Run, data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for room in (rosters, rosters_publish):
        monkeypatch.setattr(room, "MOST_DAYS", 1)
    path = table(
        tmp_path,
        ("number", MONDAY.isoformat()),
        ("1001", "day"),
        ("1002", "day"),
    )
    for how in ("--draft", "--publish"):
        code, _, err = run("import", "roster", str(path), how)
        assert (code, "[too_many_days]" in err) == (1, True)
    assert (in_force(data), drafted(data)) == ({}, 0)


def test_an_export_is_of_whom_and_when_it_was_asked_for(run: Run, tmp_path: Path) -> None:
    path = table(
        tmp_path,
        ("number", MONDAY.isoformat(), TUESDAY.isoformat()),
        ("1001", "day", "day"),
        ("1002", "day", "day"),
    )
    assert run("import", "roster", str(path), "--publish")[0] == 0
    of_team, of_one = tmp_path / "team.csv", tmp_path / "one.ics"
    assert run("export", "roster", str(of_team), *span(MONDAY, MONDAY), "--team", "B")[0] == 0
    rows = of_team.read_text(encoding="utf-8-sig").splitlines()
    assert list(csv.reader(rows[1:])) == [["1002", "Li Wei", MONDAY.isoformat(), "day", "", "", ""]]
    assert run("export", "roster", str(of_one), *span(), "--agent", "1001")[0] == 0
    assert of_one.read_text().count("BEGIN:VEVENT") == 2 * len(plan_of(DAY, MONDAY))
    for words, code in (
        (("--team", "Z"), "[unknown_team]"),
        (("--agent", "9999"), "[unknown_agent]"),
    ):
        assert code in run("export", "roster", str(tmp_path / "x.csv"), *span(), *words)[2]
    assert "[file_exists]" in run("export", "roster", str(of_one), *span())[2]
    assert (
        "[bad_span]" in run("export", "roster", str(tmp_path / "x.csv"), *span(TUESDAY, MONDAY))[2]
    )


def test_an_import_does_not_touch_drafts_where_it_is_refused(
    run: Run, data: Path, tmp_path: Path
) -> None:
    good = table(tmp_path, ("number", MONDAY.isoformat()), ("1001", "day"))
    assert run("import", "roster", str(good))[0] == 0
    bad = table(tmp_path, ("number", MONDAY.isoformat()), ("1001", "long"), name="bad.csv")
    assert "[roster_refused]" in run("import", "roster", str(bad), "--publish")[2]
    assert (drafted(data), in_force(data)) == (1, {})
    other = table(tmp_path, ("number", MONDAY.isoformat()), ("1001", "late"), name="late.csv")
    assert run("import", "roster", str(other), "--publish")[0] == 0
    assert (drafted(data), list(in_force(data).values())) == (0, [plan_of(LATE, MONDAY)])


def test_nobody_is_planned_who_may_not_sign_in(run: Run, data: Path, tmp_path: Path) -> None:
    disable(data, "1002")
    path = table(tmp_path, ("number", MONDAY.isoformat()), ("1001", "day"), ("1002", "day"))
    code, _, err = run("import", "roster", str(path))
    assert (code, err.startswith("Line 3, column day: 1002 is closed")) == (1, True), err


def test_a_year_without_known_holidays_is_told(run: Run) -> None:
    year = coming_monday().year + 2
    code, _, err = run("roster", "check", "--from", f"{year}-01-01", "--to", f"{year}-01-02")
    assert (code, f"public holidays of {year}" in err) == (0, True)
