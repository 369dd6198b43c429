"""The queue for breaks: who is next, whose turn it is now, and about how long it takes. Pure.

Whoever had an abusive call goes first, then everybody in the order of asking. A turn comes when
fewer than the cap are away and the service level is kept; nobody is held back by the service level
for longer than a limit. Whoever has worked for so long without a rest that a break is offered goes
at once, whatever the cap. A break for a personal need never waits.
"""

import heapq
from collections.abc import Iterable, Sequence
from math import inf
from typing import Annotated

import msgspec
from msgspec import Meta

from protocol.facts.agent import Reason

_NEVER = inf


class BreakRule(msgspec.Struct, frozen=True):
    """How a team's breaks are queued."""

    cap: Annotated[int, Meta(ge=1, le=10_000)]
    """Heads that may be away at once."""
    team: str = ""
    """Empty: every team without an entry of its own, each by itself."""
    reasons: tuple[Reason, ...] = (Reason.REST,)
    """The breaks that need a turn."""
    service_level_pct: Annotated[int, Meta(ge=0, le=100)] = 80
    """While fewer calls than that are answered in time, breaks are held back; 0: never."""
    service_level_s: Annotated[int, Meta(ge=0, le=3600)] = 20
    """In time: within so many seconds of ringing; 0: breaks are never held back."""
    max_wait_minutes: Annotated[int, Meta(ge=0, le=1440)] = 20
    """Whoever has waited so long is not held back any more."""
    grant_s: Annotated[int, Meta(ge=10, le=3600)] = 120
    """How long a turn stands."""

    @property
    def target_pct(self) -> int:
        """The service level that has to be kept; 0: none."""
        return self.service_level_pct if self.service_level_s else 0


class Asking(msgspec.Struct, frozen=True):
    """A place in the queue."""

    place: str
    asked_ms: int
    first: bool = False
    granted: bool = False
    length_s: int | None = None
    """How long the break will be; null where nothing tells."""
    rest_due: bool = False
    """After so long a run of work that it is the agent's turn at once."""

    @property
    def may_go(self) -> bool:
        """Whether it is the agent's turn whoever else is away."""
        return self.granted or self.rest_due


class Situation(msgspec.Struct, frozen=True):
    """A team at one moment."""

    now_ms: int
    away: Sequence[int | None]
    """Whoever is away: the seconds until each should be back, null where nothing tells."""
    held: bool
    """Whether the service level is not kept."""


class Standing(msgspec.Struct, frozen=True):
    """Where a place stands."""

    place: int
    """1 is next; 0: it is its turn."""
    wait_s: int | None
    """About how long it takes; null where nothing tells."""


class Level(msgspec.Struct, frozen=True):
    """Calls offered in a span of time, and how many of them were answered in time."""

    offered: int = 0
    in_time: int = 0

    def is_below(self, target_pct: int) -> bool:
        """Whether a target is missed; not without calls."""
        return self.in_time * 100 < target_pct * self.offered


def in_order(asking: Iterable[Asking]) -> list[Asking]:
    """Those whose turn it is, then those who go first, each in the order of asking."""
    return sorted(
        asking, key=lambda each: (not each.may_go, not each.first, each.asked_ms, each.place)
    )


def turns(asking: Iterable[Asking], rule: BreakRule, now: Situation) -> tuple[str, ...]:
    """The places whose turn comes now, in order. Nobody overtakes one who is held back."""
    ordered = in_order(asking)
    free = rule.cap - len(now.away) - sum(each.may_go for each in ordered)
    granted = [each.place for each in ordered if each.rest_due and not each.granted]
    for each in ordered:
        if each.may_go:
            continue
        if free <= 0 or is_held(each, rule, now):
            break
        granted.append(each.place)
        free -= 1
    return tuple(granted)


def is_held(each: Asking, rule: BreakRule, now: Situation) -> bool:
    """Whether the service level holds a place back."""
    waited_s = (now.now_ms - each.asked_ms) // 1000
    return now.held and not each.first and waited_s < rule.max_wait_minutes * 60


def standings(asking: Iterable[Asking], rule: BreakRule, now: Situation) -> dict[str, Standing]:
    """Where each place stands, as far as the lengths of breaks tell."""
    ordered = in_order(asking)
    granted = [each for each in ordered if each.may_go]
    ends = [_known(left_s) for left_s in now.away] + [_known(each.length_s) for each in granted]
    ends += [0.0] * (rule.cap - len(ends))
    heapq.heapify(ends)
    for _ in range(len(ends) - rule.cap):
        heapq.heappop(ends)
    found = {each.place: Standing(0, 0) for each in granted}
    held = False
    for number, each in enumerate(ordered[len(granted) :], 1):
        starts = heapq.heappop(ends)
        heapq.heappush(ends, starts + _known(each.length_s))
        held = held or is_held(each, rule, now)
        tells = not held and starts < _NEVER
        found[each.place] = Standing(number, int(starts) if tells else None)
    return found


def _known(seconds: int | None) -> float:
    return _NEVER if seconds is None else float(max(0, seconds))
