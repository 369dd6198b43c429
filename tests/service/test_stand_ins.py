"""A shift that somebody else worked: whose plan it is, in every figure."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from agent_client.seat.own_day import Sitting, computed
from agent_service.adherence.day import PersonDate
from agent_service.adherence.live_days import Asked, LiveDays
from agent_service.adherence.own_plan import Seat, read_own_plan
from agent_service.attendance.month import Wanted
from agent_service.attendance.recording import AttendanceRecorder
from agent_service.handover.ended_shifts import ended_between
from agent_service.reports.asked import Asked as AskedReport
from agent_service.reports.making import make
from protocol.facts.agent import Reason, State
from protocol.facts.attendance import MonthLocked, SubstituteNamed
from protocol.facts.shift import Activity, PlanCause, ShiftPlanned
from protocol.rules.day_segments import SessionFacts
from protocol.wire.errors import Refused
from protocol.wire.session import Person, Role
from tests.service.shifts import (
    DAY,
    NINE_TO_SIX,
    WHERE,
    Planned,
    Shifts,
    Told,
    at,
    enters,
    segments,
    shifts,
)
from tests.service.substituting import leading, named, recorder_of

NEXT = DAY + timedelta(days=1)
NIGHT: Planned = (("22:00", "30:00", Activity.WORK),)
MORNING: Planned = (("08:00", "12:00", Activity.WORK),)
AFTERNOON: Planned = (("13:00", "17:00", Activity.WORK),)


@pytest.fixture
def floor(tmp_path: Path) -> Iterator[Shifts]:
    with shifts(tmp_path / "data") as floor:
        floor.hire("1001", "1002", "1003")
        yield floor


def stands_in(floor: Shifts, agent: str, substitute: str) -> None:
    floor.record(SubstituteNamed(agent, DAY, substitute, "2001", "ill"))


def figures(date: PersonDate) -> tuple[int, int, int]:
    figure = date.figure.figure
    return figure.scheduled_s, figure.in_adherence_s, figure.overtime_work_s


def test_the_owner_has_no_figure_and_the_substitute_that_of_the_shift(floor: Shifts) -> None:
    floor.plan("1001", NINE_TO_SIX)
    floor.work("1002", "s", "09:00", "18:00")
    floor.now_ms = at("19:00")
    assert figures(floor.day_of("1001")) == (32_400, 0, 0)
    stands_in(floor, "1001", "1002")
    owner, substitute = floor.day_of("1001"), floor.day_of("1002")
    assert figures(owner) == (0, 0, 0)
    assert owner.figure.figure.adherence is None
    assert figures(substitute) == (32_400, 32_400, 0)
    assert [each.agent for each in substitute.stand_ins] == ["1001"]
    stands_in(floor, "1001", "")
    assert figures(floor.day_of("1001")) == (32_400, 0, 0)
    assert figures(floor.day_of("1002")) == (0, 0, 28_800)


def test_it_joins_a_shift_of_the_substitutes_own(floor: Shifts) -> None:
    floor.plan("1001", AFTERNOON)
    floor.plan("1002", MORNING)
    stands_in(floor, "1001", "1002")
    floor.begin("1002", "s")
    told = [
        (at("08:00"), enters(State.READY)),
        (at("12:00"), enters(State.LOGGED_OFF)),
        (at("13:10"), enters(State.READY)),
        (at("17:00"), enters(State.LOGGED_OFF)),
    ]
    floor.tell("s", told)
    floor.now_ms = at("19:00")
    assert figures(floor.day_of("1002")) == (28_800, 28_200, 0)


def test_a_night_that_is_stood_in_for_is_of_the_date_on_which_it_begins(floor: Shifts) -> None:
    floor.plan("1001", NIGHT)
    stands_in(floor, "1001", "1002")
    floor.begin("1002", "s")
    told = [(at("22:00"), enters(State.READY)), (at("30:00"), enters(State.LOGGED_OFF))]
    floor.tell("s", told)
    floor.now_ms = at("40:00")
    assert figures(floor.day_of("1002")) == (28_800, 28_800, 0)
    assert figures(floor.day_of("1002", NEXT)) == (0, 0, 0)


def test_a_plan_that_is_taken_away_later_takes_the_stand_in_with_it(floor: Shifts) -> None:
    floor.plan("1001", NINE_TO_SIX)
    stands_in(floor, "1001", "1002")
    floor.plan("1001", ())
    assert floor.day_of("1002").stand_ins == ()


def test_a_locked_month_keeps_who_stood_in(floor: Shifts) -> None:
    floor.plan("1001", NINE_TO_SIX)
    floor.work("1002", "s", "09:00", "18:00")
    stands_in(floor, "1001", "1002")
    floor.now_ms = at("19:00")
    floor.record(MonthLocked("2026-11", "digest", "3001"))
    stands_in(floor, "1001", "1003")
    assert figures(floor.day_of("1002")) == (32_400, 32_400, 0)


def test_the_live_figure_follows_the_substitute_and_the_owners_plan(floor: Shifts) -> None:
    def live(*changed: str) -> tuple[int, int]:
        asked = Asked(["1001", "1002"], frozenset(changed) or None, floor.moment)
        days = {each.agent: each for each in found.round(floor.connection, asked)}
        return len(days["1001"].segments), len(days["1002"].segments)

    found = LiveDays()
    floor.plan("1001", NINE_TO_SIX)
    floor.now_ms = at("10:00")
    assert live() == (3, 0)
    stands_in(floor, "1001", "1002")
    assert live("1001", "1002") == (0, 3)
    floor.plan("1001", MORNING)
    assert live("1001") == (0, 1), "another plan of the owner's is the substitute's"
    stands_in(floor, "1001", "1003")
    assert live("1001", "1003") == (0, 0), "whoever was named before is not forgotten"


def test_the_reports_count_the_shift_once_with_whoever_worked_it(floor: Shifts) -> None:
    floor.plan("1001", NINE_TO_SIX)
    stands_in(floor, "1001", "1002")
    floor.work("1002", "s", "09:00", "18:00")
    floor.now_ms = at("30:00")

    def report(name: str) -> list[dict[str, object]]:
        asked = AskedReport(DAY, DAY, Wanted())
        table = make(floor.connection, name, asked, floor.moment)
        assert len(table.rule_versions) == 1
        names = [each.name for each in table.columns]
        return [dict(zip(names, row, strict=True)) for row in (*table.rows, table.total)]

    owner, substitute, total = report("adherence")
    assert (owner["adherence"], substitute["adherence"]) == (None, 100.0)
    assert total["scheduled_s"] == 32_400
    owner, substitute, total = report("attendance")
    assert (owner["leave"], substitute["normal"]) == (1, 1)
    assert total["overtime_s"] == 0


@pytest.fixture
def recorder(floor: Shifts) -> AttendanceRecorder:
    return recorder_of(floor)


@pytest.mark.parametrize(
    ("own", "day", "times"),
    [
        (AFTERNOON, DAY, "13:00.*17:00"),
        ((("20:00", "33:00", Activity.WORK),), DAY - timedelta(days=1), "20:00.*09:00"),
    ],
)
def test_nobody_stands_in_while_they_have_a_shift_of_their_own(
    floor: Shifts, recorder: AttendanceRecorder, own: Planned, day: object, times: str
) -> None:
    floor.plan("1001", (("08:00", "18:00", Activity.WORK),))
    floor.plan("1002", own, day)  # type: ignore[arg-type]  # a date
    before = floor.appender.head.position
    with pytest.raises(Refused, match=f"substitute_busy.*1002.*{times}"):
        named(floor, recorder, "1001", "1002")
    floor.connection.execute("ROLLBACK")
    assert floor.appender.head.position == before


def test_nobody_stands_in_for_two_at_once_but_after_one_another(
    floor: Shifts, recorder: AttendanceRecorder
) -> None:
    floor.plan("1001", MORNING)
    floor.plan("1003", AFTERNOON)
    named(floor, recorder, "1001", "1002")
    named(floor, recorder, "1001", "1002")
    named(floor, recorder, "1003", "1002")
    assert [each.agent for each in floor.day_of("1002").stand_ins] == ["1001", "1003"]
    floor.plan("1004", NINE_TO_SIX)
    with pytest.raises(Refused, match="substitute_busy"):
        named(floor, recorder, "1004", "1002")
    floor.connection.execute("ROLLBACK")


def test_nobody_stands_in_for_two_who_are_named_in_one_group(
    floor: Shifts, recorder: AttendanceRecorder
) -> None:
    floor.plan("1003", NINE_TO_SIX)
    fact = SubstituteNamed("1003", DAY, "1002", "2001", "ill")
    with floor.committed():
        floor.appender.record(floor.connection, planned_for("1001"))
        recorder.substitute(
            floor.connection, SubstituteNamed("1001", DAY, "1002", "3001", "ill"), leading("3001")
        )
        with pytest.raises(Refused, match=r"substitute_busy.*1002.*09:00"):
            recorder.substitute(floor.connection, fact, leading())
        free = SubstituteNamed("1001", DAY, "", "3001", "came after all")
        recorder.substitute(floor.connection, free, leading("3001"))
        recorder.substitute(floor.connection, fact, leading())
    assert [each.agent for each in floor.day_of("1002").stand_ins] == ["1003"]


def planned_for(agent: str) -> ShiftPlanned:
    return ShiftPlanned(agent, DAY, 9, segments(NINE_TO_SIX), "2001", PlanCause.ROSTER)


@pytest.mark.parametrize(
    ("actor", "may_plan", "code"), [("1002", True, "own_case"), ("2002", False, "not_permitted")]
)
@pytest.mark.parametrize("substitute", ["", "1003"])
def test_a_stand_in_is_taken_back_by_who_may_plan_the_substitute_and_not_by_them(
    floor: Shifts,
    recorder: AttendanceRecorder,
    actor: str,
    may_plan: bool,
    code: str,
    substitute: str,
) -> None:
    floor.plan("1001", NINE_TO_SIX)
    named(floor, recorder, "1001", "1002")
    with pytest.raises(Refused, match=code):
        named(floor, recorder, "1001", substitute, actor=actor, may_plan=may_plan)
    floor.connection.execute("ROLLBACK")
    named(floor, recorder, "1001", "1002", may_plan=False)
    named(floor, recorder, "1001", substitute)
    assert floor.day_of("1002").stand_ins == ()
    named(floor, recorder, "1001", "", "1002", "1003")
    assert [each.agent for each in floor.day_of("1003").stand_ins] == ["1001"]


def test_who_is_asked_to_stay_is_whoever_worked_the_shift(floor: Shifts) -> None:
    floor.plan("1001", AFTERNOON)
    floor.plan("1002", MORNING)
    stands_in(floor, "1001", "1002")
    ended = ended_between(floor.connection, at("11:00"), at("17:00"), DAY)
    assert [(each.agent, each.end_ms) for each in ended] == [("1002", at("17:00"))]


def same(floor: Shifts, plan_session: str, own: list[Told]) -> PersonDate:
    """What the service computes of 1002's present date, which the seat computes too, alone."""
    seat = Seat(Person("1002", "name", (Role.AGENT,), "A"), plan_session)
    plan = read_own_plan(floor.connection, seat, floor.moment)
    sitting = Sitting("1002", plan, [SessionFacts(plan_session, own)], WHERE, floor.now_ms)
    alone, served = computed(sitting, DAY), floor.day_of("1002")
    assert (alone.window, alone.segments) == (served.window, served.segments)
    assert (alone.stand_ins, alone.figure) == (served.stand_ins, served.figure)
    following = computed(sitting, NEXT), floor.day_of("1002", NEXT)
    assert following[0].figure == following[1].figure
    return served


