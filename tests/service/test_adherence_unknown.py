"""Time of which nobody knows stays unknown, whatever comes after it."""

from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta
from pathlib import Path

import msgspec
import pytest

from agent_service.adherence.day import PersonDate
from agent_service.adherence.live_days import Asked, LiveDays
from agent_service.adherence.month import dates_between
from agent_service.attendance.month import Wanted, check_windows, rows_between
from protocol.facts.agent import Reason, State
from protocol.facts.attendance import MonthLocked
from protocol.facts.session import (
    FactsLost,
    LinkLost,
    SessionAdmitted,
    SessionAnchored,
    SessionProvisional,
)
from protocol.facts.shift import Activity, RulesAdopted
from protocol.rules import day_rules
from protocol.rules.day_rules import AdherenceRules, DayRules
from protocol.wire.errors import Refused
from tests.service.shifts import DAY, DESK, NINE_TO_SIX, Shifts, Told, at, enters, shifts

WORKED = [
    (at("09:00"), enters(State.READY)),
    (at("12:00"), enters(State.NOT_READY, Reason.MEAL)),
    (at("13:00"), enters(State.READY)),
]
HOURS = 3_600
Steps = Sequence[Callable[[Shifts], None]]


@pytest.fixture
def floor(tmp_path: Path) -> Iterator[Shifts]:
    with shifts(tmp_path / "data") as floor:
        floor.hire("1001")
        floor.plan("1001", NINE_TO_SIX)
        yield floor


def figures(floor: Shifts) -> PersonDate:
    """The day, by itself; the same with many at once."""
    alone = floor.day_of("1001")
    assert list(dates_between(floor.connection, DAY, DAY, floor.moment)) == [alone]
    return alone


def in_low_high_unknown(floor: Shifts) -> tuple[int, int, int]:
    found = figures(floor).figure.figure
    return found.in_adherence_s, found.in_adherence_high_s, found.unknown_s


def dies(floor: Shifts) -> None:
    """At 15:00."""
    floor.begin("1001", "s")
    floor.tell("s", WORKED)
    floor.record(LinkLost("1001", "s", at("15:00")))


def returns(floor: Shifts, clock: str = "33:00", boot: str = "another") -> None:
    floor.now_ms = at(clock)
    floor.begin("1001", "t")
    anchored = SessionAnchored(at(clock), 24 * 3_600_000, 1, boot, "s", at("15:00"))
    floor.tell("t", [(at(clock), anchored), (at(clock), enters(State.READY))])


def test_a_seat_that_died_leaves_its_day_unknown_after_the_next_sign_in(floor: Shifts) -> None:
    dies(floor)
    floor.now_ms = at("32:00")
    before = in_low_high_unknown(floor)
    assert before == (6 * HOURS, 9 * HOURS, 3 * HOURS)
    returns(floor)
    assert in_low_high_unknown(floor) == before
    assert figures(floor).figure.figure.overtime_work_s == 0
    followed = LiveDays()
    floor.now_ms = at("33:30")
    days = followed.round(floor.connection, Asked(("1001",), None, floor.moment))
    assert [(each.in_s, each.in_high_s) for each in days if each.day == DAY] == [before[:2]]


def test_a_sign_in_that_has_told_nothing_yet_makes_nothing_known(floor: Shifts) -> None:
    dies(floor)
    floor.now_ms = at("33:00")
    floor.begin("1001", "t")
    assert in_low_high_unknown(floor) == (4 * HOURS, 9 * HOURS, 5 * HOURS)


@pytest.mark.parametrize(("before", "after"), [((), (returns,)), ((returns,), ())])
def test_a_lock_changes_no_figure(floor: Shifts, before: Steps, after: Steps) -> None:
    dies(floor)
    for step in before:
        step(floor)
    floor.now_ms = at("34:00")
    known = in_low_high_unknown(floor)
    assert known == (6 * HOURS, 9 * HOURS, 3 * HOURS)
    floor.record(MonthLocked("2026-11", "digest", "3001"))
    assert in_low_high_unknown(floor) == known
    for step in after:
        step(floor)
    assert in_low_high_unknown(floor) == known


