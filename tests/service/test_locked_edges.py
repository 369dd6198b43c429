"""Where one month's time ends and the next one's begins, once one of them is locked."""

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent_client.seat.own_day import Sitting, computed
from agent_service.adherence.basis import business_date, days_of, months_of, read_basis
from agent_service.adherence.day import PersonDate
from agent_service.adherence.live_days import Asked, LiveDays
from agent_service.adherence.month import dates_between
from agent_service.adherence.own_plan import Seat, read_own_plan
from protocol.facts.agent import State
from protocol.facts.attendance import MonthLocked, SubstituteNamed
from protocol.facts.session import SessionConfirmed
from protocol.facts.shift import Activity
from protocol.rules.day_segments import SessionFacts
from protocol.wire.session import Person, Role
from tests.service.shifts import WHERE, Planned, Shifts, at, enters, shifts

LAST, FIRST = date(2026, 11, 30), date(2026, 12, 1)
DATES = [LAST + timedelta(days=number) for number in range(-2, 4)]
MONTHS = {"2026-11": LAST, "2026-12": FIRST}
NIGHT: Planned = (("22:00", "30:00", Activity.WORK),)
EARLY: Planned = (("07:00", "15:00", Activity.WORK),)
LATE: Planned = (("14:00", "22:00", Activity.WORK),)
PLANS = st.sampled_from([(), NIGHT, EARLY, LATE, (("00:30", "05:00", Activity.WORK),)])
CHANGES = st.lists(
    st.one_of(
        st.tuples(st.sampled_from(DATES[1:5]), PLANS),
        st.sampled_from(sorted(MONTHS)),
        st.tuples(st.sampled_from([LAST, FIRST]), st.sampled_from(["", "1001"])),
    ),
    max_size=6,
)
Change = tuple[date, Planned] | tuple[date, str] | str


@pytest.fixture
def floor(tmp_path: Path) -> Iterator[Shifts]:
    with shifts(tmp_path / "data") as found:
        found.hire("1001", "1002")
        yield found


def lock(floor: Shifts, month: str) -> None:
    floor.record(MonthLocked(month, "9001", "a digest"))


def change(floor: Shifts, what: Change) -> None:
    match what:
        case str(month):
            lock(floor, month)
        case (day, str(substitute)):
            floor.record(SubstituteNamed("1002", day, substitute, "2001", "ill"))
        case (day, planned):
            floor.plan("1001", planned, day)


def worked(floor: Shifts) -> None:
    """Around the end of the month, without an hour's rest."""
    floor.now_ms = at("12:00", LAST)
    floor.begin("1001", "s")
    told = [(at("12:00", LAST), State.READY), (at("40:00", LAST), State.LOGGED_OFF)]
    floor.tell("s", [(ms, enters(state)) for ms, state in told])
    floor.now_ms = at("72:00", LAST)


def windows(floor: Shifts) -> list[tuple[int, int]]:
    found = []
    for first, last in months_of(DATES[0], DATES[-1]):
        basis = read_basis(floor.connection, first, last, WHERE, ("1001",))
        found += [basis.window("1001", day, WHERE) for day in days_of(first, last)]
    return found


@settings(max_examples=12, deadline=None)
@given(changes=CHANGES)
def test_the_dates_meet_and_locked_ones_stay(
    changes: list[Change], tmp_path_factory: pytest.TempPathFactory
) -> None:
    with shifts(tmp_path_factory.mktemp("edges") / "data") as floor:
        floor.hire("1001", "1002")
        floor.plan("1001", LATE, LAST)
        floor.plan("1002", NIGHT, LAST)
        floor.plan("1002", EARLY, FIRST)
        worked(floor)
        locked: dict[date, PersonDate] = {}
        for each in changes:
            change(floor, each)
            found = windows(floor)
            assert all(earlier[1] == later[0] for earlier, later in pairwise(found))
            assert {day: floor.day_of("1001", day) for day in locked} == locked
            for day in (MONTHS[month] for month in MONTHS if month == each):
                locked.setdefault(day, floor.day_of("1001", day))
        span = dates_between(floor.connection, DATES[0], DATES[-1], floor.moment, ("1001",))
        assert all(each == floor.day_of("1001", each.whose.day) for each in span)


def test_a_shift_brought_forward_takes_nothing_from_the_locked_night(floor: Shifts) -> None:
    floor.plan("1001", NIGHT, LAST)
    floor.plan("1001", LATE, FIRST)
    worked(floor)
    before = floor.day_of("1001", LAST)
    lock(floor, "2026-11")
    floor.plan("1001", EARLY, FIRST)
    night, after = floor.day_of("1001", LAST), floor.day_of("1001", FIRST)
    assert night.window[1] == after.window[0] == at("10:00", FIRST)
    assert (night.figure, night.window) == (before.figure, before.window)
    assert after.figure.figure.scheduled_s == after.figure.figure.in_adherence_s == 5 * 3_600
    assert [each.start_ms for each in after.segments] == [at("10:00", FIRST)]
    sums = night.figure.figure.actual_work_s + after.figure.figure.actual_work_s
    assert sums == 28 * 3_600


def test_a_shift_put_off_loses_nothing_of_what_the_lock_left_to_it(floor: Shifts) -> None:
    floor.plan("1001", LATE, LAST)
    floor.plan("1001", (("00:30", "05:00", Activity.WORK),), FIRST)
    worked(floor)
    lock(floor, "2026-11")
    edge = floor.day_of("1001", LAST).window[1]
    floor.plan("1001", LATE, FIRST)
    assert floor.day_of("1001", FIRST).window[0] == edge < at("00:00", FIRST)


def test_the_earlier_lock_fixes_both_sides(floor: Shifts) -> None:
    floor.plan("1001", NIGHT, LAST)
    lock(floor, "2026-12")
    floor.plan("1001", LATE, LAST)
    lock(floor, "2026-11")
    floor.plan("1001", (), LAST)
    assert floor.day_of("1001", LAST).window[1] == at("10:00", FIRST)
    assert floor.day_of("1001", FIRST).window[0] == at("10:00", FIRST)


def test_the_seat_and_the_floor_go_by_the_lock(floor: Shifts) -> None:
    floor.plan("1001", NIGHT, LAST)
    floor.plan("1001", LATE, FIRST)
    floor.now_ms = at("33:00", LAST)
    floor.begin("1001", "s")
    own = [(at("33:00", LAST), enters(State.READY)), (at("34:30", LAST), SessionConfirmed())]
    floor.tell("s", own)
    floor.now_ms = at("35:00", LAST)
    days = LiveDays()
    days.round(floor.connection, Asked(("1001",), None, floor.moment))
    lock(floor, "2026-11")
    floor.plan("1001", EARLY, FIRST)
    served = floor.day_of("1001", FIRST)
    live = days.round(floor.connection, Asked(("1001",), None, floor.moment))
    seat = Seat(Person("1001", "name", (Role.AGENT,), "A"), "s")
    told = read_own_plan(floor.connection, seat, floor.moment)
    sitting = Sitting("1001", told, [SessionFacts("s", own)], WHERE, floor.now_ms)
    alone = computed(sitting, FIRST)
    assert [(each.day, each.segments) for each in live] == [(FIRST, served.segments)]
    assert (alone.window, alone.segments, alone.figure) == (
        served.window,
        served.segments,
        served.figure,
    )
    moments = (at("09:59", FIRST), at("10:00", FIRST))
    dates = [business_date(floor.connection, "1001", ms, WHERE) for ms in moments]
    assert dates == [LAST, FIRST]
