"""Work without a rest (domain §3.6, §4): the organisation's to prevent, nobody's fault. Pure.

A rest of `rest_qualify_s` ends a run of work; a shorter one neither ends it nor adds to it.

Time that nobody knows is rest here, as the domain has it of every state that is not work: an alarm
rests on what is known. It is no proven rest either, so it is told beside the runs, and so is the
longest run that there can have been, were all of it work.
"""

from collections.abc import Iterable, Iterator, Sequence

import msgspec

from protocol.facts.agent import Reason, State
from protocol.rules.day_rules import RosterRules
from protocol.rules.day_segments import DaySegment
from protocol.rules.stretches import Stretch, joined, seconds_of

WORK_STATES = frozenset(
    {
        State.READY,
        State.RINGING,
        State.DIALING,
        State.TALK,
        State.HOLD,
        State.CONSULT,
        State.ACW,
    }
)
WORK_REASONS = frozenset(
    {
        Reason.TRAINING,
        Reason.EXAM,
        Reason.MEETING,
        Reason.COACHING,
        Reason.BACKOFFICE,
        Reason.OUTBOUND_PREP,
        Reason.HANDOVER,
    }
)
"""Reasons of NOT_READY that add to a run."""

Run = Sequence[Stretch]
"""The stretches of work of one run, in order, with short rests between them."""


class Breach(msgspec.Struct, frozen=True):
    """A run of work that reached the limit: the organisation's breach, nobody's fault."""

    began_ms: int
    reached_ms: int


class Fatigue(msgspec.Struct, frozen=True):
    """The runs of work in what is known of somebody, up to the end of it."""

    longest_run_s: int
    warn: bool
    """Whether a run was long enough to warn of, …"""
    offer: bool
    """… for a break to be offered after the current call, …"""
    limit_reached: bool
    """… for a breach."""
    limit_reached_ms: int | None
    """When the first breach was. One that was before the time that is asked about is of the time
    before, though its run goes on."""
    current_run_s: int
    """Work of the run that no rest has ended yet; 0 when one has."""
    warn_at_ms: int | None
    """When the current run reached the warning, or will if work goes on from the end without a
    rest; null where nothing is known at all. The same of the two below."""
    offer_at_ms: int | None
    limit_at_ms: int | None
    unknown_s: int
    longest_run_at_most_s: int
    """Were all that is unknown work."""
    breaches: tuple[Breach, ...] = ()
    """Of each run that reached the limit, in order."""


def fatigue(segments: Sequence[DaySegment], rules: RosterRules, from_ms: int = 0) -> Fatigue:
    """The runs in segments that are in order and do not overlap; time between them is rest. Runs
    that were over by `from_ms` are left out; one that went on there counts from its beginning."""
    spans = [(each, seconds_of(each.from_ms, each.until_ms)) for each in segments]
    work = [span for each, span in spans if _is_work(each)]
    unknown = [span for each, span in spans if _is_unknown(each)]
    from_s, rest_s = from_ms // 1000, rules.rest_qualify_s
    runs = _reaching(work_runs(work, rest_s), from_s)
    at_most = _reaching(work_runs(work + unknown, rest_s), from_s)
    end = spans[-1][1][1] if spans else None
    current = _current(runs, end, rest_s)
    breaches = tuple(_breaches(runs, rules.run_limit_s, from_s))
    return Fatigue(
        longest_run_s=_longest(runs),
        warn=any(worked_s(run) >= rules.run_warn_s for run in runs),
        offer=any(worked_s(run) >= rules.run_offer_s for run in runs),
        limit_reached=bool(breaches),
        limit_reached_ms=breaches[0].reached_ms if breaches else None,
        current_run_s=worked_s(current),
        warn_at_ms=_milliseconds(_foreseen(current, end, rules.run_warn_s)),
        offer_at_ms=_milliseconds(_foreseen(current, end, rules.run_offer_s)),
        limit_at_ms=_milliseconds(_foreseen(current, end, rules.run_limit_s)),
        unknown_s=sum(max(0, end - max(begin, from_s)) for begin, end in unknown),
        longest_run_at_most_s=_longest(at_most),
        breaches=breaches,
    )


def may_go_back(segments: Iterable[DaySegment], from_ms: int, rules: RosterRules) -> bool:
    """Whether a run in segments that begin at an instant, or later, may have begun before it: no
    whole rest lies between."""
    working = (each for each in segments if _is_work(each) or _is_unknown(each))
    first = next(working, None)
    if first is None:
        return False
    rest_from, rest_until = seconds_of(from_ms, first.from_ms)
    return rest_until - rest_from < rules.rest_qualify_s


def work_runs(work: Iterable[Stretch], rest_qualify_s: int) -> list[Run]:
    """The runs that stretches of work make. All between two of them is rest."""
    runs: list[list[Stretch]] = []
    for stretch in joined(work):
        if runs and stretch[0] - runs[-1][-1][1] < rest_qualify_s:
            runs[-1].append(stretch)
        else:
            runs.append([stretch])
    return list(runs)


def worked_s(run: Run) -> int:
    """Its seconds of work."""
    return sum(end - begin for begin, end in run)


def _is_work(segment: DaySegment) -> bool:
    if segment.state is State.NOT_READY:
        return segment.reason in WORK_REASONS
    return segment.state in WORK_STATES


def _is_unknown(segment: DaySegment) -> bool:
    return segment.state is None or segment.state is State.OFFLINE


def _longest(runs: Iterable[Run]) -> int:
    return max(map(worked_s, runs), default=0)


def _current(runs: Sequence[Run], end: int | None, rest_qualify_s: int) -> Run:
    """The last run, unless it is over by the end of what is known."""
    if not runs or end is None or end - runs[-1][-1][1] >= rest_qualify_s:
        return ()
    return runs[-1]


def _reaching(runs: Iterable[Run], from_s: int) -> list[Run]:
    return [run for run in runs if run[-1][1] > from_s]


def _breaches(runs: Iterable[Run], limit_s: int, from_s: int) -> Iterator[Breach]:
    """Of the runs that reached the limit after a second; on the very second it is of the time
    before, as is all that ends there."""
    for run in runs:
        reached = _moment(run, limit_s)
        if reached is not None and reached > from_s:
            yield Breach(run[0][0] * 1000, reached * 1000)


def _moment(run: Run, threshold_s: int) -> int | None:
    left = threshold_s
    for begin, end in run:
        if left <= end - begin:
            return begin + left
        left -= end - begin
    return None


def _foreseen(current: Run, end: int | None, threshold_s: int) -> int | None:
    if end is None:
        return None
    at = _moment(current, threshold_s)
    return end + threshold_s - worked_s(current) if at is None else at


def _milliseconds(second: int | None) -> int | None:
    return None if second is None else second * 1000
