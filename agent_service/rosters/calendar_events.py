"""What one event of an iCalendar file says of a roster.

The person is the property `X-SEATLINE-AGENT`, else the one `ATTENDEE`, whose address begins with
the staff number (`mailto:1001@…`). The activity is the one of `CATEGORIES`, else WORK. An event of
whole days has the category `OFF`: they are days off. `X-SEATLINE-FOR` names whose shift it is that
the person works; it is planned for them. `X-SEATLINE-DAY` is the business date, and
`X-SEATLINE-PATTERN` the pattern that the day was made with.
"""

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import TypeVar

import msgspec
from icalendar import Event

from agent_service.accounts import staff
from agent_service.accounts.staff_sheet import Fault, folded
from agent_service.rosters.clock_times import read_day
from agent_service.rosters.patterns import YEARS
from agent_service.rosters.plan_cells import PlanWords
from protocol.facts.shift import Activity, PlannedSegment
from protocol.wire.errors import Code, Refused

T = TypeVar("T")

AGENT = "X-SEATLINE-AGENT"
FOR = "X-SEATLINE-FOR"
DAY = "X-SEATLINE-DAY"
PATTERN = "X-SEATLINE-PATTERN"
OFF = "OFF"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)
_REPEATING = ("RRULE", "RDATE", "EXDATE", "RECURRENCE-ID")
_MOST_DAYS = 366
_SHOWN = 32


class Entry(msgspec.Struct, frozen=True):
    """One event: a segment, or days off."""

    line: int
    agent: str
    day: date | None
    """The business date, if it says so."""
    segment: PlannedSegment | None
    days_off: tuple[date, ...] = ()
    pattern: str = ""


class EventReader:
    """Reads events; `faults` are what was found."""

    def __init__(self, words: PlanWords) -> None:
        self.faults: list[Fault] = []
        self._words = words

    def read(self, line: int, event: Event) -> Entry | None:
        """What the event that begins on a line says; None if something is wrong with it."""
        before = len(self.faults)
        self._take(line, _REPEATING[0], lambda: _refuse_repeating(event))
        agent = self._take(line, AGENT, lambda: _agent(event))
        day = self._take(line, DAY, lambda: _business_date(event))
        times = self._take(line, "DTSTART", lambda: _times(event))
        activity = self._take(line, "CATEGORIES", lambda: self._activity(event))
        if len(self.faults) > before or agent is None or times is None:
            return None
        start, end = times
        if isinstance(start, datetime) and isinstance(end, datetime):
            return self._segment(line, agent, day, event, (start, end), activity)
        if activity is not None:
            self._blame(line, "DTSTART", Refused(Code.EVENT_WHOLE_DAY))
            return None
        days = self._take(line, "DTSTART", lambda: _days(start, end))
        return None if days is None else Entry(line, agent, None, None, days)

    def _segment(
        self,
        line: int,
        agent: str,
        day: date | None,
        event: Event,
        times: tuple[datetime, datetime],
        activity: Activity | None,
    ) -> Entry | None:
        if activity is None:
            self._blame(line, "CATEGORIES", Refused(Code.UNKNOWN_ACTIVITY, text=OFF))
            return None
        start_ms, end_ms = (each // _MILLISECOND for each in (at - _EPOCH for at in times))
        if end_ms <= start_ms:
            self._blame(line, "DTEND", Refused(Code.EVENT_WITHOUT_END))
            return None
        segment = PlannedSegment(start_ms, end_ms, activity)
        name = self._words.patterns.get(folded(str(event.get(PATTERN, ""))), "")
        return Entry(line, agent, day, segment, pattern=name)

    def _activity(self, event: Event) -> Activity | None:
        """None for a day off."""
        named = [name for name in _categories(event) if name.strip()]
        for name in named:
            if folded(name) == folded(OFF):
                return None
            if folded(name) in self._words.activities:
                return self._words.activities[folded(name)]
        if named:
            raise Refused(Code.UNKNOWN_ACTIVITY, text=named[0][:_SHOWN])
        return Activity.WORK

    def _take(self, line: int, place: str, read: Callable[[], T]) -> T | None:
        try:
            return read()
        except Refused as refused:
            self._blame(line, place, refused)
            return None

    def _blame(self, line: int, place: str, refused: Refused) -> None:
        self.faults.append(Fault(line, place, refused.code, refused.params))


def _refuse_repeating(event: Event) -> None:
    for name in _REPEATING:
        if name in event:
            raise Refused(Code.EVENT_REPEATS)


def _agent(event: Event) -> str:
    """Raises `Refused` with `event_unnamed` or `bad_staff_number`."""
    for name in (FOR, AGENT):
        if name in event:
            return staff.check_number(str(event[name]).strip())
    attendee = event.get("ATTENDEE")
    if attendee is None or isinstance(attendee, list):
        raise Refused(Code.EVENT_UNNAMED)
    _, _, address = str(attendee).rpartition(":")
    return staff.check_number(address.partition("@")[0])


def _business_date(event: Event) -> date | None:
    return read_day(str(event[DAY])) if DAY in event else None


def _times(event: Event) -> tuple[date, date]:
    """The beginning and the end, both dates or both instants. Raises `Refused`."""
    start = _dt(event, "DTSTART")
    if not isinstance(start, date):
        raise Refused(Code.VALUE_MISSING)
    if start.year not in YEARS:
        raise Refused(Code.BAD_DATE, text=start.isoformat()[:_SHOWN])
    end = _dt(event, "DTEND")
    duration = _dt(event, "DURATION")
    if isinstance(duration, timedelta) and duration > timedelta() and end is None:
        end = start + min(duration, timedelta(days=_MOST_DAYS + 1))
    if end is None and not isinstance(start, datetime):
        end = start + timedelta(days=1)
    if not isinstance(end, date) or isinstance(start, datetime) != isinstance(end, datetime):
        raise Refused(Code.EVENT_WITHOUT_END)
    for each in (start, end):
        if isinstance(each, datetime) and each.tzinfo is None:
            raise Refused(Code.EVENT_ZONE)
    return start, end


def _dt(event: Event, name: str) -> object:
    """The value of a date or a duration; None if it is missing or unreadable."""
    try:
        return getattr(event.get(name), "dt", None)
    except ValueError:  # what the library keeps of a property that it can't read
        return None


def _days(start: date, end: date) -> tuple[date, ...]:
    """Raises `Refused` with `event_too_long`."""
    count = max(1, (end - start).days)
    if count > _MOST_DAYS:
        raise Refused(Code.EVENT_TOO_LONG, limit=_MOST_DAYS)
    return tuple(start + timedelta(days=at) for at in range(count))


def _categories(event: Event) -> Sequence[str]:
    found = event.get("CATEGORIES")
    lists = found if isinstance(found, list) else [] if found is None else [found]
    return [str(name) for each in lists for name in each.cats]
