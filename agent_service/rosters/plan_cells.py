"""Cells that hold the plan of a day: a pattern, a word for a day off, or times. Pure."""

import re
from collections.abc import Mapping, Sequence
from datetime import date

import msgspec

from agent_service.accounts.staff_sheet import folded
from agent_service.rosters.book import RosterBook
from agent_service.rosters.clock_times import CLOCK, ClockTime, read_clock, shown_clock
from agent_service.rosters.patterns import DAY_OFF, clashes, cut
from protocol.facts.shift import Activity, PlannedSegment
from protocol.wire.errors import Code, Refused

_SHOWN = 64
_SEPARATORS = re.compile(r"[,，、;；/|\n]")
_STRETCH = re.compile(rf"({CLOCK})\s*[-–—~～]\s*({CLOCK})\s*(.*)", re.DOTALL)
_LOOKS_LIKE_TIMES = re.compile(rf"\s*{CLOCK}.*", re.DOTALL)


class PlanWords(msgspec.Struct, frozen=True):
    """How people write what a plan is made of, folded (`folded`)."""

    activities: Mapping[str, Activity]
    patterns: Mapping[str, str]
    """Names by names and labels; `-` by the words for a day off."""


class Stretch(msgspec.Struct, frozen=True):
    """A part of a day's plan, as written."""

    start: ClockTime
    end: ClockTime
    activity: Activity


def stretch(start: ClockTime, end: ClockTime, activity: Activity) -> Stretch:
    """Raises `Refused` with `empty_stretch` for one that ends as it begins: a slip, and no whole
    day, of which the end has a date."""
    if start == end:
        raise Refused(Code.EMPTY_STRETCH)
    return Stretch(start, end, activity)


class DayPlanned(msgspec.Struct, frozen=True):
    """One person's day, as a file says."""

    line: int
    """Where in the file."""
    agent: str
    day: date
    segments: tuple[PlannedSegment, ...]
    pattern: str = ""


class PlanCells:
    """Reads and writes cells."""

    def __init__(self, book: RosterBook, words: PlanWords) -> None:
        self._book = book
        self._words = words

    def pattern(self, cell: str) -> str:
        """A pattern's name, or `-`. Raises `Refused` with `unknown_pattern`."""
        name = self._words.patterns.get(folded(cell))
        if name is None:
            raise Refused(Code.UNKNOWN_PATTERN, pattern=cell[:_SHOWN])
        return name

    def activity(self, cell: str) -> Activity:
        """Raises `Refused` with `unknown_activity`."""
        found = self._words.activities.get(folded(cell))
        if found is None:
            raise Refused(Code.UNKNOWN_ACTIVITY, text=cell[:_SHOWN])
        return found

    def of_pattern(self, name: str, day: date) -> tuple[PlannedSegment, ...]:
        """The plan of a date by a pattern or `-`."""
        return self._book.segments(name, day)

    def placed(self, parts: Sequence[Stretch], day: date) -> list[PlannedSegment]:
        """When each part of a date's plan is, by times in the order in which they were written:
        one that is earlier than the first is on the next day."""
        where = self._book.zone
        begins_ms = parts[0].start.at(day, where)
        found = []
        for each in parts:
            start_ms = each.start.after(day, begins_ms, where)
            end_ms = each.end.after(day, start_ms + 1, where)
            found.append(PlannedSegment(start_ms, end_ms, each.activity))
        return found

    def read(self, cell: str, day: date) -> tuple[tuple[PlannedSegment, ...], str]:
        """The plan of a date, and the pattern that it was made with. Raises `Refused`."""
        if folded(cell) in self._words.patterns or not _LOOKS_LIKE_TIMES.fullmatch(cell):
            name = self.pattern(cell)
            return self.of_pattern(name, day), "" if name == DAY_OFF else name
        parts = [self._stretch(part) for part in _SEPARATORS.split(cell) if part.strip()]
        segments = self.placed(parts, day)
        for number, other in clashes(segments):
            first, second = (self._written(segments[each], day) for each in (other, number))
            raise Refused(Code.STRETCHES_CLASH, first=first, second=second)
        return cut(segments), ""

    def written(self, plan: Sequence[PlannedSegment], day: date, pattern: str, off: str) -> str:
        """A cell that reads as this plan; `off` is the word for a day off."""
        if not plan:
            return off
        if self.is_pattern(plan, day, pattern):
            return pattern
        return ", ".join(self._written(each, day) for each in plan)

    def is_pattern(self, plan: Sequence[PlannedSegment], day: date, pattern: str) -> bool:
        """Whether a plan is just what its pattern says."""
        return self.knows(pattern) and tuple(plan) == self.of_pattern(pattern, day)

    def knows(self, pattern: str) -> bool:
        """Whether the operator has a pattern of that name."""
        return pattern in self._book.patterns

    def shown_clock(self, at_ms: int, day: date) -> str:
        """An instant as a time of a business date."""
        return shown_clock(at_ms, day, self._book.zone)

    def _written(self, each: PlannedSegment, day: date) -> str:
        start, end = (self.shown_clock(at_ms, day) for at_ms in (each.start_ms, each.end_ms))
        return f"{start}-{end} {each.activity}"

    def _stretch(self, part: str) -> Stretch:
        found = _STRETCH.fullmatch(part.strip())
        if found is None:
            raise Refused(Code.BAD_CLOCK_TIME, text=part[:_SHOWN])
        activity = self.activity(found[3]) if found[3] else Activity.WORK
        return stretch(read_clock(found[1]), read_clock(found[2]), activity)
