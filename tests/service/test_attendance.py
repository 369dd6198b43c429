"""What business dates were for attendance, and what leads say of them."""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from agent_service.attendance.month import Wanted, digest_of, rows_by_team
from protocol.facts.agent import State
from protocol.facts.attendance import MonthLocked, PresenceEvidenced, SubstituteNamed
from protocol.facts.correction import ExceptionDecided, ExceptionProposed, Overlay
from protocol.facts.session import LinkLost
from protocol.facts.shift import Activity, PlanCause
from protocol.wire.attendance import AttendanceRow
from protocol.wire.errors import Refused
from tests.service.shifts import DAY, NINE_TO_SIX, Shifts, at, enters, shifts

NEXT = DAY + timedelta(days=1)
MONTH = "2026-11"
ALL = Wanted()


@pytest.fixture
def floor(tmp_path: Path) -> Iterator[Shifts]:
    with shifts(tmp_path / "data") as floor:
        floor.hire("1001", "1002")
        floor.hire("1003", team="B")
        floor.plan("1001", NINE_TO_SIX)
        yield floor


def rows(floor: Shifts, wanted: Wanted = ALL) -> dict[tuple[str, str], AttendanceRow]:
    """By person and whose shift it was, of one day."""
    by_team = rows_by_team(floor.connection, MONTH, floor.moment, wanted)
    return {(row.agent, row.for_agent): row for found in by_team.values() for row in found}


def row(floor: Shifts, agent: str = "1001") -> AttendanceRow:
    return rows(floor)[(agent, "")]


def sat(floor: Shifts, came: str, left: str) -> None:
    floor.begin("1001", "s")
    floor.tell("s", [(at(came), enters(State.READY)), (at(left), enters(State.LOGGED_OFF))])
    floor.now_ms = max(floor.now_ms, at("18:30"))


@pytest.mark.parametrize(
    ("came", "left", "code", "late_s", "early_s", "half_days", "prepared_s"),
    [
        ("08:55", "18:01", "NORMAL", 0, 0, 0, 300),
        ("09:01", "18:00", "NORMAL", 0, 0, 0, 0),
        ("09:02", "18:00", "LATE", 120, 0, 0, 0),
        ("09:00", "17:40", "EARLY_LEAVE", 0, 1_200, 0, 0),
        ("09:31", "18:00", "ABSENT_HALF_DAY", 1_860, 0, 1, 0),
        ("13:30", "18:00", "ABSENT", 16_200, 0, 2, 0),
    ],
)
def test_a_shift_is_judged_by_its_first_sign_in_and_last_sign_out(
    floor: Shifts,
    came: str,
    left: str,
    code: str,
    late_s: int,
    early_s: int,
    half_days: int,
    prepared_s: int,
) -> None:
    sat(floor, came, left)
    found = row(floor)
    assert (found.code, found.late_s, found.early_s) == (code, late_s, early_s)
    assert (found.half_days, found.prepared_s) == (half_days, prepared_s)
    assert (found.signed_in_ms, found.signed_out_ms) == (at(came), at(left))


def test_who_never_came_was_absent(floor: Shifts) -> None:
    floor.now_ms = at("18:30")
    assert (row(floor).code, row(floor).half_days, row(floor).late_s) == ("ABSENT", 2, None)


def test_a_shift_that_goes_on_is_open(floor: Shifts) -> None:
    floor.begin("1001", "s")
    floor.tell("s", [(at("09:30"), enters(State.READY))])
    assert (row(floor).code, row(floor).signed_out_ms) == ("OPEN", None)


def test_a_day_that_has_not_begun_has_no_row(floor: Shifts) -> None:
    floor.plan("1002", NINE_TO_SIX, NEXT)
    floor.now_ms = at("18:30")
    assert ("1002", "") not in rows(floor)


def test_leave_is_leave_and_a_part_of_it_leaves_the_rest_to_be_judged(floor: Shifts) -> None:
    floor.plan("1001", (), cause=PlanCause.LEAVE)
    floor.plan("1002", (("13:00", "18:00", Activity.WORK),), cause=PlanCause.LEAVE)
    floor.now_ms = at("18:30")
    assert [row(floor, agent).code for agent in ("1001", "1002")] == ["LEAVE", "ABSENT"]


def test_work_on_a_day_off_is_overtime(floor: Shifts) -> None:
    floor.plan("1001", ())
    sat(floor, "10:00", "12:00")
    assert (row(floor).code, row(floor).overtime_s) == ("DAY_OFF", 7_200)


