"""Selecting cells, reading days, and what a cell and the foot of the grid say."""

from datetime import date, timedelta

import pytest

from agent_client.terminal.roster_coverage import by_day, strip, tightest
from agent_client.terminal.roster_days import read_day
from agent_client.terminal.roster_selection import Selection
from agent_client.terminal.roster_week import Week
from agent_client.terminal.roster_words import cell_text, finding_text, turns_of
from agent_client.terminal.wording import Wording
from protocol.facts.shift import PlanCause
from protocol.i18n import load
from protocol.wire.errors import Code, Refused
from protocol.wire.roster import DayPlan, Finding, GetRoster, HalfHour, Severity
from tests.terminal.plan_scenes import ZONE, at, shift
from tests.terminal.roster_scenes import NEXT, REFUSED, ROTATIONS, WARNINGS, Planner, planned

EN, ZH = Wording(load("en")), Wording(load("zh_CN"))
ROSTER = Planner().get(GetRoster(0, NEXT, NEXT + timedelta(days=6)))
WEEK = Week(NEXT, ROSTER)


def selected(*moves: tuple[int, int, bool]) -> Selection:
    selection = Selection(NEXT)
    selection.keep_within(WEEK)
    for rows, columns, extend in moves:
        selection.move(WEEK, rows, columns, extend=extend)
    return selection


def test_the_cursor_stays_within_the_grid() -> None:
    assert selected((-1, -1, False)).cursor == ("1001", NEXT)
    assert selected((99, 99, False)).cursor == ("1006", NEXT + timedelta(days=6))


def test_extending_ticks_the_rectangle_and_gives_back_what_it_leaves() -> None:
    selection = selected((1, 1, True), (0, 1, True))
    assert len(selection.ticked) == 6
    selection.move(WEEK, -1, -1, extend=True)
    assert list(selection.places(WEEK)) == [("1001", NEXT), ("1001", NEXT + timedelta(days=1))]


def test_extending_again_adds_to_what_is_ticked() -> None:
    selection = selected((0, 1, True), (3, 0, False), (1, 0, True))
    assert len(selection.ticked) == 4
    assert selection.people(WEEK) == ("1001", "1004", "1005")


def test_without_ticks_an_edit_is_about_the_cursor() -> None:
    selection = selected((1, 2, False))
    assert selection.places(WEEK) == (("1002", NEXT + timedelta(days=2)),)
    selection.tick()
    selection.move(WEEK, 1, 0)
    selection.tick()
    assert len(selection.places(WEEK)) == 2
    assert selection.untick()
    assert not selection.untick()


def test_another_week_keeps_person_and_weekday_and_unticks() -> None:
    selection = selected((2, 3, True))
    selection.keep_within(Week(NEXT + timedelta(days=7), people=WEEK.people))
    assert selection.cursor == ("1003", NEXT + timedelta(days=10))
    assert selection.ticked == {}
    selection.keep_within(Week(NEXT))
    assert selection.cursor is None
    selection.move(Week(NEXT), 1, 1)
    assert selection.places(Week(NEXT)) == ()


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-11-23", date(2026, 11, 23)),
        ("11-23", date(2026, 11, 23)),
        ("1/2", date(2027, 1, 2)),
        ("２０２６－１１－２３", date(2026, 11, 23)),
        ("02-30", None),
        ("tomorrow", None),
        ("", None),
    ],
)
def test_days_as_people_type_them(text: str, day: date | None) -> None:
    assert read_day(text, date(2026, 11, 22)) == day


@pytest.mark.parametrize(
    ("plan", "width", "text"),
    [
        (None, 6, "·"),
        (planned("1001", NEXT, "-"), 6, "off"),
        (planned("1001", NEXT, "-", cause=PlanCause.LEAVE), 6, "leave"),
        (planned("1001", NEXT, "late"), 6, "Late"),
        (planned("1001", NEXT, "late"), 11, "13:00–22:00"),
        (planned("1001", NEXT, "late"), 20, "13:00–22:00 Late"),
        (DayPlan("1001", NEXT, shift("09:00-18:00 WORK", day=NEXT)), 6, "09–18"),
        (DayPlan("1001", NEXT, shift("09:30-18:00 WORK", day=NEXT)), 6, "09:30…"),
        (DayPlan("1001", NEXT, shift("09:00-18:00 WORK", day=NEXT), "too long"), 6, "09–18"),
    ],
)
def test_a_cell_says_as_much_as_fits(plan: DayPlan | None, width: int, text: str) -> None:
    assert cell_text(EN, ROSTER, plan, width) == text


def test_findings_in_words() -> None:
    assert finding_text(EN, REFUSED) == "Rest between shifts: 7 h, at least 8 h"
    assert finding_text(ZH, WARNINGS[0]) == "连续上班：7 天，至多 6 天"
    assert finding_text(EN, WARNINGS[1]) == "Work on a public holiday: 8 h"
    moved = Finding("PLAN_CHANGED", Severity.REFUSE, "1001", NEXT, 2, 1)
    assert finding_text(ZH, moved) == "起草后班次已变动：请重新排这一天"
    stranger = Finding("NEW_RULE", Severity.WARN, "1001", NEXT, 90, 60)
    assert finding_text(EN, stranger) == "NEW_RULE: 1 min 30 s, at most 1 min"


def test_the_finding_of_a_refusal_is_in_words() -> None:
    refusal = Refused(Code.ROSTER_REFUSED, code="MIN_REST", agent="1003", day="2026-11-25", more=0)
    assert "Rest between shifts for 1003" in EN.refusal(refusal)
    warned = Refused(Code.ROSTER_WARNINGS, code="HOLIDAY", agent="1004", day="2026-11-26", count=2)
    assert "法定节假日上班" in ZH.refusal(warned)
    stranger = Refused(Code.ROSTER_REFUSED, code="NEW", agent="1003", day="2026-11-25", more=0)
    assert "NEW for 1003" in EN.refusal(stranger)


def test_a_rotation_in_words() -> None:
    assert turns_of(ZH, ROSTER, ROTATIONS[1]) == "白班 白班 晚班 晚班 休 休"


def test_the_tightest_half_hour_and_the_strip_of_a_day() -> None:
    halves = [
        HalfHour(at("08:30", NEXT), 5400, 3, 0),
        HalfHour(at("09:00", NEXT), 1800, 12, 11),
        HalfHour(at("09:30", NEXT), 3599, 3, 2),
        HalfHour(at("11:00", NEXT), 0, 0, 0),
    ]
    found = tightest(halves)
    assert found is not None
    assert (found.planned, found.required, found.short) == (1, 12, 11)
    made = strip(halves, ZONE)
    assert made is not None
    assert (made.first_hour, made.marks) == (8, (" ", "·", "+", "2"))
    assert by_day(halves, ZONE) == {NEXT: halves}
    assert (tightest([]), strip([], ZONE)) == (None, None)
