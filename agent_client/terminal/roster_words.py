"""The words of a roster: what stands in a cell, what is said of it in full, and what was found."""

from collections.abc import Iterator, Sequence

from rich.cells import cell_len

from agent_client.terminal.cells import cut, shown
from agent_client.terminal.clock import at_site
from agent_client.terminal.plan_words import length
from agent_client.terminal.roster_week import DAY_OFF, Place, Week
from agent_client.terminal.wording import Wording
from protocol.facts.shift import Activity, PlanCause, PlannedSegment
from protocol.wire.roster import DayPlan, Finding, Pattern, Roster, Rotation, Severity

NO_PLAN = "·"
ASKING = "…"
_HOURS = 11
_HOUR_S = 3600
_LABEL = 24
_IN_DAYS = frozenset({"CONSECUTIVE_DAYS", "NO_DAY_OFF"})
_AT_LEAST = frozenset({"MIN_REST"})
_WITHOUT_LIMIT = frozenset({"OVERLAP", "HOLIDAY"})
_WITHOUT_MEASURE = frozenset({"PLAN_CHANGED"})


def cell_text(words: Wording, roster: Roster, plan: DayPlan | None, width: int) -> str:
    """As much as fits: hours and pattern, the hours, the pattern alone, or the whole hours."""
    if plan is None:
        return NO_PLAN
    if not plan.segments:
        leave = plan.cause is PlanCause.LEAVE
        return words.text("roster.leave" if leave else "roster.off")
    hours, label = hours_of(plan.segments, roster.zone), pattern_label(words, roster, plan.pattern)
    if width > _HOURS and label:
        return f"{hours} {cut(label, width - _HOURS - 1)}"
    if width >= _HOURS:
        return hours
    if label and cell_len(label) <= width:
        return label
    return _short_hours(plan.segments, roster.zone)


def hours_of(segments: Sequence[PlannedSegment], zone: str) -> str:
    """`09:00–18:00`."""
    return f"{clock(segments[0].start_ms, zone)}–{clock(segments[-1].end_ms, zone)}"


def clock(ms: int, zone: str) -> str:
    """`09:00` at the site."""
    return f"{at_site(ms, zone):%H:%M}"


def pattern_label(words: Wording, roster: Roster, name: str) -> str:
    """A pattern as people call it; empty without one."""
    found = next((each for each in roster.patterns if each.name == name), None)
    return label_of(words, found) if found is not None else shown(name)


def label_of(words: Wording, each: Pattern | Rotation) -> str:
    """What people read, else the name."""
    return shown(each.labels.get(words.language) or each.name)


def turns_of(words: Wording, roster: Roster, rotation: Rotation) -> str:
    """The days of a rotation, one after another."""
    return " ".join(
        words.text("roster.off") if name == DAY_OFF else pattern_label(words, roster, name)
        for name in rotation.days
    )


def who(week: Week, agent: str) -> str:
    """`1003 Ann`."""
    return f"{shown(agent)} {cut(shown(week.name(agent)), _LABEL)}".rstrip()


def whole(words: Wording, roster: Roster, plan: DayPlan | None) -> str:
    """A plan in full: hours, pattern, and what in it is not work."""
    if plan is None:
        return words.text("roster.no_plan")
    if not plan.segments:
        return words.text("roster.day_off")
    parts = [
        hours_of(plan.segments, roster.zone),
        pattern_label(words, roster, plan.pattern),
        words.text("comma").join(_rests(words, plan.segments, roster.zone)),
    ]
    return "  ".join(part for part in parts if part)


def origin(words: Wording, plan: DayPlan, zone: str) -> str:
    """Which revision made it, why, by whom and when."""
    at = "" if plan.planned_ms is None else f"{at_site(plan.planned_ms, zone):%m-%d %H:%M}"
    return words.text(
        "weeks.made",
        revision=plan.revision,
        cause=words.term(f"plan_cause.{plan.cause}", plan.cause),
        at=at,
        who=shown(plan.actor),
    ).rstrip()


def about_day(words: Wording, week: Week, place: Place) -> str:
    """Whose day of which date, and whether it is a holiday."""
    agent, day = place
    parts = [who(week, agent), f"{words.text(f'weekday.{day.isoweekday()}')} {day:%m-%d}"]
    if (holiday := week.holiday(day)) is not None:
        key = "weeks.holiday" if holiday.off else "weeks.make_up"
        parts.append(words.text(key, name=cut(shown(holiday.name), _LABEL)))
    return " · ".join(parts)


def whose_days(words: Wording, week: Week, places: Sequence[Place]) -> str:
    """One person's day, or how many of how many people."""
    if len(places) > 1:
        people = len({agent for agent, _ in places})
        return words.text("roster.days_of", days=len(places), people=people)
    return about_day(words, week, places[0])


def finding_mark(severity: Severity) -> str:
    """Reads without colour: `✗` can't be published."""
    return "✗" if severity is Severity.REFUSE else "!"


def finding_text(words: Wording, each: Finding) -> str:
    """What was found, as measured and against which limit."""
    what = words.term(f"roster_finding.{each.code}", each.code)
    if each.code in _WITHOUT_MEASURE:
        return what
    measured = _amount(words, each.code, each.measured)
    if each.code in _WITHOUT_LIMIT:
        return words.text("roster_found.plain", what=what, measured=measured)
    key = "roster_found.least" if each.code in _AT_LEAST else "roster_found.most"
    limit = _amount(words, each.code, each.limit)
    return words.text(key, what=what, measured=measured, limit=limit)


def _amount(words: Wording, code: str, value: int) -> str:
    if code in _IN_DAYS:
        return words.text("roster_found.days", count=value)
    hours, rest = divmod(value, _HOUR_S)
    return length(words, value) if rest else words.text("roster_found.hours", hours=hours)


def _short_hours(segments: Sequence[PlannedSegment], zone: str) -> str:
    """`09–18`; `09:30…` where it is no whole hour."""
    start, end = at_site(segments[0].start_ms, zone), at_site(segments[-1].end_ms, zone)
    if start.minute or end.minute:
        return f"{start:%H:%M}…"
    return f"{start:%H}–{end:%H}"


def _rests(words: Wording, segments: Sequence[PlannedSegment], zone: str) -> Iterator[str]:
    for each in segments:
        if each.activity is not Activity.WORK:
            name = words.term(f"activity.{each.activity}", each.activity)
            yield f"{name} {clock(each.start_ms, zone)}"
