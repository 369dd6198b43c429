"""What follows from facts that come late is proposed, and only days that changed are looked at."""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from agent_service.adherence.late_days import note_looked, read_late
from agent_service.exceptions import store
from agent_service.exceptions.proposing import DerivedProposer
from agent_service.locking.adjusting import Adjusting
from protocol.facts.agent import Reason, State
from protocol.facts.attendance import MonthLocked, SubstituteNamed
from protocol.facts.correction import ExceptionDecided, ExceptionProposed, Overlay
from protocol.facts.session import LinkLost, SessionAdmitted, SessionAnchored, SessionProvisional
from protocol.facts.shift import Activity, PlanCause
from protocol.rules.exceptions import DerivedReason
from tests.service.shifts import DAY, DESK, HOUR, NINE_TO_SIX, WHERE, Shifts, at, enters, shifts

FAULT = enters(State.NOT_READY, Reason.SYSTEM_FAULT)


@pytest.fixture
def floor(tmp_path: Path) -> Iterator[Shifts]:
    """Two people with a plan; it was looked on the morning of the day."""
    with shifts(tmp_path / "data") as floor:
        floor.hire("1001", "1002")
        for agent in ("1001", "1002"):
            floor.plan(agent, NINE_TO_SIX)
        floor.now_ms = at("08:00")
        look(floor)
        yield floor


def look(floor: Shifts) -> list[tuple[str, date, str]]:
    """What was found: person, day and reason."""
    late = read_late(floor.connection, floor.moment)
    with floor.committed():
        note_looked(floor.connection, late.looked)
    return [(each.agent, each.day, one.reason) for each in late.days for one in each.derived]


def comes_late(floor: Shifts, agent: str = "1001") -> None:
    """Of a day with a fault in it, three days later."""
    floor.now_ms = at("09:00", DAY + timedelta(days=3))
    floor.record(SessionAdmitted(agent, DESK, f"s{agent}"))
    told = [
        (at("09:00"), SessionAnchored(at("09:00"), at("09:00"), 5, "boot", None, None)),
        (at("09:00"), enters(State.READY)),
        (at("10:00"), FAULT),
        (at("11:00"), enters(State.READY)),
        (at("18:00"), enters(State.LOGGED_OFF)),
    ]
    floor.tell(f"s{agent}", told, floor.now_ms)


def test_a_seat_that_syncs_after_days_gets_its_proposal(floor: Shifts) -> None:
    floor.now_ms = at("08:00", DAY + timedelta(days=3))
    assert look(floor) == []
    comes_late(floor)
    assert look(floor) == [("1001", DAY, DerivedReason.SYSTEM_FAULT)]
    assert look(floor) == []


def test_what_is_on_record_is_not_found_again(floor: Shifts) -> None:
    comes_late(floor)
    late = read_late(floor.connection, floor.moment)
    exceptions, locks = floor.projections.exceptions, floor.projections.locks
    adjusting = Adjusting(locks, WHERE, lambda: floor.now_ms)
    proposer = DerivedProposer(floor.appender, exceptions, adjusting)
    with floor.committed():
        for agent, day, follows, as_of_ms in late.days:
            proposer.propose(floor.connection, agent, day, follows, as_of_ms)
    assert read_late(floor.connection, floor.moment).days == []
    (row,) = store.open_ones(floor.connection)
    assert (row.agent, row.day, row.code) == ("1001", DAY.isoformat(), "SYSTEM_FAULT")


def test_facts_without_an_instant_may_be_of_any_day(floor: Shifts) -> None:
    floor.now_ms = at("08:00", DAY + timedelta(days=5))
    look(floor)
    floor.record(SessionAdmitted("1001", DESK, "s"))
    ready = enters(State.READY)
    facts = [SessionProvisional("boot", None, at("09:00")), ready, FAULT, ready]
    floor.tell("s", [(None, fact) for fact in facts])
    assert ("1001", DAY, DerivedReason.UNKNOWN_TIME) in look(floor)
    floor.now_ms = at("09:00", DAY + timedelta(days=7))
    floor.begin("1001", "t")
    up_ms = 7 * 24 * HOUR
    floor.tell("t", [(floor.now_ms, SessionAnchored(floor.now_ms, up_ms, 1, "boot", "s", None))])
    assert ("1001", DAY, DerivedReason.SYSTEM_FAULT) in look(floor)


def test_a_day_that_passed_while_nobody_looked_is_looked_at(floor: Shifts) -> None:
    floor.begin("1002", "s")
    floor.tell("s", [(at("09:00"), enters(State.READY))])
    floor.record(LinkLost("1002", "s", at("15:00")))
    floor.now_ms = at("19:00")
    assert look(floor) == []
    floor.now_ms = at("08:00", DAY + timedelta(days=2))
    assert look(floor) == [("1002", DAY, DerivedReason.UNKNOWN_TIME)]


def test_a_decision_that_makes_another_day_of_it_is_looked_at(floor: Shifts) -> None:
    floor.work("1001", "s", "09:00", "18:00")
    floor.now_ms = at("08:00", DAY + timedelta(days=2))
    assert look(floor) == []
    told = ExceptionProposed(
        "e", "1001", DAY, at("10:00"), at("11:00"), Overlay.CORRECT, "FAULT", "no sound", "1001",
        state=State.NOT_READY, reason=Reason.SYSTEM_FAULT,
    )  # fmt: skip
    floor.record(told, ExceptionDecided("e", True, "2001"))
    assert look(floor) == [("1001", DAY, DerivedReason.SYSTEM_FAULT)]


def test_a_shift_that_another_stood_in_for_is_of_the_substitutes_day_too(floor: Shifts) -> None:
    floor.hire("1003")
    floor.plan("1003", (("20:00", "23:00", Activity.WORK),))
    comes_late(floor, "1001")
    fault = [("1001", DAY, DerivedReason.SYSTEM_FAULT)]
    assert look(floor) == fault
    floor.record(SubstituteNamed("1003", DAY, "1001", "2001", "ill"))
    assert look(floor) == fault
    floor.plan("1003", (("19:00", "22:00", Activity.WORK),), cause=PlanCause.CORRECTION)
    assert look(floor) == fault, "another plan of the owner's is the substitute's"
    floor.record(SubstituteNamed("1003", DAY, "1002", "2001", "no, it was Li"))
    assert look(floor) == fault, "whoever was named before has another plan too"
    assert look(floor) == []


def test_a_locked_month_is_left_as_it_is(floor: Shifts) -> None:
    floor.record(MonthLocked("2026-11", "digest", "3001"))
    comes_late(floor)
    assert look(floor) == []


def test_the_first_look_of_all_goes_back_two_months(tmp_path: Path) -> None:
    with shifts(tmp_path / "data") as floor:
        floor.hire("1001")
        floor.plan("1001", NINE_TO_SIX)
        comes_late(floor)
        floor.now_ms = at("09:00", DAY + timedelta(days=40))
        assert look(floor) == [("1001", DAY, DerivedReason.SYSTEM_FAULT)]


def test_only_those_who_changed_are_counted_again(floor: Shifts) -> None:
    comes_late(floor, "1002")
    assert look(floor) == [("1002", DAY, DerivedReason.SYSTEM_FAULT)]
    comes_late(floor, "1001")
    assert look(floor) == [("1001", DAY, DerivedReason.SYSTEM_FAULT)]
