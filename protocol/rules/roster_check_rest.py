"""Checks of a roster's rest: within a shift, between two shifts, and days off. Pure.

Whoever has 3 h between two stretches of work goes home: what lies on either side of so long a gap
are two shifts, whatever business date they stand on. A split shift of one date has such a gap at
midday, which is the site's custom and only warned of; over midnight it is the night's rest.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta, tzinfo
from itertools import pairwise

from protocol.facts.shift import Activity
from protocol.rules.day_rules import RosterRules
from protocol.rules.fatigue import Run, work_runs, worked_s
from protocol.rules.local_day import local_date
from protocol.rules.roster_check_finding import Finding, FindingCode, Plans, Severity
from protocol.rules.stretches import Stretch, seconds_of

HOUR_S = 3600
WITH_A_DAY_OFF = 7
"""Of so many days in a row one is off."""
RESTS = frozenset({Activity.BREAK, Activity.MEAL})
_APART_S = 3 * HOUR_S
"""So far apart they are two shifts."""

Dated = tuple[Stretch, date]


def rest_findings(plans: Plans, rules: RosterRules, where: tzinfo) -> Iterator[Finding]:
    """Where there is too little of it, or people are planned twice at once. `where` is the site's
    zone, for its midnights."""
    yield from _overlaps(plans)
    yield from _between_shifts(plans, rules, where)
    yield from _continuous_work(plans, rules)
    yield from _days_in_row(plans, rules)


def rows_of_days(days: Iterable[date]) -> list[list[date]]:
    """Dates that follow one another without a day between them."""
    rows: list[list[date]] = []
    for day in sorted(set(days)):
        if rows and day - rows[-1][-1] == timedelta(days=1):
            rows[-1].append(day)
        else:
            rows.append([day])
    return rows


def rests_between(shifts: Iterable[Dated]) -> list[tuple[Dated, Dated, int]]:
    """Each shift with the one that begins after it, and the seconds between them: fewer than
    none where they overlap."""
    return [(one, other, other[0][0] - one[0][1]) for one, other in pairwise(sorted(shifts))]


def _overlaps(plans: Plans) -> Iterator[Finding]:
    covered: Dated | None = None
    for stretch, day in _stretches(plans, frozenset(Activity)):
        if covered is not None and stretch[0] < covered[0][1]:
            seconds = min(stretch[1], covered[0][1]) - stretch[0]
            code, grave = FindingCode.OVERLAP, Severity.REFUSE
            yield Finding(code, grave, min(day, covered[1]), max(day, covered[1]), seconds, 0)
        if covered is None or stretch[1] > covered[0][1]:
            covered = stretch, day


def _between_shifts(plans: Plans, rules: RosterRules, where: tzinfo) -> Iterator[Finding]:
    least_s, good_s = rules.shift_gap_min_h * HOUR_S, rules.shift_gap_warn_h * HOUR_S
    for ((_, end), since), ((begin, _), day), rest_s in rests_between(_shifts(plans)):
        if rest_s < max(least_s, good_s):
            split = since == day and local_date(end * 1000, where) == local_date(
                begin * 1000, where
            )
            grave = Severity.REFUSE if rest_s < least_s and not split else Severity.WARN
            limit_s = least_s if rest_s < least_s else good_s
            yield Finding(FindingCode.MIN_REST, grave, since, day, max(0, rest_s), limit_s)


def _continuous_work(plans: Plans, rules: RosterRules) -> Iterator[Finding]:
    work = _stretches(plans, frozenset(Activity) - RESTS)
    begins = {stretch[0]: day for stretch, day in reversed(work)}
    ends = {stretch[1]: day for stretch, day in work}
    for run in work_runs([stretch for stretch, _ in work], rules.rest_qualify_s):
        if found := _too_long(run, rules):
            since, day = begins[run[0][0]], ends[run[-1][1]]
            code = FindingCode.CONTINUOUS_WORK
            yield Finding(code, found[0], since, day, worked_s(run), found[1])


def _too_long(run: Run, rules: RosterRules) -> tuple[Severity, int] | None:
    """How grave it is, and which limit the run reaches."""
    if worked_s(run) >= rules.run_limit_s:
        return Severity.REFUSE, rules.run_limit_s
    return (Severity.WARN, rules.run_warn_s) if worked_s(run) >= rules.run_warn_s else None


def _days_in_row(plans: Plans, rules: RosterRules) -> Iterator[Finding]:
    for row in rows_of_days(day for day, segments in plans.items() if segments):
        since, day, count = row[0], row[-1], len(row)
        if count >= WITH_A_DAY_OFF:
            code, limit = FindingCode.NO_DAY_OFF, WITH_A_DAY_OFF - 1
            yield Finding(code, Severity.REFUSE, since, day, count, limit)
        if count > rules.days_in_row:
            code, limit = FindingCode.CONSECUTIVE_DAYS, rules.days_in_row
            yield Finding(code, Severity.WARN, since, day, count, limit)


def _stretches(plans: Plans, activities: frozenset[Activity]) -> Sequence[Dated]:
    """What is planned for one of these activities, by its beginning, with its business date."""
    return sorted(
        (seconds_of(each.start_ms, each.end_ms), day)
        for day, segments in plans.items()
        for each in segments
        if each.activity in activities and each.start_ms < each.end_ms
    )


def _shifts(plans: Plans) -> Iterator[Dated]:
    """What each date's segments come to, without the gaps that are shorter than a rest."""
    for day, segments in plans.items():
        shift: Stretch | None = None
        for begin, end in sorted(seconds_of(each.start_ms, each.end_ms) for each in segments):
            if shift is not None and begin - shift[1] >= _APART_S:
                yield shift, day
                shift = None
            shift = (begin, end) if shift is None else (shift[0], max(shift[1], end))
        if shift is not None:
            yield shift, day