def test_unplanned_work_is_told_of_too(floor: Shifts) -> None:
    floor.begin("1003", "t")
    told = [(at("10:00"), enters(State.READY)), (at("11:00"), enters(State.LOGGED_OFF))]
    floor.tell("t", told)
    assert (row(floor, "1003").code, row(floor, "1003").overtime_s) == ("DAY_OFF", 3_600)


def lost(floor: Shifts) -> None:
    """The seat was not heard from 17:00 on."""
    floor.begin("1001", "s")
    floor.tell("s", [(at("09:00"), enters(State.READY))])
    floor.now_ms = at("18:30")
    floor.record(LinkLost("1001", "s", at("17:00")))


def test_unknown_time_at_the_end_leaves_the_day_open(floor: Shifts) -> None:
    lost(floor)
    found = row(floor)
    assert (found.code, found.early_s, found.half_days) == ("OPEN", None, 0)
    assert found.signed_out_ms == at("17:00")


@pytest.mark.parametrize(
    ("approved", "code", "half_days"), [(True, "NORMAL", 0), (False, "ABSENT_HALF_DAY", 1)]
)
def test_what_was_decided_about_it_settles_the_day(
    floor: Shifts, approved: bool, code: str, half_days: int
) -> None:
    lost(floor)
    (unknown,) = floor.day_of("1001").figure.derived
    proposed = ExceptionProposed(
        *(unknown.exception_id, "1001", DAY, unknown.start_ms, unknown.end_ms),
        *(Overlay.EXCLUDE, unknown.reason, "", "system"),
    )
    floor.record(proposed, ExceptionDecided(unknown.exception_id, approved, "2001"))
    assert (row(floor).code, row(floor).half_days) == (code, half_days)


def test_a_request_that_is_refused_leaves_unknown_time_open(floor: Shifts) -> None:
    lost(floor)
    span = ("e", "1001", DAY, at("17:00"), at("18:00"), Overlay.EXCUSE, "OTHER", "so", "1001")
    floor.record(ExceptionProposed(*span), ExceptionDecided("e", approved=False, actor="2001"))
    assert row(floor).code == "OPEN"


def test_unknown_time_between_two_signs_of_somebody_changes_nothing(floor: Shifts) -> None:
    floor.begin("1001", "s")
    floor.tell("s", [(at("09:00"), enters(State.READY)), (at("12:00"), enters(State.ACW))])
    floor.begin("1001", "t")
    told = [(at("14:00"), enters(State.READY)), (at("18:00"), enters(State.LOGGED_OFF))]
    floor.tell("t", told)
    floor.now_ms = at("18:30")
    assert row(floor).code == "NORMAL"


@pytest.mark.parametrize(("code", "kind"), [("LEAVE", "LEAVE"), ("NETWORK_OUTAGE", "NORMAL")])
def test_a_shift_that_is_granted_as_a_whole(floor: Shifts, code: str, kind: str) -> None:
    floor.now_ms = at("18:30")
    span = ("e", "1001", DAY, at("09:00"), at("18:00"), Overlay.EXCLUDE, code, "so", "2001")
    floor.record(ExceptionProposed(*span), ExceptionDecided("e", approved=True, actor="2001"))
    assert row(floor).code == kind


def test_what_is_granted_at_an_end_is_not_asked(floor: Shifts) -> None:
    sat(floor, "09:00", "16:00")
    span = ("e", "1001", DAY, at("16:00"), at("18:00"), Overlay.EXCLUDE, "LEAVE", "so", "1001")
    floor.record(ExceptionProposed(*span), ExceptionDecided("e", approved=True, actor="2001"))
    assert (row(floor).code, row(floor).early_s) == ("NORMAL", 0)


def test_a_lead_who_saw_somebody_takes_the_place_of_the_machine(floor: Shifts) -> None:
    sat(floor, "09:40", "18:00")
    floor.record(PresenceEvidenced("1001", DAY, at("08:58"), None, "2001", "PC broken"))
    found = row(floor)
    assert (found.code, found.signed_in_ms, found.evidence) == ("NORMAL", at("08:58"), "PC broken")


def test_a_substitutes_shift_is_the_substitutes(floor: Shifts) -> None:
    floor.record(SubstituteNamed("1001", DAY, "1003", "2001", "ill"))
    floor.begin("1003", "t")
    told = [(at("09:20"), enters(State.READY)), (at("18:00"), enters(State.LOGGED_OFF))]
    floor.tell("t", told)
    floor.now_ms = at("18:30")
    found = rows(floor)
    assert (found[("1001", "")].code, found[("1001", "")].substitute) == ("LEAVE", "1003")
    worked = found[("1003", "1001")]
    assert (worked.code, worked.late_s, worked.overtime_s) == ("LATE", 1_200, 0)
    assert (worked.named_by, worked.because) == ("2001", "ill")
    assert rows(floor, Wanted(team="A")).keys() == {("1001", "")}
    assert rows(floor, Wanted(team="B")).keys() == {("1003", "1001")}
    assert rows(floor, Wanted(agent="1003")).keys() == {("1003", "1001")}


