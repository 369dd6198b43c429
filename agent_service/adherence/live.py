"""Adherence on the floor as it is now: whether somebody does what is planned, at once; the share of
the day so far, once a minute, spread over it. Lives in the event loop's thread; the counting is
done beside it, a few people at a time.

What nobody knows is never shown as bad: without a state there is no answer, and a share with
unknown time in it is a range.
"""

import asyncio
import logging
import sqlite3
from collections.abc import Callable, Collection, Iterator, Sequence
from datetime import date, timedelta, tzinfo
from zlib import crc32

from agent_service.adherence.basis import Moment
from agent_service.adherence.live_days import Asked, LiveDay, LiveDays, closed
from agent_service.exceptions.proposing import DerivedProposer
from agent_service.presence.floor import Floor, LiveRow
from agent_service.reader import Reader
from agent_service.writer import Writer
from protocol.facts.agent import State
from protocol.facts.shift import PlannedSegment
from protocol.rules.adherence_planned import RESTS, UNKNOWN_STATES, in_by_state
from protocol.rules.agent_state import AgentState
from protocol.rules.day_rules import RosterRules
from protocol.rules.exceptions import Derived
from protocol.wire.errors import Code, Refused

_log = logging.getLogger(__name__)

_TICK_S = 1.0
_EVERY_MS = 60_000
_SOON_MS = 3_000
"""Until somebody is counted whose state the last count did not see."""
_FORGOTTEN = timedelta(days=2)
_AT_ONCE = 20
"""People in one round of the reader's thread: others want the interpreter too."""
_OF_A_CALL = frozenset(
    {State.RINGING, State.DIALING, State.TALK, State.HOLD, State.CONSULT, State.ACW}
)


