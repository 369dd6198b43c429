"""One person's business date put together: the plan, what was recorded, what was corrected,
excused and excluded, and the figures of it. Pure.

The seat and the service call this one function, so that whoever is offline sees what the service
will compute.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import tzinfo

import msgspec

from protocol.facts.agent import Reason, State
from protocol.facts.base import Instant
from protocol.facts.correction import Overlay
from protocol.facts.shift import PlannedSegment
from protocol.rules.adherence import Adherence, summed
from protocol.rules.adherence_marks import marked
from protocol.rules.adherence_planned import UNKNOWN_STATES
from protocol.rules.adherence_slices import Slice
from protocol.rules.day_rules import DayRules
from protocol.rules.day_segments import DaySegment
from protocol.rules.exception_decisions import unasked
from protocol.rules.exceptions import (
    SYSTEM,
    DayException,
    Derived,
    DerivedReason,
    ExceptionKind,
    ExceptionStatus,
    derived,
)
from protocol.rules.fatigue import Fatigue, fatigue, may_go_back
from protocol.rules.granted_rests import granted_rests
from protocol.rules.incident import Incident

INCIDENT = "INCIDENT"
"""Why time is excluded that was lost to a confirmed fault of the organisation's."""
_LOST_TO_FAULTS = frozenset({DerivedReason.SYSTEM_FAULT, DerivedReason.UNKNOWN_TIME})


class Applied(msgspec.Struct, frozen=True):
    """An exception as it applies to a day: what was asked, and whether it was granted."""

    exception: str
    start_ms: Instant
    end_ms: Instant
    what: Overlay
    code: str
    status: ExceptionStatus
    actor: str
    """Who proposed it."""
    state: State | None = None
    """What the state was in truth; null: as recorded."""
    reason: Reason | None = None


class DayMade(msgspec.Struct, frozen=True):
    """What a day's figures are made of."""

    agent: str
    plan: Sequence[PlannedSegment]
    """All that the person was to work (`rules.stand_ins`)."""
    recorded: Sequence[DaySegment]
    """All time that belongs to the business date, as the facts tell it."""
    applied: Sequence[Applied]
    incidents: Sequence[Incident]
    """Those of the person's team and of the site."""
    rules: DayRules
    as_of_ms: Instant
    """What is planned later is not counted yet."""
    window: tuple[int, int]
    """[from, until) in ms: the time that belongs to the business date."""
    before: Sequence[DaySegment] = ()
    """The business date before as it counts (`as_it_counts`), where `goes_back` asks for it."""


class DayFigure(msgspec.Struct, frozen=True):
    """The figures, and what they were made by."""

    counted: tuple[DaySegment, ...]
    """What was recorded, under the approved corrections."""
    raw: Adherence
    """Without any exception or correction."""
    figure: Adherence
    slices: tuple[Slice, ...]
    """What `figure` is the sum of."""
    derived: tuple[Derived, ...]
    """The exceptions that follow from the facts and that nobody has been asked about."""
    fatigue: Fatigue


def day_figure(made: DayMade, where: tzinfo) -> DayFigure:
    """The figures of a business date up to `as_of_ms`."""
    plan = tuple(up_to(made.plan, made.as_of_ms))
    counted = tuple(_counted(made))
    follows = derived(made.agent, counted, plan)
    of_facts = tuple(unasked(follows, {each.exception: each.end_ms for each in made.applied}))
    exceptions = [
        *_of_people(made.applied, follows),
        *of_facts,
        *_of_incidents(made.agent, made.incidents, follows),
    ]
    exceptions += granted_rests(made.plan, counted, exceptions)
    rules = made.rules.adherence
    begins_s = made.plan[0].start_ms // 1000 if made.plan else None
    slices = marked(plan, counted, exceptions, rules)
    raw = figure = summed(slices, counted, rules, where, begins_s)
    if exceptions or counted != tuple(made.recorded):
        as_recorded = marked(plan, made.recorded, (), rules)
        raw = summed(as_recorded, made.recorded, rules, where, begins_s)
    return DayFigure(
        counted,
        raw,
        figure,
        slices,
        of_facts,
        fatigue((*made.before, *counted), made.rules.roster, made.window[0]),
    )


def goes_back(made: DayMade) -> bool:
    """Whether work of the date may be part of a run that began on the one before."""
    return may_go_back(_counted(made), made.window[0], made.rules.roster)


def as_it_counts(
    recorded: Iterable[DaySegment],
    applied: Iterable[Applied],
    window: tuple[int, int],
    as_of_ms: int,
) -> list[DaySegment]:
    """What was recorded of a business date, with what was decided about it."""
    cut = [_cut_to(each, window, as_of_ms) for each in applied]
    return corrected(settled(recorded, cut), cut)


def _counted(made: DayMade) -> list[DaySegment]:
    return as_it_counts(made.recorded, made.applied, made.window, made.as_of_ms)


