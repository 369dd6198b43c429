"""Who can be named as who works a shift: anybody free and rested before it begins, and only who was
there once it has; and what else those are then asked for."""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from agent_service.attendance.named import NamedSubstitutes
from agent_service.attendance.projector import SubstituteProjector
from agent_service.attendance.recording import AttendanceRecorder
from agent_service.rosters import drafts
from agent_service.rosters.checking import Change
from agent_service.rosters.draft_changes import publish
from agent_service.rosters.drafts import Asked, Draft
from agent_service.rosters.outlook import outlook
from agent_service.rosters.planning import Act
from protocol.facts.agent import State
from protocol.facts.attendance import MonthSigned, PresenceEvidenced, SubstituteNamed
from protocol.facts.session import LinkLost
from protocol.facts.shift import Activity, PlanCause
from protocol.wire.errors import Refused
from tests.service.rosters import BOOK
from tests.service.shifts import (
    DAY,
    NINE_TO_SIX,
    Planned,
    Shifts,
    at,
    enters,
    segments,
    shifts,
)
from tests.service.substituting import leading, named, planner_of, recorder_of

EVE, NEXT = DAY - timedelta(days=1), DAY + timedelta(days=1)
EARLY: Planned = (("06:00", "10:00", Activity.WORK),)
ABSENT = ["substitute_absent"]
NIGHT: Planned = (("22:00", "26:00", Activity.WORK), ("26:30", "30:00", Activity.WORK))


@pytest.fixture
def floor(tmp_path: Path) -> Iterator[Shifts]:
    """1001 has a shift."""
    with shifts(tmp_path / "data") as floor:
        floor.hire("1001", "1002", "1003")
        floor.plan("1001", NINE_TO_SIX)
        yield floor


@pytest.fixture
def recorder(floor: Shifts) -> AttendanceRecorder:
    return recorder_of(floor)


def why_not(floor: Shifts, recorder: AttendanceRecorder, substitute: str) -> Refused:
    """Why somebody can't be named for the shift, of which no trace is left."""
    before = floor.appender.head
    with pytest.raises(Refused) as refused:
        named(floor, recorder, "1001", substitute)
    floor.connection.execute("ROLLBACK")
    assert floor.appender.head == before
    return refused.value


def refusals(floor: Shifts, recorder: AttendanceRecorder) -> list[str]:
    """The code by which naming 1002 is refused, if it is."""
    try:
        named(floor, recorder, "1001", "1002")
    except Refused as refused:
        floor.connection.execute("ROLLBACK")
        return [refused.code]
    return []


def evidence(
    floor: Shifts, agent: str, came: str, left: str, for_agent: str = "", day: date = DAY
) -> None:
    """What a lead saw; `-`: nothing told."""
    times = [None if each == "-" else at(each) for each in (came, left)]
    floor.record(PresenceEvidenced(agent, day, *times, "2001", "seen", for_agent))


def signs_in(floor: Shifts, agent: str, came: str, left: str) -> None:
    """They work between these times; `-`: still."""
    floor.begin(agent, f"s{agent}")
    told = [(at(came), enters(State.READY))]
    told += [(at(left), enters(State.LOGGED_OFF))] if left != "-" else []
    floor.tell(f"s{agent}", told)


def test_before_the_shift_anybody_free_is_named_and_taken_back(
    floor: Shifts, recorder: AttendanceRecorder
) -> None:
    floor.now_ms = at("09:00") - 1
    named(floor, recorder, "1001", "1002", "1003", "", "1002")
    assert [each.agent for each in floor.day_of("1002").stand_ins] == ["1001"]


def test_once_it_has_begun_only_who_was_there_is_named(
    floor: Shifts, recorder: AttendanceRecorder
) -> None:
    floor.now_ms = at("09:00")
    refused = why_not(floor, recorder, "1002")
    told = {"agent": "1002", "start": "2026-11-02 09:00", "end": "2026-11-02 18:00"}
    assert (refused.code, refused.params) == ("substitute_absent", told)
    signs_in(floor, "1002", "09:10", "-")
    floor.now_ms = at("09:11")
    named(floor, recorder, "1001", "1002")
    assert why_not(floor, recorder, "1003").code == "substitute_absent"
    assert why_not(floor, recorder, "").params["agent"] == "1001", "nor is it the owner's again"
    signs_in(floor, "1001", "17:00", "17:05")
    named(floor, recorder, "1001", "")
    assert floor.day_of("1002").stand_ins == ()


@pytest.mark.parametrize(
    ("came", "left", "codes"),
    [
        ("07:00", "09:00", ABSENT),
        ("18:00", "19:00", ABSENT),
        ("07:00", "-", []),
        ("07:00", "09:01", []),
        ("17:59", "20:00", []),
    ],
)
def test_a_session_shows_it_where_it_overlaps_the_shift(
    floor: Shifts, recorder: AttendanceRecorder, came: str, left: str, codes: list[str]
) -> None:
    signs_in(floor, "1002", came, left)
    floor.now_ms = at("21:00")
    assert refusals(floor, recorder) == codes


