"""What is decided after a month was locked stands in reports of the present one."""

import pytest

from agent_service.attendance.month import Wanted
from agent_service.reports.asked import Asked
from agent_service.reports.making import REPORTS, make
from agent_service.reports.table import Table
from protocol.facts.attendance import MonthLocked, SubstituteNamed
from protocol.facts.correction import (
    PlanCorrectionDecided,
    PlanCorrectionProposed,
    PlanInstead,
)
from protocol.facts.request import Account, HoursBooked
from protocol.facts.shift import Activity, PlanCause, ShiftPlanned
from protocol.facts.staff import Group, MembershipSet
from tests.service.reports.scene import ALL, APRIL, DAY, propose, report, rows
from tests.service.shifts import NINE_TO_SIX, Shifts, at, segments


def test_what_is_decided_after_the_lock_stands_with_the_month_in_which_it_was(
    floor: Shifts,
) -> None:
    propose(floor, "yes", approved=True)
    floor.record(MonthLocked("2025-03", "digest", "3001"))
    before = report(floor, "exceptions")
    floor.now_ms = at("12:00", APRIL)
    propose(floor, "late", approved=True, adjusts="2025-04")
    propose(floor, "no", approved=False)
    assert report(floor, "exceptions") == before
    table = make(floor.connection, "exceptions", Asked(APRIL, APRIL, ALL), floor.moment)
    first, total = rows(table)
    assert (first["lead"], first["adjusts"]) == ("2001", "2025-04")
    assert (first["approved"], first["rejected"], total["approved_s"]) == (1, 1, 3_600)
    both = rows(report(floor, "exceptions", last=APRIL))
    assert [(each["adjusts"], each["approved"]) for each in both] == [
        ("", 1),
        ("2025-04", 1),
        (None, 2),
    ]
    other = Asked(APRIL, APRIL, Wanted(team="B"))
    assert make(floor.connection, "exceptions", other, floor.moment).rows == ()


def test_a_team_that_is_set_back_into_a_locked_month_changes_none_of_its_reports(
    floor: Shifts,
) -> None:
    def told() -> list[Table]:
        wanted = (Wanted(team="A"), Wanted(team="B"), ALL)
        return [report(floor, name, each) for name in REPORTS for each in wanted]

    moved = MembershipSet("1001", Group.TEAM, "B", DAY, "operator")
    before = told()
    floor.record(MonthLocked("2025-03", "digest", "3001"), moved)
    assert told() == before
    floor.plan("1001", NINE_TO_SIX, APRIL)
    floor.now_ms = at("20:00", APRIL)
    later = Asked(DAY, APRIL, Wanted(team="B"))
    table = make(floor.connection, "adherence", later, floor.moment)
    assert [row["agent"] for row in rows(table)] == ["1003", "1001", None]


def test_what_is_decided_after_the_lock_is_a_difference(floor: Shifts) -> None:
    before = rows(report(floor, "adherence"))
    attended = rows(report(floor, "attendance"))
    floor.record(MonthLocked("2025-03", "digest", "3001"))
    propose(floor, "late", approved=True, adjusts="2025-04")
    assert rows(report(floor, "adherence")) == before
    assert report(floor, "adjustments").rows == ()
    first, total = rows(report(floor, "adjustments", last=APRIL))
    assert (first["adjusts"], first["day"], first["agent"]) == ("2025-04", "2025-03-03", "1001")
    assert (first["locked_adherence"], first["adjusted_adherence"]) == (87.04, 97.92)
    assert (first["excluded_more_s"], first["in_more_s"]) == (3_600, 0)
    assert total["excluded_more_s"] == 3_600
    assert (first["locked_attendance"], first["adjusted_attendance"]) == (
        "ABSENT_HALF_DAY",
        "LATE",
    )
    assert (first["early_more_s"], first["late_more_s"]) == (-3_600, 0)
    assert rows(report(floor, "attendance")) == attended


def test_overtime_booked_after_the_lock_stands_with_the_month_in_which_it_was(
    floor: Shifts,
) -> None:
    def book(name: str, seconds: int, account: Account = Account.OVERTIME) -> None:
        floor.record(HoursBooked(name, "1002", account, seconds, DAY, "2001", "agreed"))

    book("before", 600)
    floor.record(MonthLocked("2025-03", "digest", "3001"))
    before = rows(report(floor, "overtime"))
    floor.now_ms = at("12:00", APRIL)
    book("late", 1_800)
    book("mended", -300)
    book("other", 7_000, Account.OWED_LEAVE)
    assert rows(report(floor, "overtime")) == before
    assert report(floor, "adjustments").rows == ()
    first, total = rows(report(floor, "adjustments", last=APRIL))
    assert (first["adjusts"], first["day"], first["agent"]) == ("2025-04", "2025-03-03", "1002")
    assert first["booked_more_s"] == total["booked_more_s"] == 1_500
    assert first["locked_adherence"] == first["adjusted_adherence"] == 100.0
    assert (first["locked_attendance"], first["adjusted_attendance"]) == ("NORMAL", "NORMAL")
    assert report(floor, "adjustments", Wanted(team="B"), APRIL).rows == ()


@pytest.mark.parametrize("substitute", ["", "1003"])
def test_a_plan_corrected_after_the_lock_is_a_difference_of_who_worked_it(
    floor: Shifts, substitute: str
) -> None:
    """Not of the days of the same correction whose month was open."""
    worked_by = substitute or "1001"
    floor.record(SubstituteNamed("1001", DAY, substitute, "2001", "ill"))
    floor.record(MonthLocked("2025-03", "digest", "3001"))
    before = rows(report(floor, "adherence"))
    floor.plan("1001", NINE_TO_SIX, APRIL)
    shorter = segments((("10:00", "12:00", Activity.WORK),), DAY)
    days = tuple(PlanInstead("1001", day, (), shorter) for day in (DAY, APRIL))
    floor.record(
        PlanCorrectionProposed("c", days, "2001", "so agreed"),
        ShiftPlanned("1001", DAY, 9, shorter, "3001", PlanCause.CORRECTION, "", "c"),
        PlanCorrectionDecided("c", True, "3001", "", 9, "2025-04"),
    )
    assert rows(report(floor, "adherence")) == before
    first, total = rows(report(floor, "adjustments", last=APRIL))
    assert (first["day"], first["agent"]) == ("2025-03-03", worked_by)
    assert first["adjusted_adherence"] != first["locked_adherence"]
    assert total["in_more_s"] == first["in_more_s"] != 0
