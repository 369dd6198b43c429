"""Plan and day on one time axis: one alphabet of patterns for what was planned and what was done,
so that where they differ is seen without colour."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, tzinfo
from enum import StrEnum
from itertools import groupby

from rich.cells import cell_len
from textual.content import Content

from agent_client.terminal.cells import fit
from agent_client.terminal.clock import at_site, zone_of
from agent_client.terminal.look import UNKNOWN_FILL
from agent_client.terminal.person_day import Span, around, end_of, hours, mostly
from agent_client.terminal.widgets.line import flow
from agent_client.terminal.wording import Wording
from protocol.facts.agent import Reason, State
from protocol.facts.shift import Activity, PlannedSegment
from protocol.wire.person import Segment

NOW_MARK = "┃"
_LEAST = 8
"""Cells below which a strip tells nothing."""
_GAP = 3


class Apart(StrEnum):
    """What somebody did that nobody plans."""

    OFF = "off"
    OTHER = "other"
    """Not ready for a reason that is no activity."""
    UNKNOWN = "unknown"


Kind = Activity | Apart

LOOKS: dict[Kind, tuple[str, str]] = {
    Activity.WORK: ("█", "$state-ready"),
    Activity.BREAK: ("░", "$state-not-ready"),
    Activity.MEAL: ("▒", "$state-hold"),
    Activity.TRAINING: ("▚", "$state-acw"),
    Activity.MEETING: ("▞", "$state-consult"),
    Activity.COACHING: ("▙", "$state-dialing"),
    Activity.EXAM: ("▟", "$state-acw"),
    Activity.BACKOFFICE: ("▓", "$state-talk"),
    Activity.OUTBOUND: ("▀", "$state-talk"),
    Activity.ONLINE: ("▄", "$state-talk"),
    Apart.OTHER: ("▁", "$state-ringing"),
    Apart.OFF: ("·", "$quiet"),
    Apart.UNKNOWN: (UNKNOWN_FILL, "$error"),
}
"""The pattern and the colour of each kind, in the order of legends."""

_BY_REASON: dict[Reason | None, Kind] = {
    Reason.REST: Activity.BREAK,
    Reason.PERSONAL: Activity.BREAK,
    Reason.MEAL: Activity.MEAL,
    Reason.TRAINING: Activity.TRAINING,
    Reason.EXAM: Activity.EXAM,
    Reason.MEETING: Activity.MEETING,
    Reason.COACHING: Activity.COACHING,
    Reason.BACKOFFICE: Activity.BACKOFFICE,
    Reason.OUTBOUND_PREP: Activity.OUTBOUND,
    Reason.ONLINE: Activity.ONLINE,
    Reason.HANDOVER: Activity.WORK,
}
_BY_STATE: dict[State | None, Kind] = {
    State.LOGGED_OFF: Apart.OFF,
    State.OFFLINE: Apart.UNKNOWN,
    None: Apart.UNKNOWN,
}


def kind_of(state: State | None, reason: Reason | None) -> Kind:
    """The activity that a state is at."""
    if state is State.NOT_READY:
        return _BY_REASON.get(reason, Apart.OTHER)
    return _BY_STATE.get(state, Activity.WORK)


def axis(
    plan: Sequence[PlannedSegment], was: Sequence[Segment], now: datetime | None, zone: tzinfo
) -> Span | None:
    """Whole hours around the shift and all work beside it; null where there is neither."""
    there = [each for each in was if each.state is not State.LOGGED_OFF]
    starts = [_instant(each.start_ms) for each in plan] + [each.start for each in there]
    ends = [_instant(each.end_ms) for each in plan] + [end_of(each, now) for each in there]
    return around(min(starts), max(ends), zone) if starts else None


def planned(plan: Sequence[PlannedSegment], over: Span, width: int) -> list[Kind | None]:
    """The planned strip; null off duty."""
    stretches: Iterable[tuple[datetime, datetime, Kind]] = (
        (_instant(each.start_ms), _instant(each.end_ms), each.activity) for each in plan
    )
    return mostly(stretches, over, width)


def done(
    was: Sequence[Segment], planned: Sequence[Kind | None], over: Span, now: datetime | None
) -> list[Kind | None]:
    """The strip of what was, below a planned one. Planned time up to now that no stretch covers
    was spent signed out."""
    width = len(planned)
    stretches = ((each.start, end_of(each, now), kind_of(each.state, each.reason)) for each in was)
    until = over.place(now, width) if now is not None else 0.0
    found = mostly(stretches, over, width)
    for place, (kind, plan) in enumerate(zip(found, planned, strict=True)):
        if kind is None and plan is not None and place + 1 <= until:
            found[place] = Apart.OFF
    return found


def strips(
    words: Wording,
    plan: Sequence[PlannedSegment],
    was: Sequence[Segment],
    now: datetime | None,
    zone: str,
    width: int,
) -> list[Content]:
    """Planned, actual, the site's hours, and the legend in as many lines as it needs; nothing
    where there is no day to show, or no room."""
    site = zone_of(zone)
    over = axis(plan, was, now, site)
    labels = [words.text("plan.planned"), words.text("plan.actual")]
    margin = max(map(cell_len, labels)) + 1
    room = width - margin
    if over is None or room < _LEAST:
        return []
    was_planned = planned(plan, over, room)
    was_done = done(was, was_planned, over, now)
    lines = [
        Content.assemble((fit(label, margin), "$quiet"), painted(strip, over, now))
        for label, strip in zip(labels, (was_planned, was_done), strict=True)
    ]
    lines.append(Content.styled(" " * margin + hours(over, room, site), "$quiet"))
    return [*lines, *flow(legend(words, was_planned, was_done), width, _GAP)]


def painted(strip: Sequence[Kind | None], over: Span, now: datetime | None) -> Content:
    """A strip in its patterns, with a mark where now is."""
    here = int(over.place(now, len(strip))) if now is not None else -1
    if not 0 <= here < len(strip):
        return Content.assemble(*_runs(strip))
    return Content.assemble(*_runs(strip[:here]), (NOW_MARK, "bold"), *_runs(strip[here + 1 :]))


def legend(words: Wording, *strips: Sequence[Kind | None]) -> list[Content]:
    """The kinds that occur, each with its pattern."""
    present = {kind for strip in strips for kind in strip}
    return [
        Content.assemble((LOOKS[kind][0] * 2, LOOKS[kind][1]), f" {_name(words, kind)}")
        for kind in LOOKS
        if kind in present
    ]


def _name(words: Wording, kind: Kind) -> str:
    if isinstance(kind, Activity):
        return words.term(f"activity.{kind}", kind)
    return words.text(f"plan.apart.{kind}")


def _runs(strip: Sequence[Kind | None]) -> Iterator[tuple[str, str]]:
    for kind, run in groupby(strip):
        fill, style = LOOKS[kind] if kind is not None else (" ", "$quiet")
        yield fill * len(list(run)), style


def _instant(ms: int) -> datetime:
    return at_site(ms, "UTC")
