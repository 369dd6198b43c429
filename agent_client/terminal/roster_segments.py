"""The plan of a day as rows that people edit, and back: a shift is one row of WORK, and what lies
in it is a row each, so that a break is moved without taking the shift apart. Pure."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from itertools import pairwise

from agent_client.terminal.clock import at_site, zone_of
from protocol.facts.shift import Activity, PlannedSegment

DAY_MIN = 24 * 60
_CLOCK = re.compile(r"(\d{1,2})(?::?(\d{2}))?")


class RowFault(StrEnum):
    """What is wrong with a row."""

    NO_TIME = "no_time"
    EMPTY = "empty"
    OVERLAP = "overlap"
    TOO_LONG = "too_long"
    NO_ROWS = "no_rows"


class BadRow(Exception):
    """`row` counts from 0; `field` is `start` or `end`."""

    def __init__(self, fault: RowFault, row: int, field: str) -> None:
        super().__init__(fault, row, field)
        self.fault, self.row, self.field = fault, row, field


@dataclass(frozen=True)
class EditRow:
    """A stretch as it is typed. Without times it is none."""

    start: str = ""
    end: str = ""
    activity: Activity = Activity.WORK

    @property
    def blank(self) -> bool:
        """Whether nothing is typed in it."""
        return not self.start.strip() and not self.end.strip()


@dataclass(frozen=True)
class _Span:
    """In minutes after the midnight with which the business date begins."""

    row: int
    start: int
    end: int
    activity: Activity


def rows_of(segments: Sequence[PlannedSegment], zone: str) -> tuple[EditRow, ...]:
    """The rows of a plan, each shift before what lies in it."""
    return tuple(row for run in runs(segments) for row in _rows_of_run(run, zone))


def segments_of(rows: Sequence[EditRow], day: date, zone: str) -> tuple[PlannedSegment, ...]:
    """The plan that the rows mean on a business date. A time that is earlier than the first row's
    start is on the next day. Raises `BadRow`."""
    spans = _spans(rows)
    others = sorted(
        (each for each in spans if each.activity is not Activity.WORK), key=lambda each: each.start
    )
    work = sorted(
        (each for each in spans if each.activity is Activity.WORK), key=lambda each: each.start
    )
    _check_overlaps(work)
    _check_overlaps(others)
    left = [part for each in work for part in _without(each, others)]
    parts = sorted([*others, *left], key=lambda each: each.start)
    made = (
        PlannedSegment(
            _instant(day, each.start, zone), _instant(day, each.end, zone), each.activity
        )
        for each in parts
    )
    return tuple(each for each in made if each.start_ms < each.end_ms)


def runs(segments: Sequence[PlannedSegment]) -> list[list[PlannedSegment]]:
    """Segments without a gap between them belong together."""
    found: list[list[PlannedSegment]] = []
    for each in segments:
        if found and found[-1][-1].end_ms == each.start_ms:
            found[-1].append(each)
        else:
            found.append([each])
    return found


def minutes_of(text: str) -> int | None:
    """Minutes after midnight of `9`, `9:30`, `0930`, also in full-width figures; None for
    anything else."""
    found = _CLOCK.fullmatch(unicodedata.normalize("NFKC", text).strip())
    if found is None:
        return None
    hour, minute = int(found[1]), int(found[2] or 0)
    whole = hour * 60 + minute
    return whole if minute < 60 and whole <= DAY_MIN else None


def _rows_of_run(run: Sequence[PlannedSegment], zone: str) -> Iterator[EditRow]:
    if any(each.activity is Activity.WORK for each in run):
        yield EditRow(_clock(run[0].start_ms, zone), _clock(run[-1].end_ms, zone))
    for each in run:
        if each.activity is not Activity.WORK:
            yield EditRow(_clock(each.start_ms, zone), _clock(each.end_ms, zone), each.activity)


def _spans(rows: Sequence[EditRow]) -> list[_Span]:
    typed = [(at, row) for at, row in enumerate(rows) if not row.blank]
    if not typed:
        raise BadRow(RowFault.NO_ROWS, 0, "start")
    spans: list[_Span] = []
    for at, row in typed:
        start, end = _minutes(row.start, at, "start"), _minutes(row.end, at, "end")
        first = spans[0].start if spans else start
        start = first + (start - first) % DAY_MIN
        lasts = (end - start) % DAY_MIN
        if not lasts:
            raise BadRow(RowFault.EMPTY, at, "end")
        if start + lasts - first > DAY_MIN:
            raise BadRow(RowFault.TOO_LONG, at, "end")
        spans.append(_Span(at, start, start + lasts, row.activity))
    return spans


def _minutes(text: str, row: int, field: str) -> int:
    found = minutes_of(text)
    if found is None:
        raise BadRow(RowFault.NO_TIME, row, field)
    return found % DAY_MIN


def _check_overlaps(spans: Sequence[_Span]) -> None:
    for one, other in pairwise(spans):
        if other.start < one.end:
            raise BadRow(RowFault.OVERLAP, other.row, "start")


def _without(work: _Span, others: Sequence[_Span]) -> Iterator[_Span]:
    """What is left of a stretch of work."""
    at = work.start
    for each in others:
        if each.end <= at or work.end <= each.start:
            continue
        if at < each.start:
            yield _Span(work.row, at, each.start, Activity.WORK)
        at = each.end
    if at < work.end:
        yield _Span(work.row, at, work.end, Activity.WORK)


def _instant(day: date, minutes: int, zone: str) -> int:
    local = datetime.combine(day, time(), zone_of(zone)) + timedelta(minutes=minutes)
    return int(local.timestamp()) * 1000


def _clock(ms: int, zone: str) -> str:
    return f"{at_site(ms, zone):%H:%M}"