def _cut_to(each: Applied, window: tuple[int, int], as_of_ms: int) -> Applied:
    """What of it lies in the business date and in the past: the rest is another date's."""
    from_ms, until_ms = window
    start_ms = max(each.start_ms, from_ms)
    end_ms = max(start_ms, min(each.end_ms, until_ms, as_of_ms))
    return msgspec.structs.replace(each, start_ms=start_ms, end_ms=end_ms)


def up_to(plan: Iterable[PlannedSegment], as_of_ms: int) -> Iterator[PlannedSegment]:
    """What of a plan lies before an instant."""
    for segment in plan:
        if segment.end_ms <= as_of_ms:
            yield segment
        elif segment.start_ms < as_of_ms:
            yield msgspec.structs.replace(segment, end_ms=as_of_ms)


def settled(recorded: Iterable[DaySegment], applied: Iterable[Applied]) -> list[DaySegment]:
    """What was recorded, where somebody has decided that time of which nobody knows is not to be
    excluded: it is unknown no more, and counts as signed out."""
    segments = list(recorded)
    for each in applied:
        system = each.actor == SYSTEM and each.code == DerivedReason.UNKNOWN_TIME
        if system and each.status is ExceptionStatus.REJECTED:
            segments = [part for segment in segments for part in _as_off(segment, each)]
    return segments


def _as_off(segment: DaySegment, each: Applied) -> Iterator[DaySegment]:
    inside = _cut(segment, each.start_ms, each.end_ms)
    if inside is None or segment.state not in UNKNOWN_STATES:
        yield segment
        return
    for part in (
        _cut(segment, segment.from_ms, each.start_ms),
        DaySegment(inside.from_ms, inside.until_ms, State.LOGGED_OFF, None, Overlay.EXCLUDE),
        _cut(segment, each.end_ms, segment.until_ms),
    ):
        if part is not None:
            yield part


def corrected(recorded: Iterable[DaySegment], applied: Iterable[Applied]) -> list[DaySegment]:
    """What was recorded, with the states that were approved in its place. Of corrections that
    overlap, the later proposed stands."""
    segments = list(recorded)
    for each in applied:
        granted = each.status is ExceptionStatus.APPROVED and each.start_ms < each.end_ms
        if granted and each.state is not None:
            segments = _overlaid(segments, each)
    return segments


def _overlaid(segments: Sequence[DaySegment], each: Applied) -> list[DaySegment]:
    """The state is another within the interval, also where nothing was recorded."""
    before = [_cut(segment, segment.from_ms, each.start_ms) for segment in segments]
    after = [_cut(segment, each.end_ms, segment.until_ms) for segment in segments]
    inside = DaySegment(each.start_ms, each.end_ms, each.state, each.reason, each.what, each.actor)
    return [
        *(segment for segment in before if segment is not None),
        inside,
        *(segment for segment in after if segment is not None),
    ]


def _cut(segment: DaySegment, from_ms: int, until_ms: int) -> DaySegment | None:
    begin, end = max(segment.from_ms, from_ms), min(segment.until_ms, until_ms)
    if begin >= end:
        return None
    return msgspec.structs.replace(segment, from_ms=begin, until_ms=end)


def _of_people(applied: Iterable[Applied], follows: Sequence[Derived]) -> Iterator[DayException]:
    """What people asked for or decided. What the system proposed holds only as far as its cause
    still does: facts that came later may have told what was."""
    for each in applied:
        if each.what is Overlay.CORRECT:
            continue
        spans = [(each.start_ms, each.end_ms)]
        if each.actor == SYSTEM and each.code in _LOST_TO_FAULTS:
            spans = list(_within(each.start_ms, each.end_ms, _lost(follows)))
        for start_ms, end_ms in spans:
            kind = ExceptionKind(each.what)
            yield DayException(start_ms, end_ms, kind, each.code, each.status, each.exception)


def _of_incidents(
    agent: str, incidents: Iterable[Incident], follows: Sequence[Derived]
) -> Iterator[DayException]:
    """Time lost to faults while one was confirmed is excluded, for everybody alike but for whoever
    confirmed it: nobody decides their own case."""
    for each in (incident for incident in incidents if incident.helps(agent)):
        for start_ms, end_ms in _within(each.start_ms, each.end_ms, _lost(follows)):
            yield DayException(
                start_ms,
                end_ms,
                ExceptionKind.EXCLUDE,
                INCIDENT,
                ExceptionStatus.APPROVED,
                each.incident,
            )


def _lost(follows: Iterable[Derived]) -> Iterator[tuple[int, int]]:
    for each in follows:
        if each.reason in _LOST_TO_FAULTS:
            yield each.start_ms, each.end_ms


def _within(
    from_ms: int, until_ms: int, spans: Iterable[tuple[int, int]]
) -> Iterator[tuple[int, int]]:
    for start_ms, end_ms in spans:
        begin, end = max(start_ms, from_ms), min(end_ms, until_ms)
        if begin < end:
            yield begin, end
