"""What a roster asks of one person, against the rules of work and rest (domain §4): pure."""

from collections.abc import Sequence
from datetime import date, tzinfo

import msgspec

from protocol.rules.day_rules import RosterRules
from protocol.rules.roster_check_finding import Finding, FindingCode, Plans, Severity
from protocol.rules.roster_check_hours import WorkDays, hours_findings, week_of
from protocol.rules.roster_check_rest import rest_findings, rests_between, rows_of_days
from protocol.rules.stretches import Stretch


class Shift(msgspec.Struct, frozen=True):
    """One shift as a whole."""

    day: date
    """The business date."""
    span: Stretch
    paid_s: int


class ShiftCheck(msgspec.Struct, frozen=True):
    """What a person's shifts come to."""

    min_rest_s: int | None
    """The shortest rest between two shifts; null with fewer than two."""
    hours_s: int
    longest_consecutive_days: int
    violations: tuple[FindingCode, ...]


def check_roster(
    plans: Plans,
    first: date,
    last: date,
    rules: RosterRules,
    where: tzinfo,
    work_days: WorkDays = lambda month: None,
) -> tuple[Finding, ...]:
    """Everything found that concerns the business dates `first` to `last`, the gravest first.

    Give the plans of all dates that these touch: the ISO weeks and the months in which they lie,
    and as many days before and after as may be worked in a row. A finding that no date of the
    span is a part of is left out. `where` is the site's zone.
    """
    found = [*rest_findings(plans, rules, where), *hours_findings(plans, rules, work_days)]
    concerned = [each for each in found if each.since <= last and first <= each.day]
    return tuple(sorted(concerned, key=_gravest_first))


def check_shifts(
    shifts: Sequence[Shift], min_rest_s: int, week_hours_max_s: int, max_consecutive_days: int
) -> ShiftCheck:
    """The same of shifts that are known as a whole alone, with the limits given; paid seconds
    are summed by ISO week."""
    rests = [rest for *_, rest in rests_between((each.span, each.day) for each in shifts)]
    rest_s = min(rests, default=None)
    weeks: dict[tuple[int, int], int] = {}
    for each in shifts:
        weeks[week_of(each.day)] = weeks.get(week_of(each.day), 0) + each.paid_s
    in_row = max(map(len, rows_of_days(each.day for each in shifts)), default=0)
    broken = {
        FindingCode.MIN_REST: rest_s is not None and rest_s < min_rest_s,
        FindingCode.WEEK_HOURS: max(weeks.values(), default=0) > week_hours_max_s,
        FindingCode.CONSECUTIVE_DAYS: in_row > max_consecutive_days,
        FindingCode.OVERLAP: rest_s is not None and rest_s < 0,
    }
    return ShiftCheck(
        min_rest_s=None if rest_s is None else max(0, rest_s),
        hours_s=sum(each.paid_s for each in shifts),
        longest_consecutive_days=in_row,
        violations=tuple(code for code, so in broken.items() if so),
    )


def _gravest_first(finding: Finding) -> tuple[bool, date, date, str]:
    return (finding.severity is not Severity.REFUSE, finding.day, finding.since, finding.code)
