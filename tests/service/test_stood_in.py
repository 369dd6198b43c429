"""Plans and who stands in for them: what people have to work, and who has a say in it. Pure."""

from datetime import timedelta

import pytest

from agent_service.rosters.stood_in import forbidden, involved, substitutes, worked
from protocol.facts.shift import Activity
from tests.service.shifts import DAY, NINE_TO_SIX, Planned, segments
from tests.service.substituting import leading

NEXT = DAY + timedelta(days=1)
MORNING = segments((("08:00", "12:00", Activity.WORK),))
AFTERNOON = segments((("11:00", "17:00", Activity.WORK),))
STANDS_IN = {("1001", DAY): "1002", ("1003", NEXT): "1002", ("1002", DAY): "1004"}


@pytest.mark.parametrize(
    ("days", "actor", "not_led", "code"),
    [
        ([("1001", DAY)], "2001", (), None),
        ([("1001", DAY)], "1002", (), "own_case"),
        ([("1005", DAY), ("1003", NEXT)], "1002", (), "own_case"),
        ([("1001", DAY)], "2001", ("1002",), "not_permitted"),
        ([("1001", NEXT)], "2001", ("1002",), None),
        ([("1001", NEXT)], "1002", (), None),
        ([("1002", NEXT)], "2001", ("1004",), None),
        ([("1001", DAY), ("1002", DAY)], "1004", ("1002",), "own_case"),
        ([], "2001", ("1002",), None),
    ],
)
def test_who_has_a_say_in_a_shift_that_somebody_stands_in_for(
    days: list, actor: str, not_led: tuple[str, ...], code: str | None
) -> None:
    assert forbidden(STANDS_IN, days, leading(actor, *not_led)) == code


def test_whose_plans_a_change_is_judged_by() -> None:
    assert involved(STANDS_IN, [("1001", DAY)]) == {"1001", "1002", "1003"}
    assert involved(STANDS_IN, [("1005", DAY)]) == {"1005"}
    assert involved(STANDS_IN, [("1002", NEXT)]) == {"1001", "1002", "1003"}
    assert substitutes(STANDS_IN, [("1001", DAY), ("1005", DAY), ("1002", DAY)]) == {"1002", "1004"}


def test_a_shift_is_worked_by_whoever_stands_in_beside_their_own() -> None:
    plans = {("1001", DAY): AFTERNOON, ("1002", DAY): MORNING, ("1003", DAY): ()}
    assert worked(plans, {("1001", DAY): "1002"}) == {
        ("1002", DAY): (*MORNING, *AFTERNOON),
        ("1003", DAY): (),
    }
    assert worked(plans, {}) == plans


def test_a_night_that_is_stood_in_for_stays_on_its_date() -> None:
    night: Planned = (("22:00", "30:00", Activity.WORK),)
    plans = {("1001", DAY): segments(night), ("1002", NEXT): segments(NINE_TO_SIX, NEXT)}
    found = worked(plans, {("1001", DAY): "1002"})
    assert list(found) == [("1002", DAY), ("1002", NEXT)]
