"""Terminal ↔ seat: what is to be studied, and reading it."""

from protocol.facts.base import Instant, Int64
from protocol.rules.reading_time import Sign
from protocol.wire.desk_base import Answering, Request
from protocol.wire.training import OwnTraining


class WatchTraining(Request, frozen=True):
    """`Done`, then `DeskTraining` at once and on every change."""


class OpenItem(Request, frozen=True):
    """Read a content of an own assignment: the state becomes training at its next moment, where
    it is not that already, and before anything is credited. One at a time: what was open is
    closed. A completed one can be studied again once the person's `Assignments` named it. Refused
    with `unknown_assignment`, `wrong_state` in a call and its after-call work, `locked`,
    `exam_sitting`, `turn_needed`, and as a break is."""

    assignment: str
    content: str


class ReadSign(Request, frozen=True):
    """What the reader did with what is open, at most once a second for keys: `input`, `focus`,
    `blur`, `play` or `pause`. Refused with `not_open`."""

    sign: Sign
    section: Int64 = 0


class FinishItem(Request, frozen=True):
    """Read to its end, and confirmed. Refused with `not_open`."""


class CloseItem(Request, frozen=True):
    """Nothing is open any more. The state stays as it is."""


class PostponeTraining(Request, frozen=True):
    """The offer is put off. Refused with `no_offer`, `postponed_enough`."""


class DeskTraining(Answering, frozen=True):
    """What there is to study, and how far reading has come at this desk."""

    own: OwnTraining
    """With what this desk has credited and the service has not told of yet."""
    offered: bool = False
    """Whether the offer may be shown now: never from ringing to the end of after-call work."""
    assignment: str = ""
    """What is open; empty: nothing."""
    content: str = ""
    credited_s: Int64 = 0
    """Of that content, so far …"""
    running: bool = False
    """… and whether time is credited just now."""
    since_ms: Instant | None = None
    """Since when, for a running clock: it adds to `credited_s`. Null also where the desk does not
    know the server's time."""
