"""How two plans of a day differ, as people read it before they propose or approve one."""

import pytest

from agent_client.terminal.plan_difference import difference, differences, edited
from agent_client.terminal.roster_week import Week
from agent_client.terminal.wording import Wording
from protocol.i18n import load
from protocol.wire.roster import DraftDay, GetRoster
from tests.terminal.plan_scenes import DAY_SHIFT, ZONE, shift
from tests.terminal.roster_scenes import MONDAY, NEXT, Planner

EN, ZH = Wording(load("en")), Wording(load("zh_CN"))
NOON = ("09:00-12:00 WORK", "12:00-12:30 MEAL", "12:30-18:00 WORK")
ONE = ("09:00-13:00 WORK", "13:00-13:30 MEAL", "13:30-18:00 WORK")


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        (NOON, ("13:00-22:00 WORK",), "09:00–18:00 → 13:00–22:00, Meal 12:00–12:30 → none"),
        (NOON, ONE, "Meal 12:00–12:30 → 13:00–13:30"),
        (("09:00-18:00 WORK",), ONE, "Meal none → 13:00–13:30"),
        (NOON, (), "09:00–18:00 → off"),
        ((), NOON, "off → 09:00–18:00"),
        (
            ("09:00-12:00 WORK", "14:00-18:00 WORK"),
            ("09:00-13:00 WORK", "15:00-18:00 WORK"),
            "09:00–12:00 + 14:00–18:00 → 09:00–13:00 + 15:00–18:00",
        ),
        (
            DAY_SHIFT,
            (*DAY_SHIFT[:5], "15:30-18:00 WORK"),
            "Break 15:30–15:45 → none, Training 17:00–18:00 → none",
        ),
        (NOON, NOON, "09:00–18:00 → 09:00–18:00"),
    ],
)
def test_what_differs_is_said(before: tuple[str, ...], after: tuple[str, ...], told: str) -> None:
    assert difference(EN, shift(*before), shift(*after), ZONE) == told


def test_a_line_of_a_list_has_the_first_of_it() -> None:
    assert differences(ZH, shift(*NOON), shift(*ONE), ZONE)[0] == "就餐 12:00–12:30 → 13:00–13:30"


def test_a_pattern_is_told_by_what_it_makes_of_the_day() -> None:
    planner = Planner()
    week = Week(MONDAY, planner.get(GetRoster(0, MONDAY, NEXT)))
    told = edited(EN, week, DraftDay("1001", MONDAY, "late"))
    assert "1001 王丽 · Mon 11-16  09:00–18:00 → 13:00–22:00" in told
    assert told.endswith("  Late")
    assert edited(EN, week, DraftDay("1001", MONDAY, "-")).endswith("09:00–18:00 → off")
    gone = edited(EN, week, DraftDay("1001", MONDAY, "gone"))
    assert gone.endswith("09:00–18:00 → gone")
