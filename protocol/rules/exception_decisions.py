"""Who decides an exception, whether two people have to, and how it stands then. Pure.

One rejection is enough. An approval needs a second person where it is about much time or about a
day long past (domain §3.4). Nobody decides about themselves.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from enum import StrEnum
from hashlib import sha256
from typing import NamedTuple

import msgspec

from protocol.facts.agent import Reason, State
from protocol.facts.correction import Overlay
from protocol.rules.exceptions import Derived

SECOND_OVER_MS = 900_000
"""One person alone may approve so much of somebody's day, and no more."""
SECOND_AFTER_DAYS = 3
"""One person alone may approve what is so many days past, and no more."""
_ID_LENGTH = 32


class Standing(StrEnum):
    """Where an exception stands."""

    PENDING = "pending"
    """It changes nothing yet."""
    SECOND = "second"
    """One has approved it; it needs another who does."""
    APPROVED = "approved"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"


OPEN = frozenset({Standing.PENDING, Standing.SECOND})
"""What can still be decided."""


class Undecidable(StrEnum):
    """Why somebody can't decide an exception."""

    OWN_CASE = "own_case"
    NOT_PERMITTED = "not_permitted"
    ALREADY_DECIDED = "already_decided"
    SECOND_BY_SAME = "second_by_same"


class Case(msgspec.Struct, frozen=True):
    """What decisions about an exception go by."""

    agent: str
    """Whose day it is about."""
    actor: str
    """Who proposed it: the agent, a lead or the system. What a lead proposes, the same lead has
    approved by that."""
    standing: Standing = Standing.PENDING
    deciders: tuple[str, ...] = ()
    """Who has decided, in order."""


class Span(NamedTuple):
    """The instants [start_ms, end_ms)."""

    start_ms: int
    end_ms: int


def refusal(case: Case, actor: str, approved: bool, leads: bool) -> Undecidable | None:
    """Why the actor can't decide so; None: it can be done. `leads`: whether the actor leads the
    agent."""
    if actor == case.agent:
        return Undecidable.OWN_CASE
    if not leads:
        return Undecidable.NOT_PERMITTED
    if case.standing not in OPEN:
        return Undecidable.ALREADY_DECIDED
    if approved and case.standing is Standing.SECOND and actor in (case.actor, *case.deciders):
        return Undecidable.SECOND_BY_SAME
    return None


def repeats(case: Case, actor: str, approved: bool) -> bool:
    """Whether the actor has decided just so before, and it still holds: to be answered as the
    first time. Whoever proposed it has not been asked for a decision before."""
    if not approved:
        return case.standing is Standing.REJECTED and actor in case.deciders[-1:]
    if case.standing is Standing.SECOND and actor == case.actor:
        return False
    return case.standing in (Standing.SECOND, Standing.APPROVED) and actor in case.deciders


def decided(case: Case, actor: str, approved: bool, second_needed: bool) -> Case:
    """The case after a decision; a decision that can't be made changes nothing.
    `second_needed`: what `needs_second` said at the time."""
    if refusal(case, actor, approved, leads=True) is not None:
        return case
    if not approved:
        standing = Standing.REJECTED
    elif second_needed and case.standing is Standing.PENDING:
        standing = Standing.SECOND
    else:
        standing = Standing.APPROVED
    return msgspec.structs.replace(case, standing=standing, deciders=(*case.deciders, actor))


def withdrawn(case: Case, actor: str) -> Case:
    """The case after somebody took it back: whoever proposed it may, as long as it is open."""
    if case.standing not in OPEN or actor != case.actor:
        return case
    return msgspec.structs.replace(case, standing=Standing.WITHDRAWN)


def needs_second(asked: Span, granted: Iterable[Span], day: date, decided_on: date) -> bool:
    """Whether one person's approval is not enough. `granted`: what people approved of the same
    day of the same agent, also what waits for a second; `decided_on`: the date at the site."""
    if (decided_on - day).days > SECOND_AFTER_DAYS:
        return True
    return _covered_ms((asked, *granted)) > SECOND_OVER_MS


def _covered_ms(spans: Iterable[Span]) -> int:
    """How much time they cover together."""
    covered, reached = 0, 0
    for span in sorted(spans):
        covered += max(0, span.end_ms - max(span.start_ms, reached))
        reached = max(reached, span.end_ms)
    return covered


def state_fits(what: Overlay, state: State | None, reason: Reason | None) -> bool:
    """Whether an exception may say what the state was in truth: a correction has to, an
    exclusion has no use for it. Nobody was in truth OFFLINE, which means unknown."""
    if state is None:
        return what is not Overlay.CORRECT and reason is None
    if what is Overlay.EXCLUDE or state is State.OFFLINE:
        return False
    return (state is State.NOT_READY) == (reason is not None)


def unasked(follows: Iterable[Derived], asked: Mapping[str, int]) -> Iterator[Derived]:
    """Those that nobody has been asked about; `asked` tells until when (ms), by identity. One
    that grew since is asked about anew, from there on and under another identity."""
    for each in follows:
        rest = each
        while rest.exception_id in asked and asked[rest.exception_id] < rest.end_ms:
            rest = _rest(rest, asked[rest.exception_id])
        if rest.exception_id not in asked:
            yield rest


def _rest(each: Derived, asked_until_ms: int) -> Derived:
    name = f"{each.exception_id}\0{asked_until_ms}".encode()
    return msgspec.structs.replace(
        each, start_ms=asked_until_ms, exception_id=sha256(name).hexdigest()[:_ID_LENGTH]
    )
