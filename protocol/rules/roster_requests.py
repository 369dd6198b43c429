"""What an approved request makes of plans: leave, swaps, moves, overtime, early release. Pure.

Instants are milliseconds; a plan is one person's of one business date, in order, without overlap.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, timedelta, tzinfo
from enum import StrEnum
from itertools import pairwise
from types import MappingProxyType

from msgspec.structs import replace

from protocol.facts.request import RequestKind, RosterRequest
from protocol.facts.shift import Activity, PlannedSegment
from protocol.rules.business_day import business_window
from protocol.rules.local_day import local_date
from protocol.rules.stretches import seconds_of

PersonDay = tuple[str, date]
Segments = tuple[PlannedSegment, ...]
Plans = Mapping[PersonDay, Segments]
"""Plans in force by person and business date. A date that is not among them is a day off."""

FURTHEST_DAYS = 42
"""Between the two dates of one request."""
RESTS = frozenset({Activity.BREAK, Activity.MEAL})
_ONE_DAY = timedelta(days=1)
_DAY_MS = 86_400_000
_YEARS = range(1971, 9998)
_EPOCH = date(1970, 1, 1)


class RequestFault(StrEnum):
    """Why nothing can be made of a request. The codes are those of the wire."""

    BAD_INTERVAL = "bad_interval"
    NO_SHIFT = "no_shift"


class Unfulfillable(Exception):
    """Nothing can be made of a request with these plans."""

    def __init__(self, fault: RequestFault, agent: str, day: date) -> None:
        super().__init__(fault)
        self.fault = fault
        self.agent = agent
        self.day = day


def dates_of(asked: RosterRequest, where: tzinfo) -> tuple[date, date]:
    """The first and last business date whose plans the other functions need, of each person
    concerned. Raises `Unfulfillable` for dates that are far apart, or in no calendar."""
    if asked.day.year not in _YEARS:
        raise _bad(asked)
    days = [asked.day]
    if asked.what is RequestKind.SWAP:
        days.append(partner_day(asked))
    else:
        _check_instants(asked, (asked.start_ms, asked.end_ms), _DAY_MS * 2)
    if asked.what is RequestKind.MOVE:
        _check_instants(asked, (asked.to_start_ms, asked.to_end_ms), _DAY_MS * FURTHEST_DAYS)
        days.append(local_date(asked.to_start_ms, where))
    if max(days) - min(days) > _ONE_DAY * FURTHEST_DAYS:
        raise _bad(asked)
    return min(days) - _ONE_DAY, max(days) + _ONE_DAY


def people_of(asked: RosterRequest) -> tuple[str, ...]:
    """Whose plans it changes."""
    return (asked.agent, asked.partner) if asked.what is RequestKind.SWAP else (asked.agent,)


def partner_day(asked: RosterRequest) -> date:
    """Of a swap: the business date of the shift that the partner gives."""
    return asked.day if asked.partner_day is None else asked.partner_day


def changed_plans(asked: RosterRequest, plans: Plans, where: tzinfo) -> dict[PersonDay, Segments]:
    """The plans that become others, whole. Raises `Unfulfillable` with `no_shift` when nothing is
    planned there, and with `bad_interval` when the times don't fit the plans."""
    dates_of(asked, where)
    changed = _CHANGES[asked.what](asked, plans, where)
    for (_, day), plan in changed.items():
        _check_plan(asked, day, plan, where)
    after = {**plans, **changed}
    for person in people_of(asked):
        _check_apart(asked, [plan for (whose, _), plan in after.items() if whose == person])
    return changed


def deadline_ms(asked: RosterRequest, plans: Plans, where: tzinfo) -> int:
    """When it is too late to decide. Of leave and a swap, when the first shift begins that it
    concerns, as it was or as it would be; of moved hours and overtime, when the earliest time
    begins that it changes; of an early release, when the shift is over. Raises as
    `changed_plans`."""
    changed = changed_plans(asked, plans, where)
    match asked.what:
        case RequestKind.RELEASE:
            return plans[asked.agent, asked.day][-1].end_ms
        case RequestKind.OVERTIME:
            return asked.start_ms
        case RequestKind.MOVE:
            return min(asked.start_ms, asked.to_start_ms)
    concerned = [*changed.values(), *(plans.get(key, ()) for key in changed)]
    return min(plan[0].start_ms for plan in concerned if plan)


