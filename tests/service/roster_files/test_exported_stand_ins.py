"""Shifts that somebody else works, in exported rosters."""

import csv
from collections.abc import Iterator
from pathlib import Path

import pytest
from icalendar import Calendar, Event

from protocol.facts.attendance import SubstituteNamed
from protocol.facts.shift import Activity
from tests.service.operator import Operator
from tests.service.rosters import coming_monday, later
from tests.service.shifts import Shifts, shifts

MONDAY = coming_monday()
TUESDAY = later(MONDAY, 1)
MORNING = (("08:00", "12:00", Activity.WORK), ("12:00", "12:30", Activity.MEAL))
EVENING = (("18:00", "22:00", Activity.WORK),)
OWN, WORKED = f"1001-{MONDAY}", f"1002-{MONDAY}-for-1001"


@pytest.fixture
def floor(tmp_path: Path) -> Iterator[Shifts]:
    """1002 works an evening, and 1003 of another team nothing."""
    with shifts(tmp_path / "data") as found:
        found.hire("1001", "1002")
        found.hire("1003", team="B")
        found.plan("1001", MORNING, MONDAY)
        found.plan("1002", EVENING, MONDAY)
        yield found


def named(floor: Shifts, substitute: str) -> None:
    floor.record(SubstituteNamed("1001", MONDAY, substitute, "2001", "ill"))


def export(operator: Operator, floor: Shifts, tmp_path: Path, name: str, *words: str) -> Path:
    file = tmp_path / name
    span = ("--from", MONDAY.isoformat(), "--to", TUESDAY.isoformat())
    data = ("--data", str(tmp_path / "data"))
    code, _, err = operator.run("export", "roster", str(file), *span, *data, *words)
    assert code == 0, err
    return file


def standing(file: Path) -> dict[str, str]:
    """Of each event."""
    return {str(each["UID"]): str(each["STATUS"]) for each in events(file)}


def events(file: Path) -> list[Event]:
    found = Calendar.from_ical(file.read_bytes()).walk("VEVENT")
    return [each for each in found if isinstance(each, Event)]


def test_a_shift_is_in_the_calendar_of_whoever_works_it(
    floor: Shifts, operator: Operator, tmp_path: Path
) -> None:
    own = {f"{OWN}-{number}@seatline": "CONFIRMED" for number in range(2)}
    evening = {f"1002-{MONDAY}-0@seatline": "CONFIRMED"}
    worked = {f"{WORKED}-{number}@seatline": "CONFIRMED" for number in range(2)}
    assert standing(export(operator, floor, tmp_path, "0.ics")) == own | evening
    named(floor, "1002")
    file = export(operator, floor, tmp_path, "1.ics", "--lang", "en")
    gone = dict.fromkeys(own, "CANCELLED")
    assert standing(file) == gone | evening | worked
    (shift,) = (each for each in events(file) if each["UID"] == f"{WORKED}-0@seatline")
    assert str(shift["SUMMARY"]).endswith(" · name 1002 (for 1001)")
    assert [each.start for each in events(file) if each["UID"] == f"{OWN}-0@seatline"] == [
        shift.start
    ]
    alone = export(operator, floor, tmp_path, "2.ics", "--agent", "1002")
    assert standing(alone) == evening | worked
    named(floor, "1003")
    back = dict.fromkeys(worked, "CANCELLED")
    others = export(operator, floor, tmp_path, "3.ics", "--team", "A")
    assert standing(others) == gone | evening | back
    of_third = export(operator, floor, tmp_path, "4.ics", "--agent", "1003")
    assert standing(of_third) == {key.replace("1002-", "1003-"): worked[key] for key in worked}
    named(floor, "")
    assert standing(export(operator, floor, tmp_path, "5.ics", "--team", "A")) == (
        own | evening | back
    )


@pytest.mark.parametrize("suffix", [".ics", ".csv", ".xlsx"])
def test_it_reads_as_the_same_roster(
    floor: Shifts, operator: Operator, tmp_path: Path, suffix: str
) -> None:
    named(floor, "1002")
    file = export(operator, floor, tmp_path, f"roster{suffix}")
    code, _, err = operator.run("import", "roster", str(file), "--data", str(tmp_path / "data"))
    assert code == 0, err
    (drafts,) = floor.connection.execute("SELECT count(*) FROM roster_draft").fetchone()
    assert drafts == 0, err


def test_a_table_says_who_works_a_shift(floor: Shifts, operator: Operator, tmp_path: Path) -> None:
    without = export(operator, floor, tmp_path, "0.csv", "--lang", "en")
    assert "substitute" not in without.read_text(encoding="utf-8-sig")
    named(floor, "1002")
    file = export(operator, floor, tmp_path, "1.csv", "--lang", "en")
    with file.open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert [(row["number"], row["substitute"]) for row in rows] == [
        ("1001", "1002"),
        ("1001", "1002"),
        ("1002", ""),
    ]