class LiveAdherence:
    """Of everybody on the floor."""

    def __init__(
        self,
        floor: Floor,
        reader: Reader,
        writer: Writer,
        proposer: DerivedProposer,
        where: tzinfo,
        now_ms: Callable[[], int],
    ) -> None:
        self._floor = floor
        self._reader = reader
        self._writer = writer
        self._proposer = proposer
        self._where = where
        self._now_ms = now_ms
        self._days = LiveDays()
        self._known: dict[str, LiveDay] = {}
        self._due_ms: dict[str, int] = {}
        self._turns_ms: dict[str, int] = {}
        """When what is planned becomes something else."""
        self._unsure: set[str] = set()
        """Who was shown without an answer, because the last count is older than the state."""
        self._changed: set[str] | None = None
        self._proposed: dict[tuple[str, date], tuple[Derived, ...]] = {}
        """By person and business date."""
        floor.live = self.row

    def note(self, agents: Collection[str] | None) -> None:
        """Something of these people's days changed; None: of everybody's."""
        if agents is None:
            self._changed = None
            self._due_ms.clear()
            return
        if self._changed is not None:
            self._changed.update(agents)
        for agent in agents:
            self._due_ms[agent] = 0

    def row(self, agent: str, state: AgentState) -> LiveRow:
        """What the floor is told, given the state that is seen."""
        known = self._known.get(agent)
        if known is None:
            return LiveRow()
        now_ms = self._now_ms()
        planned = _planned(known.segments, now_ms)
        return LiveRow(
            planned=None if planned is None else planned.activity,
            planned_until_ms=None if planned is None else planned.end_ms,
            adhering=None if planned is None else self._adhering(known, planned, state),
            counted_s=known.counted_s,
            in_s=known.in_s,
            in_high_s=known.in_high_s,
            run_s=known.run_s or None,
            fatigue=_level(known.run_s, known.rules.roster),
        )

    def is_rest_due(self, agent: str) -> bool:
        """Whether somebody's run of work has reached that at which a break is offered, by the last
        count and, since then, if the work has gone on."""
        known = self._known.get(agent)
        offer_at_ms = None if known is None else known.fatigue.offer_at_ms
        return offer_at_ms is not None and offer_at_ms <= self._now_ms()

    async def run(self) -> None:
        """Until cancelled. A start begins anew, with all of the last days."""
        self._days, self._changed = LiveDays(), None
        while True:
            for agents in _slices(self._due()):
                await self._count_each(agents)
            self._turn()
            await asyncio.sleep(_TICK_S)

    def _due(self) -> list[str]:
        """Whose minute is over, and who is new."""
        now_ms, staff = self._now_ms(), self._floor.staff
        for agent in staff.keys() - self._due_ms.keys():
            self._due_ms[agent] = now_ms
        for agent in (self._due_ms.keys() | self._known.keys()) - staff.keys():
            self._forget(agent)
        return sorted(agent for agent, due_ms in self._due_ms.items() if due_ms <= now_ms)

    def _forget(self, agent: str) -> None:
        for kept in (self._due_ms, self._known, self._turns_ms):
            kept.pop(agent, None)
        self._unsure.discard(agent)

    async def _count_each(self, agents: Sequence[str]) -> None:
        """Count them together, or one by one where somebody among them can't be counted; whoever
        that is has another turn in a minute."""
        try:
            await self._count(agents)
        except Exception as fault:  # noqa: BLE001 - the edge: one person's fault is no other's
            of_all = isinstance(fault, Refused) and fault.code == Code.LEDGER_UNAVAILABLE
            if len(agents) > 1 and not of_all:
                for agent in agents:
                    await self._count_each([agent])
                return
            _log.exception("live_count_failed: %s", ", ".join(agents))
            self._due_ms.update(dict.fromkeys(agents, self._now_ms() + _EVERY_MS))

    async def _count(self, agents: Sequence[str]) -> None:
        """Count them anew, tell the floor of what changed, and propose what follows."""
        now_ms = self._now_ms()
        changed, self._changed = self._changed, set()
        told = None if changed is None else frozenset(changed)
        asked = Asked(agents, told, Moment(self._where, now_ms))

        def count(connection: sqlite3.Connection) -> list[LiveDay]:
            return self._days.round(connection, asked)

        try:
            days = await self._reader.run(count)
        except BaseException:
            self._changed = None
            raise
        for agent in agents:
            spread_ms = _EVERY_MS if agent in self._known else crc32(agent.encode()) % _EVERY_MS
            self._due_ms[agent] = now_ms + spread_ms
        news = [day.agent for day in days if self._take(day)]
        if news:
            self._floor.changed(news)
        for day in days:
            await self._propose(day)

    def _take(self, day: LiveDay) -> bool:
        """Whether the floor has to be told."""
        before = self._known.get(day.agent)
        self._known[day.agent] = day
        self._turns_ms[day.agent] = _next_turn(day.segments, day.as_of_ms)
        unsure = day.agent in self._unsure
        self._unsure.discard(day.agent)
        return unsure or before is None or _shown(before) != _shown(day)

    def _turn(self) -> None:
        """Tell of those for whom another activity is planned by now."""
        now_ms = self._now_ms()
        turned = [agent for agent, at_ms in self._turns_ms.items() if 0 < at_ms <= now_ms]
        for agent in turned:
            self._turns_ms[agent] = _next_turn(self._known[agent].segments, now_ms)
        if turned:
            self._floor.changed(turned)

    async def _propose(self, day: LiveDay) -> None:
        """What is over and was not proposed yet."""
        over = closed(day.follows, day.as_of_ms)
        key = day.agent, day.day
        if not over or self._proposed.get(key) == over:
            return
        try:
            await self._writer.run(
                lambda connection: self._proposer.propose(
                    connection, day.agent, day.day, over, day.as_of_ms
                )
            )
        except Exception:  # noqa: BLE001 - the edge: the next count tries again
            _log.exception("live_propose_failed: %s", day.agent)
            return
        self._proposed[key] = over
        self._proposed.pop((day.agent, day.day - _FORGOTTEN), None)

    async def propose(self, named: Collection[str]) -> None:
        """Record those of these exceptions that follow from the present dates as they were counted
        last and that nobody was asked about. Raises `Refused` with `ledger_unavailable`."""
        days = [day for day in self._known.values() if day.follows]

        def record(connection: sqlite3.Connection) -> None:
            for day in days:
                self._proposer.propose_named(connection, day.agent, day.day, day.follows, named)

        if days:
            await self._writer.run(record)

    def _adhering(self, known: LiveDay, planned: PlannedSegment, state: AgentState) -> bool | None:
        """By the state and the plan; where these say no, the day's figure may know better: an
        exception, a call that ran over. A figure that is older than the state says nothing, and is
        made anew soon."""
        if state.state in UNKNOWN_STATES:
            return None
        rests = planned.activity in RESTS
        by_state = in_by_state(known.rules.adherence.work_reasons)[planned.activity]
        if (state.state, state.reason) in by_state:
            return True
        if rests and (state.state in _OF_A_CALL or state.state is State.LOGGED_OFF):
            return None
        if self._is_fresh(known, planned):
            return known.fair
        self._unsure.add(known.agent)
        soon_ms = self._now_ms() + _SOON_MS
        self._due_ms[known.agent] = min(self._due_ms.get(known.agent, soon_ms), soon_ms)
        return None

    def _is_fresh(self, known: LiveDay, planned: PlannedSegment) -> bool:
        """Whether the figure was made in the present state and the present part of the plan."""
        row = self._floor.rows.get(known.agent)
        if row is None or row.since_ms is None:
            return False
        return known.as_of_ms > max(row.since_ms, planned.start_ms)


def _planned(segments: Sequence[PlannedSegment], now_ms: int) -> PlannedSegment | None:
    return next((each for each in segments if each.start_ms <= now_ms < each.end_ms), None)


def _next_turn(segments: Sequence[PlannedSegment], now_ms: int) -> int:
    """0: none."""
    ends = (at for each in segments for at in (each.start_ms, each.end_ms) if at > now_ms)
    return min(ends, default=0)


def _shown(day: LiveDay) -> tuple[object, ...]:
    return day.segments, day.counted_s, day.in_s, day.in_high_s, day.run_s, day.fair


def _level(run_s: int, rules: RosterRules) -> str:
    if run_s >= rules.run_limit_s:
        return "limit"
    if run_s >= rules.run_offer_s:
        return "offer"
    return "warn" if run_s >= rules.run_warn_s else ""


def _slices(agents: Sequence[str]) -> Iterator[Sequence[str]]:
    for at in range(0, len(agents), _AT_ONCE):
        yield agents[at : at + _AT_ONCE]
