"""How many calls each agent took and missed on the site's present day, counted as the seat counts
them: by the instants of the facts, from local midnight on."""

from collections.abc import Callable, Iterable
from datetime import date, tzinfo

import msgspec

from agent_service.calls.row import CallRow
from protocol.facts.call import Direction
from protocol.rules.local_day import day_bounds, local_date


class Counts(msgspec.Struct, frozen=True):
    """One agent's."""

    answered: int = 0
    """Customers' calls; not those that the agent made."""
    missed: int = 0


_NONE = Counts()


class DayCounts:
    """Follows the commits. Lives in the event loop's thread."""

    def __init__(self, where: tzinfo, now_ms: Callable[[], int]) -> None:
        self.changed: Callable[[Iterable[str]], None] = lambda agents: None
        """Told of those whose counts are others."""
        self._where = where
        self._now_ms = now_ms
        self._counts: dict[str, Counts] = {}
        self._answered: set[tuple[str, str]] = set()
        self._missed: set[tuple[str, str]] = set()
        self._begin(self.today())

    def today(self) -> date:
        """The local date."""
        return local_date(self._now_ms(), self._where)

    def of(self, agent: str) -> Counts:
        """The counts of `day`."""
        return self._counts.get(agent, _NONE)

    def turn(self) -> None:
        """If another day has begun, nobody has taken a call on it."""
        day = self.today()
        if day != self.day:
            agents = tuple(self._counts)
            self._begin(day)
            self.changed(agents)

    def _begin(self, day: date) -> None:
        self.day = day
        self._from_ms, self._until_ms = day_bounds(day, self._where)
        self._counts.clear()
        self._answered.clear()
        self._missed.clear()

    def take(self, rows: Iterable[CallRow]) -> None:
        """Calls that a commit changed, or that were on the disk at the start."""
        self.turn()
        self.changed([row.agent for row in rows if self._note(row)])

    def _note(self, row: CallRow) -> bool:
        """Whether the call counts, and was not counted."""
        call, counts = (row.agent, row.call_id), self.of(row.agent)
        answered, missed = counts.answered, counts.missed
        inbound = row.direction is Direction.INBOUND
        if inbound and self._is_today(row.answered_ms) and call not in self._answered:
            self._answered.add(call)
            answered += 1
        if self._is_today(row.missed_ms) and call not in self._missed:
            self._missed.add(call)
            missed += 1
        new = Counts(answered, missed)
        self._counts[row.agent] = new
        return new != counts

    def _is_today(self, ms: int | None) -> bool:
        return ms is not None and self._from_ms <= ms < self._until_ms
