"""Whether the plan of a day can still be changed: what has begun is left alone, but for a
correction. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, tzinfo

from agent_service.rosters.checking import Change
from agent_service.rosters.row import PlannedDay
from protocol.facts.shift import PlanCause, PlannedSegment
from protocol.rules.local_day import local_date
from protocol.wire.errors import Code, Refused
from protocol.wire.roster import Finding

_UNDER_WAY = frozenset({PlanCause.OVERTIME, PlanCause.MOVE, PlanCause.RELEASE})
"""What is agreed while the shift goes on: it changes what is still to come."""


def check_times(
    known: Mapping[tuple[str, date], PlannedDay],
    changes: Iterable[Change],
    now_ms: int,
    where: tzinfo,
) -> None:
    """Of a roster's changes. `known` is in force. Raises `Refused` with `shift_begun`."""
    for each in changes:
        row = known.get((each.agent, each.day))
        plan = () if row is None else row.planned_segments()
        check_time(each, plan, now_ms, where)


def check_time(
    change: Change,
    known: Sequence[PlannedSegment],
    now_ms: int,
    where: tzinfo,
    cause: PlanCause = PlanCause.ROSTER,
) -> None:
    """Raises `Refused` with `shift_begun` for a day that is past, or a shift that has begun and
    would be changed before now. A correction is about nothing else."""
    if cause is PlanCause.CORRECTION or not has_begun(change, known, now_ms, where):
        return
    if cause in _UNDER_WAY and _until(change.segments, now_ms) == _until(known, now_ms):
        return
    raise Refused(Code.SHIFT_BEGUN, agent=change.agent, day=change.day.isoformat())


def has_begun(change: Change, known: Sequence[PlannedSegment], now_ms: int, where: tzinfo) -> bool:
    """Whether the day is past, or its shift, the old or the other one, has begun."""
    if change.day < local_date(now_ms, where):
        return True
    return any(plan and plan[0].start_ms <= now_ms for plan in (known, change.segments))


def ahead(
    found: Iterable[Finding],
    plans: Mapping[tuple[str, date], Sequence[PlannedSegment]],
    now_ms: int,
) -> list[Finding]:
    """Those about shifts that are not over: what of rest and hours is past can't be planned
    better, only told as it was. `plans` as they will be."""
    return [
        each
        for each in found
        if (plan := plans.get((each.agent, each.day))) and plan[-1].end_ms > now_ms
    ]


def _until(plan: Sequence[PlannedSegment], now_ms: int) -> list[tuple[int, int, str]]:
    """What of a plan lies before now: the end of what is going on, if it is still to come, left
    open."""
    return [
        (each.start_ms, min(each.end_ms, now_ms), each.activity)
        for each in plan
        if each.start_ms < now_ms
    ]