def test_the_seat_computes_the_same_of_a_night_that_its_person_stood_in_for(
    floor: Shifts,
) -> None:
    floor.plan("1001", NIGHT)
    floor.plan("1002", MORNING)
    floor.plan("1003", AFTERNOON, NEXT)
    stands_in(floor, "1001", "1002")
    floor.record(SubstituteNamed("1003", NEXT, "1002", "2001", "ill"))
    floor.work("1002", "elsewhere", "08:10", "14:00")
    floor.now_ms = at("22:05")
    floor.begin("1002", "here")
    own = [
        (at("22:05"), enters(State.READY)),
        (at("26:00"), enters(State.NOT_READY, Reason.SYSTEM_FAULT)),
        (at("26:20"), enters(State.READY)),
    ]
    floor.tell("here", own)
    floor.now_ms = at("27:00")
    assert figures(same(floor, "here", own))[0] == 4 * 3_600 + 5 * 3_600
    ended = (at("30:30"), enters(State.LOGGED_OFF))
    floor.tell("here", [ended])
    floor.now_ms = at("31:00")
    assert figures(same(floor, "here", [*own, ended]))[0] == 12 * 3_600


def test_the_seat_computes_the_same_run_of_work_over_midnight(floor: Shifts) -> None:
    floor.now_ms = at("19:00")
    floor.begin("1002", "here")
    own = [(at("19:00"), enters(State.READY)), (at("27:00"), enters(State.LOGGED_OFF))]
    floor.tell("here", own)
    floor.now_ms = at("28:00")
    today = same(floor, "here", own)
    after = floor.day_of("1002", NEXT).figure.fatigue
    assert today.figure.fatigue.longest_run_s == 5 * 3_600
    assert today.figure.fatigue.breaches == ()
    assert after.longest_run_s == 8 * 3_600
    assert [each.reached_ms for each in after.breaches] == [at("25:00")]
    assert [each.began_ms for each in after.breaches] == [at("19:00")]
