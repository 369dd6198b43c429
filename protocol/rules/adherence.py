"""Adherence and conformance of one person's business date (domain §3). Pure.

The figure is the sum of the slices of `adherence_marks.marked`, which is what explains it.
"""

from collections.abc import Iterable, Sequence
from datetime import date, tzinfo
from fractions import Fraction

import msgspec

from protocol.facts.base import Int64
from protocol.facts.shift import PlannedSegment
from protocol.rules.adherence_days import CalendarDay, calendar_days
from protocol.rules.adherence_deviations import Deviation, deviations
from protocol.rules.adherence_marks import marked
from protocol.rules.adherence_slices import OUT, Slice, Verdict, in_seconds, seconds_by_verdict
from protocol.rules.adherence_unknown import unknown_of
from protocol.rules.adherence_work import work_of
from protocol.rules.day_rules import AdherenceRules
from protocol.rules.day_segments import DaySegment
from protocol.rules.exceptions import DayException
from protocol.rules.local_day import local_date
from protocol.rules.rounding import share

__all__ = ["Adherence", "CalendarDay", "Deviation", "Slice", "Verdict", "adherence", "summed"]


class Adherence(msgspec.Struct, frozen=True):
    """The figures of one business date, in seconds.

    `in_adherence_s` + `out_of_adherence_s` = `scheduled_s` − `excluded_s`, always.
    """

    business_date: date | None
    """The local date on which the first planned segment starts; null without one."""
    scheduled_s: Int64
    excluded_s: Int64
    in_adherence_s: Int64
    """Where time is unknown, the lower end: as if all of it were out."""
    in_adherence_high_s: Int64
    """The upper end: as if all of it were in, and had been what helps most beside it."""
    out_of_adherence_s: Int64
    unknown_s: Int64
    """Planned time that nobody knows and that counts as out until it is settled."""
    scheduled_work_s: Int64
    actual_work_s: Int64
    actual_work_high_s: Int64
    """As if planned work of which nobody knows had been done."""
    pre_shift_work_s: Int64
    overtime_work_s: Int64
    auto_excused_s: Int64
    approved_excused_s: Int64
    grace_forgiven_s: Int64
    personal_allowance_used_s: Int64
    pending_review_s: Int64
    by_calendar_day: tuple[CalendarDay, ...]
    deviations: tuple[Deviation, ...]

    @property
    def provisional(self) -> bool:
        """Whether time in it is unknown: a range, which nothing may be decided by."""
        return self.unknown_s > 0 or self.in_adherence_high_s > self.in_adherence_s

    @property
    def counted_s(self) -> int:
        """The planned time that counts."""
        return self.scheduled_s - self.excluded_s

    @property
    def adherence(self) -> Fraction | None:
        """The share of planned time in adherence; null without any."""
        return share(self.in_adherence_s, self.counted_s)

    @property
    def conformance(self) -> Fraction | None:
        """Work done over work planned, which may exceed 1; null without any planned."""
        return share(self.actual_work_s, self.scheduled_work_s)


def adherence(
    plan: Sequence[PlannedSegment],
    actual: Sequence[DaySegment],
    exceptions: Sequence[DayException],
    rules: AdherenceRules,
    where: tzinfo,
) -> Adherence:
    """The figures of a business date, given its plan and all time that belongs to it. Neither may
    overlap itself; exceptions may, and reach beyond the shift."""
    return summed(marked(plan, actual, exceptions, rules), actual, rules, where)


def summed(
    slices: Sequence[Slice],
    actual: Sequence[DaySegment],
    rules: AdherenceRules,
    where: tzinfo,
    begins_s: int | None = None,
) -> Adherence:
    """The figures of slices that `marked` made of the same day by the same rules. `begins_s` is
    when the whole plan begins, where the slices are of a part of it alone."""
    by = seconds_by_verdict(slices)
    if begins_s is None and slices:
        begins_s = slices[0].start_s
    work = work_of(slices, actual, rules, begins_s)
    in_s = in_seconds(by)
    unknown = unknown_of(slices, actual, rules, in_s)
    return Adherence(
        business_date=local_date(slices[0].start_s * 1000, where) if slices else None,
        scheduled_s=sum(by.values()),
        excluded_s=by[Verdict.EXCLUDED],
        in_adherence_s=in_s,
        in_adherence_high_s=unknown.high_s,
        out_of_adherence_s=by[Verdict.OUT],
        unknown_s=unknown.seconds,
        scheduled_work_s=work.planned_s,
        actual_work_s=work.done_s,
        actual_work_high_s=work.done_s + unknown.of_work,
        pre_shift_work_s=work.before_s,
        overtime_work_s=work.elsewhere_s,
        auto_excused_s=by[Verdict.OVERRUN],
        approved_excused_s=by[Verdict.EXCUSED],
        grace_forgiven_s=by[Verdict.GRACE],
        personal_allowance_used_s=by[Verdict.PERSONAL],
        pending_review_s=_pending(slices),
        by_calendar_day=calendar_days(slices, where),
        deviations=deviations(slices),
    )


def _pending(slices: Iterable[Slice]) -> int:
    return sum(
        each.end_s - each.start_s
        for each in slices
        if each.exception is not None and each.verdict is OUT
    )
