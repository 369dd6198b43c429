"""The clock of a sitting, which is the server's (domain §6). Pure.

It ends when its time is over or its window closes, whichever comes first, and goes on through
whatever happens to the desk. Time can be added while it runs, by a supervisor.
"""

from collections.abc import Iterable
from enum import StrEnum

import msgspec

_SECOND_MS = 1_000


class SittingEvent(StrEnum):
    """What comes to the server during a sitting."""

    SAVE = "save"
    RESUME = "resume"
    SUBMIT = "submit"
    EXTEND = "extend"


class ClosedBy(StrEnum):
    """Who ended it."""

    CANDIDATE = "CANDIDATE"
    AUTO_SUBMIT = "AUTO_SUBMIT"


class TimingFault(StrEnum):
    """Why it can't begin."""

    OUTSIDE_WINDOW = "OUTSIDE_WINDOW"


class NotBegun(Exception):
    """`fault` says why."""

    def __init__(self, fault: TimingFault) -> None:
        super().__init__(fault)
        self.fault = fault


class Times(msgspec.Struct, frozen=True):
    """Instants in milliseconds; the window is [start, end)."""

    window_start_ms: int
    window_end_ms: int
    duration_ms: int
    started_ms: int


class Came(msgspec.Struct, frozen=True):
    """An event, by the server's clock."""

    kind: SittingEvent
    at_ms: int
    extra_ms: int = 0
    """Of EXTEND: the time that is added."""


class Taken(msgspec.Struct, frozen=True):
    """What became of an event."""

    kind: SittingEvent
    accepted: bool
    remaining_s: int


class Sitting(msgspec.Struct, frozen=True):
    """How it went."""

    deadline_ms: int
    events: tuple[Taken, ...]
    closed_by: ClosedBy
    submitted_ms: int


def deadline_ms(times: Times) -> int:
    """When it ends by itself. Raises `NotBegun` for a start outside the window."""
    if not times.window_start_ms <= times.started_ms < times.window_end_ms:
        raise NotBegun(TimingFault.OUTSIDE_WINDOW)
    return min(times.started_ms + times.duration_ms, times.window_end_ms)


def is_in_time(kind: SittingEvent, at_ms: int, ends_ms: int, grace_ms: int) -> bool:
    """Whether what comes is not too late: a submission may have been on its way for `grace_ms`."""
    return at_ms <= (ends_ms + grace_ms if kind is SittingEvent.SUBMIT else ends_ms)


def sitting(times: Times, events: Iterable[Came], grace_ms: int) -> Sitting:
    """A whole sitting, of which the events come in the order of their time. What is saved after
    the deadline is refused; a submission on its way for no longer than `grace_ms` is taken, as of
    the deadline. Raises `NotBegun`."""
    ends_ms, submitted_ms = deadline_ms(times), None
    taken: list[Taken] = []
    for each in events:
        accepted = (
            submitted_ms is None
            and times.started_ms <= each.at_ms
            and is_in_time(each.kind, each.at_ms, ends_ms, grace_ms)
        )
        if accepted and each.kind is SittingEvent.EXTEND:
            ends_ms += each.extra_ms
        remaining_s = max(0, ends_ms - each.at_ms) // _SECOND_MS if submitted_ms is None else 0
        taken.append(Taken(each.kind, accepted, remaining_s))
        if accepted and each.kind is SittingEvent.SUBMIT:
            submitted_ms = min(each.at_ms, ends_ms)
    if submitted_ms is None:
        return Sitting(ends_ms, tuple(taken), ClosedBy.AUTO_SUBMIT, ends_ms)
    return Sitting(ends_ms, tuple(taken), ClosedBy.CANDIDATE, submitted_ms)
