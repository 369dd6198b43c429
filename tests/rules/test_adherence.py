"""What is in adherence and what is not, in the order of the tests of domain §3.6."""

from datetime import UTC
from fractions import Fraction

import msgspec
import pytest

from protocol.facts.agent import Reason, State
from protocol.facts.shift import Activity
from protocol.rules.adherence import Adherence, Slice, Verdict, summed
from protocol.rules.day_rules import AdherenceRules
from protocol.rules.exceptions import ExceptionKind, ExceptionStatus
from tests.rules.shifts import NINE, RULES, excepted, figures, planned, slices, was

WORK = [planned(0, 3600, Activity.WORK)]
WORKING = (
    State.READY,
    State.RINGING,
    State.DIALING,
    State.TALK,
    State.HOLD,
    State.CONSULT,
    State.ACW,
    Reason.HANDOVER,
    Reason.OUTBOUND_PREP,
)
RESTING = (Reason.REST, Reason.MEAL, Reason.PERSONAL)
ALLOWED = {
    Activity.WORK: WORKING,
    Activity.BREAK: RESTING,
    Activity.MEAL: RESTING,
    Activity.TRAINING: (Reason.TRAINING, Reason.EXAM),
    Activity.EXAM: (Reason.TRAINING, Reason.EXAM),
    Activity.MEETING: (Reason.MEETING,),
    Activity.COACHING: (Reason.COACHING,),
    Activity.BACKOFFICE: (Reason.BACKOFFICE, *WORKING),
    Activity.OUTBOUND: WORKING,
    Activity.ONLINE: (Reason.ONLINE, *WORKING),
}


@pytest.mark.parametrize("activity", Activity)
def test_what_is_in_adherence_by_state(activity: Activity) -> None:
    every = [*(state for state in State if state is not State.LOGGED_OFF), *Reason, None]
    found = {
        doing
        for doing in every
        if figures(
            [planned(0, 3600, activity)],
            [was(0, 3600, doing)],
            rules=AdherenceRules(personal_allowance_s=0),
        ).in_adherence_s
    }
    assert found == set(ALLOWED[activity])


def test_not_ready_without_a_reason_is_out() -> None:
    assert figures(WORK, [was(0, 3600, State.NOT_READY)]).out_of_adherence_s == 3600


def test_which_reasons_are_work_is_a_rule() -> None:
    rules = AdherenceRules(work_reasons=frozenset({Reason.BACKOFFICE}))
    found = figures(WORK, [was(0, 1800, Reason.BACKOFFICE), was(1800, 3600, Reason.HANDOVER)])
    assert (found.in_adherence_s, found.actual_work_s) == (1800, 1800)
    found = figures(WORK, [was(0, 3600, Reason.BACKOFFICE)], rules=rules)
    assert (found.in_adherence_s, found.actual_work_s) == (3600, 3600)


def test_what_nothing_covers_is_signed_off() -> None:
    found = figures(WORK, [was(600, 1200, State.READY), was(1800, 3600, State.READY)])
    assert [(each.start_s - NINE, each.end_s - NINE, each.state) for each in found.deviations] == [
        (0, 600, State.LOGGED_OFF),
        (1200, 1800, State.LOGGED_OFF),
    ]


SHIFT = [
    planned(0, 1000, Activity.WORK),
    planned(1000, 2000, Activity.BREAK),
    planned(2000, 3000, Activity.WORK),
    planned(3000, 4000, Activity.MEAL),
    planned(4000, 5000, Activity.WORK),
]


def test_a_break_may_be_signed_off_between_the_first_and_the_last_sign_in() -> None:
    found = figures(SHIFT, [was(0, 1000, State.READY), was(2000, 3000, State.READY)])
    assert (found.in_adherence_s, found.out_of_adherence_s) == (3000, 2000)
    said = figures(
        SHIFT,
        [
            was(0, 1000, State.READY),
            was(1000, 2000, State.LOGGED_OFF),
            was(2000, 3000, State.READY),
        ],
    )
    assert said == found


