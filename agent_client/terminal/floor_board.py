"""What is known of a floor, what of it is looked for, and in what order it is shown."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime

from agent_client.terminal.floor_need import Need, second_of
from agent_client.terminal.floor_order import STATE_ORDER, Known, Order, StandingOrder, known
from agent_client.terminal.floor_search import Matches, matcher
from agent_client.terminal.floor_together import FloorTogether
from agent_client.terminal.wording import Wording
from protocol.facts.agent import State
from protocol.wire.desk_floor import Floor
from protocol.wire.sync import FloorRow


class FloorBoard:
    """The rows of a floor. Nothing here outlives the screen."""

    def __init__(self) -> None:
        self.rows: dict[str, Known] = {}
        """Everybody, by staff number."""
        self.visible: dict[str, Known] = {}
        """Those who match the search; always the same mapping."""
        self.order = StandingOrder()
        """The order of those."""
        self.ticked: dict[str, None] = {}
        """Who was marked, in the order of marking, to be asked something together."""
        self.heard = False
        """Whether the seat told of the floor at all."""
        self.stale = False
        """The link is down: the rows are as they were at `as_of`."""
        self.as_of: datetime | None = None
        self.needle = ""
        self._matches: Matches | None = None
        self.together = FloorTogether()
        """The adherence of everybody."""
        self._states: Counter[State] = Counter()
        self._helpless = 0
        """How many need help already …"""
        self._due: Counter[int] = Counter()
        """… and how many will from a second (since 1970) on, if nothing happens."""

    def take(self, floor: Floor) -> bool:
        """Take what the seat told. Whether other people are visible than before."""
        self.heard = self.heard or bool(floor.rows) or not floor.stale
        if floor.reset:
            self.rows = {}
            self.together = FloorTogether()
            self._states.clear()
            self._due.clear()
            self._helpless = 0
        changed = [self._put(row) for row in floor.rows]
        self.stale = floor.stale
        if not floor.stale or self.as_of is None:
            self.as_of = floor.now
        others = self._look(changed, afresh=floor.reset)
        self.ticked = {agent: None for agent in self.ticked if agent in self.rows}
        return others

    def search(self, needle: str, words: Wording) -> bool:
        """Look for other people. Whether other people are visible than before."""
        self.needle = needle
        self._matches = matcher(needle, words) if needle.strip() else None
        return self._look(self.rows.values(), afresh=True)

    def sort(self, now: datetime | None) -> bool:
        """Put in order now. Whether anything moved."""
        return self.order.sort(self.visible, second_of(self.time(now)))

    def settle(self, now: datetime | None, at: float) -> bool:
        """Put in order if nobody moved in the list for a while. Whether anything moved."""
        return self.order.settle(self.visible, second_of(self.time(now)), at)

    def next_order(self) -> Order:
        """Order by the next thing in the circle."""
        orders = list(Order)
        self.order.by = orders[(orders.index(self.order.by) + 1) % len(orders)]
        return self.order.by

    def tick(self, agent: str) -> None:
        """Mark somebody, or take the mark away."""
        if agent in self.ticked:
            del self.ticked[agent]
        else:
            self.ticked[agent] = None

    def time(self, now: datetime | None) -> datetime | None:
        """What the rows' clocks show: they stand still while the rows do."""
        return self.as_of if self.stale else now

    def counts(self) -> list[tuple[State, int]]:
        """How many are in each state that anybody is in."""
        return [(state, self._states[state]) for state in STATE_ORDER if self._states[state]]

    def helpless(self, now: datetime | None) -> int:
        """How many need help."""
        second = second_of(self.time(now))
        if second is None:
            return self._helpless
        return self._helpless + sum(count for due, count in self._due.items() if due <= second)

    def _put(self, row: FloorRow) -> Known:
        """Keep one row; where it stands in the order may be another place than before."""
        before = self.rows.get(row.agent)
        after = self.rows[row.agent] = known(row)
        self._count(after, 1)
        if before is not None:
            self._count(before, -1)
        if before is None or _differs(before, after):
            self.order.disturb()
        return after

    def _count(self, each: Known, by: int) -> None:
        self._states[each.row.state] += by
        self.together.count(each.row, by)
        self._helpless += by * (each.outlook.present is not Need.NONE)
        due = each.outlook.due_s
        if due is not None and each.outlook.present is Need.NONE:
            self._due[due] += by
            if not self._due[due]:
                del self._due[due]

    def _look(self, rows: Iterable[Known], *, afresh: bool) -> bool:
        """Sort rows into visible and not; only `rows` are looked at, unless all is `afresh`."""
        before = set(self.visible) if afresh else set()
        if afresh:
            self.visible.clear()
        others = False
        for each in rows:
            agent = each.row.agent
            if self._matches is None or self._matches(each.row):
                others |= agent not in self.visible
                self.visible[agent] = each
            else:
                others |= self.visible.pop(agent, None) is not None
        if afresh:
            others = before != self.visible.keys()
        if others:
            self.order.replace(self.visible)
        return others


def _differs(before: Known, after: Known) -> bool:
    """Whether it matters to an order."""
    return _ordered_by(before) != _ordered_by(after)


def _ordered_by(each: Known) -> tuple[object, ...]:
    return each.rank, each.outlook, each.row.name, each.row.team
