"""One week of a roster: what is planned for whom, and what of it is a draft."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from protocol.wire.roster import (
    MAX_CORRECTED,
    DayPlan,
    DraftDay,
    DraftRoster,
    Holiday,
    ProposedDay,
    Roster,
)
from protocol.wire.session import Person

DAYS = 7
DAY_OFF = "-"
"""Stands in place of a pattern's name."""
Place = tuple[str, date]
"""A cell: whose, by staff number, and which business date."""


def monday_of(day: date) -> date:
    """The first day of its week."""
    return day - timedelta(days=day.weekday())


class Week:
    """Without a roster nothing of the week has been told, but whose rows are shown."""

    def __init__(
        self, monday: date, roster: Roster | None = None, people: Sequence[Person] = ()
    ) -> None:
        self.monday = monday
        self.roster = roster
        self._published: dict[Place, DayPlan] = {}
        self._drafted: dict[Place, DayPlan] = {}
        self._proposed: dict[Place, ProposedDay] = {}
        self._holidays: dict[date, Holiday] = {}
        if roster is not None:
            self._published = {(each.agent, each.day): each for each in roster.published}
            self._drafted = {(each.agent, each.day): each for each in roster.drafted}
            self._proposed = {(each.agent, each.day): each for each in roster.proposed}
            self._holidays = {each.day: each for each in roster.holidays}
        self.people = tuple(people if roster is None else roster.people)
        self._people = {each.number: each for each in self.people}
        self.agents = tuple(self._people)
        """The rows, in the order in which they were told."""

    @property
    def days(self) -> tuple[date, ...]:
        """The columns."""
        return tuple(self.monday + timedelta(days=each) for each in range(DAYS))

    @property
    def last_day(self) -> date:
        """The Sunday."""
        return self.monday + timedelta(days=DAYS - 1)

    @property
    def drafts(self) -> int:
        """How many days of people are drafted."""
        return len(self._drafted)

    @property
    def undecided(self) -> int:
        """How many days of people a correction is proposed for."""
        return len(self._proposed)

    def name(self, agent: str) -> str:
        """What somebody is called; empty for one who has no row."""
        known = self._people.get(agent)
        return known.name if known is not None else ""

    def plan(self, place: Place) -> DayPlan | None:
        """What would be in force once the draft is published."""
        return self._drafted.get(place) or self._published.get(place)

    def published(self, place: Place) -> DayPlan | None:
        """What is in force."""
        return self._published.get(place)

    def is_draft(self, place: Place) -> bool:
        """Whether it differs from what is published."""
        return place in self._drafted

    def proposed(self, place: Place) -> ProposedDay | None:
        """What another lead is still to decide about."""
        return self._proposed.get(place)

    def holiday(self, day: date) -> Holiday | None:
        """What makes a day no ordinary one of its weekday."""
        return self._holidays.get(day)


def draft_days(places: Iterable[Place], pattern: str) -> tuple[DraftDay, ...]:
    """The same pattern for all of them; with an empty one their drafts are dropped."""
    return tuple(DraftDay(agent, day, pattern) for agent, day in places)


def exchanged(week: Week, places: Sequence[Place]) -> tuple[DraftDay, ...]:
    """Two people's plans of one date, each the other's; nothing unless it is that."""
    match places:
        case ((one, day), (other, same)) if one != other and day == same:
            plans = week.plan((other, day)), week.plan((one, day))
            return _planned_as((one, day), plans[0]), _planned_as((other, day), plans[1])
    return ()


def correctable(edit: DraftRoster) -> bool:
    """Whether it can be proposed as a correction of plans: some days, each with its plan."""
    whole = all(each.pattern or each.segments for each in edit.days)
    return whole and 0 < len(edit.days) <= MAX_CORRECTED


def _planned_as(place: Place, plan: DayPlan | None) -> DraftDay:
    segments = plan.segments if plan is not None else ()
    return DraftDay(*place, segments=segments) if segments else DraftDay(*place, DAY_OFF)
