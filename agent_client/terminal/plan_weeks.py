"""The own roster as lines: two weeks back, this one, and the three after it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from rich.cells import cell_len
from textual.content import Content

from agent_client.terminal.cells import cut, fit, shown
from agent_client.terminal.clock import at_site, zone_of
from agent_client.terminal.plan_words import length
from agent_client.terminal.wording import Wording
from protocol.facts.shift import Activity, PlannedSegment
from protocol.rules.stand_ins import StandIn, joined_plan, shifts_of
from protocol.wire.roster import DayPlan, Holiday, Pattern, Roster

WEEK = timedelta(days=7)
_WEEKS_BACK = 2
_WEEKS = 6
_CHANGED = "*"
_HOURS = 11
_PATTERN = 12
_DAY = 9


@dataclass(frozen=True)
class WeekRow:
    """A line, and what is said in full of the day."""

    id: str
    line: Content
    detail: tuple[Content, ...] = ()
    heading: bool = False


def span(today: date) -> tuple[date, date]:
    """First and last day that are asked for: whole weeks, from a Monday on."""
    first = today - timedelta(days=today.weekday()) - _WEEKS_BACK * WEEK
    return first, first + _WEEKS * WEEK - timedelta(days=1)


def rows(words: Wording, roster: Roster, today: date, width: int) -> Iterator[WeekRow]:
    """Every day of the span, a heading a week."""
    plans = {plan.day: plan for plan in roster.published}
    holidays = {each.day: each for each in roster.holidays}
    day, last = span(today)
    while day <= last:
        if not day.weekday():
            yield _week(words, roster, plans, day)
        yield _day(words, roster, plans.get(day), holidays.get(day), (day, today), width)
        day += timedelta(days=1)


def _week(words: Wording, roster: Roster, plans: Mapping[date, DayPlan], monday: date) -> WeekRow:
    days = (monday + timedelta(days=each) for each in range(7))
    work_s = sum(_work_s(_worked(roster, plans.get(day), day)) for day in days)
    text = words.text("weeks.week", monday=f"{monday:%m-%d}")
    if work_s:
        text = f"{text} {words.text('weeks.work', length=length(words, work_s))}"
    return WeekRow(f"week-{monday}", Content.styled(text, "bold $quiet"), heading=True)


def _day(
    words: Wording,
    roster: Roster,
    plan: DayPlan | None,
    holiday: Holiday | None,
    days: tuple[date, date],
    width: int,
) -> WeekRow:
    day, today = days
    changed = plan is not None and _changed(plan, roster.zone, today)
    mark = "▸" if day == today else " "
    label = f"{mark} {words.text(f'weekday.{day.isoweekday()}')} {day:%m-%d}"
    stood_in = _stood_in(words, roster, day)
    parts = [_shift(words, roster, plan)] if plan is not None or not stood_in else []
    parts += stood_in
    if holiday is not None:
        kind = "holiday" if holiday.off else "make_up"
        parts.append(words.text(f"weeks.{kind}", name=shown(holiday.name)))
    if changed:
        parts.append(f"{_CHANGED} {words.text('weeks.changed')}")
    parts.append(_rests(words, roster, plan))
    line = Content.assemble(
        (
            fit(label, _DAY + cell_len(words.text("weekday.1"))),
            "bold" if day == today else "$quiet",
        ),
        " · ".join(part for part in parts if part),
    )
    if changed:
        line = line.stylize("bold")
    detail = tuple(Content(text) for text in _details(words, roster, plan, day))
    return WeekRow(f"day-{day}", line.truncate(width, ellipsis=True), detail)


def _shift(words: Wording, roster: Roster, plan: DayPlan | None) -> str:
    if plan is None:
        return words.text("weeks.no_plan")
    if not plan.segments:
        return words.term("attendance.DAY_OFF", "DAY_OFF")
    hours = fit(_span_of(plan.segments, roster.zone), _HOURS)
    return f"{hours}  {fit(_pattern(words, roster.patterns, plan.pattern), _PATTERN)}"


def _stand_ins(roster: Roster, day: date) -> list[StandIn]:
    return [each for each in roster.stand_ins if each.day == day]


def _own(roster: Roster) -> str:
    """Whose weeks they are."""
    return next((each.number for each in roster.people), "")


def _worked(roster: Roster, plan: DayPlan | None, day: date) -> tuple[PlannedSegment, ...]:
    """All that there is to work on a date."""
    own = plan.segments if plan is not None else ()
    return joined_plan(shifts_of(_own(roster), own, _stand_ins(roster, day)))


def _stood_in(words: Wording, roster: Roster, day: date) -> list[str]:
    """Shifts of others that are one's to work, and the own one that is not."""
    return [
        words.text("weeks.worked_by", who=shown(each.substitute))
        if each.agent == _own(roster)
        else words.text(
            "weeks.shift_of", hours=_span_of(each.segments, roster.zone), who=shown(each.agent)
        )
        for each in _stand_ins(roster, day)
    ]


