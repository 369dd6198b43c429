"""Work planned and work done, inside the plan and outside it: what conformance is made of. Pure."""

from collections.abc import Sequence
from typing import NamedTuple

from protocol.facts.shift import Activity
from protocol.rules.adherence_planned import in_by_state
from protocol.rules.adherence_slices import EXCLUDED, Slice, stretches
from protocol.rules.day_rules import AdherenceRules
from protocol.rules.day_segments import DaySegment

_WORK = Activity.WORK


class Work(NamedTuple):
    """In seconds."""

    planned_s: int
    """WORK in the plan, without what is excluded."""
    done_s: int
    """Wherever it was done, but in planned time that is excluded."""
    before_s: int
    """Of it, before the plan begins."""
    elsewhere_s: int
    """Of it, outside the plan otherwise: overtime."""


def work_of(
    slices: Sequence[Slice],
    actual: Sequence[DaySegment],
    rules: AdherenceRules,
    begins_s: int | None,
) -> Work:
    """The work of a day: states of work, and the reasons that are work. `begins_s` is when the
    plan begins; null without one."""
    of_work = in_by_state(rules.work_reasons)[Activity.WORK]
    first_s = begins_s or 0
    done_s = before_s = 0
    for start_s, end_s, doing in stretches(actual):
        if doing in of_work:
            done_s += end_s - start_s
            if start_s < first_s:
                before_s += min(end_s, first_s) - start_s
    inside_s = excluded_s = planned_s = 0
    for each in slices:
        seconds = each.end_s - each.start_s
        excluded = each.verdict is EXCLUDED
        if each.planned is _WORK and not excluded:
            planned_s += seconds
        if (each.state, each.reason) in of_work:
            inside_s += seconds
            excluded_s += seconds * excluded
    return Work(planned_s, done_s - excluded_s, before_s, done_s - inside_s - before_s)