def test_time_that_nobody_knows_shows_nothing(floor: Shifts, recorder: AttendanceRecorder) -> None:
    signs_in(floor, "1002", "08:00", "-")
    floor.record(LinkLost("1002", "s1002", at("08:30")))
    floor.now_ms = at("12:00")
    assert refusals(floor, recorder) == ABSENT


@pytest.mark.parametrize(
    ("came", "left", "for_agent", "codes"),
    [
        ("09:00", "18:00", "1001", []),
        ("08:50", "-", "1001", []),
        ("-", "18:10", "1001", []),
        ("18:00", "19:00", "1001", ABSENT),
        ("06:00", "10:00", "", []),
        ("06:00", "-", "", ABSENT),
        ("-", "20:00", "", ABSENT),
        ("-", "10:00", "", []),
    ],
)
def test_evidence_shows_it_where_it_overlaps_the_shift(
    floor: Shifts,
    recorder: AttendanceRecorder,
    came: str,
    left: str,
    for_agent: str,
    codes: list[str],
) -> None:
    evidence(floor, "1002", came, left, for_agent)
    evidence(floor, "1003", "09:00", "18:00", "1001")
    evidence(floor, "1002", "09:00", "18:00", "1001", NEXT)
    floor.now_ms = at("12:00")
    assert refusals(floor, recorder) == codes


def test_evidence_of_the_same_group_counts(floor: Shifts, recorder: AttendanceRecorder) -> None:
    floor.now_ms = at("12:00")
    seen = PresenceEvidenced("1002", DAY, at("09:00"), None, "2001", "seen", "1001")
    with floor.committed():
        recorder.see(floor.connection, seen)
        fact = SubstituteNamed("1001", DAY, "1002", "2001", "ill")
        recorder.substitute(floor.connection, fact, leading())
    assert [each.agent for each in floor.day_of("1002").stand_ins] == ["1001"]


def test_another_leads_word_for_the_same_person_is_told_as_theirs(
    floor: Shifts, recorder: AttendanceRecorder
) -> None:
    named(floor, recorder, "1001", "1002", "1002")
    named(floor, recorder, "1001", "1002", actor="3001")
    (stand_in,) = floor.day_of("1002").stand_ins
    assert stand_in.actor == "3001"


def test_evidence_needs_the_shift_that_it_is_about(
    floor: Shifts, recorder: AttendanceRecorder
) -> None:
    fact = PresenceEvidenced("1002", DAY, at("09:00"), None, "2001", "seen", "1003")
    with pytest.raises(Refused, match=r"no_shift.*1003"), floor.committed():
        recorder.see(floor.connection, fact)
    floor.connection.execute("ROLLBACK")


def test_what_is_said_twice_in_one_group_is_recorded_once(
    floor: Shifts, recorder: AttendanceRecorder
) -> None:
    seen = PresenceEvidenced("1001", DAY, at("09:00"), None, "2001", "seen")
    signed = MonthSigned("2026-11", "A", "digest", "2001")
    before = floor.appender.head.position
    with floor.committed():
        for _ in range(2):
            recorder.see(floor.connection, seen)
            recorder.sign(floor.connection, signed)
    assert floor.appender.head.position == before + 2
    others = MonthSigned("2026-11", "B", "digest", "2001")
    with floor.committed():
        recorder.sign(floor.connection, others)
        recorder.sign(floor.connection, signed)
        recorder.sign(floor.connection, others)
    assert floor.appender.head.position == before + 3


@pytest.mark.parametrize(("own", "day"), [(NIGHT, EVE), (EARLY, NEXT)])
@pytest.mark.parametrize(("now", "codes"), [("08:59", ["roster_refused"]), ("09:00", [])])
def test_a_substitute_has_the_rest_that_a_plan_asks_for(
    floor: Shifts,
    recorder: AttendanceRecorder,
    own: Planned,
    day: date,
    now: str,
    codes: list[str],
) -> None:
    """Of a shift that has begun it is what was, and nobody can plan it better."""
    floor.plan("1001", (("09:00", "13:00", Activity.WORK), ("14:00", "23:00", Activity.WORK)))
    floor.plan("1002", own, day)
    evidence(floor, "1002", "09:00", "23:00", "1001")
    floor.now_ms = at(now)
    assert refusals(floor, recorder) == codes


def test_warnings_of_a_substitute_hold_nothing_up(
    floor: Shifts, recorder: AttendanceRecorder
) -> None:
    floor.plan("1002", (("20:00", "23:30", Activity.WORK),), EVE)
    named(floor, recorder, "1001", "1002")


