"""One person's business date, put together from the ledger."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from protocol.facts.agent import Reason, State
from protocol.facts.attendance import MonthLocked
from protocol.facts.correction import ExceptionDecided, ExceptionProposed, Overlay
from protocol.facts.session import LinkBack, LinkLost
from protocol.facts.shift import Activity, IncidentConfirmed, PlanCause
from protocol.rules.rounding import percent
from tests.service.shifts import DAY, NINE_TO_SIX, Shifts, at, enters, shifts

NIGHT = (("22:00", "30:00", Activity.WORK),)


@pytest.fixture
def floor(tmp_path: Path) -> Iterator[Shifts]:
    """Three people, one of them in another team."""
    with shifts(tmp_path / "data") as floor:
        floor.hire("1001", "1002")
        floor.hire("1003", team="B")
        yield floor


def seconds(floor: Shifts, agent: str = "1001") -> tuple[int, int, int, int]:
    """Scheduled, excluded, in and out."""
    figure = floor.day_of(agent).figure.figure
    return (
        figure.scheduled_s,
        figure.excluded_s,
        figure.in_adherence_s,
        figure.out_of_adherence_s,
    )


def asked(name: str, what: Overlay, start: str, end: str, agent: str = "1001") -> ExceptionProposed:
    return ExceptionProposed(name, agent, DAY, at(start), at(end), what, "LEAVE", "please", agent)


def test_a_shift_of_work_is_in_adherence(floor: Shifts) -> None:
    floor.plan("1001", NINE_TO_SIX)
    floor.work("1001", "s", "09:00", "18:00")
    date = floor.day_of("1001")
    assert percent(date.figure.figure.in_adherence_s, date.figure.figure.counted_s) == 100.0
    assert seconds(floor) == (32_400, 0, 32_400, 0)
    assert not date.locked
    assert date.version


def test_what_is_still_to_come_is_not_counted_yet(floor: Shifts) -> None:
    floor.plan("1001", NINE_TO_SIX)
    floor.begin("1001", "s")
    floor.tell("s", [(at("09:10"), enters(State.READY))])
    floor.now_ms = at("10:00")
    assert seconds(floor) == (3_600, 0, 3_000, 600)


def test_a_night_belongs_whole_to_the_date_on_which_it_starts(floor: Shifts) -> None:
    floor.plan("1001", NIGHT)
    floor.begin("1001", "s")
    floor.tell("s", [(at("21:58"), enters(State.READY)), (at("30:01"), enters(State.LOGGED_OFF))])
    figure = floor.day_of("1001").figure.figure
    assert seconds(floor) == (28_800, 0, 28_800, 0)
    assert (figure.pre_shift_work_s, figure.overtime_work_s) == (120, 60)


def test_a_seat_that_is_not_heard_makes_the_figure_a_range(floor: Shifts) -> None:
    floor.plan("1001", NINE_TO_SIX)
    floor.begin("1001", "s")
    floor.tell("s", [(at("09:00"), enters(State.READY))])
    floor.now_ms = at("11:00")
    floor.record(LinkLost("1001", "s", at("10:30")))
    figure = floor.day_of("1001").figure.figure
    assert figure.provisional
    assert (figure.in_adherence_s, figure.in_adherence_high_s) == (5_400, 7_200)


def test_what_is_granted_changes_the_figure_and_leaves_the_raw_one(floor: Shifts) -> None:
    floor.plan("1001", NINE_TO_SIX)
    floor.work("1001", "s", "09:00", "16:00")
    floor.now_ms = at("18:00")
    floor.record(asked("e", Overlay.EXCLUDE, "16:00", "18:00"))
    assert seconds(floor) == (32_400, 0, 25_200, 7_200)
    assert floor.day_of("1001").figure.figure.pending_review_s == 7_200
    floor.record(ExceptionDecided("e", approved=True, actor="2001"))
    assert seconds(floor) == (32_400, 7_200, 25_200, 0)
    assert floor.day_of("1001").figure.raw.out_of_adherence_s == 7_200


@pytest.mark.parametrize(("team", "excluded_s"), [("", 1_200), ("A", 1_200), ("B", 0)])
def test_a_confirmed_fault_excludes_what_it_took_from_the_team(
    floor: Shifts, team: str, excluded_s: int
) -> None:
    floor.plan("1001", NINE_TO_SIX)
    floor.begin("1001", "s")
    told = [
        (at("09:00"), enters(State.READY)),
        (at("14:00"), enters(State.NOT_READY, Reason.SYSTEM_FAULT)),
        (at("14:20"), enters(State.READY)),
        (at("18:00"), enters(State.LOGGED_OFF)),
    ]
    floor.tell("s", told)
    floor.record(IncidentConfirmed("i", at("13:00"), at("15:00"), team, "3001", "switch"))
    assert floor.day_of("1001").figure.figure.excluded_s == excluded_s


def test_the_plan_in_force_counts(floor: Shifts) -> None:
    floor.plan("1001", NINE_TO_SIX)
    floor.plan("1001", (("13:00", "22:00", Activity.WORK),), cause=PlanCause.SWAP)
    floor.begin("1001", "s")
    floor.tell("s", [(at("13:00"), enters(State.READY)), (at("22:00"), enters(State.LOGGED_OFF))])
    assert seconds(floor) == (32_400, 0, 32_400, 0)


def test_a_locked_month_stays_whatever_comes_later(floor: Shifts) -> None:
    floor.plan("1001", NINE_TO_SIX)
    floor.work("1001", "s", "09:00", "16:00")
    floor.record(asked("e", Overlay.EXCLUDE, "16:00", "18:00"))
    floor.plan("1002", NINE_TO_SIX)
    floor.begin("1002", "t")
    floor.tell("t", [(at("09:00"), enters(State.READY))])
    floor.record(LinkLost("1002", "t", at("15:00")))
    floor.now_ms = at("40:00")
    floor.record(MonthLocked("2026-11", "digest", "3001"))
    then = [floor.day_of(agent) for agent in ("1001", "1002")]
    floor.record(
        ExceptionDecided("e", approved=True, actor="2001", adjusts="2026-12"),
        LinkBack("1002", "t"),
        IncidentConfirmed("i", at("09:00"), at("18:00"), "", "3001", "too late"),
    )
    floor.tell("t", [(at("17:00"), enters(State.LOGGED_OFF))], at("41:00"))
    floor.plan("1001", (), cause=PlanCause.RELEASE)
    floor.begin("1001", "late")
    floor.tell("late", [(at("16:00"), enters(State.READY))], at("42:00"))
    now = [floor.day_of(agent) for agent in ("1001", "1002")]
    assert [each.figure for each in now] == [each.figure for each in then]
    assert [each.locked for each in now] == [True, True]
    assert then[1].figure.figure.unknown_s == 3 * 3_600