def test_rules_that_are_adopted_after_the_lock_change_nothing(floor: Shifts) -> None:
    floor.work("1001", "s", "09:01", "18:00")
    floor.now_ms = at("40:00")
    floor.record(MonthLocked("2026-11", "digest", "3001"))
    locked = figures(floor)
    strict = DayRules(AdherenceRules(grace_s=0))
    values = msgspec.Raw(day_rules.encode(strict))
    floor.record(RulesAdopted(day_rules.version(strict), DAY, values))
    assert figures(floor) == locked


def test_what_came_after_the_lock_is_not_counted(floor: Shifts) -> None:
    floor.plan("1001", (("14:00", "22:00", Activity.WORK),))
    floor.begin("1001", "s")
    floor.tell("s", [(at("14:00"), enters(State.READY))])
    floor.now_ms = at("24:30")
    floor.record(MonthLocked("2026-11", "digest", "3001"))
    locked = figures(floor)
    floor.tell("s", [(at("24:40"), enters(State.LOGGED_OFF))])
    floor.now_ms = at("28:00")
    assert figures(floor) == locked
    assert locked.figure.figure.overtime_work_s == 2.5 * HOURS


def test_a_month_is_not_over_while_its_last_night_goes_on(floor: Shifts) -> None:
    last = date(2026, 11, 30)
    floor.plan("1001", (("22:00", "30:00", Activity.WORK),), last)
    floor.now_ms = at("33:59", last)
    with pytest.raises(Refused, match="month_not_over"):
        check_windows(floor.connection, "2026-11", floor.moment, Wanted(team="A"))
    floor.now_ms = at("34:00", last)
    check_windows(floor.connection, "2026-11", floor.moment, Wanted(team="A"))


def without_instants(floor: Shifts, boot: str, alive_ms: int | None, *last: State) -> None:
    """A session of the day that comes when the next one is there."""
    floor.record(SessionAdmitted("1001", DESK, "s"))
    told: list[Told] = [(None, SessionProvisional(boot, "p", alive_ms))]
    states = [enters(State.READY), *map(enters, last)]
    floor.tell("s", [*told, *((None, state) for state in states)])


def test_the_next_session_of_the_same_running_tells_when_it_was(floor: Shifts) -> None:
    returns(floor, boot="boot")
    without_instants(floor, "boot", None, State.LOGGED_OFF)
    began = [each.from_ms for each in figures(floor).recorded]
    assert began == [at("09:02"), at("09:03")]


def test_a_later_session_of_the_same_running_is_looked_for(floor: Shifts) -> None:
    floor.plan("1001", NINE_TO_SIX, DAY + timedelta(days=1))
    returns(floor, "30:00", "elsewhere")
    floor.tell("t", [(at("31:00"), enters(State.LOGGED_OFF))])
    floor.now_ms = at("33:00")
    floor.begin("1001", "u")
    anchored = SessionAnchored(at("33:00"), 24 * 3_600_000, 1, "boot", "s", None)
    floor.tell("u", [(at("33:00"), anchored), (at("33:00"), enters(State.READY))])
    without_instants(floor, "boot", None, State.LOGGED_OFF)
    assert [each.from_ms for each in figures(floor).recorded] == [at("09:02"), at("09:03")]


@pytest.mark.parametrize("last", [(), (State.LOGGED_OFF,)])
def test_a_session_without_any_instant_makes_its_day_unknown(
    floor: Shifts, last: tuple[State, ...]
) -> None:
    floor.work("1001", "p", "09:00", "18:00", DAY - timedelta(days=1))
    returns(floor)
    without_instants(floor, "boot", at("-6:00"), *last)
    assert in_low_high_unknown(floor) == (0, 9 * HOURS, 9 * HOURS)
    ((row,),) = rows_between(floor.connection, (DAY, DAY), floor.moment, Wanted()).values()
    assert row.code == "OPEN"
    before = floor.day_of("1001", DAY - timedelta(days=1))
    assert {each.state for each in before.recorded[:-1]} >= {State.READY}
    assert None not in {each.state for each in before.recorded if each.until_ms <= at("-6:00")}


def test_a_session_that_is_lost_whole_makes_its_day_unknown(floor: Shifts) -> None:
    floor.now_ms = at("33:00")
    floor.begin("1001", "t")
    anchored = SessionAnchored(at("33:00"), 0, 1, "another")
    gone = FactsLost("s", 1, 9, at("09:00"))
    told = [(at("33:00"), fact) for fact in (anchored, gone, enters(State.READY))]
    floor.tell("t", told)
    assert in_low_high_unknown(floor) == (0, 9 * HOURS, 9 * HOURS)
