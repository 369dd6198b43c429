"""What requests make of plans: no second is lost by a swap or a move, none overlaps another, leave
never adds, and what can't be is refused with its code."""

from collections import Counter
from datetime import date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from protocol.facts.request import RequestKind, RosterRequest
from protocol.facts.shift import Activity, PlannedSegment
from protocol.rules.roster_requests import (
    Plans,
    RequestFault,
    Segments,
    Unfulfillable,
    changed_plans,
    dates_of,
    deadline_ms,
    people_of,
    work_s,
)

ZONE = ZoneInfo("Asia/Shanghai")
DAY = date(2026, 3, 10)
NEXT = DAY + timedelta(days=1)
A, B = "1001", "1002"
ASKED = RosterRequest(RequestKind.LEAVE, A, DAY)


def at(clock: str, day: date = DAY) -> int:
    """An instant by its local time; hours beyond 24 are of the next day."""
    hours, minutes = map(int, clock.split(":"))
    midnight = datetime(day.year, day.month, day.day, tzinfo=ZONE)
    return int((midnight + timedelta(hours=hours, minutes=minutes)).timestamp() * 1000)


def plan(*parts: str, day: date = DAY) -> Segments:
    """`09:00-12:00` is WORK; `12:00-13:00 MEAL` is a meal."""
    segments = []
    for part in parts:
        span, _, activity = part.partition(" ")
        start, end = span.split("-")
        activity = activity or "WORK"
        segments.append(PlannedSegment(at(start, day), at(end, day), Activity(activity)))
    return tuple(segments)


USUAL = plan("09:00-12:00", "12:00-13:00 MEAL", "13:00-15:30", "15:30-15:45 BREAK", "15:45-18:00")
LATE = plan("13:00-17:00", "17:00-17:30 MEAL", "17:30-22:00")
NIGHT = plan("22:00-26:00", "26:00-26:30 MEAL", "26:30-30:00")


def asked(what: RequestKind, start: str = "", end: str = "", **more: object) -> RosterRequest:
    """Of A's, on `DAY`."""
    request = replace(ASKED, what=what)
    if start:
        request = replace(request, start_ms=at(start), end_ms=at(end))
    return replace(request, **more)


def fault(request: RosterRequest, plans: Plans) -> RequestFault:
    """Why nothing can be made of it."""
    with pytest.raises(Unfulfillable) as raised:
        changed_plans(request, plans, ZONE)
    return raised.value.fault


def moved(start: str, end: str, to_start: str, to_end: str) -> RosterRequest:
    to = {"to_start_ms": at(to_start), "to_end_ms": at(to_end)}
    return asked(RequestKind.MOVE, start, end, **to)


@pytest.mark.parametrize(
    ("start", "end", "rest"),
    [
        ("00:00", "24:00", ()),
        ("09:00", "18:00", ()),
        ("09:00", "12:00", USUAL[2:]),
        ("14:00", "24:00", plan("09:00-12:00", "12:00-13:00 MEAL", "13:00-14:00")),
        (
            "10:00",
            "12:30",
            plan("09:00-10:00", "12:30-13:00 MEAL") + USUAL[2:],
        ),
        ("13:00", "18:00", USUAL[:1]),
    ],
)
def test_leave_is_cut_out_and_breaks_stay_where_they_lie(
    start: str, end: str, rest: Segments
) -> None:
    changed = changed_plans(asked(RequestKind.LEAVE, start, end), {(A, DAY): USUAL}, ZONE)
    assert changed == {(A, DAY): rest}


def test_a_meal_alone_is_no_shift() -> None:
    only = plan("09:00-12:00", "12:00-13:00 MEAL")
    changed = changed_plans(asked(RequestKind.LEAVE, "09:00", "12:00"), {(A, DAY): only}, ZONE)
    assert changed == {(A, DAY): ()}


