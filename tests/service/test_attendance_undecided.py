"""What waits for a second person keeps a month from being locked."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from agent_service.attendance.lockable import look_at
from agent_service.attendance.month import Wanted, check_month, digest_of, rows_by_team
from protocol.facts.attendance import MonthSigned
from protocol.facts.correction import PlanCorrectionDecided, PlanCorrectionProposed, PlanInstead
from protocol.facts.shift import Activity, IncidentConfirmed, IncidentDecided
from protocol.wire.errors import Refused
from tests.service.shifts import DAY, NINE_TO_SIX, Shifts, at, segments, shifts

MONTH = "2026-11"
LAST = check_month(MONTH)[1]


@pytest.fixture
def floor(tmp_path: Path) -> Iterator[Shifts]:
    """A month that is over and signed: 1001 never came to a day and a last night."""
    with shifts(tmp_path / "data") as floor:
        floor.hire("1001", "1002")
        floor.plan("1001", NINE_TO_SIX)
        floor.plan("1001", (("22:00", "30:00", Activity.WORK),), LAST)
        floor.now_ms = at("40:00", LAST + timedelta(days=1))
        for team, rows in rows_by_team(floor.connection, MONTH, floor.moment, Wanted()).items():
            floor.record(MonthSigned(MONTH, team, digest_of(rows), "2001"))
        yield floor


def look(floor: Shifts, actor: str = "3001") -> None:
    look_at(floor.connection, MONTH, floor.moment, actor)


def fault(start: str, end: str, team: str = "") -> IncidentConfirmed:
    """By the clock of the last night."""
    span = at(start, LAST), at(end, LAST)
    return IncidentConfirmed("i", *span, team, "3001", "down", needs_second=True)


@pytest.mark.parametrize(
    "told", [fault("10:00", "12:00"), fault("26:00", "27:00"), fault("26:00", "27:00", "A")]
)
def test_an_incident_that_waits_and_touches_its_shifts(
    floor: Shifts, told: IncidentConfirmed
) -> None:
    floor.record(told)
    with pytest.raises(Refused, match=r"open_incidents.*2026-"):
        look(floor)
    floor.record(IncidentDecided("i", False, "3002"))
    look(floor)


@pytest.mark.parametrize("told", [fault("31:00", "32:00"), fault("26:00", "27:00", "B")])
def test_an_incident_of_nobody_in_the_month_does_not_matter(
    floor: Shifts, told: IncidentConfirmed
) -> None:
    floor.record(told)
    look(floor)


def test_a_correction_of_a_plan_that_waits(floor: Shifts) -> None:
    days = (PlanInstead("1001", DAY, segments(NINE_TO_SIX), ()),)
    floor.record(PlanCorrectionProposed("c", days, "2001", "swap"))
    with pytest.raises(Refused, match=r"open_corrections.*1001"):
        look(floor)
    look(floor, "1001")
    floor.record(PlanCorrectionDecided("c", False, "3001"))
    look(floor)


def test_a_correction_that_nobody_can_approve_any_more_does_not_matter(floor: Shifts) -> None:
    before = segments((("10:00", "12:00", Activity.WORK),))
    days = (PlanInstead("1001", DAY, before, ()),)
    floor.record(PlanCorrectionProposed("c", days, "2001", "swap"))
    look(floor)
