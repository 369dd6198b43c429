"""The figures of the person at this seat, computed from the desk's own facts and from what the
service told of the plan: pure."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta, tzinfo
from typing import NamedTuple

import msgspec

from protocol.facts.record import MalformedFact, read_fact
from protocol.facts.shift import Activity, PlannedSegment
from protocol.rules.adherence_planned import UNKNOWN_STATES, Doing, in_by_state
from protocol.rules.adherence_slices import Verdict
from protocol.rules.business_day import date_begins, within
from protocol.rules.day_figure import (
    Applied,
    DayFigure,
    DayMade,
    as_it_counts,
    day_figure,
    goes_back,
)
from protocol.rules.day_rules import AdherenceRules, DayRules
from protocol.rules.day_segments import DaySegment, SessionFacts, day_segments
from protocol.rules.local_day import local_date
from protocol.rules.placing import Placed, Told, Unread
from protocol.rules.stand_ins import StandIn, joined_plan, shifts_of
from protocol.wire.roster import AdoptedRules, DayPlan, OwnPlan, ToldFact

_DAY = timedelta(days=1)


class Sitting(NamedTuple):
    """What is known at the desk."""

    agent: str
    plan: OwnPlan | None
    own: Sequence[SessionFacts]
    """The sessions of this desk, with all their facts."""
    where: tzinfo
    now_ms: int


class Computed(NamedTuple):
    """One business date."""

    day: date
    window: tuple[int, int]
    plan: DayPlan | None
    """Whoever worked it; null: nothing was ever planned for it."""
    stand_ins: tuple[StandIn, ...]
    segments: tuple[PlannedSegment, ...]
    """All that the person is to work."""
    recorded: tuple[DaySegment, ...]
    figure: DayFigure
    rules: AdoptedRules


def business_date(sitting: Sitting) -> date:
    """The business date that it is now."""
    today = local_date(sitting.now_ms, sitting.where)
    for day in (today - _DAY, today + _DAY):
        from_ms, until_ms = _window(sitting, day)
        if from_ms <= sitting.now_ms < until_ms:
            return day
    return today


def rules_at(sitting: Sitting) -> AdherenceRules:
    """How adherence is counted on the business date that it is now."""
    return _rules(sitting.plan, business_date(sitting)).values.adherence


def computed(sitting: Sitting, day: date) -> Computed:
    """The figures of a business date as far as this desk can know them."""
    window, told = _window(sitting, day), sitting.plan
    recorded, rules = tuple(_recorded(sitting, window)), _rules(told, day)
    segments = within(_segments(sitting, day), window)
    made = DayMade(
        agent=sitting.agent,
        plan=segments,
        recorded=recorded,
        applied=_applied(told, day),
        incidents=told.incidents if told else (),
        rules=rules.values,
        as_of_ms=sitting.now_ms,
        window=window,
    )
    if goes_back(made):
        made = msgspec.structs.replace(made, before=_before(sitting, day - _DAY))
    figure, plan = day_figure(made, sitting.where), _plans(told).get(day)
    return Computed(day, window, plan, _stand_ins(told, day), segments, recorded, figure, rules)


def _before(sitting: Sitting, day: date) -> list[DaySegment]:
    """A date as it counts."""
    window, applied = _window(sitting, day), _applied(sitting.plan, day)
    return as_it_counts(_recorded(sitting, window), applied, window, sitting.now_ms)


def _recorded(sitting: Sitting, window: tuple[int, int]) -> list[DaySegment]:
    until_ms = max(window[0], min(window[1], sitting.now_ms))
    return day_segments(_sessions(sitting), window[0], until_ms)


def _applied(told: OwnPlan | None, day: date) -> list[Applied]:
    return [each.applied() for each in (told.exceptions if told else ()) if each.day == day]


def _stand_ins(told: OwnPlan | None, day: date) -> tuple[StandIn, ...]:
    return tuple(each for each in (told.stand_ins if told else ()) if each.day == day)


def _segments(sitting: Sitting, day: date) -> tuple[PlannedSegment, ...]:
    plan = _plans(sitting.plan).get(day)
    own = () if plan is None else plan.segments
    return joined_plan(shifts_of(sitting.agent, own, _stand_ins(sitting.plan, day)))


def next_shift(sitting: Sitting, day: date) -> DayPlan | None:
    """The next plan with anything in it after a business date, as the person is to work it."""
    plans, told = _plans(sitting.plan), sitting.plan
    days = {*plans, *(each.day for each in (told.stand_ins if told else ()))}
    for later in sorted(each for each in days if each > day):
        segments = _segments(sitting, later)
        if segments:
            plan = plans.get(later, DayPlan(sitting.agent, later))
            return msgspec.structs.replace(plan, segments=segments)
    return None


class Present(NamedTuple):
    """What is planned at a moment."""

    now: PlannedSegment | None
    next: PlannedSegment | None


def present(plan: Sequence[PlannedSegment], now_ms: int) -> Present:
    """The segment that a moment lies in, and the one that comes next."""
    now = next((each for each in plan if each.start_ms <= now_ms < each.end_ms), None)
    following = (each for each in plan if each.start_ms > now_ms)
    return Present(now, min(following, key=lambda each: each.start_ms, default=None))


def adhering(found: Computed, doing: Doing, planned: Activity, now_ms: int) -> bool | None:
    """Whether the person is where the plan has them, or is excused; null where nobody knows, where
    the time is excluded, and where a lead has still to decide. `doing` is the present state."""
    if doing[0] in UNKNOWN_STATES:
        return None
    last = found.figure.slices[-1] if found.figure.slices else None
    if last is None or last.end_s < now_ms // 1000 or (last.state, last.reason) != doing:
        return doing in in_by_state(found.rules.values.adherence.work_reasons)[planned]
    if last.verdict is Verdict.EXCLUDED:
        return None
    if last.verdict is Verdict.OUT:
        return None if last.exception is not None else False
    return True


def _window(sitting: Sitting, day: date) -> tuple[int, int]:
    return _begins(sitting, day), _begins(sitting, day + _DAY)


def _begins(sitting: Sitting, day: date) -> int:
    fixed = sitting.plan.fixed if sitting.plan is not None else ()
    for each in fixed:
        if each.day == day:
            return each.at_ms
    before, plan = (_segments(sitting, each) for each in (day - _DAY, day))
    return date_begins(day, before, plan, sitting.where)


def _plans(told: OwnPlan | None) -> Mapping[date, DayPlan]:
    return {each.day: each for each in told.plans} if told is not None else {}


def _rules(told: OwnPlan | None, day: date) -> AdoptedRules:
    """Those in force on a day; the program's own where the service told of none."""
    in_force = [each for each in (told.rules if told else ()) if each.since <= day]
    return in_force[-1] if in_force else AdoptedRules(date.min, "", DayRules())


def _sessions(sitting: Sitting) -> list[SessionFacts]:
    """Those of this desk, and those that only the service has."""
    own = {each.session for each in sitting.own}
    told = sitting.plan.before if sitting.plan is not None else ()
    elsewhere: dict[str, list[Placed]] = {}
    for each in told:
        if each.session not in own:
            elsewhere.setdefault(each.session, []).append((each.at_ms, _fact(each)))
    return [*(SessionFacts(*each) for each in elsewhere.items()), *sitting.own]


def _fact(told: ToldFact) -> Told:
    try:
        return read_fact(told.body) or Unread()
    except MalformedFact:
        return Unread()
