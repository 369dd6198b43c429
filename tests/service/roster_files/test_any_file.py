"""Whatever stands in a file is a plan or a fault."""

from pathlib import Path

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from agent_service.commands.rosters_words import column_words, plan_words
from agent_service.rosters.calendar_file import RosterCalendar
from agent_service.rosters.plan_cells import PlanCells
from agent_service.rosters.roster_sheet import RosterSheet
from agent_service.sheets import Line
from tests.service.rosters import BOOK, ZONE, calendar

WORDS, COLUMNS = plan_words(BOOK), column_words()
CELLS = st.sampled_from(
    [
        *("", "1001", "day", "off", "-", "22:00-06:00", "9:00-8:00 MEAL", "24:00", "25:00-26:00"),
        *("2026-12-01", "0001-01-01", "9999-12-31", "9999-12-31 23:00", "2026-12-01 09:00"),
        *("02:30+01:00-03:00-14:00", "09:00-10:00,09:30-11:00 MEAL", "09:00-", "number", "=1"),
        *("start", "end", "pattern", "activity", "WORK", "09:00:61", "09：00—10：00"),
    ]
) | st.text(max_size=12)


@given(st.lists(st.lists(CELLS, max_size=6), max_size=6))
@example([["number", "9999-12-31"], ["1001", "night"]])
@example([["number", "day", "start", "end"], ["1001", "2026-12-01", "0001-01-01 00:00", "24:00"]])
def test_whatever_stands_in_a_table_is_a_plan_or_a_fault(rows: list[list[str]]) -> None:
    lines = [Line(number, tuple(row)) for number, row in enumerate(rows, 1)]
    sheet = RosterSheet(lines, COLUMNS, PlanCells(BOOK, WORDS))
    assert all(fault.line <= max(1, len(rows)) for fault in sheet.faults)
    assert len({(each.agent, each.day) for each in sheet.days}) == len(sheet.days)


VALUES = st.sampled_from(
    [
        *("20261201T090000Z", "20261201T090000", "20261201", "00010101T000000Z", "99991231"),
        *(
            "99991231T235959Z",
            "PT1H",
            "-P1D",
            "P999999999D",
            "-P999999999D",
            "soon",
            "",
            "OFF",
            "WORK",
            "MEAL,x",
        ),
        *("1001", "mailto:1001@x", "mailto:", "FREQ=DAILY", "2026-12-01", "day", "CANCELLED"),
    ]
)
NAMES = st.sampled_from(
    [
        *("DTSTART", "DTSTART;VALUE=DATE", "DTSTART;TZID=Asia/Shanghai", "DTSTART;TZID=Mars"),
        *("DTEND", "DTEND;VALUE=DATE", "DURATION", "CATEGORIES", "ATTENDEE", "RRULE", "STATUS"),
        *("X-SEATLINE-AGENT", "X-SEATLINE-DAY", "X-SEATLINE-PATTERN"),
    ]
)


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.lists(st.tuples(NAMES, VALUES), max_size=6), min_size=1, max_size=4))
@example([[("X-SEATLINE-AGENT", "1001"), ("DTSTART", "99991231T235959Z"), ("DURATION", "PT1H")]])
def test_whatever_stands_in_a_calendar_is_a_plan_or_a_fault(
    tmp_path: Path, events: list[list[tuple[str, str]]]
) -> None:
    texts = ["\n".join(f"{name}:{value}" for name, value in event) for event in events]
    read = RosterCalendar(calendar(tmp_path, *texts), WORDS, ZONE)
    assert len(read.days) <= 366 * len(events)
    assert all(fault.line > 3 for fault in read.faults)
