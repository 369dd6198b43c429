"""Breaks that need a turn: the queue as the service tells of it, and asking for a place in it.

Nobody is kept from a break by an outage, by a service that says nothing, or from a personal need;
and a turn that comes changes no state: the agent goes when the agent wants to.
"""

import asyncio
from collections.abc import Callable, Iterable

from agent_client.seat.desk import Desk
from agent_client.seat.link import Link
from agent_client.seat.relay import Relay
from agent_client.seat.standing import Standing
from protocol.facts.agent import Reason, State
from protocol.facts.shift import Activity
from protocol.rules.agent_state import Choice
from protocol.rules.day_rules import AdherenceRules
from protocol.wire.breaks import AskBreak, BreakPlace, OwnQueue
from protocol.wire.desk_plan import OwnDay
from protocol.wire.errors import Code, Refused
from protocol.wire.person import Segment

SILENCE_S = 3.0
"""A service that has not answered by then is not waited for."""

RESTS = frozenset({Activity.BREAK, Activity.MEAL})
_IN_CALL = frozenset(
    {State.RINGING, State.DIALING, State.TALK, State.HOLD, State.CONSULT, State.ACW}
)
_REFUSALS = frozenset({Code.UNKNOWN_CALL, Code.BREAK_TAKEN, Code.TOO_MANY_REQUESTS})
"""What the person has to know; after any other the break is taken as ever."""


class Breaks:
    """Between the person who asks for a break and the desk that takes it. `planned` tells whether
    the present time is planned as a rest, and so the agent's own."""

    def __init__(
        self,
        desk: Desk,
        standing: Standing,
        link: Link,
        relay: Relay,
        changed: Callable[[], None],
    ) -> None:
        self.planned: Callable[[], bool] = lambda: False
        self._desk = desk
        self._standing = standing
        self._link = link
        self._relay = relay
        self._changed = changed
        self._told: OwnQueue | None = None

    @property
    def queue(self) -> OwnQueue | None:
        """As the service told last on this connection; null where nothing needs a turn."""
        return self._told if self._link.up else None

    def take(self, queue: OwnQueue) -> None:
        """The service tells of the queue."""
        self._told = queue if queue.reasons else None
        self._changed()

    def forget(self) -> None:
        """The link is lost, or the person has signed out: what was told may be so no more."""
        self._told = None

    async def take_break(self, reason: Reason, after_call: str = "") -> None:
        """Stop taking calls; in a call, afterwards. Where it is not the agent's turn, the agent
        is in the queue then and nothing else has changed. Raises `Refused`, also with
        `unknown_call` or `break_taken` for an `after_call`."""
        if await self._may_go(reason, after_call):
            self._desk.take_break(reason)

    async def choose_next(self, choice: Choice | None) -> None:
        """Choose what follows the call, or take the choice back. Likewise for a break."""
        reason = None if choice is None else choice.reason
        if reason is None or await self._may_go(reason, ""):
            self._desk.choose_next(choice)

    async def _may_go(self, reason: Reason, after_call: str) -> bool:
        queue = self.queue
        if queue is None or not self._needs_turn(queue, reason) or self.planned():
            return True
        if queue.granted and not after_call:
            return True
        answer = await self._ask(reason, after_call)
        if answer is None:
            return True
        self.take(answer)
        return answer.granted or answer.asked is None

    def _needs_turn(self, queue: OwnQueue, reason: Reason) -> bool:
        """Whoever is on such a break goes from one to another as ever."""
        now = self._standing.agent
        if reason is Reason.PERSONAL or reason not in queue.reasons:
            return False
        away = now.state is State.NOT_READY and now.reason in queue.reasons
        return not away and now.state is not State.LOGGED_OFF

    async def _ask(self, reason: Reason, after_call: str) -> OwnQueue | None:
        """What the service says; null where it says nothing that would keep anybody here."""
        try:
            async with asyncio.timeout(SILENCE_S):
                answer = await self._relay.ask(lambda id_: AskBreak(id_, reason, after_call))
        except TimeoutError:
            return None
        except Refused as refused:
            if refused.code in _REFUSALS:
                raise
            return None
        assert isinstance(answer, BreakPlace)
        return answer.queue


def is_time_for_rest(own: OwnDay, rules: AdherenceRules) -> bool:
    """Whether a break or a meal is planned now, or was, when a call ran into it, and has not been
    taken since: where breaks float, and for as long as a call that runs over is excused."""
    now_ms = own.as_of_ms
    floats_ms = rules.overrun_cap_s * 1000 if rules.break_floats else 0
    rests = [each for each in own.plan if each.activity in RESTS and each.start_ms <= now_ms]
    return any(
        now_ms < each.end_ms
        or (
            now_ms < each.start_ms + floats_ms
            and _in_call_at(own.counted, each.start_ms)
            and not _rested(own.counted, each.start_ms)
        )
        for each in rests
    )


def _in_call_at(counted: Iterable[Segment], at_ms: int) -> bool:
    return any(
        each.state in _IN_CALL
        and each.start.timestamp() * 1000 <= at_ms
        and (each.end is None or each.end.timestamp() * 1000 > at_ms)
        for each in counted
    )


def _rested(counted: Iterable[Segment], since_ms: int) -> bool:
    """Whether any break or meal has begun since."""
    return any(
        each.state is State.NOT_READY
        and each.reason in (Reason.REST, Reason.MEAL)
        and each.start.timestamp() * 1000 >= since_ms
        for each in counted
    )