def test_a_shift_that_was_given_away_is_not_given_back_over_another(
    floor: Shifts, recorder: AttendanceRecorder
) -> None:
    named(floor, recorder, "1001", "1002")
    floor.plan("1003", EARLY)
    with floor.committed():
        fact = SubstituteNamed("1003", DAY, "1001", "2001", "ill")
        recorder.substitute(floor.connection, fact, leading())
    refused = why_not(floor, recorder, "")
    assert (refused.code, refused.params["agent"]) == ("substitute_busy", "1001")
    assert refused.params["start"].endswith("06:00")


def planned(floor: Shifts, agent: str, own: Planned, day: date, lead: str = "2001") -> None:
    """Another plan, as an approved swap makes it. Raises `Refused`."""
    with floor.committed():
        change = agent, day, segments(own, day), ""
        planner_of(floor).plan(
            floor.connection, [change], PlanCause.SWAP, "", leading(lead), floor.now_ms
        )


@pytest.mark.parametrize(
    ("agent", "own", "day", "code"),
    [
        ("1002", NIGHT, EVE, "MIN_REST"),
        ("1002", (("08:00", "10:00", Activity.WORK),), DAY, "OVERLAP"),
        ("1001", (("03:00", "08:00", Activity.WORK),), DAY, "MIN_REST"),
    ],
)
def test_plans_are_checked_with_what_somebody_stands_in_for(
    floor: Shifts, recorder: AttendanceRecorder, agent: str, own: Planned, day: date, code: str
) -> None:
    floor.now_ms = at("00:00", EVE)
    floor.plan("1002", (("18:00", "21:00", Activity.WORK),), EVE)
    named(floor, recorder, "1001", "1002")
    with pytest.raises(Refused, match=f"roster_refused.*{code}.*1002"):
        planned(floor, agent, own, day)
    floor.connection.execute("ROLLBACK")


def test_plans_are_checked_without_what_somebody_else_works(
    floor: Shifts, recorder: AttendanceRecorder
) -> None:
    floor.now_ms = at("00:00", EVE)
    with pytest.raises(Refused, match=r"roster_refused.*MIN_REST"):
        planned(floor, "1001", NIGHT, EVE)
    floor.connection.execute("ROLLBACK")
    named(floor, recorder, "1001", "1002")
    planned(floor, "1001", NIGHT, EVE)


def test_who_stands_in_is_known_again_after_a_restart(floor: Shifts) -> None:
    for agent, substitute in (("1001", "1002"), ("1003", "1002"), ("1001", "1004"), ("1003", "")):
        floor.record(SubstituteNamed(agent, DAY, substitute, "2001", "ill"))
    known = NamedSubstitutes()
    SubstituteProjector(known.take).load(floor.connection)
    assert known.in_force == {("1001", DAY): "1004"}


def drafted(floor: Shifts, agent: str, own: Planned, day: date) -> Asked:
    """A draft, and what it is asked of."""
    told = segments(own, day)
    with floor.committed():
        drafts.put(floor.connection, [Draft(agent, day, told, "", 0, "2001", 0)])
    return Asked(frozenset({agent}), (day, day))


def test_a_publication_sees_who_stands_in_and_is_looked_at_anew_when_that_changes(
    floor: Shifts, recorder: AttendanceRecorder
) -> None:
    floor.now_ms = at("00:00", EVE)
    asked = drafted(floor, "1002", NIGHT, EVE)
    before = outlook(BOOK, floor.connection, asked)
    assert "MIN_REST" not in [each.code for each in before.findings]
    act = Act("a", leading(), PlanCause.ROSTER)
    floor.record(SubstituteNamed("1001", DAY, "1002", "2001", "ill"))
    with floor.committed():
        assert publish(planner_of(floor), floor.connection, before, asked.span, act) is None
    after = outlook(BOOK, floor.connection, asked)
    assert ("MIN_REST", "1002") in [(each.code, each.agent) for each in after.findings]
    floor.record(SubstituteNamed("1001", DAY, "1003", "2001", "ill"))
    found = outlook(BOOK, floor.connection, asked)
    with floor.committed():
        told = publish(planner_of(floor), floor.connection, found, asked.span, act)
    assert told is not None


@pytest.mark.parametrize(("actor", "code"), [("1002", "own_case"), ("2002", "not_permitted")])
def test_nobody_drafts_or_publishes_what_they_or_others_stand_in_for(
    floor: Shifts, actor: str, code: str
) -> None:
    floor.record(SubstituteNamed("1001", DAY, "1002", "2001", "ill"))
    asked = drafted(floor, "1001", EARLY, DAY)
    planner, by = planner_of(floor), leading(actor, "1002")
    found = outlook(BOOK, floor.connection, asked)
    with pytest.raises(Refused, match=code), floor.committed():
        act = Act("a", by, PlanCause.ROSTER)
        publish(planner, floor.connection, found, asked.span, act)
    floor.connection.execute("ROLLBACK")
    with pytest.raises(Refused, match=code), floor.committed():
        planner.check_begun(floor.connection, [Change("1001", DAY, segments(EARLY))], by)
    floor.connection.execute("ROLLBACK")