def work_s(segments: Iterable[PlannedSegment]) -> int:
    """Planned seconds that are neither break nor meal."""
    spans = (seconds_of(each.start_ms, each.end_ms) for each in segments if not _is_rest(each))
    return sum(end - begin for begin, end in spans)


def work_within_s(segments: Iterable[PlannedSegment], start_ms: int, end_ms: int) -> int:
    """As `work_s`, of [start, end) alone."""
    within = (
        replace(each, start_ms=max(each.start_ms, start_ms), end_ms=min(each.end_ms, end_ms))
        for each in segments
    )
    return work_s(each for each in within if each.start_ms < each.end_ms)


def moved_spans(spans: Iterable[tuple[int, int]], move: RosterRequest) -> list[tuple[int, int]]:
    """Where the instants of spans [start, end) are after a move of hours."""
    return [part for each in spans for part in _moved(each, move) if part[0] < part[1]]


def _moved(span: tuple[int, int], move: RosterRequest) -> Iterable[tuple[int, int]]:
    """What stays before, what moves, what stays after."""
    (start, end), by = span, move.to_start_ms - move.start_ms
    first = min(max(start, move.start_ms), end)
    last = max(min(end, move.end_ms), first)
    return (start, first), (first + by, last + by), (last, end)


def _leave(asked: RosterRequest, plans: Plans, _: tzinfo) -> dict[PersonDay, Segments]:
    plan = _shift(plans, asked.agent, asked.day)
    rest = _cut(plan, asked.start_ms, asked.end_ms)
    if rest == plan:
        raise Unfulfillable(RequestFault.NO_SHIFT, asked.agent, asked.day)
    return {(asked.agent, asked.day): _trimmed(plan, rest)}


def _release(asked: RosterRequest, plans: Plans, _: tzinfo) -> dict[PersonDay, Segments]:
    """Whatever end it names, it lasts to the end of the shift."""
    plan = _shift(plans, asked.agent, asked.day)
    if not plan[0].start_ms <= asked.start_ms < plan[-1].end_ms:
        raise _bad(asked)
    rest = _cut(plan, asked.start_ms, plan[-1].end_ms)
    return {(asked.agent, asked.day): _trimmed(plan, rest)}


def _overtime(asked: RosterRequest, plans: Plans, _: tzinfo) -> dict[PersonDay, Segments]:
    key = asked.agent, asked.day
    return {key: _with_work(plans.get(key, ()), asked.start_ms, asked.end_ms)}


def _move(asked: RosterRequest, plans: Plans, where: tzinfo) -> dict[PersonDay, Segments]:
    """Only what is planned as WORK throughout can be moved, so that no second is lost."""
    plan = _shift(plans, asked.agent, asked.day)
    length_ms = asked.end_ms - asked.start_ms
    if asked.to_end_ms - asked.to_start_ms != length_ms or length_ms != _work_ms(plan, asked):
        raise _bad(asked)
    key = asked.agent, asked.day
    without = {**plans, key: _cut(plan, asked.start_ms, asked.end_ms)}
    target = asked.agent, _date_of(asked, without, where)
    added = _with_work(without.get(target, ()), asked.to_start_ms, asked.to_end_ms)
    return {key: _trimmed(plan, without[key]), target: _trimmed(plans.get(target, ()), added)}


def _swap(asked: RosterRequest, plans: Plans, _: tzinfo) -> dict[PersonDay, Segments]:
    """A shift stays on its date; who works it changes."""
    own, other = (asked.agent, asked.day), (asked.partner, partner_day(asked))
    gives, takes = _shift(plans, *own), _shift(plans, *other)
    if own[1] == other[1]:
        return {own: takes, other: gives}
    to_own, to_other = (asked.agent, other[1]), (asked.partner, own[1])
    return {
        own: (),
        other: (),
        to_own: _in_order((*plans.get(to_own, ()), *takes)),
        to_other: _in_order((*plans.get(to_other, ()), *gives)),
    }


_Change = Callable[[RosterRequest, Plans, tzinfo], dict[PersonDay, Segments]]
_CHANGES: Mapping[RequestKind, _Change] = MappingProxyType(
    {
        RequestKind.LEAVE: _leave,
        RequestKind.SWAP: _swap,
        RequestKind.MOVE: _move,
        RequestKind.OVERTIME: _overtime,
        RequestKind.RELEASE: _release,
    }
)


