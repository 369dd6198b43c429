"""Many people over many days in one pass: the same figures as one person and day at a time."""

import tempfile
from datetime import date, timedelta
from pathlib import Path

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agent_service.adherence.day import PersonDate
from agent_service.adherence.month import dates_between
from protocol.facts.agent import AcwExtended, Reason, State
from protocol.facts.attendance import MonthLocked, SubstituteNamed
from protocol.facts.call import CallHeld, CallOffered
from protocol.facts.correction import ExceptionDecided, ExceptionProposed, Overlay
from protocol.facts.record import AnyFact
from protocol.facts.session import LinkLost, SessionAnchored, SessionProvisional
from protocol.facts.shift import Activity, IncidentConfirmed
from tests.service.shifts import DAY, HOUR, MINUTE, NINE_TO_SIX, Shifts, at, enters, shifts

AGENTS = ("1001", "1002", "1003")
FIRST, LAST = date(2026, 10, 29), date(2026, 11, 4)
SPAN = (LAST - FIRST).days + 1
DAYS = st.integers(0, SPAN - 1)
PLANS = st.sampled_from(
    [
        NINE_TO_SIX,
        (),
        (("22:00", "30:00", Activity.WORK),),
        (("23:00", "47:00", Activity.WORK),),
        (("00:30", "08:00", Activity.WORK), ("08:00", "09:00", Activity.TRAINING)),
    ]
)
FACTS: st.SearchStrategy[AnyFact] = st.one_of(
    st.builds(enters, st.sampled_from([State.READY, State.ACW, State.LOGGED_OFF])),
    st.builds(enters, st.just(State.NOT_READY), st.sampled_from([Reason.REST, Reason.PERSONAL])),
    st.builds(enters, st.sampled_from([State.TALK, State.ACW]), st.none(), st.just("c")),
    st.sampled_from(
        [
            CallHeld("c"),
            CallOffered("c", "13900001234", line="complaints"),
            AcwExtended("c", 60, "1001"),
        ]
    ),
)


class Planned(msgspec.Struct, frozen=True):
    """Somebody's plan of a day."""

    agent: str
    day: int
    plan: tuple[tuple[str, str, Activity], ...]


class Sat(msgspec.Struct, frozen=True):
    """A session: when it began (hours into the span), what it told every so many minutes, how much
    later that came (hours), and whether its seat was lost."""

    agent: str
    begins_h: int
    facts: list[AnyFact]
    every_m: int
    late_h: int
    lost: bool


class Granted(msgspec.Struct, frozen=True):
    """Something was asked for in somebody's day, and decided or not; with a fault of the site."""

    agent: str
    day: int
    what: Overlay
    approved: bool | None


class StoodIn(msgspec.Struct, frozen=True):
    """Somebody worked another's shift, or (empty) did not after all."""

    agent: str
    day: int
    substitute: str


class Locked(msgspec.Struct, frozen=True):
    """The month before is locked."""


Step = Planned | Sat | Granted | StoodIn | Locked
STEPS = st.lists(
    st.one_of(
        st.builds(Planned, st.sampled_from(AGENTS), DAYS, PLANS),
        st.builds(
            Sat,
            st.sampled_from(AGENTS),
            st.integers(0, SPAN * 24),
            st.lists(FACTS, min_size=1, max_size=8),
            st.sampled_from([7, 55, 200]),
            st.sampled_from([0, 0, 3, 80]),
            st.booleans(),
        ),
        st.builds(
            Granted,
            st.sampled_from(AGENTS),
            DAYS,
            st.sampled_from([Overlay.EXCUSE, Overlay.EXCLUDE]),
            st.none() | st.booleans(),
        ),
        st.builds(StoodIn, st.sampled_from(AGENTS), DAYS, st.sampled_from([*AGENTS, *AGENTS, ""])),
        st.builds(Locked),
    ),
    max_size=14,
)


def played(floor: Shifts, steps: list[Step]) -> None:
    floor.hire(*AGENTS)
    ordered = sorted(steps, key=_when)
    for number, step in enumerate(ordered):
        match step:
            case Planned(agent, day, plan):
                floor.plan(agent, plan, FIRST + timedelta(days=day))
            case Sat():
                sit(floor, step, f"s{number}")
            case Granted():
                grant(floor, step, f"e{number}")
            case StoodIn(agent, day, substitute):
                when = FIRST + timedelta(days=day)
                floor.record(SubstituteNamed(agent, when, substitute, "2001", "ill"))
            case Locked():
                floor.record(MonthLocked("2026-10", "digest", "3001"))


def _when(step: Step) -> int:
    begins_h = getattr(step, "begins_h", 0)
    hours = {Planned: 0, Sat: begins_h, Granted: 100, StoodIn: 110, Locked: 120}
    return hours[type(step)]


def grant(floor: Shifts, asked: Granted, name: str) -> None:
    day = FIRST + timedelta(days=asked.day)
    span = (day, at("10:00", day), at("14:00", day))
    floor.record(ExceptionProposed(name, asked.agent, *span, asked.what, "LEAVE", "so", "1009"))
    floor.record(IncidentConfirmed(name, *span[1:], "A", "3001", "fault"))
    decisions = {None: (), True: (True,), False: (False,)}[asked.approved]
    for approved in decisions:
        floor.record(ExceptionDecided(name, approved, "2001"))


