"""A team's queue at one moment: who is away, who waits, and whether the service level is kept."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

import msgspec

from agent_service.breaks.places import BreakPlaces
from agent_service.breaks.planned_rests import PlannedRests
from agent_service.breaks.row import PlaceRow
from agent_service.presence.floor import Floor
from agent_service.presence.row import Presence
from protocol.facts.agent import State
from protocol.rules.break_queue import Asking, BreakRule, Level, Situation
from protocol.wire.sync import Link

_IN_CALL = frozenset(
    {State.RINGING, State.DIALING, State.TALK, State.HOLD, State.CONSULT, State.ACW}
)


class Scene(msgspec.Struct, frozen=True):
    """What a team's queue is decided by."""

    team: str
    rule: BreakRule
    situation: Situation
    level: Level
    rows: Mapping[str, PlaceRow]
    """The places that stand, by place."""
    asking: Sequence[Asking]


class Scenes:
    """Makes them of what the event loop knows."""

    def __init__(
        self,
        rules: Iterable[BreakRule],
        floor: Floor,
        places: BreakPlaces,
        rests: PlannedRests,
        rest_due: Callable[[str], bool],
        now_ms: Callable[[], int],
    ) -> None:
        """`rest_due`: whether somebody's run of work has reached that at which a break is
        offered."""
        self._rules = {rule.team: rule for rule in rules}
        self._floor = floor
        self._places = places
        self._levels = places.levels
        self._rests = rests
        self._rest_due = rest_due
        self._now_ms = now_ms

    @property
    def queued(self) -> bool:
        """Whether any team has a queue."""
        return bool(self._rules)

    def rule_of(self, team: str) -> BreakRule | None:
        """How a team's breaks are queued; null: they are not."""
        return self._rules.get(team) or self._rules.get("")

    def team_of(self, agent: str) -> str | None:
        """Null for who takes no calls here."""
        person = self._floor.staff.get(agent)
        return None if person is None else person.team

    def presence(self, agent: str) -> Presence | None:
        """Where somebody is who is signed in."""
        row = self._floor.rows.get(agent)
        there = row is not None and row.signed_in and agent in self._floor.staff
        return row if there else None

    async def read(self) -> None:
        """Read the plans of all that matter."""
        away = (row.agent for row in self._on_break(self._floor.staff))
        await self._rests.read({*away, *self._places.open})

    def of(self, team: str, rule: BreakRule, gone: Collection[str] = ()) -> Scene:
        """One team, without the places that are `gone`."""
        now_ms = self._now_ms()
        members = [number for number, who in self._floor.staff.items() if who.team == team]
        level = self._levels.of(frozenset(members), rule.service_level_s, now_ms)
        away = [self._left_s(row, now_ms) for row in self._on_break(members) if self._counts(row)]
        rows = {
            row.place: row
            for row in self._places.open.values()
            if row.team == team and row.place not in gone
        }
        held = level.is_below(rule.target_pct)
        asking = [self._asking(row) for row in rows.values()]
        return Scene(team, rule, Situation(now_ms, away, held), level, rows, asking)

    def is_on_break(self, row: Presence, rule: BreakRule) -> bool:
        """Whether it is one that needs a turn."""
        return row.state is State.NOT_READY and row.reason in rule.reasons

    def is_in_call(self, row: Presence) -> bool:
        """Whether a call, or the work after it, keeps somebody; of who can't be heard nobody
        knows."""
        return row.state in _IN_CALL and row.link is Link.ONLINE

    def rests_due(self) -> frozenset[str]:
        """The places of those who are owed a rest, as far as none of them says so yet."""
        rows = self._places.open.values()
        return frozenset(row.place for row in rows if self._is_due(row) and not row.rest_due)

    def forget(self) -> None:
        """Keep no calls that matter no more."""
        self._levels.forget(self._now_ms())

    def _on_break(self, agents: Iterable[str]) -> Iterable[Presence]:
        for agent in agents:
            row = self.presence(agent)
            rule = None if row is None else self.rule_of(self._floor.staff[agent].team)
            if row is not None and rule is not None and self.is_on_break(row, rule):
                yield row

    def _counts(self, row: Presence) -> bool:
        """Planned time is the agent's: a break that began in it uses up the cap only once it has
        lasted for longer than was planned."""
        if row.since_ms is None:
            return True
        planned = self._rests.at(row.agent, row.since_ms)
        if planned is None:
            return True
        return self._now_ms() >= row.since_ms + planned.end_ms - planned.start_ms

    def _left_s(self, row: Presence, now_ms: int) -> int | None:
        if row.since_ms is None or row.reason is None:
            return None
        length_s = self._rests.length_s(row.agent, row.reason)
        if length_s is None:
            return None
        return max(0, length_s - max(0, now_ms - row.since_ms) // 1000)

    def _asking(self, row: PlaceRow) -> Asking:
        length_s = self._rests.length_s(row.agent, row.reason)
        first, rest_due = row.after_call != "", self._is_due(row)
        return Asking(row.place, row.asked_ms, first, row.granted, length_s, rest_due)

    def _is_due(self, row: PlaceRow) -> bool:
        return row.rest_due or self._rest_due(row.agent)