def _shift(plans: Plans, agent: str, day: date) -> Segments:
    plan = plans.get((agent, day), ())
    if not plan:
        raise Unfulfillable(RequestFault.NO_SHIFT, agent, day)
    return plan


def _cut(plan: Segments, start_ms: int, end_ms: int) -> Segments:
    """What remains without [start, end): nothing, if there would be rests alone."""
    before = [replace(each, end_ms=min(each.end_ms, start_ms)) for each in plan]
    after = [replace(each, start_ms=max(each.start_ms, end_ms)) for each in plan]
    rest = tuple(
        each
        for pair in zip(before, after, strict=True)
        for each in pair
        if each.start_ms < each.end_ms
    )
    return () if all(map(_is_rest, rest)) else rest


def _trimmed(before: Segments, after: Segments) -> Segments:
    """Without rests at the edges that lay between work before: nobody has to be there for them."""
    while after and _is_rest(after[0]) and not _is_rest(before[0]):
        after = after[1:]
    while after and _is_rest(after[-1]) and not _is_rest(before[-1]):
        after = after[:-1]
    return after


def _with_work(plan: Segments, start_ms: int, end_ms: int) -> Segments:
    """The plan with [start, end) as WORK, in one segment with WORK that it touches."""
    before = [each for each in plan if _is_work(each) and each.end_ms == start_ms]
    after = [each for each in plan if _is_work(each) and each.start_ms == end_ms]
    touched = (*before, *after)
    added = PlannedSegment(
        min([start_ms, *(each.start_ms for each in before)]),
        max([end_ms, *(each.end_ms for each in after)]),
        Activity.WORK,
    )
    return _in_order((*(each for each in plan if each not in touched), added))


def _in_order(segments: Segments) -> Segments:
    return tuple(sorted(segments, key=lambda each: (each.start_ms, each.end_ms)))


def _date_of(asked: RosterRequest, plans: Plans, where: tzinfo) -> date:
    """The business date that moved hours belong to: that of a shift which reaches over midnight
    to them, else their local date."""
    day = local_date(asked.to_start_ms, where)
    before, plan, after = (
        plans.get((asked.agent, day + _ONE_DAY * offset), ()) for offset in (-1, 0, 1)
    )
    begins_ms, _ = business_window(day, before, plan, after, where)
    return day - _ONE_DAY if asked.to_start_ms < begins_ms else day


def _work_ms(plan: Segments, asked: RosterRequest) -> int:
    """How much of [start, end) is planned as WORK."""
    return sum(
        max(0, min(each.end_ms, asked.end_ms) - max(each.start_ms, asked.start_ms))
        for each in plan
        if _is_work(each)
    )


def _check_plan(asked: RosterRequest, day: date, plan: Segments, where: tzinfo) -> None:
    """A shift begins on its date, and is over within a day."""
    if plan and local_date(plan[0].start_ms, where) != day:
        raise _bad(asked)
    if plan and plan[-1].end_ms - plan[0].start_ms > _DAY_MS:
        raise _bad(asked)


def _check_apart(asked: RosterRequest, plans: Sequence[Segments]) -> None:
    ordered = sorted((each.start_ms, each.end_ms) for plan in plans for each in plan)
    if any(end > start for (_, end), (start, _) in pairwise(ordered)):
        raise _bad(asked)


def _check_instants(asked: RosterRequest, span: tuple[int, int], reach_ms: int) -> None:
    """A time is some whole seconds, not far from its business date. An early release needs no
    end."""
    start_ms, end_ms = span
    if asked.what is RequestKind.RELEASE and not end_ms:
        end_ms = start_ms + _DAY_MS
    midnight_ms = (asked.day - _EPOCH).days * _DAY_MS
    near = abs(start_ms - midnight_ms) <= reach_ms and 0 < end_ms - start_ms <= _DAY_MS * 2
    if not near or start_ms % 1000 or end_ms % 1000:
        raise _bad(asked)


def _is_work(segment: PlannedSegment) -> bool:
    return segment.activity is Activity.WORK


def _is_rest(segment: PlannedSegment) -> bool:
    return segment.activity in RESTS


def _bad(asked: RosterRequest) -> Unfulfillable:
    return Unfulfillable(RequestFault.BAD_INTERVAL, asked.agent, asked.day)
