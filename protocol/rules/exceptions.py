"""Exceptions of a day as they enter its figures, and those that follow from the facts alone. Pure.

A stretch that a lead forced is excused by itself (domain §2.3). A fault of the phone's and time
that nobody knows are proposed, for a person to decide (domain §3.3): only inside the plan, where
time could count against somebody.
"""

from collections.abc import Iterable, Iterator, Sequence
from enum import StrEnum
from hashlib import sha256
from typing import NamedTuple

import msgspec

from protocol.facts.agent import Reason, State
from protocol.facts.base import Instant
from protocol.facts.shift import PlannedSegment
from protocol.rules.agent_state import Trigger
from protocol.rules.day_segments import DaySegment

SYSTEM = "system"
_ID_LENGTH = 32
_FORCES = frozenset({Trigger.FORCE_NOT_READY, Trigger.FORCE_SIGN_OUT})
_UNKNOWN = frozenset({State.OFFLINE, None})


class ExceptionKind(StrEnum):
    """What an exception does to its interval."""

    EXCUSE = "excuse"
    """It counts as in adherence."""
    EXCLUDE = "exclude"
    """It leaves both sides of the figure."""


class ExceptionStatus(StrEnum):
    """Whether it counts. One that is pending changes no figure, and is shown."""

    PENDING = "pending"
    APPROVED = "approved"
    REJECTED = "rejected"


class DayException(msgspec.Struct, frozen=True):
    """An exception of [start_ms, end_ms), which may overlap others and reach beyond the shift."""

    start_ms: Instant
    end_ms: Instant
    kind: ExceptionKind
    reason: str
    """A stable code such as `LEAVE` or `NETWORK_OUTAGE`."""
    status: ExceptionStatus
    exception_id: str = ""
    """Empty where nobody gave it one."""


class Derived(DayException, frozen=True, kw_only=True):
    """One that follows from the facts. Its id is the same whenever it is derived again."""

    actor: str
    """The lead who forced the state, or `system`."""


class DerivedReason(StrEnum):
    """Why the system proposes one."""

    SYSTEM_FAULT = "SYSTEM_FAULT"
    FORCED = "FORCED_BY_SUPERVISOR"
    UNKNOWN_TIME = "UNKNOWN_TIME"


class _Cause(NamedTuple):
    reason: DerivedReason
    actor: str


class _Span(NamedTuple):
    start_ms: int
    end_ms: int
    cause: _Cause


def derived(
    agent: str, segments: Sequence[DaySegment], plan: Sequence[PlannedSegment]
) -> tuple[Derived, ...]:
    """The exceptions that follow from an agent's day, in order. Both sequences are in order and
    without overlap."""
    return tuple(_exception(agent, span) for span in _joined(_planned(_caused(segments), plan)))


def _caused(segments: Iterable[DaySegment]) -> Iterator[_Span]:
    """The segments that ask for an exception."""
    forced_by = SYSTEM
    for each in segments:
        if each.trigger in _FORCES:
            forced_by = each.actor
        cause = _cause(each, forced_by)
        if cause is not None:
            yield _Span(each.from_ms, each.until_ms, cause)


def _cause(segment: DaySegment, forced_by: str) -> _Cause | None:
    """Back from a call to the forced state, an agent is there for the one who forced it."""
    if segment.state in _UNKNOWN:
        return _Cause(DerivedReason.UNKNOWN_TIME, SYSTEM)
    if segment.trigger in _FORCES or segment.reason is Reason.FORCED:
        return _Cause(DerivedReason.FORCED, forced_by)
    if segment.reason is Reason.SYSTEM_FAULT:
        return _Cause(DerivedReason.SYSTEM_FAULT, SYSTEM)
    return None


def _planned(spans: Iterable[_Span], plan: Sequence[PlannedSegment]) -> Iterator[_Span]:
    """What of them lies inside the plan."""
    for start_ms, end_ms, cause in spans:
        for planned in plan:
            begin, end = max(start_ms, planned.start_ms), min(end_ms, planned.end_ms)
            if begin < end:
                yield _Span(begin, end, cause)


def _joined(spans: Iterable[_Span]) -> list[_Span]:
    """Neighbours of one cause as one."""
    joined: list[_Span] = []
    for span in spans:
        last = joined[-1] if joined else None
        if last is not None and (last.end_ms, last.cause) == (span.start_ms, span.cause):
            joined[-1] = last._replace(end_ms=span.end_ms)
        else:
            joined.append(span)
    return joined


def _exception(agent: str, span: _Span) -> Derived:
    reason, actor = span.cause
    forced = reason is DerivedReason.FORCED
    kind = ExceptionKind.EXCUSE if forced else ExceptionKind.EXCLUDE
    name = msgspec.json.encode((agent, kind, reason, span.start_ms))
    return Derived(
        span.start_ms,
        span.end_ms,
        kind,
        reason,
        ExceptionStatus.APPROVED if forced else ExceptionStatus.PENDING,
        sha256(name).hexdigest()[:_ID_LENGTH],
        actor=actor,
    )
