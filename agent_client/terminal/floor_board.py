"""What is known of a floor, what of it is looked for, and in what order it is shown."""

from collections.abc import Iterable
from datetime import datetime

from agent_client.terminal.floor_order import StandingOrder, matches
from agent_client.terminal.wording import Wording
from protocol.wire.desk import Floor
from protocol.wire.sync import FloorRow


class FloorBoard:
    """The rows of a floor. Nothing here outlives the screen."""

    def __init__(self) -> None:
        self.rows: dict[str, FloorRow] = {}
        """Everybody, by staff number."""
        self.visible: dict[str, FloorRow] = {}
        """Those who match the search; always the same mapping."""
        self.order = StandingOrder()
        """The order of those."""
        self.heard = False
        """Whether the seat told of the floor at all."""
        self.stale = False
        """The link is down: the rows are as they were at `as_of`."""
        self.as_of: datetime | None = None
        self.needle = ""

    def take(self, floor: Floor, words: Wording) -> bool:
        """Take what the seat told. Whether other people are visible than before."""
        changed = floor.rows
        self.heard = True
        if floor.reset:
            self.rows = {}
        self.rows |= {row.agent: row for row in changed}
        self.stale = floor.stale
        if not floor.stale or self.as_of is None:
            self.as_of = floor.now
        return self._look(self.rows.values() if floor.reset else changed, words, floor.reset)

    def search(self, needle: str, words: Wording) -> bool:
        """Look for other people. Whether other people are visible than before."""
        self.needle = needle
        return self._look(self.rows.values(), words, afresh=True)

    def time(self, now: datetime | None) -> datetime | None:
        """What the rows' clocks show: they stand still while the rows do."""
        return self.as_of if self.stale else now

    def _look(self, rows: Iterable[FloorRow], words: Wording, afresh: bool) -> bool:
        """Sort rows into visible and not; only `rows` are looked at, unless all is `afresh`."""
        before = set(self.visible) if afresh else set()
        if afresh:
            self.visible.clear()
        others = False
        for row in rows:
            if not self.needle or matches(self.needle, _texts(row, words)):
                others |= row.agent not in self.visible
                self.visible[row.agent] = row
            else:
                others |= self.visible.pop(row.agent, None) is not None
        if afresh:
            others = before != self.visible.keys()
        if others:
            self.order.replace(self.visible)
        return others


def _texts(row: FloorRow, words: Wording) -> list[str]:
    """What a search looks in."""
    reason = words.reason(row.reason) if row.reason is not None else ""
    return [row.agent, row.name, row.team, words.state(row.state), reason]
