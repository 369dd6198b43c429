"""Rosters as the tests plan them: two weeks that lie well ahead, and patterns to fill them."""

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import msgspec

from agent_service import bootstrap
from agent_service.rosters.book import RosterBook, make_book
from agent_service.rosters.patterns import pattern_segments
from agent_service.settings import Settings
from protocol.facts.shift import Activity, PlannedSegment
from protocol.wire import roster
from protocol.wire.roster import DraftDay, Pattern, PatternSegment, Requirement, Rotation
from tests.service.client import Client
from tests.service.conftest import SETTINGS

ZONE = ZoneInfo("Asia/Shanghai")
MEAL, BREAK = Activity.MEAL, Activity.BREAK


def _pattern(name: str, start: str, end: str, *inner: tuple[str, str, Activity]) -> Pattern:
    return Pattern(name, start, end, {}, tuple(PatternSegment(*each) for each in inner))


DAY = _pattern("day", "09:00", "18:00", ("12:00", "13:00", MEAL), ("15:30", "15:45", BREAK))
LATE = _pattern(
    *("late", "13:00", "22:00"),
    ("15:00", "15:15", BREAK),
    ("17:00", "18:00", MEAL),
    ("20:00", "20:15", BREAK),
)
NIGHT = _pattern("night", "22:00", "06:00", ("00:00", "00:15", BREAK), ("02:00", "02:30", MEAL))
LONG = Pattern("long", "08:00", "23:00")
"""No roster may ask for it: 15 hours without a rest."""
PLANNED: Settings = msgspec.structs.replace(
    SETTINGS,
    patterns=(DAY, LATE, NIGHT, LONG),
    rotations=(Rotation("turns", ("day", "late", "-")),),
    requirements=(
        Requirement("09:00", 2),
        Requirement("12:30", 1),
        Requirement("00:30", 1, "A"),
        Requirement("10:00", 3, "A", (1,)),
    ),
)
BOOK: RosterBook = make_book(PLANNED)


def coming_monday() -> date:
    """The first day of the weeks that are planned: nothing of it has begun, or will soon."""
    today = datetime.fromtimestamp(bootstrap.now_ms() / 1000, UTC).astimezone(ZONE).date()
    return today + timedelta(days=14 - today.weekday())


def later(day: date, days: int) -> date:
    """So many days after it."""
    return day + timedelta(days=days)


def plan_of(pattern: Pattern, day: date) -> tuple[PlannedSegment, ...]:
    """The segments of a pattern on a day."""
    return pattern_segments(pattern, day, ZONE)


async def draft(client: Client, *days: DraftDay) -> int:
    """How many days the client has drafted then. Raises `Refused`."""
    reply = await client.request(roster.DraftRoster(client.next_id(), tuple(days)))
    assert isinstance(reply, roster.RosterDrafted)
    return reply.days


async def rotate(
    client: Client, name: str, agents: Sequence[str], first_day: date, last_day: date
) -> int:
    """Likewise, by a rotation."""
    message = roster.DraftRoster(client.next_id(), (), name, tuple(agents), first_day, last_day)
    reply = await client.request(message)
    assert isinstance(reply, roster.RosterDrafted)
    return reply.days


async def check(
    client: Client, first_day: date, last_day: date, team: str = ""
) -> roster.RosterChecked:
    """What would come of publishing."""
    message = roster.CheckRoster(client.next_id(), first_day, last_day, team)
    reply = await client.request(message)
    assert isinstance(reply, roster.RosterChecked)
    return reply


async def publish(
    client: Client,
    first_day: date,
    last_day: date,
    accepted: Iterable[str] = (),
    key: str = "",
    team: str = "",
    digest: str = "",
) -> roster.RosterPublication:
    """What was looked at, or without a digest what is drafted now. Raises `Refused`."""
    digest = digest or (await check(client, first_day, last_day, team)).digest
    message = roster.PublishRoster(
        client.next_id(), key, first_day, last_day, digest, team, "", tuple(accepted)
    )
    reply = await client.request(message)
    assert isinstance(reply, roster.RosterPublication)
    return reply


async def shown(
    client: Client, first_day: date, last_day: date, team: str = "", agent: str = ""
) -> roster.Roster:
    """The roster as the client sees it. Raises `Refused`."""
    message = roster.GetRoster(client.next_id(), first_day, last_day, team, agent)
    reply = await client.request(message)
    assert isinstance(reply, roster.Roster)
    return reply


def plans(told: Iterable[roster.DayPlan]) -> dict[tuple[str, date], tuple[PlannedSegment, ...]]:
    """Segments by person and day."""
    return {(each.agent, each.day): each.segments for each in told}


def calendar(folder: Path, *events: str) -> Path:
    """A file in the folder: each event as the lines inside of it."""
    path = folder / "roster.ics"
    body = "".join(
        f"BEGIN:VEVENT\nUID:{number}\n{event}\nEND:VEVENT\n" for number, event in enumerate(events)
    )
    text = f"BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:x\n{body}END:VCALENDAR\n"
    path.write_bytes(text.replace("\n", "\r\n").encode())
    return path
