"""What a change of one person's plan would break: the rules of work and rest, and holidays. Pure.

A roster is judged by what the change makes of it. What was in force already, and no worse, is
nobody's reason to refuse a change, or else no bad week could ever be mended day by day. Whoever
stands in for a shift has to work it beside their own.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from agent_service.rosters.book import RosterBook
from agent_service.rosters.public_holidays import WorkCalendar
from agent_service.rosters.row import PlannedDay
from agent_service.rosters.stood_in import PlansOfAll, StandsIn, worked
from protocol.rules import roster_check_finding as rule
from protocol.rules.day_rules import RosterRules
from protocol.rules.roster_check import check_roster
from protocol.rules.roster_check_finding import FindingCode, Plans
from protocol.rules.roster_check_hours import DAYS_OF_WEEK, paid_s
from protocol.rules.roster_requests import PersonDay, Segments
from protocol.wire.errors import Code, Refused
from protocol.wire.roster import Finding, Severity

HOLIDAY = "HOLIDAY"
_LONG = frozenset(
    {
        FindingCode.NO_DAY_OFF,
        FindingCode.CONSECUTIVE_DAYS,
        FindingCode.WEEK_HOURS,
        FindingCode.MONTH_OVERTIME,
    }
)
"""Findings about many days together, of which a change moves the first and the last."""
_LESS_IS_WORSE = frozenset({FindingCode.MIN_REST})


class Change(NamedTuple):
    """Another plan of one person's business date. No segments: a day off."""

    agent: str
    day: date
    segments: Segments
    pattern: str = ""


def differing(
    known: Mapping[tuple[str, date], PlannedDay], asked: Iterable[Change]
) -> list[Change]:
    """Those that are another plan than the one in force. To be told that a day is off is
    something else than never to have been planned."""
    return [
        each
        for each in asked
        if (row := known.get((each.agent, each.day))) is None
        or row.planned_segments() != each.segments
    ]


def window(first_day: date, last_day: date, rules: RosterRules) -> tuple[date, date]:
    """The first and the last business date that a check of these needs to know: whole months,
    whole weeks, and the rows of working days that reach into them."""
    reach = timedelta(days=rules.days_in_row + DAYS_OF_WEEK)
    begins = first_day.replace(day=1)
    ends = (last_day.replace(day=28) + timedelta(days=4)).replace(day=1)
    monday = begins - timedelta(days=begins.weekday())
    sunday = ends + timedelta(days=DAYS_OF_WEEK - 1 - ends.weekday())
    return monday - reach, sunday + reach


def findings(
    agent: str,
    before: Plans,
    after: Plans,
    changed: Collection[date],
    book: RosterBook,
) -> list[Finding]:
    """What would be wrong after the change and was not, or less so, before it. Both plans hold
    all dates of `window`."""
    first_day, last_day = min(changed), max(changed)
    span, work_days = (first_day, last_day), book.calendar.work_days
    known = check_roster(before, *span, book.rules, book.zone, work_days)
    found = check_roster(after, *span, book.rules, book.zone, work_days)
    new = [each for each in found if not any(_was_so(each, other) for other in known)]
    told = [_told(agent, each) for each in new]
    return [*told, *_on_holidays(agent, before, after, changed, book.calendar)]


def after_changes(plans: PlansOfAll, changes: Iterable[Change]) -> dict[PersonDay, Segments]:
    """The plans as they will be."""
    return {**plans, **{(each.agent, each.day): each.segments for each in changes}}


def findings_of(
    plans: PlansOfAll, changes: Sequence[Change], book: RosterBook, stands_in: StandsIn
) -> list[Finding]:
    """What would come of many changes, the gravest first. `plans` are in force on all dates of
    `window`, those of all who are `involved`."""
    keys = [(each.agent, each.day) for each in changes]
    changed = [(stands_in.get(key, key[0]), key[1]) for key in keys]
    after = worked(after_changes(plans, changes), stands_in)
    return findings_about(changed, worked(plans, stands_in), after, book)


def findings_about(
    changed: Iterable[PersonDay], before: PlansOfAll, after: PlansOfAll, book: RosterBook
) -> list[Finding]:
    """The same of what people have to work, where it is another on these days."""
    known, other = _by_person(before), _by_person(after)
    days_of: dict[str, list[date]] = {}
    for who, day in changed:
        days_of.setdefault(who, []).append(day)
    found = [
        finding
        for who, days in days_of.items()
        for finding in findings(who, known.get(who, {}), other.get(who, {}), days, book)
    ]
    return sorted(
        found,
        key=lambda each: (each.severity is not Severity.REFUSE, each.day, each.agent, each.code),
    )


def refuse(found: Sequence[Finding]) -> None:
    """Raises `Refused` with `roster_refused` if anything was found that nobody can accept."""
    grave = [each for each in found if each.severity is Severity.REFUSE]
    if grave:
        first = grave[0]
        raise Refused(
            Code.ROSTER_REFUSED,
            code=first.code,
            agent=first.agent,
            day=first.day.isoformat(),
            more=len(grave) - 1,
        )


def refuse_unaccepted(found: Sequence[Finding], accepted: Collection[str]) -> None:
    """Raises `Refused` with `roster_warnings` if there are some that nobody has accepted."""
    left = [each for each in found if each.name() not in accepted]
    if left:
        first = left[0]
        raise Refused(
            Code.ROSTER_WARNINGS,
            code=first.code,
            agent=first.agent,
            day=first.day.isoformat(),
            count=len(left),
        )


def _by_person(plans: PlansOfAll) -> dict[str, dict[date, Segments]]:
    found: dict[str, dict[date, Segments]] = {}
    for (agent, day), segments in plans.items():
        found.setdefault(agent, {})[day] = segments
    return found


def _was_so(new: rule.Finding, known: rule.Finding) -> bool:
    """Whether it was found before the change, and as bad."""
    if new.code is not known.code:
        return False
    if new.code in _LESS_IS_WORSE:
        return (new.since, new.day) == (known.since, known.day) and known.measured <= new.measured
    if new.code in _LONG:
        same = new.since <= known.day and known.since <= new.day
    else:
        same = (new.since, new.day) == (known.since, known.day)
    return same and known.measured >= new.measured


def _told(agent: str, found: rule.Finding) -> Finding:
    severity = Severity(found.severity.value)
    return Finding(found.code.value, severity, agent, found.day, found.measured, found.limit)


def _on_holidays(
    agent: str, before: Plans, after: Plans, changed: Iterable[date], calendar: WorkCalendar
) -> Iterator[Finding]:
    """Shifts on public holidays, which are paid as such."""
    off: Mapping[date, bool] = {day: calendar.is_holiday(day) for day in changed}
    for day in sorted(day for day in off if off[day]):
        seconds = paid_s(after.get(day, ()))
        if seconds > paid_s(before.get(day, ())):
            yield Finding(HOLIDAY, Severity.WARN, agent, day, seconds, 0)