@pytest.mark.parametrize(
    ("request_", "plans", "code"),
    [
        (asked(RequestKind.LEAVE, "09:00", "12:00"), {}, "no_shift"),
        (asked(RequestKind.LEAVE, "06:00", "09:00"), {(A, DAY): USUAL}, "no_shift"),
        (asked(RequestKind.LEAVE, "12:00", "12:00"), {(A, DAY): USUAL}, "bad_interval"),
        (asked(RequestKind.LEAVE, "12:00", "09:00"), {(A, DAY): USUAL}, "bad_interval"),
        (asked(RequestKind.LEAVE, "22:00", "25:00"), {(A, DAY): NIGHT}, "bad_interval"),
        (asked(RequestKind.LEAVE), {(A, DAY): USUAL}, "bad_interval"),
        (asked(RequestKind.LEAVE, day=date(1, 1, 1)), {}, "bad_interval"),
        (asked(RequestKind.LEAVE, day=date(9999, 12, 31)), {}, "bad_interval"),
        (asked(RequestKind.OVERTIME, "17:00", "19:00"), {(A, DAY): USUAL}, "bad_interval"),
        (asked(RequestKind.OVERTIME, "25:00", "27:00"), {}, "bad_interval"),
        (asked(RequestKind.OVERTIME, "29:00", "34:00"), {(A, DAY): USUAL}, "bad_interval"),
        (asked(RequestKind.RELEASE, "18:00", "19:00"), {(A, DAY): USUAL}, "bad_interval"),
        (asked(RequestKind.RELEASE, "16:00", "18:00"), {}, "no_shift"),
        (moved("10:00", "11:00", "18:00", "20:00"), {(A, DAY): USUAL}, "bad_interval"),
        (moved("11:30", "12:30", "18:00", "19:00"), {(A, DAY): USUAL}, "bad_interval"),
        (moved("10:00", "11:00", "16:00", "17:00"), {(A, DAY): USUAL}, "bad_interval"),
        (moved("10:00", "11:00", "1100:00", "1101:00"), {(A, DAY): USUAL}, "bad_interval"),
        (moved("10:00", "11:00", "18:00", "19:00"), {}, "no_shift"),
        (asked(RequestKind.SWAP, partner=B), {(A, DAY): USUAL}, "no_shift"),
        (asked(RequestKind.SWAP, partner=B), {(B, DAY): USUAL}, "no_shift"),
        (
            asked(RequestKind.SWAP, partner=B, partner_day=NEXT + timedelta(days=60)),
            {(A, DAY): USUAL},
            "bad_interval",
        ),
    ],
)
def test_what_cannot_be_is_refused(request_: RosterRequest, plans: Plans, code: str) -> None:
    assert fault(request_, plans) == code


def test_times_are_whole_seconds() -> None:
    request = asked(RequestKind.LEAVE, start_ms=at("09:00") + 1, end_ms=at("12:00"))
    assert fault(request, {(A, DAY): USUAL}) == "bad_interval"


def test_overtime_is_work_in_one_with_what_it_touches() -> None:
    changed = changed_plans(asked(RequestKind.OVERTIME, "18:00", "20:00"), {(A, DAY): USUAL}, ZONE)
    assert changed == {(A, DAY): USUAL[:-1] + plan("15:45-20:00")}
    free = changed_plans(asked(RequestKind.OVERTIME, "09:00", "11:00"), {}, ZONE)
    assert free == {(A, DAY): plan("09:00-11:00")}


def test_an_early_release_lasts_to_the_end_of_the_shift() -> None:
    request = asked(RequestKind.RELEASE, start_ms=at("14:00"))
    assert changed_plans(request, {(A, DAY): USUAL}, ZONE) == {
        (A, DAY): plan("09:00-12:00", "12:00-13:00 MEAL", "13:00-14:00")
    }
    assert deadline_ms(request, {(A, DAY): USUAL}, ZONE) == at("18:00")


def test_an_early_release_in_a_meal_takes_the_meal_with_it() -> None:
    request = asked(RequestKind.RELEASE, start_ms=at("12:30"))
    assert changed_plans(request, {(A, DAY): USUAL}, ZONE) == {(A, DAY): plan("09:00-12:00")}


def test_a_swap_of_a_day_exchanges_shifts() -> None:
    plans = {(A, DAY): USUAL, (B, DAY): LATE}
    changed = changed_plans(asked(RequestKind.SWAP, partner=B), plans, ZONE)
    assert changed == {(A, DAY): LATE, (B, DAY): USUAL}
    assert deadline_ms(asked(RequestKind.SWAP, partner=B), plans, ZONE) == at("09:00")


