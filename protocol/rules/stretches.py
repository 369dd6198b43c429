"""Half-open stretches [begin, end) of whole seconds: pure."""

from collections.abc import Iterable

Stretch = tuple[int, int]


def seconds_of(begin_ms: int, end_ms: int) -> Stretch:
    """The instants, each floored to its second, so that parts add up to the whole."""
    return begin_ms // 1000, end_ms // 1000


def joined(stretches: Iterable[Stretch]) -> list[Stretch]:
    """The same seconds, in order, as few stretches as can be. Empty ones are left out."""
    found: list[Stretch] = []
    for begin, end in sorted(stretches):
        if begin >= end:
            continue
        if found and begin <= found[-1][1]:
            found[-1] = found[-1][0], max(found[-1][1], end)
        else:
            found.append((begin, end))
    return found


def covered_s(stretches: Iterable[Stretch], begin: int, end: int) -> int:
    """How many seconds of [begin, end) lie in any of them."""
    cut = ((max(one, begin), min(other, end)) for one, other in stretches)
    return sum(other - one for one, other in joined(cut))