def _rests(words: Wording, roster: Roster, plan: DayPlan | None) -> str:
    """What of a shift is not plain work."""
    return words.text("comma").join(
        f"{_activity(words, each)} {_time(each.start_ms, roster.zone)}"
        for each in (plan.segments if plan is not None else ())
        if each.activity is not Activity.WORK
    )


def _details(words: Wording, roster: Roster, plan: DayPlan | None, day: date) -> Iterator[str]:
    """The segments, and where the plan comes from; and on whose word a shift was another's."""
    for each in _stand_ins(roster, day):
        yield words.text(
            "why.stood_in",
            shift=_span_of(each.segments, roster.zone),
            owner=shown(each.agent),
            substitute=shown(each.substitute),
            who=shown(each.actor),
            at=f"{at_site(each.told_ms, roster.zone):%m-%d %H:%M}",
        )
    if plan is None and _stand_ins(roster, day):
        return
    if plan is None:
        yield words.text("weeks.no_plan_help")
        return
    if plan.segments:
        yield "   ".join(
            f"{_span_of((each,), roster.zone)} {_activity(words, each)}" for each in plan.segments
        )
    text = words.text(
        "weeks.made",
        revision=plan.revision,
        cause=words.term(f"plan_cause.{plan.cause}", plan.cause),
        at=_moment(plan, roster.zone),
        who=shown(plan.actor),
    )
    yield text


def _activity(words: Wording, segment: PlannedSegment) -> str:
    return words.term(f"activity.{segment.activity}", segment.activity)


def _moment(plan: DayPlan, zone: str) -> str:
    return "" if plan.planned_ms is None else f"{at_site(plan.planned_ms, zone):%m-%d %H:%M}"


def _changed(plan: DayPlan, zone: str, today: date) -> bool:
    """Whether it was made since the beginning of yesterday."""
    if plan.planned_ms is None:
        return False
    since = datetime.combine(today - timedelta(days=1), time(), zone_of(zone))
    return plan.planned_ms >= since.timestamp() * 1000


def _pattern(words: Wording, patterns: tuple[Pattern, ...], name: str) -> str:
    """As people call it."""
    found = next((each for each in patterns if each.name == name), None)
    label = found.labels.get(words.language) if found is not None else None
    return cut(shown(label or name), _PATTERN)


def _span_of(segments: tuple[PlannedSegment, ...], zone: str) -> str:
    return f"{_time(segments[0].start_ms, zone)}–{_time(segments[-1].end_ms, zone)}"


def _time(ms: int, zone: str) -> str:
    return f"{at_site(ms, zone):%H:%M}"


def _work_s(segments: tuple[PlannedSegment, ...]) -> int:
    return sum(
        (each.end_ms - each.start_ms) // 1000
        for each in segments
        if each.activity not in (Activity.BREAK, Activity.MEAL)
    )