def test_signing_in_and_out_in_a_break_bounds_it() -> None:
    found = figures(SHIFT, [was(1500, 1600, Reason.REST), was(3300, 3400, Reason.MEAL)])
    assert found.in_adherence_s == 500 + 400


def test_time_that_nobody_knows_counts_as_signed_in() -> None:
    for unknown in (State.OFFLINE, None):
        found = figures(SHIFT, [was(0, 100, unknown), was(4900, 5000, unknown)])
        assert found.in_adherence_s == 2000


def test_signing_off_in_breaks_can_be_refused() -> None:
    rules = AdherenceRules(logged_off_ok_in_break=False)
    actual = [was(0, 1000, State.READY), was(2000, 3000, State.READY)]
    assert figures(SHIFT, actual, rules=rules).in_adherence_s == 2000


def test_an_exclusion_comes_before_what_is_in_and_leaves_every_sum_of_the_plan() -> None:
    exclusion = excepted(600, 1800, ExceptionKind.EXCLUDE)
    found = figures(WORK, [was(0, 1200, State.READY)], exclusion)
    assert (found.scheduled_s, found.excluded_s) == (3600, 1200)
    assert (found.in_adherence_s, found.out_of_adherence_s) == (600, 1800)
    assert (found.scheduled_work_s, found.actual_work_s) == (2400, 600)
    assert [(day.scheduled_s, day.in_s) for day in found.by_calendar_day] == [(2400, 600)]


def test_an_exclusion_takes_no_work_outside_the_plan() -> None:
    exclusion = excepted(-600, 7200, ExceptionKind.EXCLUDE)
    found = figures(WORK, [was(-300, 4000, State.READY)], exclusion)
    assert (found.excluded_s, found.adherence, found.conformance) == (3600, None, None)
    assert (found.actual_work_s, found.pre_shift_work_s, found.overtime_work_s) == (700, 300, 400)
    assert [(day.scheduled_s, day.in_s) for day in found.by_calendar_day] == [(0, 0)]


def test_what_is_in_by_state_needs_no_excuse() -> None:
    found = figures(WORK, [was(0, 1800, State.READY)], excepted(900, 2700))
    assert (found.in_adherence_s, found.approved_excused_s) == (2700, 900)
    assert found.actual_work_s == 1800


def test_an_excuse_comes_before_the_personal_allowance() -> None:
    found = figures(WORK, [was(0, 3600, Reason.PERSONAL)], excepted(0, 1800))
    assert (found.approved_excused_s, found.personal_allowance_used_s) == (1800, 1200)
    assert found.out_of_adherence_s == 600


def test_exceptions_that_overlap_count_once() -> None:
    exclude = ExceptionKind.EXCLUDE
    found = figures(
        WORK,
        [],
        excepted(0, 1000),
        excepted(500, 1500),
        excepted(1400, 2000, exclude),
        excepted(1900, 2400, exclude),
    )
    assert (found.approved_excused_s, found.excluded_s) == (1400, 1000)
    assert found.out_of_adherence_s == 1200


def test_one_that_is_rejected_or_has_no_second_in_it_does_nothing() -> None:
    actual = [was(0, 3540, State.READY), was(3540, 3600, Reason.REST)]
    rejected = excepted(0, 3600, ExceptionKind.EXCLUDE, ExceptionStatus.REJECTED)
    for each in (rejected, excepted(3560, 3560), excepted(3560.1, 3560.9), excepted(3590, 3570)):
        assert slices(WORK, actual, each) == slices(WORK, actual)


def test_what_is_out_under_a_pending_exception_is_told_and_stays_out() -> None:
    pending = ExceptionStatus.PENDING
    found = figures(
        WORK,
        [was(0, 1000, State.READY)],
        excepted(500, 1500, ExceptionKind.EXCLUDE, pending),
        excepted(1400, 2000, ExceptionKind.EXCUSE, pending),
    )
    assert (found.in_adherence_s, found.pending_review_s) == (1000, 1000)
    assert len(found.deviations) == 1


