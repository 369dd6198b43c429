"""Who is at a desk, who studies there, and whether callers can spare them. Lives in the event
loop's thread."""

from collections.abc import Callable, Iterable

from agent_service.breaks.service_level import ServiceLevels
from agent_service.presence.floor import Floor
from agent_service.presence.row import Presence
from protocol.facts.agent import Reason, State
from protocol.rules.break_queue import BreakRule, Level
from protocol.wire.sync import Link

_KEPT_MS = 1000
"""The service level is made of all calls of half an hour, and asked for again and again."""


class Studying:
    """As the floor tells just now. The service level is a team's, as its queue for breaks has it;
    a team without one has no target, which is always kept."""

    def __init__(
        self,
        floor: Floor,
        levels: ServiceLevels,
        rules: Iterable[BreakRule],
        now_ms: Callable[[], int],
    ) -> None:
        self._floor = floor
        self._levels = levels
        self._rules = {rule.team: rule for rule in rules}
        self._now_ms = now_ms
        self._below: dict[str, tuple[int, bool]] = {}
        """By team, when its service level was looked at, and whether it was not kept."""

    def is_there(self, agent: str) -> bool:
        """Whether somebody is signed in, as the ledger tells."""
        row = self._floor.rows.get(agent)
        return row is not None and row.signed_in

    def is_studying(self, agent: str) -> bool:
        """Whether somebody is in training."""
        row = self._floor.rows.get(agent)
        return row is not None and row.signed_in and _is_studying(row)

    def studying(self) -> list[str]:
        """All who are."""
        return [agent for agent in self._floor.rows if self.is_studying(agent)]

    def is_below(self, team: str) -> bool:
        """Whether the service level of a team is not kept."""
        rule = self._rules.get(team) or self._rules.get("")
        if rule is None:
            return False
        now_ms = self._now_ms()
        looked_ms, below = self._below.get(team, (-_KEPT_MS, False))
        if not 0 <= now_ms - looked_ms < _KEPT_MS:
            below = self._level(team, rule, now_ms).is_below(rule.target_pct)
            self._below[team] = now_ms, below
        return below

    def can_spare(self, team: str) -> bool:
        """Whether the service level is kept, and no call rings at a seat of the team."""
        return not self.is_below(team) and not any(map(self._rings, self._members(team)))

    def _level(self, team: str, rule: BreakRule, now_ms: int) -> Level:
        members = frozenset(self._members(team))
        return self._levels.of(members, rule.service_level_s, now_ms)

    def _members(self, team: str) -> list[str]:
        return [number for number, who in self._floor.staff.items() if who.team == team]

    def _rings(self, agent: str) -> bool:
        row = self._floor.rows.get(agent)
        return row is not None and row.state is State.RINGING and row.link is Link.ONLINE


def _is_studying(row: Presence) -> bool:
    return row.state is State.NOT_READY and row.reason is Reason.TRAINING
