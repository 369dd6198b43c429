"""In what order a floor is shown: who needs help first, and standing still under the cursor."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from enum import IntEnum

from agent_client.terminal.clock import whole_seconds
from protocol.facts.agent import Reason, State
from protocol.rules.agent_state import Limits
from protocol.wire.sync import FloorRow

RING_TARGET_S = 15
"""Three rings: a call that rings longer is about to be missed."""
ACW_LIMIT_S = Limits().acw_limit_s
IDLE_S = 4.0
"""How long a list stands still after somebody moved in it, and between two orders."""


class Need(IntEnum):
    """Why somebody needs help, the most urgent first."""

    UNKNOWN = 0
    """The service can't hear the seat."""
    LONG_ACW = 1
    FAULT = 2
    NO_ANSWER = 3
    LONG_RING = 4
    NONE = 5


_STATE_ORDER = (
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
_ranks = {state: rank for rank, state in enumerate(_STATE_ORDER)}


def need(row: FloorRow, now: datetime | None) -> Need:
    """Whether an agent needs help, and why."""
    if row.state is State.OFFLINE:
        return Need.UNKNOWN
    if row.state is State.NOT_READY:
        reasons = {Reason.SYSTEM_FAULT: Need.FAULT, Reason.NO_ANSWER: Need.NO_ANSWER}
        return reasons.get(row.reason, Need.NONE) if row.reason is not None else Need.NONE
    lasts = whole_seconds(row.since, now) or 0
    if row.state is State.ACW and lasts > ACW_LIMIT_S:
        return Need.LONG_ACW
    if row.state is State.RINGING and lasts > RING_TARGET_S:
        return Need.LONG_RING
    return Need.NONE


def in_order(rows: Mapping[str, FloorRow], now: datetime | None) -> list[str]:
    """Staff numbers: needs first, the longest of a need first; then by state and number."""

    def rank(row: FloorRow) -> tuple[int, int, int, str, str]:
        why = need(row, now)
        waited = whole_seconds(row.since, now) or 0
        first = -waited if why is not Need.NONE else 0
        return (why, first, _ranks[row.state], row.agent.zfill(32), row.agent)

    return [row.agent for row in sorted(rows.values(), key=rank)]


def counts(rows: Iterable[FloorRow]) -> list[tuple[State, int]]:
    """How many are in each state that anybody is in."""
    by_state = Counter(row.state for row in rows)
    return [(state, by_state[state]) for state in _STATE_ORDER if by_state[state]]


def matches(needle: str, texts: Sequence[str]) -> bool:
    """Whether each word of a search is somewhere in the texts, capitals aside."""
    together = "\n".join(texts).casefold()
    return all(part in together for part in needle.casefold().split())


class StandingOrder:
    """An order that changes only while nobody is looking for a row in it."""

    def __init__(self) -> None:
        self.agents: list[str] = []
        """Staff numbers from the top."""
        self._touched_at = float("-inf")

    def touch(self, at: float) -> None:
        """The cursor moved, at a monotonic second: stand still for a while."""
        self._touched_at = at

    def replace(self, rows: Mapping[str, FloorRow]) -> None:
        """Other rows: who is gone leaves, who is new goes to the end, nobody else moves."""
        known = set(self.agents)
        kept = [agent for agent in self.agents if agent in rows]
        self.agents = kept + [agent for agent in rows if agent not in known]

    def settle(self, rows: Mapping[str, FloorRow], now: datetime | None, at: float) -> bool:
        """Put in order if the list was left alone long enough, and then not again for as long.
        Whether anything moved."""
        if at - self._touched_at < IDLE_S:
            return False
        self.touch(at)
        return self.sort(rows, now)

    def sort(self, rows: Mapping[str, FloorRow], now: datetime | None) -> bool:
        """Put in order now. Whether anything moved."""
        before, self.agents = self.agents, in_order(rows, now)
        return before != self.agents
