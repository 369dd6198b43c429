"""What must hold of adherence, whatever the day was (domain §10)."""

from datetime import UTC, timedelta, timezone
from itertools import pairwise
from random import Random
from typing import NamedTuple

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from protocol.facts.agent import Reason, State
from protocol.facts.shift import Activity, PlannedSegment
from protocol.rules.adherence import Adherence, adherence
from protocol.rules.adherence_marks import marked
from protocol.rules.day_rules import AdherenceRules
from protocol.rules.day_segments import DaySegment
from protocol.rules.exceptions import DayException, ExceptionKind, ExceptionStatus

DAY_MS = 86_400_000
BASE_MS = 20_150 * DAY_MS
moments = st.integers(0, 4000).map(lambda second: BASE_MS + second * 1000) | st.integers(
    BASE_MS, BASE_MS + 4_000_000
)
spans = st.tuples(moments, moments).map(sorted)
rules = st.builds(
    AdherenceRules,
    grace_s=st.integers(0, 200),
    overrun_cap_s=st.integers(0, 600),
    break_floats=st.booleans(),
    personal_allowance_s=st.integers(0, 500),
    logged_off_ok_in_break=st.booleans(),
    work_reasons=st.frozensets(st.sampled_from(Reason)),
    acw_limit_s=st.integers(0, 200),
)


@st.composite
def plans(draw: st.DrawFn) -> list[PlannedSegment]:
    """Segments with a gap here and there."""
    cuts = sorted(draw(st.sets(moments, min_size=2, max_size=8)))
    activities = st.none() | st.sampled_from(Activity) | st.just(Activity.WORK)
    each = ((start, end, draw(activities)) for start, end in pairwise(cuts))
    return [PlannedSegment(start, end, what) for start, end, what in each if what is not None]


@st.composite
def days(draw: st.DrawFn) -> list[DaySegment]:
    """What was, with a gap here and there."""
    cuts = sorted(draw(st.sets(moments, min_size=2, max_size=12)))
    return [
        DaySegment(
            start,
            end,
            draw(st.none() | st.sampled_from(State)),
            draw(st.none() | st.sampled_from(Reason)),
            call_id=draw(st.sampled_from((None, "a", "b"))),
        )
        for start, end in pairwise(cuts)
        if draw(st.integers(0, 5))
    ]


exceptions = st.lists(
    st.builds(
        lambda span, kind, status: DayException(span[0], span[1], kind, "TEST", status),
        spans,
        st.sampled_from(ExceptionKind),
        st.sampled_from(ExceptionStatus),
    ),
    max_size=5,
)


class Shift(NamedTuple):
    plan: list[PlannedSegment]
    actual: list[DaySegment]
    exceptions: list[DayException]
    rules: AdherenceRules

    def figures(self) -> Adherence:
        return adherence(self.plan, self.actual, self.exceptions, self.rules, UTC)


shifts = st.builds(Shift, plans(), days(), exceptions, rules)


