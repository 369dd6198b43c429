"""What of a figure nobody knows: how far it lies between all of it out and all of it in. Pure."""

from collections.abc import Iterable, Iterator, Sequence

import msgspec

from protocol.facts.agent import State
from protocol.facts.shift import Activity
from protocol.rules.adherence_marks import forgive_what_is_out
from protocol.rules.adherence_overrun import overruns
from protocol.rules.adherence_planned import UNKNOWN_STATES
from protocol.rules.adherence_slices import Slice, Verdict, in_seconds, seconds_by_verdict
from protocol.rules.day_rules import AdherenceRules
from protocol.rules.day_segments import DaySegment

_GRACE, _IN, _OUT, _PERSONAL = Verdict.GRACE, Verdict.IN, Verdict.OUT, Verdict.PERSONAL
_UNDECIDED = frozenset({_GRACE, _OUT})
_TESTED_ANEW = frozenset({_GRACE, _PERSONAL})
_ACW, _TALK = State.ACW, State.TALK


class Unknown(msgspec.Struct, frozen=True):
    """In seconds."""

    seconds: int = 0
    """Of time that counts as out."""
    of_work: int = 0
    """Of them in planned WORK."""
    high_s: int = 0
    """How much may be in adherence at most, of all that is planned."""


def unknown_of(
    slices: Sequence[Slice], actual: Sequence[DaySegment], rules: AdherenceRules, in_s: int
) -> Unknown:
    """What of the slices, in order, nobody knows; `in_s` is how much counts as in."""
    unknown = [each for each in slices if _is_unknown(each)]
    if not unknown:
        return Unknown(high_s=in_s)
    out = [each for each in unknown if each.verdict is _OUT]
    of_work = _length(each for each in out if each.planned is Activity.WORK)
    return Unknown(_length(out), of_work, _highest_s(slices, actual, rules))


def _is_unknown(each: Slice) -> bool:
    """Also what the grace forgives: a call may hide in it."""
    return each.state in UNKNOWN_STATES and each.verdict in _UNDECIDED


def _highest_s(slices: Sequence[Slice], actual: Sequence[DaySegment], rules: AdherenceRules) -> int:
    """As if all that is unknown were in, and had been what helps most: a call that lasted through
    it, which excuses work in a break and lets the break float."""
    hoped = [_hoped(each) for each in slices]
    ran_over = overruns(_plan(slices), [*actual, *_possible_calls(actual)], rules)
    forgive_what_is_out(hoped, rules, ran_over)
    return in_seconds(seconds_by_verdict(hoped))


def _hoped(each: Slice) -> Slice:
    """Before the tests that come after those by state and by what people decided."""
    if _is_unknown(each):
        return msgspec.structs.replace(each, verdict=_IN)
    if each.verdict in _TESTED_ANEW:
        return msgspec.structs.replace(each, verdict=_OUT)
    return each


def _plan(slices: Iterable[Slice]) -> list[tuple[int, int, Activity]]:
    """The planned segments that the slices are of."""
    segments: dict[int, tuple[int, int, Activity]] = {}
    for each in slices:
        start_s, _, _ = segments.get(each.segment, (each.start_s, 0, each.planned))
        segments[each.segment] = (start_s, each.end_s, each.planned)
    return list(segments.values())


def _possible_calls(actual: Sequence[DaySegment]) -> Iterator[DaySegment]:
    """What may have been in the stretches that nobody knows: a call of their own, the one before
    that went on, and the one after that had begun."""
    stretches = list(_unknown_stretches(actual))
    before = {each.until_ms: each for each in actual if each.call_id is not None}
    after = {each.from_ms: each for each in actual if each.call_id is not None}
    for number, (from_ms, until_ms) in enumerate(stretches):
        yield DaySegment(from_ms, until_ms, _TALK, call_id=f"\0{number}")
        if from_ms in before:
            earlier = before[from_ms]
            state = _ACW if earlier.state is _ACW else _TALK
            yield DaySegment(from_ms, until_ms, state, call_id=earlier.call_id)
        if until_ms in after:
            yield DaySegment(from_ms, until_ms, _TALK, call_id=after[until_ms].call_id)


def _unknown_stretches(actual: Sequence[DaySegment]) -> Iterator[tuple[int, int]]:
    """In order, neighbours as one."""
    unknown = [each for each in actual if each.state in UNKNOWN_STATES]
    last: tuple[int, int] | None = None
    for each in sorted(unknown, key=lambda one: one.from_ms):
        if last is not None and last[1] == each.from_ms:
            last = last[0], each.until_ms
            continue
        if last is not None:
            yield last
        last = each.from_ms, each.until_ms
    if last is not None:
        yield last


def _length(slices: Iterable[Slice]) -> int:
    return sum(each.end_s - each.start_s for each in slices)