def test_a_swap_of_two_days_leaves_each_shift_on_its_date() -> None:
    theirs = plan("13:00-21:00", day=NEXT)
    plans = {(A, DAY): USUAL, (B, NEXT): theirs}
    request = asked(RequestKind.SWAP, partner=B, partner_day=NEXT)
    assert changed_plans(request, plans, ZONE) == {
        (A, DAY): (),
        (A, NEXT): theirs,
        (B, NEXT): (),
        (B, DAY): USUAL,
    }
    busy = {**plans, (A, NEXT): plan("20:00-22:00", day=NEXT)}
    assert fault(request, busy) == "bad_interval"


def test_a_swap_that_meets_the_next_days_night_is_refused() -> None:
    before = plan("22:00-33:00", day=DAY - timedelta(days=1))
    plans = {(A, DAY): LATE, (B, DAY): plan("08:00-12:00"), (A, DAY - timedelta(days=1)): before}
    assert fault(asked(RequestKind.SWAP, partner=B), plans) == "bad_interval"


def test_moved_hours_belong_to_the_shift_that_reaches_to_them() -> None:
    plans = {(A, DAY): LATE}
    changed = changed_plans(moved("13:00", "14:00", "24:30", "25:30"), plans, ZONE)
    assert list(changed) == [(A, DAY)]
    elsewhere = changed_plans(moved("13:00", "14:00", "33:00", "34:00"), plans, ZONE)
    assert elsewhere[A, NEXT] == plan("09:00-10:00", day=NEXT)
    assert deadline_ms(moved("13:00", "14:00", "10:00", "11:00"), plans, ZONE) == at("10:00")


def test_a_meal_before_moved_hours_stays_where_work_follows_it() -> None:
    plans = {(A, DAY): plan("09:00-12:00", "12:00-13:00 MEAL", "13:00-14:00")}
    later = changed_plans(moved("13:00", "14:00", "14:00", "15:00"), plans, ZONE)
    assert later == {(A, DAY): plan("09:00-12:00", "12:00-13:00 MEAL", "14:00-15:00")}
    earlier = changed_plans(moved("13:00", "14:00", "08:00", "09:00"), plans, ZONE)
    assert earlier == {(A, DAY): plan("08:00-12:00")}


def test_what_it_reads_is_what_it_may_touch() -> None:
    request = asked(RequestKind.SWAP, partner=B, partner_day=NEXT)
    assert people_of(request) == (A, B)
    assert dates_of(request, ZONE) == (DAY - timedelta(days=1), NEXT + timedelta(days=1))
    assert people_of(asked(RequestKind.LEAVE, "09:00", "10:00")) == (A,)


STEP_MS = 900_000
"""A quarter of an hour."""


@st.composite
def shifts(draw: st.DrawFn, day: date) -> Segments:
    """A shift that begins on a date, of up to 10 hours, perhaps over midnight, with gaps."""
    start_ms = at("00:00", day) + draw(st.integers(0, 95)) * STEP_MS
    segments = []
    for _ in range(draw(st.integers(0, 5))):
        start_ms += draw(st.sampled_from((0, 0, 0, 1, 2))) * STEP_MS
        end_ms = start_ms + draw(st.integers(1, 6)) * STEP_MS
        activity = draw(st.sampled_from((Activity.WORK, Activity.WORK, *Activity)))
        segments.append(PlannedSegment(start_ms, end_ms, activity))
        start_ms = end_ms
    begins_here = not segments or segments[0].start_ms < at("24:00", day)
    return tuple(segments) if begins_here else ()


@st.composite
def rosters(draw: st.DrawFn) -> dict[tuple[str, date], Segments]:
    """Plans of two people for four dates, as far as they don't overlap."""
    found: dict[tuple[str, date], Segments] = {}
    for agent in (A, B):
        until_ms = 0
        for offset in range(-1, 3):
            day = DAY + timedelta(days=offset)
            shift = draw(shifts(day))
            apart = tuple(each for each in shift if shift[0].start_ms >= until_ms)
            found[agent, day] = apart
            until_ms = max([until_ms, *(each.end_ms for each in apart)])
    return found