@given(shifts)
def test_in_and_out_are_all_that_is_scheduled_and_not_excluded(shift: Shift) -> None:
    found = shift.figures()
    assert found.in_adherence_s + found.out_of_adherence_s == found.counted_s
    floored = [(each.start_ms // 1000, each.end_ms // 1000) for each in shift.plan]
    assert found.scheduled_s == sum(end - start for start, end in floored)
    assert sum(day.scheduled_s for day in found.by_calendar_day) == found.counted_s
    assert sum(day.in_s for day in found.by_calendar_day) == found.in_adherence_s


@given(shifts)
def test_the_range_lies_around_what_is_known(shift: Shift) -> None:
    found = shift.figures()
    assert found.in_adherence_s + found.unknown_s <= found.in_adherence_high_s <= found.counted_s
    assert found.pending_review_s <= found.out_of_adherence_s
    assert found.personal_allowance_used_s <= shift.rules.personal_allowance_s
    assert (found.unknown_s > 0) == found.provisional


@given(shifts)
def test_the_slices_are_the_plan_without_gap_or_overlap(shift: Shift) -> None:
    slices = marked(shift.plan, shift.actual, shift.exceptions, shift.rules)
    assert all(each.start_s < each.end_s for each in slices)
    assert all(before.end_s <= after.start_s for before, after in pairwise(slices))


@given(shifts)
def test_deviations_are_what_is_out_and_what_is_forgiven(shift: Shift) -> None:
    found = shift.figures()
    by = dict.fromkeys((True, False), 0)
    for each in found.deviations:
        by[each.counted] += each.end_s - each.start_s
    assert by == {True: found.out_of_adherence_s, False: found.grace_forgiven_s}


@given(shifts, st.randoms(use_true_random=False))
def test_the_order_of_anything_makes_no_difference(shift: Shift, random: Random) -> None:
    shuffled = Shift(
        random.sample(shift.plan, len(shift.plan)),
        random.sample(shift.actual, len(shift.actual)),
        random.sample(shift.exceptions, len(shift.exceptions)),
        shift.rules,
    )
    assert shuffled.figures() == shift.figures()


@given(shifts, st.lists(moments, max_size=6))
def test_splitting_what_was_into_pieces_makes_no_difference(shift: Shift, cuts: list[int]) -> None:
    pieces = shift.actual
    for cut in cuts:
        pieces = [part for each in pieces for part in split(each, cut)]
    assert shift._replace(actual=pieces).figures() == shift.figures()


def split(each: DaySegment, at_ms: int) -> list[DaySegment]:
    inside = min(max(at_ms, each.from_ms), each.until_ms)
    parts = (each.from_ms, inside), (inside, each.until_ms)
    return [
        msgspec.structs.replace(each, from_ms=start, until_ms=end)
        for start, end in parts
        if start < end
    ]


@given(shifts, spans)
def test_approving_an_excuse_never_lowers_what_is_in(shift: Shift, span: list[int]) -> None:
    asked = DayException(*span, ExceptionKind.EXCUSE, "TEST", ExceptionStatus.PENDING)
    approved = msgspec.structs.replace(asked, status=ExceptionStatus.APPROVED)
    before = shift._replace(exceptions=[*shift.exceptions, asked]).figures()
    after = shift._replace(exceptions=[*shift.exceptions, approved]).figures()
    assert after.in_adherence_s >= before.in_adherence_s
    assert after.counted_s == before.counted_s
    assert before.in_adherence_s == shift.figures().in_adherence_s


@given(shifts, spans)
def test_excluding_leaves_the_rest_of_the_sums_alone(shift: Shift, span: list[int]) -> None:
    approved = DayException(*span, ExceptionKind.EXCLUDE, "TEST", ExceptionStatus.APPROVED)
    before = shift.figures()
    after = shift._replace(exceptions=[*shift.exceptions, approved]).figures()
    assert after.excluded_s >= before.excluded_s
    assert after.out_of_adherence_s <= before.out_of_adherence_s
    assert after.pre_shift_work_s == before.pre_shift_work_s
    assert after.overtime_work_s == before.overtime_work_s


@given(shifts, st.integers(-12, 12))
def test_the_zone_moves_days_and_no_second(shift: Shift, hours: int) -> None:
    elsewhere = adherence(
        shift.plan, shift.actual, shift.exceptions, shift.rules, timezone(timedelta(hours=hours))
    )
    here = shift.figures()
    same = msgspec.structs.replace(
        elsewhere, business_date=here.business_date, by_calendar_day=here.by_calendar_day
    )
    assert same == here


@given(shifts)
def test_knowing_what_was_unknown_moves_the_figure_inside_its_range(shift: Shift) -> None:
    """Planned work of which nobody knows turns out to be READY."""
    plan = [each for each in shift.plan if each.activity is Activity.WORK]
    actual = [msgspec.structs.replace(each, call_id=None) for each in shift.actual]
    known = [
        msgspec.structs.replace(each, state=State.READY)
        if each.state in {None, State.OFFLINE}
        else each
        for each in actual
    ]
    before = shift._replace(plan=plan, actual=actual).figures()
    after = shift._replace(plan=plan, actual=known).figures()
    assert after.in_adherence_s == before.in_adherence_high_s
    assert not after.provisional
