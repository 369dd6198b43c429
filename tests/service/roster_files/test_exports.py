"""An export reads as what it was made of."""

import csv
from pathlib import Path

import pytest
from icalendar import Calendar

from tests.service.operator import Operator
from tests.service.roster_files.files import (
    MONDAY,
    TUESDAY,
    WEDNESDAY,
    Run,
    drafted,
    in_force,
    span,
    table,
)
from tests.service.rosters import (
    DAY,
    plan_of,
)


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
