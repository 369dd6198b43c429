"""What of a figure nobody knows: how far it lies between all of it out and all of it in. Pure."""

from collections.abc import Iterable, Sequence

import msgspec

from protocol.facts.shift import Activity
from protocol.rules.adherence_marks import out_runs
from protocol.rules.adherence_planned import UNKNOWN_STATES
from protocol.rules.adherence_slices import Slice


class Unknown(msgspec.Struct, frozen=True):
    """In seconds, of time that counts as out."""

    seconds: int = 0
    of_work: int = 0
    """Of them in planned WORK."""
    forgiven_beside: int = 0
    """Known deviations that would be short enough to be forgiven, were the unknown time beside
    them in."""


def unknown_out(slices: Sequence[Slice], grace_s: int) -> Unknown:
    """What of the slices, in order, counts as out and is unknown."""
    seconds = of_work = beside = 0
    for start, until in out_runs(slices):
        run = slices[start:until]
        unknown = [each for each in run if each.state in UNKNOWN_STATES]
        if unknown:
            seconds += _length(unknown)
            of_work += _length(each for each in unknown if each.planned is Activity.WORK)
            beside += _forgiven(run, grace_s)
    return Unknown(seconds, of_work, beside)


def _forgiven(run: Iterable[Slice], grace_s: int) -> int:
    """Of one deviation, as if what is unknown in it were in."""
    parts = [0]
    for each in run:
        if each.state in UNKNOWN_STATES:
            parts.append(0)
        else:
            parts[-1] += each.end_s - each.start_s
    return sum(part for part in parts if part <= grace_s)


def _length(slices: Iterable[Slice]) -> int:
    return sum(each.end_s - each.start_s for each in slices)
