"""How each moment of planned time counts: the tests of domain §3.6, in their order. Pure."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

import msgspec

from protocol.facts.agent import Reason
from protocol.facts.shift import Activity, PlannedSegment
from protocol.rules.adherence_overrun import Overrun, overruns
from protocol.rules.adherence_planned import REST_REASONS, WORK_STATES
from protocol.rules.adherence_slices import (
    EXCLUDED,
    OUT,
    Slice,
    Span,
    Verdict,
    plan_in_seconds,
    planned_slices,
    remark,
    stretches,
)
from protocol.rules.day_rules import AdherenceRules
from protocol.rules.day_segments import DaySegment
from protocol.rules.exceptions import DayException, ExceptionKind, ExceptionStatus

_PERSONAL, _WORK = Reason.PERSONAL, Activity.WORK


def marked(
    plan: Sequence[PlannedSegment],
    actual: Sequence[DaySegment],
    exceptions: Sequence[DayException],
    rules: AdherenceRules,
) -> tuple[Slice, ...]:
    """All planned time in slices, in order, each with how it counts.

    Neither the plan nor what was may overlap itself; exceptions may, and their order does not
    matter. Instants are floored to whole seconds.
    """
    seconds = plan_in_seconds(plan)
    slices = planned_slices(seconds, stretches(actual), rules)
    for each in _approved(exceptions, ExceptionKind.EXCLUDE):
        remark(slices, _span(each), _is_included, EXCLUDED, each)
    if any(each.verdict is OUT for each in slices):
        _test_what_is_out(slices, exceptions, rules, overruns(seconds, actual, rules))
    return tuple(slices)


def _out_runs(slices: Sequence[Slice]) -> Iterator[tuple[int, int]]:
    """The deviations, as the places [from, until) of neighbouring slices that are out inside one
    planned segment."""
    out = [place for place, each in enumerate(slices) if each.verdict is OUT]
    if not out:
        return
    start = out[0]
    for last, place in pairwise(out):
        if place != last + 1 or slices[place].segment != slices[last].segment:
            yield start, last + 1
            start = place
    yield start, out[-1] + 1


def _test_what_is_out(
    slices: list[Slice],
    exceptions: Sequence[DayException],
    rules: AdherenceRules,
    ran_over: Iterable[Overrun],
) -> None:
    for each in _approved(exceptions, ExceptionKind.EXCUSE):
        remark(slices, _span(each), _is_out, Verdict.EXCUSED, each)
    forgive_what_is_out(slices, rules, ran_over)
    for each in _in_order(each for each in exceptions if each.status is ExceptionStatus.PENDING):
        remark(slices, _span(each), _is_undecided, OUT, each)


def forgive_what_is_out(
    slices: list[Slice], rules: AdherenceRules, ran_over: Iterable[Overrun]
) -> None:
    """The tests that need nobody to decide: calls that ran over, personal need, and the grace."""
    for overrun in ran_over:
        remark(slices, overrun.work, _is_work_out, Verdict.OVERRUN)
        if overrun.rest is not None:
            remark(slices, overrun.rest, _is_rest_out, Verdict.OVERRUN)
    _allow_personal(slices, rules.personal_allowance_s)
    _forgive(slices, rules.grace_s)


def _approved(exceptions: Iterable[DayException], kind: ExceptionKind) -> list[DayException]:
    approved = (each for each in exceptions if each.status is ExceptionStatus.APPROVED)
    return _in_order(each for each in approved if each.kind is kind)


def _in_order(exceptions: Iterable[DayException]) -> list[DayException]:
    """So that of several that overlap always the same one is named."""
    return sorted(
        exceptions,
        key=lambda each: (each.start_ms, each.end_ms, each.kind, each.reason, each.exception_id),
    )


def _span(exception: DayException) -> Span:
    return exception.start_ms // 1000, exception.end_ms // 1000


def _is_included(each: Slice) -> bool:
    return each.verdict is not EXCLUDED


def _is_out(each: Slice) -> bool:
    return each.verdict is OUT


def _is_work_out(each: Slice) -> bool:
    return each.verdict is OUT and each.state in WORK_STATES


def _is_rest_out(each: Slice) -> bool:
    return each.verdict is OUT and each.reason in REST_REASONS


def _is_undecided(each: Slice) -> bool:
    return each.verdict is OUT and each.exception is None


def _allow_personal(slices: list[Slice], allowance_s: int) -> None:
    """Personal need in planned work, in the order of time until the allowance is used up."""
    asked = [each for each in slices if _is_personal(each)]
    for each in asked:
        if allowance_s <= 0:
            return
        end_s = min(each.end_s, each.start_s + allowance_s)
        remark(slices, (each.start_s, end_s), _is_personal, Verdict.PERSONAL)
        allowance_s -= end_s - each.start_s


def _is_personal(each: Slice) -> bool:
    return each.reason is _PERSONAL and each.verdict is OUT and each.planned is _WORK


def _forgive(slices: list[Slice], grace_s: int) -> None:
    """A deviation no longer than the grace is forgiven whole."""
    for start, until in list(_out_runs(slices)):
        if slices[until - 1].end_s - slices[start].start_s <= grace_s:
            slices[start:until] = [
                msgspec.structs.replace(each, verdict=Verdict.GRACE) for each in slices[start:until]
            ]
