"""What the operator configured of rosters: patterns, rotations, holidays, what is required, and
the rules of work and rest."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import msgspec

from agent_service.rosters import patterns
from agent_service.rosters.public_holidays import WorkCalendar
from agent_service.settings import Settings
from protocol.facts.shift import PlannedSegment
from protocol.rules.day_rules import RosterRules
from protocol.wire.errors import Code, Refused
from protocol.wire.roster import Pattern, Requirement, Rotation

_SHOWN = 64


class RosterBook(msgspec.Struct, frozen=True):
    """All of it, and where the site is."""

    zone: ZoneInfo
    patterns: Mapping[str, Pattern]
    rotations: Mapping[str, Rotation]
    requirements: Sequence[Requirement]
    calendar: WorkCalendar
    rules: RosterRules

    def segments(self, name: str, day: date) -> tuple[PlannedSegment, ...]:
        """The plan of a business date by a pattern; of `-` none. Raises `Refused` with
        `unknown_pattern`."""
        if name == patterns.DAY_OFF:
            return ()
        if name not in self.patterns:
            raise Refused(Code.UNKNOWN_PATTERN, pattern=name[:_SHOWN])
        return patterns.pattern_segments(self.patterns[name], day, self.zone)

    def turns(
        self, name: str, agents: Sequence[str], first_day: date, last_day: date
    ) -> Iterable[tuple[str, date, str]]:
        """Person, date and pattern (or `-`) of a rotation: each person one of its days later
        than the one before. Raises `Refused` with `unknown_rotation`."""
        if name not in self.rotations:
            raise Refused(Code.UNKNOWN_ROTATION, rotation=name[:_SHOWN])
        turn = self.rotations[name].days
        days = (last_day - first_day).days + 1
        return [
            (agent, first_day + timedelta(days=at), turn[(at + later) % len(turn)])
            for later, agent in enumerate(agents)
            for at in range(days)
        ]

    def required(self, first_day: date, last_day: date, team: str) -> dict[int, int]:
        """Heads by the start (ms) of each half hour of these dates that has a requirement: those
        of a team, or, for an empty name, those of the site."""
        heads: dict[int, int] = {}
        for at in range((last_day - first_day).days + 1):
            day = first_day + timedelta(days=at)
            for each in self.requirements:
                if each.team == team and (not each.weekdays or day.isoweekday() in each.weekdays):
                    minute = patterns.minutes(each.start) or 0
                    heads[patterns.instant(day, minute * 60, self.zone)] = each.heads
        return heads


def make_book(settings: Settings) -> RosterBook:
    """From settings that were checked when they were read."""
    return RosterBook(
        ZoneInfo(settings.site.zone),
        {each.name: each for each in settings.patterns},
        {each.name: each for each in settings.rotations},
        settings.requirements,
        WorkCalendar(settings.holidays),
        settings.roster,
    )