quarters = st.integers(-8, 140).map(lambda steps: at("00:00") + steps * STEP_MS)
requests = st.builds(
    RosterRequest,
    st.sampled_from(RequestKind),
    st.just(A),
    st.just(DAY),
    quarters,
    quarters,
    quarters,
    quarters,
    st.just(B),
    st.sampled_from((None, DAY, NEXT)),
)


def outcome(request: RosterRequest, plans: Plans) -> dict[tuple[str, date], Segments]:
    """The plans afterwards; the same where nothing can be made of it."""
    try:
        return {**plans, **changed_plans(request, plans, ZONE)}
    except Unfulfillable:
        return dict(plans)


def total_s(plans: Plans) -> int:
    return sum(each.end_ms - each.start_ms for plan in plans.values() for each in plan) // 1000


def overlaps(plans: Plans, agent: str) -> int:
    spans = sorted(
        (each.start_ms, each.end_ms)
        for (who, _), day in plans.items()
        if who == agent
        for each in day
    )
    return sum(one[1] > other[0] for one, other in pairwise(spans))


@given(rosters(), requests)
def test_nobody_is_planned_twice_at_once(
    plans: dict[tuple[str, date], Segments], request: RosterRequest
) -> None:
    after = outcome(request, plans)
    assert [overlaps(after, agent) for agent in (A, B)] == [0, 0]
    assert all(each.start_ms < each.end_ms for day in after.values() for each in day)


@given(rosters(), requests)
def test_a_swap_loses_no_second(
    plans: dict[tuple[str, date], Segments], request: RosterRequest
) -> None:
    swap = replace(request, what=RequestKind.SWAP)
    after = outcome(swap, plans)
    assert total_s(after) == total_s(plans)
    assert Counter(each for day in after.values() for each in day) == Counter(
        each for day in plans.values() for each in day
    )


@st.composite
def moves(draw: st.DrawFn) -> tuple[dict[tuple[str, date], Segments], RosterRequest]:
    """A roster, and hours of planned work to be moved anywhere."""
    plans = draw(rosters())
    usual = plan("09:00-12:00", "12:00-13:00 MEAL", "13:00-18:00")
    work = [each for each in plans[A, DAY] if each.activity is Activity.WORK]
    if not work:
        plans = {(A, DAY): usual}
        work = [usual[0], usual[2]]
    segment = draw(st.sampled_from(work))
    steps = (segment.end_ms - segment.start_ms) // STEP_MS
    first = draw(st.integers(0, steps - 1))
    length_ms = draw(st.integers(1, steps - first)) * STEP_MS
    start_ms = segment.start_ms + first * STEP_MS
    to_start_ms = draw(quarters)
    return plans, replace(
        ASKED,
        what=RequestKind.MOVE,
        start_ms=start_ms,
        end_ms=start_ms + length_ms,
        to_start_ms=to_start_ms,
        to_end_ms=to_start_ms + length_ms,
    )


@given(moves())
def test_a_move_loses_no_second_of_work_and_overlaps_nothing(
    given_: tuple[dict[tuple[str, date], Segments], RosterRequest],
) -> None:
    plans, move = given_
    after = outcome(move, plans)
    assert sum(map(work_s, after.values())) == sum(map(work_s, plans.values()))
    assert overlaps(after, A) == 0


@given(rosters(), requests, st.sampled_from((RequestKind.LEAVE, RequestKind.RELEASE)))
def test_leave_and_release_never_add(
    plans: dict[tuple[str, date], Segments], request: RosterRequest, what: RequestKind
) -> None:
    end_ms = request.start_ms + 8 * STEP_MS
    after = outcome(replace(request, what=what, end_ms=end_ms), plans)
    before = plans[A, DAY]
    for each in after[A, DAY]:
        assert any(
            known.start_ms <= each.start_ms
            and each.end_ms <= known.end_ms
            and known.activity is each.activity
            for known in before
        )
    assert {key: day for key, day in after.items() if key != (A, DAY)} == {
        key: day for key, day in plans.items() if key != (A, DAY)
    }


@given(rosters(), requests)
def test_overtime_adds_its_length_or_nothing(
    plans: dict[tuple[str, date], Segments], request: RosterRequest
) -> None:
    overtime = replace(request, what=RequestKind.OVERTIME)
    added_s = total_s(outcome(overtime, plans)) - total_s(plans)
    assert added_s in (0, (request.end_ms - request.start_ms) // 1000)
