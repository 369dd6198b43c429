"""Breaks beside time that was granted. Pure.

Being signed out in a break is in adherence between the first and the last moment of being signed
in (domain §3.6). Where all that was planned beyond the break is granted, nobody had to come back
from it, or to be there before it: what of it was spent signed out goes with the grant.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

import msgspec

from protocol.facts.agent import State
from protocol.facts.shift import PlannedSegment
from protocol.rules.adherence_planned import RESTS
from protocol.rules.day_segments import DaySegment
from protocol.rules.exceptions import DayException, ExceptionStatus

_EVER = 1 << 62


class _Part(NamedTuple):
    """[begin, end) of the plan, or of a grant. The early edge of a day is its late edge with time
    running backwards."""

    begin: int
    end: int
    rests: bool = False
    grant: DayException | None = None

    def mirrored(self) -> "_Part":
        return self._replace(begin=-self.end, end=-self.begin)


def granted_rests(
    plan: Sequence[PlannedSegment],
    counted: Iterable[DaySegment],
    exceptions: Iterable[DayException],
) -> list[DayException]:
    """What is granted with the exceptions of a day, given its whole plan, in order, and what was,
    in order: as the exception beside it."""
    grants = [
        _Part(each.start_ms, each.end_ms, grant=each)
        for each in exceptions
        if each.status is ExceptionStatus.APPROVED and each.start_ms < each.end_ms
    ]
    if not grants:
        return []
    parts = [_Part(each.start_ms, each.end_ms, each.activity in RESTS) for each in plan]
    there = [each for each in counted if each.state is not State.LOGGED_OFF]
    came, left = (there[0].from_ms, there[-1].until_ms) if there else (_EVER, -_EVER)
    late = _beyond_the_last(parts, grants, left)
    backwards = [each.mirrored() for each in reversed(parts)]
    early = _beyond_the_last(backwards, [each.mirrored() for each in grants], -came)
    found = (*late, *(each.mirrored() for each in early))
    return [
        msgspec.structs.replace(each.grant, start_ms=each.begin, end_ms=each.end)
        for each in found
        if each.grant is not None
    ]


def _beyond_the_last(parts: Sequence[_Part], grants: Sequence[_Part], left: int) -> Iterator[_Part]:
    """Of the rests at the end, what lies after the last moment of being there, as long as all
    that is planned later is granted."""
    beside: DayException | None = None
    for part in reversed(parts):
        begin = part.end
        for grant in _reaching_back(part, grants):
            begin, beside = grant.begin, grant.grant
        if begin <= part.begin:
            continue
        if beside is None or not part.rests:
            return
        begin, end = max(part.begin, left), begin
        if begin < end:
            yield _Part(begin, end, grant=beside)
        if begin > part.begin:
            return


def _reaching_back(part: _Part, grants: Sequence[_Part]) -> Iterator[_Part]:
    """The grants that cover the end of a part without a gap, each beginning before the one
    before."""
    at = part.end
    while at > part.begin:
        reaching = [each for each in grants if each.begin < at <= each.end]
        if not reaching:
            return
        first = min(reaching, key=lambda each: each.begin)
        yield first
        at = first.begin
