"""A request as it is typed: the times that suggest themselves, and what comes of it. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta, tzinfo

from agent_client.terminal.typed_time import MINUTES, instant_ms
from protocol.facts.request import Account, RequestKind, RosterRequest
from protocol.facts.shift import Activity, PlannedSegment
from protocol.rules.local_day import day_bounds
from protocol.rules.roster_requests import Unfulfillable, changed_plans, dates_of, work_s

Segments = tuple[PlannedSegment, ...]
_QUARTER_MIN = 15
_HOUR_MIN = 60
_OVERTIME_MIN = 120


@dataclass(frozen=True)
class Draft:
    """What stands in the fields; null where nothing can be read."""

    what: RequestKind
    agent: str
    day: date | None
    start: int | None = None
    """Minutes since midnight, here and below."""
    end: int | None = None
    to_day: date | None = None
    to_start: int | None = None
    partner: str = ""
    partner_day: date | None = None
    account: Account | None = None


@dataclass(frozen=True)
class Plans:
    """What is planned for one person, by business date."""

    agent: str
    by_day: Mapping[date, Segments]
    where: tzinfo

    def of(self, day: date | None) -> Segments:
        """Nothing on a day off, and where nothing is published."""
        return self.by_day.get(day, ()) if day is not None else ()


@dataclass(frozen=True)
class Change:
    """Planned work of one day, in seconds, before and after."""

    day: date
    before_s: int
    after_s: int
    after: Segments


def lacking(draft: Draft) -> str:
    """The first field without which nothing is asked; empty where all is there."""
    needed: dict[str, object] = {"day": draft.day}
    if draft.what is RequestKind.SWAP:
        needed |= {"partner": draft.partner, "partner_day": draft.partner_day}
    elif draft.what is RequestKind.RELEASE:
        needed |= {"start": draft.start}
    else:
        needed |= {"start": draft.start, "end": draft.end}
    if draft.what is RequestKind.MOVE:
        needed |= {"to_day": draft.to_day, "to_start": draft.to_start}
    return next((name for name, value in needed.items() if value in (None, "")), "")


def asked(draft: Draft, plans: Plans) -> RosterRequest:
    """The request. Everything that it needs has to be there."""
    assert draft.day is not None
    whole = RosterRequest(draft.what, draft.agent, draft.day, account=draft.account)
    if draft.what is RequestKind.SWAP:
        return RosterRequest(
            draft.what,
            draft.agent,
            draft.day,
            partner=draft.partner,
            partner_day=draft.partner_day,
        )
    assert draft.start is not None
    shift = plans.of(draft.day)
    start_ms = _near(draft.day, draft.start, shift, plans.where)
    if draft.what is RequestKind.RELEASE:
        end_ms = shift[-1].end_ms if shift else 0
        return RosterRequest(draft.what, draft.agent, draft.day, start_ms, end_ms)
    assert draft.end is not None
    end_ms = start_ms + ((draft.end - draft.start - 1) % MINUTES + 1) * 60_000
    if draft.what is not RequestKind.MOVE:
        return RosterRequest(
            whole.what, whole.agent, whole.day, start_ms, end_ms, account=whole.account
        )
    assert draft.to_day is not None
    assert draft.to_start is not None
    to_ms = instant_ms(draft.to_day, draft.to_start, plans.where)
    to_end_ms = to_ms + end_ms - start_ms
    return RosterRequest(draft.what, draft.agent, draft.day, start_ms, end_ms, to_ms, to_end_ms)


def changes(wanted: RosterRequest, plans: Plans) -> list[Change]:
    """What becomes of the own days. Raises `Unfulfillable`. Of a swap nothing is known here: the
    other person's plan is theirs."""
    if wanted.what is RequestKind.SWAP:
        return []
    first, last = dates_of(wanted, plans.where)
    known = {
        (wanted.agent, day): plan for day, plan in plans.by_day.items() if first <= day <= last
    }
    changed = changed_plans(wanted, known, plans.where)
    return [
        Change(day, work_s(plans.of(day)), work_s(plan), plan)
        for (_, day), plan in sorted(changed.items(), key=lambda each: each[0][1])
    ]


def impossible(wanted: RosterRequest, plans: Plans) -> bool:
    """Whether nothing can come of it with the plans that are known."""
    try:
        changes(wanted, plans)
    except Unfulfillable:
        return True
    return False


def first_day(what: RequestKind, today: date) -> date:
    """The day that suggests itself: today for what is about the present shift."""
    at_once = what in (RequestKind.RELEASE, RequestKind.OVERTIME)
    return today if at_once else today + timedelta(days=1)


def suggested(what: RequestKind, day: date, plans: Plans, now_ms: int | None) -> dict[str, int]:
    """Times in minutes by the field: the whole shift for leave, what follows it for overtime, its
    first hour for a move to its end, the next quarter of an hour for going home."""
    shift = plans.of(day)
    if not shift:
        return {}
    first, last = (_minute(ms, day, plans.where) for ms in (shift[0].start_ms, shift[-1].end_ms))
    if what is RequestKind.LEAVE:
        return {"start": first, "end": last}
    if what is RequestKind.OVERTIME:
        return {"start": last, "end": (last + _OVERTIME_MIN) % MINUTES}
    if what is RequestKind.MOVE:
        hour = _first_work(shift, day, plans.where)
        return {"start": hour, "end": (hour + _HOUR_MIN) % MINUTES, "to_start": last}
    if what is RequestKind.RELEASE:
        running = now_ms is not None and shift[0].start_ms <= now_ms < shift[-1].end_ms
        if running and now_ms is not None:
            soon = -(-_minute(now_ms + 59_999, day, plans.where) // _QUARTER_MIN) * _QUARTER_MIN
            return {"start": soon % MINUTES}
        return {"start": (last - _HOUR_MIN) % MINUTES}
    return {}


def _first_work(shift: Segments, day: date, where: tzinfo) -> int:
    start_ms = next(
        (each.start_ms for each in shift if each.activity is Activity.WORK), shift[0].start_ms
    )
    return _minute(start_ms, day, where)


def _minute(ms: int, day: date, where: tzinfo) -> int:
    """By the clock at the site."""
    midnight_ms, until_ms = day_bounds(day, where)
    if ms >= until_ms:
        midnight_ms = until_ms
    return (ms - midnight_ms) // 60_000 % MINUTES


def _near(day: date, minutes: int, shift: Segments, where: tzinfo) -> int:
    """The instant of a time of day; after midnight where the shift is on then."""
    at_ms = instant_ms(day, minutes, where)
    if not shift or at_ms >= shift[0].start_ms:
        return at_ms
    next_ms = instant_ms(day + timedelta(days=1), minutes, where)
    return next_ms if next_ms <= shift[-1].end_ms else at_ms
