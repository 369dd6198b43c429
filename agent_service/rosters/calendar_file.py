"""Rosters as iCalendar files: an event a segment, or an event a shift with others inside it."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, tzinfo
from itertools import groupby
from pathlib import Path
from typing import NamedTuple

from icalendar import Calendar, Event

from agent_service.accounts.staff_sheet import Fault
from agent_service.file_content import content_of, refusal
from agent_service.rosters.calendar_events import (
    AGENT,
    DAY,
    FOR,
    OFF,
    PATTERN,
    Entry,
    EventReader,
)
from agent_service.rosters.calendar_rows import Shown
from agent_service.rosters.patterns import clashes, cut
from agent_service.rosters.plan_cells import DayPlanned, PlanWords
from protocol.facts.shift import PlannedSegment
from protocol.rules.local_day import local_date
from protocol.wire.errors import Code

SUFFIX = ".ics"
_BEGIN = b"BEGIN:VEVENT"


class RosterCalendar:
    """Reads a file. `days` are the plans without a fault, `faults` what was found.

    Events without a business date of their own belong to the site's date on which the first of
    those begins that follow one another without a gap.
    """

    def __init__(self, path: Path, words: PlanWords, where: tzinfo) -> None:
        """Raises `Refused` with `file_refused` or `calendar_unreadable`."""
        self.days: list[DayPlanned] = []
        reader = EventReader(words)
        self.faults: list[Fault] = reader.faults
        self._where = where
        entries = [
            entry
            for line, event in _events(path)
            if str(event.get("STATUS", "")).upper() != "CANCELLED"
            and (entry := reader.read(line, event)) is not None
        ]
        self._put_together(entries)

    def _put_together(self, entries: Sequence[Entry]) -> None:
        days: dict[tuple[str, date], list[Entry]] = {}
        ordered = sorted(entries, key=lambda each: each.agent)
        for agent, own in groupby(ordered, key=lambda each: each.agent):
            for day, entry in self._dated(list(own)):
                days.setdefault((agent, day), []).append(entry)
        for (agent, day), same in days.items():
            first = min(same, key=lambda each: each.line)
            timed = [(each.segment, each.line) for each in same if each.segment is not None]
            parts = [segment for segment, _ in timed]
            if len(same) > 1 and len(parts) < len(same):
                last = max(same, key=lambda each: each.line)
                self.faults.append(Fault(last.line, DAY, Code.DAY_TWICE, {"line": first.line}))
                continue
            clash = list(clashes(parts))
            for number, other in clash:
                line, earlier = timed[number][1], timed[other][1]
                self.faults.append(Fault(line, "DTSTART", Code.ROWS_CLASH, {"line": earlier}))
            if not clash:
                self.days.append(DayPlanned(first.line, agent, day, cut(parts), first.pattern))

    def _dated(self, entries: Sequence[Entry]) -> Iterable[tuple[date, Entry]]:
        """Each of one person's with its business date."""
        begins_ms = ends_ms = -1
        timed = [(each.segment, each) for each in entries if each.segment is not None]
        for segment, entry in sorted(timed, key=lambda each: each[0].start_ms):
            if segment.start_ms > ends_ms:
                begins_ms = segment.start_ms
            ends_ms = max(ends_ms, segment.end_ms)
            yield entry.day or local_date(begins_ms, self._where), entry
        for entry in entries:
            for day in entry.days_off:
                yield day, entry


class Words(NamedTuple):
    """In somebody's language."""

    labels: Mapping[str, str]
    """Of activities and of `OFF`."""
    for_whom: Callable[[str, str], str]
    """A person's name, with the staff number of whoever's shift it is."""


def write_calendar(
    path: Path, rows: Iterable[Shown], names: Mapping[str, str], words: Words, now: datetime
) -> None:
    """Write plans into an existing empty file. `names` are the people's by staff number. An event
    keeps its identity from one revision to the next; those that a calendar should hold no more
    are written as cancelled, so that one that read an earlier file lets go of them."""
    calendar = Calendar()
    calendar.add("prodid", "-//Seatline//Roster//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    for row in rows:
        for event in _written(row, names.get(row.agent, row.agent), words):
            event.add("dtstamp", now)
            calendar.add_component(event)
    path.write_bytes(calendar.to_ical())


def _written(shown: Shown, name: str, words: Words) -> Iterable[Event]:
    row, day = shown.plan, date.fromisoformat(shown.plan.day)
    who, whose = name, f"{shown.agent}-{row.day}"
    if shown.for_agent:
        who, whose = words.for_whom(name, shown.for_agent), f"{whose}-for-{shown.for_agent}"
    for number, each in enumerate((*shown.segments, *shown.dropped)):
        event = Event()
        event.add("status", "CONFIRMED" if number < len(shown.segments) else "CANCELLED")
        event.add("uid", f"{whose}-{number}@seatline")
        event.add("sequence", row.revision)
        event.add("categories", [OFF if each is None else each.activity.value])
        event.add("summary", f"{words.labels[OFF if each is None else each.activity]} · {who}")
        event.add(AGENT, shown.agent)
        if shown.for_agent:
            event.add(FOR, shown.for_agent)
        event.add(DAY, day.isoformat())
        if row.pattern:
            event.add(PATTERN, row.pattern)
        _add_times(event, day, each)
        yield event


def _add_times(event: Event, day: date, segment: PlannedSegment | None) -> None:
    if segment is None:
        event.add("dtstart", day)
        event.add("transp", "TRANSPARENT")
    else:
        event.add("dtstart", datetime.fromtimestamp(segment.start_ms / 1000, UTC))
        event.add("dtend", datetime.fromtimestamp(segment.end_ms / 1000, UTC))


def _events(path: Path) -> Iterable[tuple[int, Event]]:
    """The events with the lines on which they begin."""
    content = content_of(path, Code.CALENDAR_UNREADABLE)
    try:
        calendars = Calendar.from_ical(content, multiple=True)
    except ValueError as error:
        raise refusal(path, Code.CALENDAR_UNREADABLE, str(error)) from error
    if not calendars:
        raise refusal(path, Code.CALENDAR_UNREADABLE, "BEGIN:VCALENDAR")
    lines = [
        number
        for number, line in enumerate(content.splitlines(), 1)
        if line.strip().upper() == _BEGIN
    ]
    events = [event for calendar in calendars for event in calendar.walk("VEVENT")]
    return [
        (line, each) for line, each in zip(lines, events, strict=False) if isinstance(each, Event)
    ]
