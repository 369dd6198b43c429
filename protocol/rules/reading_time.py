"""The time that somebody spent on a training's content, as it is credited (domain §6). Pure.

Credited is the time in which the content was open, in front and not locked, up to the idle limit
after each sign of the reader: a key, or a video that plays.
"""

from collections.abc import Iterable
from enum import StrEnum

import msgspec

from protocol.facts.agent import Reason, State


class Sign(StrEnum):
    """What the desk tells of a content."""

    OPEN = "open"
    CLOSE = "close"
    INPUT = "input"
    FOCUS = "focus"
    BLUR = "blur"
    LOCK = "lock"
    UNLOCK = "unlock"
    PLAY = "play"
    PAUSE = "pause"


def may_read(state: State, reason: Reason | None) -> bool:
    """Whether time may be credited in a state: neither on the line nor over a paper."""
    return state is State.NOT_READY and reason is not Reason.EXAM


class Told(msgspec.Struct, frozen=True):
    """A sign, and when it was given (seconds)."""

    at_s: int
    sign: Sign


class ReadingTime(msgspec.Struct, frozen=True):
    """In seconds."""

    credited_s: int = 0
    wall_s: int = 0
    """From the first opening to the last sign."""


class Reader:
    """Where the reader of one content is, from sign to sign. Times are in one unit throughout:
    whole seconds in a recount, milliseconds at a desk."""

    def __init__(self, idle: int) -> None:
        self.idle = idle
        self.at = 0
        """Up to when it is known what is credited."""
        self.credited = 0
        self._open = self._playing = self._locked = False
        self._in_front = True
        self._input = 0

    @property
    def counts(self) -> bool:
        """Whether time is credited from `at` on."""
        return self._reads and (self._playing or self.at < self._input + self.idle)

    @property
    def idle_from(self) -> int | None:
        """From when nothing is credited without another sign; null where that is never so, or is
        already."""
        return self._input + self.idle if self.counts and not self._playing else None

    def pass_to(self, at: int) -> None:
        """Nothing was told up to then: credit what counts."""
        if self._reads:
            end = at if self._playing else min(at, self._input + self.idle)
            self.credited += max(0, end - self.at)
        self.at = at

    def skip_to(self, at: int) -> None:
        """Nobody knows what was up to then: nothing is credited."""
        self.at = at

    def take(self, sign: Sign) -> None:
        """Whatever is told, at `at`, is done by the reader, but that a content goes out of
        sight."""
        match sign:
            case Sign.OPEN:
                self._open, self._in_front, self._playing = True, True, False
            case Sign.CLOSE:
                self._open = self._playing = False
            case Sign.FOCUS | Sign.BLUR:
                self._in_front = sign is Sign.FOCUS
            case Sign.LOCK | Sign.UNLOCK:
                self._locked = sign is Sign.LOCK
            case Sign.PLAY | Sign.PAUSE:
                self._playing = sign is Sign.PLAY
        if sign not in (Sign.BLUR, Sign.LOCK, Sign.CLOSE):
            self._input = self.at

    @property
    def _reads(self) -> bool:
        return self._open and self._in_front and not self._locked


def reading_time(signs: Iterable[Told], idle_s: int) -> ReadingTime:
    """Of one content, of which the signs come in the order of their time."""
    reader = Reader(idle_s)
    opened_s: int | None = None
    for each in signs:
        reader.pass_to(each.at_s)
        reader.take(each.sign)
        if opened_s is None and each.sign is Sign.OPEN:
            opened_s = each.at_s
    return ReadingTime(reader.credited, 0 if opened_s is None else reader.at - opened_s)
