"""Where the cursor of a week grid is, and which cells are ticked."""

from datetime import date

from agent_client.terminal.roster_week import Place, Week


class Selection:
    """Cells are known by person and day, so that they stay where they are when rows change."""

    def __init__(self, begin: date) -> None:
        """`begin`: the day on which the cursor stands at first."""
        self._begin = begin
        self.cursor: Place | None = None
        """Null where there is nobody."""
        self.ticked: dict[Place, None] = {}
        self._anchor: Place | None = None
        """Where extending began …"""
        self._before: dict[Place, None] = {}
        """… and what was ticked then."""

    def keep_within(self, week: Week) -> None:
        """Other people or days: the cursor goes to the same weekday of the same person, or to the
        first one; ticks of cells that are not there any more are gone."""
        days = week.days
        self.ticked = {
            place: None for place in self.ticked if place[0] in week.agents and place[1] in days
        }
        self._anchor = None
        if not week.agents:
            self.cursor = None
            return
        agent, day = self.cursor or (week.agents[0], self._begin)
        agent = agent if agent in week.agents else week.agents[0]
        self.cursor = (agent, days[day.weekday()])

    def move(self, week: Week, rows: int, columns: int, *, extend: bool = False) -> None:
        """Some rows and columns on, as far as there are any. Extending ticks the rectangle from
        where it began."""
        if self.cursor is None or self.cursor[0] not in week.agents:
            return
        if not extend:
            self._anchor = None
        elif self._anchor is None:
            self._anchor, self._before = self.cursor, dict(self.ticked)
        row = week.agents.index(self.cursor[0]) + rows
        column = week.days.index(self.cursor[1]) + columns
        self.cursor = (
            week.agents[min(max(0, row), len(week.agents) - 1)],
            week.days[min(max(0, column), len(week.days) - 1)],
        )
        if self._anchor is not None:
            rectangle = _rectangle(week, self._anchor, self.cursor)
            self.ticked = self._before | dict.fromkeys(rectangle)

    def go_to(self, agent: str, day: date) -> None:
        """Put the cursor there."""
        self.cursor, self._anchor = (agent, day), None

    def tick(self) -> None:
        """Mark the cell under the cursor, or take the mark away."""
        self._anchor = None
        if self.cursor is None:
            return
        if self.cursor in self.ticked:
            del self.ticked[self.cursor]
        else:
            self.ticked[self.cursor] = None

    def untick(self) -> bool:
        """Nothing is ticked. Whether anything was."""
        had = bool(self.ticked)
        self.ticked, self._anchor = {}, None
        return had

    def places(self, week: Week) -> tuple[Place, ...]:
        """What an edit is about: all that is ticked, row by row, else the cell under the cursor."""
        if not self.ticked:
            return (self.cursor,) if self.cursor is not None else ()
        rows = {agent: row for row, agent in enumerate(week.agents)}
        return tuple(sorted(self.ticked, key=lambda place: (rows[place[0]], place[1])))

    def people(self, week: Week) -> tuple[str, ...]:
        """Whose cells those are, in the order of the rows."""
        return tuple(dict.fromkeys(agent for agent, _ in self.places(week)))


def _rectangle(week: Week, one: Place, other: Place) -> list[Place]:
    rows = sorted(week.agents.index(each) for each, _ in (one, other))
    columns = sorted(week.days.index(each) for _, each in (one, other))
    return [
        (agent, day)
        for agent in week.agents[rows[0] : rows[1] + 1]
        for day in week.days[columns[0] : columns[1] + 1]
    ]
