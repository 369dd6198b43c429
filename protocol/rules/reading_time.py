"""The time that somebody spent on a training's content, as it is credited (domain §6). Pure.

Credited is the time in which the content was open, in front and not locked, up to the idle limit
after each sign of the reader: a key, or a video that plays.
"""

from collections.abc import Iterable
from enum import StrEnum

import msgspec


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


class Told(msgspec.Struct, frozen=True):
    """A sign, and when it was given (seconds)."""

    at_s: int
    sign: Sign


class ReadingTime(msgspec.Struct, frozen=True):
    """In seconds."""

    credited_s: int = 0
    wall_s: int = 0
    """From the first opening to the last sign."""


class _Reader:
    """Where the reader is."""

    def __init__(self) -> None:
        self.open = self.playing = self.locked = False
        self.in_front = True
        self.input_s = 0

    def credited_s(self, from_s: int, until_s: int, idle_s: int) -> int:
        """Of the time in which nothing was told."""
        if not self.open or not self.in_front or self.locked:
            return 0
        end_s = until_s if self.playing else min(until_s, self.input_s + idle_s)
        return max(0, end_s - from_s)

    def take(self, told: Told) -> None:
        """Whatever is told is done by the reader, but that a content goes out of sight."""
        match told.sign:
            case Sign.OPEN:
                self.open, self.in_front, self.playing = True, True, False
            case Sign.CLOSE:
                self.open = self.playing = False
            case Sign.FOCUS | Sign.BLUR:
                self.in_front = told.sign is Sign.FOCUS
            case Sign.LOCK | Sign.UNLOCK:
                self.locked = told.sign is Sign.LOCK
            case Sign.PLAY | Sign.PAUSE:
                self.playing = told.sign is Sign.PLAY
        if told.sign not in (Sign.BLUR, Sign.LOCK, Sign.CLOSE):
            self.input_s = told.at_s


def reading_time(signs: Iterable[Told], idle_s: int) -> ReadingTime:
    """Of one content, of which the signs come in the order of their time."""
    reader, credited_s = _Reader(), 0
    opened_s: int | None = None
    last_s = 0
    for each in signs:
        credited_s += reader.credited_s(last_s, each.at_s, idle_s)
        reader.take(each)
        last_s = each.at_s
        if opened_s is None and each.sign is Sign.OPEN:
            opened_s = each.at_s
    return ReadingTime(credited_s, 0 if opened_s is None else last_s - opened_s)
