"""The clock of a sitting, which is the server's (domain §6). Pure.

It ends when its time is over or its window closes, whichever comes first, and goes on through
whatever happens to the desk. Time can be added while it runs, by a supervisor.
"""

from collections.abc import Iterable
from enum import StrEnum

import msgspec


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
    """Instants in seconds; the window is [start, end)."""

    window_start_s: int
    window_end_s: int
    duration_s: int
    started_s: int


class Came(msgspec.Struct, frozen=True):
    """An event, by the server's clock (seconds)."""

    kind: SittingEvent
    at_s: int
    extra_s: int = 0
    """Of EXTEND: the time that is added."""


class Taken(msgspec.Struct, frozen=True):
    """What became of an event."""

    kind: SittingEvent
    accepted: bool
    remaining_s: int


class Sitting(msgspec.Struct, frozen=True):
    """How it went."""

    deadline_s: int
    events: tuple[Taken, ...]
    closed_by: ClosedBy
    submitted_s: int


def deadline_s(times: Times) -> int:
    """When it ends by itself. Raises `NotBegun` for a start outside the window."""
    if not times.window_start_s <= times.started_s < times.window_end_s:
        raise NotBegun(TimingFault.OUTSIDE_WINDOW)
    return min(times.started_s + times.duration_s, times.window_end_s)


def sitting(times: Times, events: Iterable[Came], grace_s: int) -> Sitting:
    """A whole sitting, of which the events come in the order of their time. What is saved after
    the deadline is refused; a submission on its way for no longer than `grace_s` is taken, as of
    the deadline. Raises `NotBegun`."""
    ends_s, submitted_s = deadline_s(times), None
    taken: list[Taken] = []
    for each in events:
        open_until_s = ends_s + grace_s if each.kind is SittingEvent.SUBMIT else ends_s
        accepted = submitted_s is None and times.started_s <= each.at_s <= open_until_s
        if accepted and each.kind is SittingEvent.EXTEND:
            ends_s += each.extra_s
        remaining_s = max(0, ends_s - each.at_s) if submitted_s is None else 0
        taken.append(Taken(each.kind, accepted, remaining_s))
        if accepted and each.kind is SittingEvent.SUBMIT:
            submitted_s = min(each.at_s, ends_s)
    if submitted_s is None:
        return Sitting(ends_s, tuple(taken), ClosedBy.AUTO_SUBMIT, ends_s)
    return Sitting(ends_s, tuple(taken), ClosedBy.CANDIDATE, submitted_s)
