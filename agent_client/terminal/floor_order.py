"""In what order a floor is shown, and that it stands still while somebody looks for a row."""

from collections.abc import Callable, Mapping
from enum import StrEnum

import msgspec

from agent_client.terminal.floor_need import Need, Outlook, outlook
from protocol.facts.agent import State
from protocol.wire.sync import FloorRow

IDLE_S = 4.0
"""How long a list stands still after somebody moved in it, and between two orders."""
_NEVER = 1 << 62


class Order(StrEnum):
    """By what a floor can be put in order."""

    NEED = "need"
    """Who needs help, the longest of a need first; then by state."""
    NUMBER = "number"
    NAME = "name"
    TEAM = "team"
    STATE = "state"
    """By state, the longest in it first."""


STATE_ORDER = (
    State.RINGING,
    State.TALK,
    State.HOLD,
    State.CONSULT,
    State.DIALING,
    State.ACW,
    State.READY,
    State.NOT_READY,
    State.OFFLINE,
    State.LOGGED_OFF,
)
_ranks = {state: rank for rank, state in enumerate(STATE_ORDER)}


class Known(msgspec.Struct, frozen=True, gc=False):
    """A row, and what was worked out of it when it came. It can be in no circle of references."""

    row: FloorRow
    outlook: Outlook
    rank: int
    """The state's place."""
    number: str
    """The staff number as it is compared."""


Rank = Callable[[Known, int | None], tuple[object, ...]]


def known(row: FloorRow) -> Known:
    """Work it out."""
    return Known(row, outlook(row), _ranks[row.state], row.agent.zfill(32))


def _since(each: Known) -> int:
    since = each.outlook.since_s
    return _NEVER if since is None else since


def _by_need(each: Known, second: int | None) -> tuple[object, ...]:
    need = each.outlook.at(second)
    first = _since(each) if need is not Need.NONE else 0
    return (need, first, each.rank, each.number, each.row.agent)


_RANKS: dict[Order, Rank] = {
    Order.NEED: _by_need,
    Order.NUMBER: lambda each, _: (each.number, each.row.agent),
    Order.NAME: lambda each, _: (each.row.name.casefold(), each.number, each.row.agent),
    Order.TEAM: lambda each, second: (each.row.team, *_by_need(each, second)),
    Order.STATE: lambda each, _: (each.rank, _since(each), each.number, each.row.agent),
}


def in_order(rows: Mapping[str, Known], second: int | None, order: Order) -> list[str]:
    """Staff numbers from the top, at a second (since 1970)."""
    rank = _RANKS[order]
    return sorted(rows, key=lambda agent: rank(rows[agent], second))


class StandingOrder:
    """An order that changes only while nobody is looking for a row in it."""

    def __init__(self) -> None:
        self.agents: list[str] = []
        """Staff numbers from the top."""
        self.by = Order.NEED
        self._touched_at = float("-inf")
        self._sorted_s: int | None = None
        self._disturbed = True

    def touch(self, at: float) -> None:
        """The cursor moved, at a monotonic second: stand still for a while."""
        self._touched_at = at

    def disturb(self) -> None:
        """A row changed in something that rows are put in order by."""
        self._disturbed = True

    def replace(self, rows: Mapping[str, Known]) -> None:
        """Other rows: who is gone leaves, who is new goes to the end, nobody else moves."""
        present = set(self.agents)
        kept = [agent for agent in self.agents if agent in rows]
        self.agents = kept + [agent for agent in rows if agent not in present]
        self._disturbed = True

    def settle(self, rows: Mapping[str, Known], second: int | None, at: float) -> bool:
        """Put in order if the list was left alone long enough, and then not again for as long.
        Whether anything moved."""
        if at - self._touched_at < IDLE_S:
            return False
        self.touch(at)
        if not self._disturbed and not self._fell_due(rows, second):
            return False
        return self.sort(rows, second)

    def sort(self, rows: Mapping[str, Known], second: int | None) -> bool:
        """Put in order now. Whether anything moved."""
        self._disturbed, self._sorted_s = False, second
        before, self.agents = self.agents, in_order(rows, second, self.by)
        return before != self.agents

    def _fell_due(self, rows: Mapping[str, Known], second: int | None) -> bool:
        """Whether the time alone made a need since the last order."""
        if second is None or self._sorted_s is None:
            return second is not None
        before = self._sorted_s
        return any(
            due_s is not None and before < due_s <= second
            for due_s in (each.outlook.due_s for each in rows.values())
        )