def test_evidence_of_somebodys_own_shift_is_none_of_the_shift_they_stood_in_for(
    floor: Shifts,
) -> None:
    floor.plan("1001", (("13:00", "17:00", Activity.WORK),))
    floor.plan("1002", (("08:00", "12:00", Activity.WORK),))
    floor.begin("1002", "t")
    told = [(at("08:30"), enters(State.READY)), (at("17:00"), enters(State.LOGGED_OFF))]
    floor.tell("t", told)
    floor.record(SubstituteNamed("1001", DAY, "1002", "2001", "ill"))
    floor.record(PresenceEvidenced("1002", DAY, at("08:00"), at("12:00"), "2001", "PC broken"))
    floor.now_ms = at("30:00")
    found = rows(floor)
    assert (found[("1002", "")].code, found[("1002", "")].late_s) == ("NORMAL", 0)
    stood_in = found[("1002", "1001")]
    assert (stood_in.code, stood_in.evidence, stood_in.signed_out_ms) == ("NORMAL", "", at("17:00"))
    assert stood_in.prepared_s == 0, "the time before was worked in the own shift"
    seen = PresenceEvidenced("1002", DAY, None, at("16:00"), "2001", "saw them go", "1001")
    floor.record(seen)
    found = rows(floor)
    assert (found[("1002", "")].code, found[("1002", "1001")].code) == (
        "NORMAL",
        "ABSENT_HALF_DAY",
    )
    assert found[("1002", "1001")].early_s == 3_600


def test_each_of_two_shifts_is_judged_by_who_came_to_it_and_left_it(floor: Shifts) -> None:
    floor.plan("1001", (("13:00", "17:00", Activity.WORK),))
    floor.plan("1002", (("08:00", "12:00", Activity.WORK),))
    floor.record(SubstituteNamed("1001", DAY, "1002", "2001", "ill"))
    floor.begin("1002", "t")
    told = [
        (at("08:00"), enters(State.READY)),
        (at("11:50"), enters(State.LOGGED_OFF)),
        (at("13:05"), enters(State.READY)),
        (at("18:00"), enters(State.LOGGED_OFF)),
    ]
    floor.tell("t", told)
    floor.now_ms = at("30:00")
    found = rows(floor)
    own, stood_in = found[("1002", "")], found[("1002", "1001")]
    assert (own.code, own.early_s, own.signed_out_ms) == ("EARLY_LEAVE", 600, at("11:50"))
    assert (stood_in.code, stood_in.late_s, stood_in.prepared_s) == ("LATE", 300, 0)
    assert (own.overtime_s, stood_in.overtime_s) == (3_600, 0), "once, of the whole date"


def test_the_name_of_a_month_is_that_of_its_rows(floor: Shifts) -> None:
    def digest() -> str:
        by_team = rows_by_team(floor.connection, MONTH, floor.moment, Wanted(team="A"))
        return digest_of(by_team["A"])

    sat(floor, "09:00", "18:00")
    first = digest()
    floor.now_ms += 1_000_000
    assert digest() == first
    floor.record(PresenceEvidenced("1001", DAY, at("10:00"), None, "2001", "no"))
    assert digest() != first


def test_a_locked_month_has_the_rows_that_it_had(floor: Shifts) -> None:
    sat(floor, "09:00", "18:00")
    before = rows(floor)
    floor.record(MonthLocked(MONTH, "digest", "3001"))
    floor.record(PresenceEvidenced("1001", DAY, at("10:00"), None, "2001", "no"))
    floor.record(SubstituteNamed("1001", DAY, "1003", "2001", "no"))
    assert rows(floor) == before


@pytest.mark.parametrize("month", ["2026-13", "2026", "", "2026-1", "9999-12", "20261101"])
def test_what_is_no_month_is_refused(floor: Shifts, month: str) -> None:
    with pytest.raises(Refused, match="malformed_message"):
        rows_by_team(floor.connection, month, floor.moment, Wanted())


def test_february_of_a_leap_year_is_whole(floor: Shifts) -> None:
    last = date(2028, 2, 29)
    floor.plan("1001", NINE_TO_SIX, last)
    floor.now_ms = at("20:00", last)
    (found,) = rows_by_team(floor.connection, "2028-02", floor.moment, Wanted())["A"]
    assert (found.day, found.code) == (last, "ABSENT")