def test_what_is_forgiven_needs_no_review() -> None:
    actual = [was(0, 3540, State.READY), was(3540, 3600, Reason.REST)]
    pending = excepted(3500, 3600, ExceptionKind.EXCLUDE, ExceptionStatus.PENDING)
    found = figures(WORK, actual, pending)
    assert (found.grace_forgiven_s, found.pending_review_s) == (60, 0)


def test_the_personal_allowance_is_used_up_in_the_order_of_time() -> None:
    actual = [
        was(0, 700, Reason.PERSONAL),
        was(700, 1400, State.READY),
        was(1400, 2100, Reason.PERSONAL),
        was(2100, 3600, State.READY),
    ]
    found = figures(WORK, actual)
    assert (found.personal_allowance_used_s, found.out_of_adherence_s) == (1200, 200)
    (deviation,) = found.deviations
    assert (deviation.start_s - NINE, deviation.end_s - NINE) == (1900, 2100)


def test_what_little_is_left_of_personal_need_is_forgiven() -> None:
    actual = [was(0, 1260, Reason.PERSONAL), was(1260, 3600, State.READY)]
    found = figures(WORK, actual)
    assert (found.personal_allowance_used_s, found.grace_forgiven_s) == (1200, 60)


def test_the_allowance_is_for_planned_work_alone() -> None:
    plan = [planned(0, 3600, Activity.BACKOFFICE)]
    assert figures(plan, [was(0, 3600, Reason.PERSONAL)]).personal_allowance_used_s == 0


def test_a_plan_may_come_in_any_order_and_with_empty_segments() -> None:
    empty = planned(-500, -500, Activity.WORK)
    actual = [was(2000, 3000, State.READY), was(0, 1000, State.READY)]
    assert figures([empty, *reversed(SHIFT)], actual) == figures(SHIFT, actual)


def test_instants_are_floored_before_they_are_subtracted() -> None:
    found = figures([planned(0.9, 100.1, Activity.WORK)], [was(0.2, 39.9, State.READY)])
    assert (found.scheduled_s, found.in_adherence_s, found.out_of_adherence_s) == (100, 39, 61)


def test_the_slices_cover_the_plan_in_order_and_tell_why() -> None:
    exclusion = excepted(3000, 3600, ExceptionKind.EXCLUDE)
    pending = excepted(2500, 3600, ExceptionKind.EXCLUDE, ExceptionStatus.PENDING)
    actual = [was(0, 1000, State.READY), was(1000, 2400, Reason.PERSONAL)]
    found = slices(WORK, actual, pending, exclusion)
    assert [
        (each.start_s - NINE, each.end_s - NINE, each.verdict, each.exception) for each in found
    ] == [
        (0, 1000, Verdict.IN, None),
        (1000, 2200, Verdict.PERSONAL, None),
        (2200, 2400, Verdict.OUT, None),
        (2400, 2500, Verdict.OUT, None),
        (2500, 3000, Verdict.OUT, pending),
        (3000, 3600, Verdict.EXCLUDED, exclusion),
    ]
    assert summed(found, actual, RULES, UTC) == figures(WORK, actual, pending, exclusion)


def test_figure_and_slices_go_over_the_wire() -> None:
    actual = [was(0, 1000, State.READY), was(1000, 2400, None)]
    made = slices(WORK, actual, excepted(0, 3600, status=ExceptionStatus.PENDING))
    assert msgspec.json.decode(msgspec.json.encode(made), type=tuple[Slice, ...]) == made
    found = figures(WORK, actual)
    assert msgspec.json.decode(msgspec.json.encode(found), type=Adherence) == found


def test_without_a_plan_there_is_no_figure_but_overtime() -> None:
    found = figures([], [was(0, 7200, State.READY)])
    assert (found.business_date, found.adherence, found.conformance) == (None, None, None)
    assert (found.by_calendar_day, found.overtime_work_s) == ((), 7200)


def test_shares_are_exact() -> None:
    found = figures(WORK, [was(0, 1200, State.READY)])
    assert (found.adherence, found.conformance) == (Fraction(1, 3), Fraction(1, 3))
