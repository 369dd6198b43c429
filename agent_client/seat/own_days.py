"""The plan and the figures of the person at this seat, for screens: computed when they are asked
for, and told again when they have changed."""

from collections.abc import Callable
from datetime import date

import msgspec

from agent_client.seat import own_day
from agent_client.seat.clock import Clock
from agent_client.seat.instants import zone
from agent_client.seat.own_day import Computed, Sitting
from agent_client.seat.plan_cache import PlanCache
from agent_client.seat.recent_sessions import RecentSessions
from agent_client.seat.standing import Standing
from protocol.facts.agent import State
from protocol.rules.day_rules import AdherenceRules
from protocol.wire.adherence import AdherenceDay
from protocol.wire.desk_plan import OwnDay
from protocol.wire.errors import Code, Refused
from protocol.wire.exceptions import derived_row
from protocol.wire.segments import told_segments

_MINUTE_MS = 60_000


class OwnDays(msgspec.Struct):
    """Holds nothing but what was told last."""

    agent: str
    sessions: RecentSessions
    clock: Clock
    standing: Standing
    cache: PlanCache
    tell: Callable[[OwnDay], None]
    """Whoever watches."""
    watched: Callable[[], bool]
    zone_name: Callable[[], str]
    _told: object = None

    def look(self) -> None:
        """Tell of the day if it is another than was told, or a minute has passed."""
        if not self.watched():
            self._told = None
            return
        now_ms, cache = self._now_ms(), self.cache
        state = self.standing.agent
        seen = (
            state.state,
            state.reason,
            self.standing.since_ms,
            now_ms // _MINUTE_MS,
            id(cache.plan),
            cache.notices,
        )
        if seen != self._told:
            self._told = seen
            self.tell(self.today())

    def today(self) -> OwnDay:
        """The present business date."""
        now_ms, cache, state = self._now_ms(), self.cache, self.standing.agent
        if state.state is State.LOGGED_OFF:
            return OwnDay(None, now_ms, zone=self.zone_name())
        sitting = self._sitting(now_ms)
        found = own_day.computed(sitting, own_day.business_date(sitting))
        plan = found.segments
        planned = own_day.present(plan, now_ms)
        doing = (state.state, state.reason)
        now = planned.now
        is_there = own_day.adhering(found, doing, now.activity, now_ms) if now else None
        return OwnDay(
            day=found.day,
            as_of_ms=now_ms,
            plan=plan,
            planned=found.plan is not None or bool(plan),
            tomorrow=own_day.next_shift(sitting, found.day),
            counted=told_segments(found.figure.counted, now_ms),
            figure=found.figure.figure if plan else None,
            now_planned=now.activity if now else None,
            now_until_ms=now.end_ms if now else None,
            next_planned=planned.next.activity if planned.next else None,
            adhering=is_there,
            fatigue=found.figure.fatigue,
            notices=cache.notices,
            alone=not cache.fresh,
            zone=self.zone_name(),
        )

    def rules(self) -> AdherenceRules:
        """The operator's of the present business date, as the service told of them."""
        return own_day.rules_at(self._sitting(self._now_ms()))

    def adherence(self, re: int, day: date) -> AdherenceDay:
        """A business date as far as this desk can know it. Raises `Refused` with
        `service_unreachable` where it knows of no plan at all."""
        told = self.cache.plan
        if told is None:
            raise Refused(Code.SERVICE_UNREACHABLE, server="")
        now_ms = self._now_ms()
        sitting = self._sitting(now_ms)
        return self._page(re, own_day.computed(sitting, day), now_ms)

    def _page(self, re: int, found: Computed, now_ms: int) -> AdherenceDay:
        told, made = self.cache.plan, found.figure
        assert told is not None
        decided = [each for each in told.exceptions if each.day == found.day]
        follow = [derived_row(self.agent, found.day, each) for each in made.derived]
        return AdherenceDay(
            re=re,
            person=told.person,
            day=found.day,
            zone=self.zone_name(),
            as_of_ms=now_ms,
            from_ms=found.window[0],
            until_ms=found.window[1],
            plans=() if found.plan is None else (found.plan,),
            recorded=told_segments(found.recorded, now_ms),
            counted=told_segments(made.counted, now_ms),
            raw=made.raw,
            figure=made.figure,
            slices=made.slices,
            exceptions=(*decided, *follow),
            incidents=told.incidents,
            attendance=(),
            fatigue=made.fatigue,
            version=found.rules.version,
            values=found.rules.values,
            offline=True,
            stand_ins=found.stand_ins,
        )

    def _sitting(self, now_ms: int) -> Sitting:
        own = self.sessions.facts(now_ms)
        return Sitting(self.agent, self.cache.plan, own, zone(self.zone_name()), now_ms)

    def _now_ms(self) -> int:
        reading = self.clock.read()
        return reading.wall_ms if reading.occurred_ms is None else reading.occurred_ms
