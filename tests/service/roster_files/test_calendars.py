"""Calendars of other programs, every fault named."""

from pathlib import Path

import pytest

from tests.service.roster_files.files import (
    MONDAY,
    TUESDAY,
    WEDNESDAY,
    Run,
    at,
    drafted,
    in_force,
    stamp,
)
from tests.service.rosters import (
    calendar,
)


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
