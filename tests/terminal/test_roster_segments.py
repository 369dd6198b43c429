"""Rows that people edit, and the plan that they mean."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent_client.terminal.roster_segments import (
    BadRow,
    EditRow,
    RowFault,
    minutes_of,
    rows_of,
    segments_of,
)
from protocol.facts.shift import Activity, PlannedSegment
from tests.terminal.plan_scenes import DAY_SHIFT, ZONE, at, shift

DAY = date(2026, 11, 25)
SHIFT = EditRow("09:00", "18:00")


def meal(start: str, end: str) -> EditRow:
    return EditRow(start, end, Activity.MEAL)


def test_a_shift_is_one_row_and_each_break_another() -> None:
    assert rows_of(shift(*DAY_SHIFT, day=DAY), ZONE) == (
        SHIFT,
        EditRow("10:30", "10:45", Activity.BREAK),
        meal("12:00", "13:00"),
        EditRow("15:30", "15:45", Activity.BREAK),
        EditRow("17:00", "18:00", Activity.TRAINING),
    )


def test_moving_a_break_leaves_the_shift_whole() -> None:
    made = segments_of((SHIFT, meal("13:00", "14:00")), DAY, ZONE)
    assert made == shift("09:00-13:00 WORK", "13:00-14:00 MEAL", "14:00-18:00 WORK", day=DAY)


def test_a_shift_in_two_parts_keeps_its_gap() -> None:
    plan = shift("08:00-12:00 WORK", "16:00-20:00 WORK", day=DAY)
    assert segments_of(rows_of(plan, ZONE), DAY, ZONE) == plan


def test_a_night_shift_goes_on_the_next_day() -> None:
    made = segments_of((EditRow("22:00", "07:00"), meal("02:00", "03:00")), DAY, ZONE)
    assert [each.start_ms for each in made] == [
        at("22:00", DAY),
        at("02:00", date(2026, 11, 26)),
        at("03:00", date(2026, 11, 26)),
    ]
    assert made[-1].end_ms == at("07:00", date(2026, 11, 26))


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("9", 540),
        ("09:30", 570),
        ("930", 570),
        ("0930", 570),
        ("９：３０", 570),
        ("24:00", 1440),
        ("24:01", None),
        ("25:00", None),
        ("9:60", None),
        ("", None),
        ("noon", None),
        ("-9", None),
    ],
)
def test_times_as_people_type_them(text: str, minutes: int | None) -> None:
    assert minutes_of(text) == minutes


@pytest.mark.parametrize(
    ("rows", "fault", "row", "field"),
    [
        ((), RowFault.NO_ROWS, 0, "start"),
        ((EditRow("  ", ""),), RowFault.NO_ROWS, 0, "start"),
        ((SHIFT, meal("", "13:00")), RowFault.NO_TIME, 1, "start"),
        ((SHIFT, meal("12:00", "x")), RowFault.NO_TIME, 1, "end"),
        ((EditRow("09:00", "09:00"),), RowFault.EMPTY, 0, "end"),
        ((SHIFT, meal("12:00", "13:00"), meal("12:30", "13:30")), RowFault.OVERLAP, 2, "start"),
        ((SHIFT, EditRow("17:00", "19:00")), RowFault.OVERLAP, 1, "start"),
        ((SHIFT, EditRow("20:00", "10:00")), RowFault.TOO_LONG, 1, "end"),
    ],
)
def test_what_can_not_be_meant_is_named(
    rows: tuple[EditRow, ...], fault: RowFault, row: int, field: str
) -> None:
    with pytest.raises(BadRow) as raised:
        segments_of(rows, DAY, ZONE)
    assert (raised.value.fault, raised.value.row, raised.value.field) == (fault, row, field)


@given(st.data())
def test_a_plan_that_is_not_edited_stays_what_it_is(data: st.DataObject) -> None:
    """Of whole minutes, within a day, and without a break of the shift where two of one activity
    meet: those are one row."""
    edges = data.draw(st.lists(st.integers(0, 1439), min_size=2, max_size=12, unique=True))
    activities = list(Activity)
    begin, plan = at("00:00", DAY), []
    last = None
    for start, end in zip(sorted(edges), sorted(edges)[1:], strict=False):
        last = data.draw(st.sampled_from([each for each in activities if each is not last]))
        plan.append(PlannedSegment(begin + start * 60_000, begin + end * 60_000, last))
    assert segments_of(rows_of(plan, ZONE), DAY, ZONE) == tuple(plan)
