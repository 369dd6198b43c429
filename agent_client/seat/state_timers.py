"""What time does to a state: ringing runs out, after-call work does, and a desk that nobody sits
at is left."""

import asyncio
from collections.abc import Callable

from protocol.facts.agent import State
from protocol.rules.agent_state import AgentState, Limits


class StateTimers:
    """At most one timer for the present state, and one for the empty desk."""

    def __init__(
        self,
        ring_expired: Callable[[str], None],
        acw_expired: Callable[[str], None],
        desk_left: Callable[[], None],
    ) -> None:
        self._expired = {State.RINGING: ring_expired, State.ACW: acw_expired}
        self._desk_left = desk_left
        self._timer: asyncio.TimerHandle | None = None
        self._away: asyncio.TimerHandle | None = None
        self.until_ms: int | None = None
        """When the state will end by itself (server time), where that is known."""

    def entered(self, agent: AgentState, since_ms: int | None, limits: Limits) -> None:
        """Another state was entered: its timer takes the place of the earlier one's."""
        if self._timer is not None:
            self._timer.cancel()
        self._timer, self.until_ms = None, None
        seconds = {State.RINGING: limits.ring_timer_s, State.ACW: limits.acw_limit_s}
        if agent.state not in seconds:
            return
        assert agent.call_id is not None
        act, after_s = self._expired[agent.state], seconds[agent.state]
        self._timer = asyncio.get_running_loop().call_later(after_s, act, agent.call_id)
        self.until_ms = None if since_ms is None else since_ms + after_s * 1000

    def extended(self, agent: AgentState, by_s: int) -> None:
        """After-call work ends so much later than it would have."""
        assert self._timer is not None and agent.call_id is not None
        due = self._timer.when() + by_s
        self._timer.cancel()
        loop = asyncio.get_running_loop()
        self._timer = loop.call_at(due, self._expired[State.ACW], agent.call_id)
        self.until_ms = None if self.until_ms is None else self.until_ms + by_s * 1000

    def watch_desk(self, agent: AgentState, terminals: int, limits: Limits) -> None:
        """Somebody is at the desk, or was until this moment. READY at a desk without a terminal
        and without a command is nobody's READY."""
        if self._away is not None:
            self._away.cancel()
            self._away = None
        if agent.state is State.READY and terminals == 0:
            loop = asyncio.get_running_loop()
            self._away = loop.call_later(limits.away_s, self._desk_left)

    def slept(self, agent: AgentState, seconds: float) -> None:
        """The machine slept for so long, and the loop's clock stood still: what is due is due so
        much earlier. But for ringing, which nobody could have answered: how that call ended, the
        phone will say."""
        loop = asyncio.get_running_loop()
        acw = self._timer if agent.state is State.ACW else None
        if acw is not None and acw.when() > loop.time():
            assert agent.call_id is not None
            acw.cancel()
            due = acw.when() - seconds
            self._timer = loop.call_at(due, self._expired[State.ACW], agent.call_id)
        if self._away is not None and self._away.when() > loop.time():
            due = self._away.when() - seconds
            self._away.cancel()
            self._away = loop.call_at(due, self._desk_left)

    def close(self) -> None:
        """Nothing comes any more."""
        for timer in (self._timer, self._away):
            if timer is not None:
                timer.cancel()