def sit(floor: Shifts, sat: Sat, session: str) -> None:
    begins_ms = at("00:00", FIRST) + sat.begins_h * HOUR
    floor.now_ms = max(floor.now_ms, begins_ms)
    floor.begin(sat.agent, session)
    first: AnyFact = SessionAnchored(begins_ms, begins_ms, 5, "boot", None, None)
    told = [
        (begins_ms + number * sat.every_m * MINUTE, fact)
        for number, fact in enumerate([first, *sat.facts])
    ]
    floor.tell(session, told, told[-1][0] + sat.late_h * HOUR)
    if sat.lost:
        floor.record(LinkLost(sat.agent, session, floor.now_ms))


def one_by_one(floor: Shifts) -> list[PersonDate]:
    """Of everybody on every day."""
    return [
        floor.day_of(agent, FIRST + timedelta(days=day)) for day in range(SPAN) for agent in AGENTS
    ]


@pytest.mark.prove
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(STEPS)
def test_the_same_as_one_by_one(steps: list[Step]) -> None:
    with tempfile.TemporaryDirectory() as name, shifts(Path(name) / "data") as floor:
        played(floor, steps)
        floor.now_ms = max(floor.now_ms, at("12:00", LAST))
        at_once = list(dates_between(floor.connection, FIRST, LAST, floor.moment))
        alone = one_by_one(floor)
    told = {(each.whose.agent, each.whose.day) for each in at_once}
    assert at_once == [each for each in alone if (each.whose.agent, each.whose.day) in told]
    untold = [each for each in alone if (each.whose.agent, each.whose.day) not in told]
    told_of = [(each.recorded, each.plan, each.stand_ins, each.exceptions) for each in untold]
    assert all(each == ((), None, (), ()) for each in told_of)


def test_facts_without_a_clock_and_long_sessions_are_the_same(tmp_path: Path) -> None:
    with shifts(tmp_path / "data") as floor:
        floor.hire(*AGENTS)
        for day in range(SPAN):
            floor.plan("1001", NINE_TO_SIX, FIRST + timedelta(days=day))
        floor.now_ms = at("09:00", FIRST)
        floor.begin("1001", "long")
        floor.begin("1002", "blind")
        for day in range(SPAN):
            today = FIRST + timedelta(days=day)
            floor.tell("long", [(at("09:01", today), enters(State.READY))])
            floor.tell("long", [(at("17:00", today), enters(State.NOT_READY, Reason.REST))])
        floor.tell("blind", [(None, SessionProvisional("boot")), (None, enters(State.READY))])
        floor.tell("blind", [(floor.now_ms, SessionAnchored(at("09:00"), 0, 5, "boot"))])
        at_once = list(dates_between(floor.connection, FIRST, LAST, floor.moment))
        alone = one_by_one(floor)
    told = {(each.whose.agent, each.whose.day) for each in at_once}
    assert ("1002", DAY) in told
    assert {("1001", FIRST + timedelta(days=day)) for day in range(SPAN)} <= told
    assert at_once == [each for each in alone if (each.whose.agent, each.whose.day) in told]


def test_a_duty_that_ends_a_day_later_is_whole(tmp_path: Path) -> None:
    with shifts(tmp_path / "data") as floor:
        floor.hire("1001")
        floor.plan("1001", (("23:00", "47:00", Activity.WORK),), LAST)
        floor.begin("1001", "s")
        told = [("23:00", State.READY), ("30:00", State.LOGGED_OFF)]
        floor.tell("s", [(at(clock, LAST), enters(state)) for clock, state in told])
        floor.now_ms = at("37:00", LAST)
        floor.begin("1001", "t")
        told = [("37:00", State.READY), ("47:00", State.LOGGED_OFF)]
        floor.tell("t", [(at(clock, LAST), enters(state)) for clock, state in told])
        floor.now_ms = at("60:00", LAST)
        (at_once,) = dates_between(floor.connection, LAST, LAST, floor.moment)
        assert at_once == floor.day_of("1001", LAST)
    assert at_once.figure.figure.in_adherence_s == 17 * 3_600


def test_people_and_days_may_be_chosen(tmp_path: Path) -> None:
    with shifts(tmp_path / "data") as floor:
        floor.hire("1001")
        floor.hire("1002", team="B")
        for agent in ("1001", "1002"):
            floor.plan(agent, NINE_TO_SIX)
            floor.work(agent, f"s{agent}", "09:00", "18:00")
        span = (floor.connection, DAY, DAY, floor.moment)
        of_team = list(dates_between(*span, chosen=lambda whose: whose.team == "B"))
        of_person = list(dates_between(*span, agents=("1001",)))
    assert [each.whose.agent for each in of_team] == ["1002"]
    assert [each.whose.agent for each in of_person] == ["1001"]
    assert of_person[0].figure.figure.in_adherence_s == 32_400
