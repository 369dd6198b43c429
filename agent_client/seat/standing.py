"""How the agent and the call stand, and the one way in which that changes.

The state table decides, the facts go to the disk, and only then the standing changes and whoever
watches sees it. What happened while the disk refuses waits in order, with the time at which it
happened, until the disk takes it.
"""

import asyncio
import logging
from collections import deque
from collections.abc import Callable, Sequence

import msgspec

from agent_client.seat import recovery
from agent_client.seat.call import DeskCall, call_state_in
from agent_client.seat.clock import Clock, Reading
from agent_client.seat.opening import opening
from agent_client.seat.outbox import Outbox
from agent_client.seat.queued_forces import Cause, QueuedForces, Settled
from agent_client.seat.state_facts import (
    by_agent,
    entered,
    force_outcome,
    moved,
    told,
)
from agent_client.seat.state_timers import StateTimers
from protocol.facts.agent import State
from protocol.facts.order import OrderOutcome
from protocol.facts.record import AnyFact
from protocol.rules.agent_state import AgentState, Happening, Limits, Refusal, Trigger
from protocol.rules.agent_state_table import step
from protocol.rules.lines import Line, limits_on, line_named
from protocol.wire.desk_call import CallState
from protocol.wire.errors import Code, Refused
from protocol.wire.session import SignedIn

_log = logging.getLogger(__name__)

DISK_RETRY_S = 0.5
TYPING_S = 10
"""A sign of life so short before the end of after-call work is somebody who is still at it."""
SYSTEM = "system"


class Standing:
    """One agent's state and call. To be used from the event loop's thread."""

    def __init__(
        self,
        outbox: Outbox,
        clock: Clock,
        changed: Callable[[], None],
        signed_off: Callable[[], None],
        ring_expired: Callable[[str], None],
    ) -> None:
        self._outbox = outbox
        self._clock = clock
        self._changed = changed
        self._signed_off = signed_off
        self._waiting: deque[tuple[Reading, Callable[[Reading], None]]] = deque()
        self._catching_up = False
        self._blocked: Refused | None = None
        self._retry: asyncio.TimerHandle | None = None
        self._timers = StateTimers(ring_expired, self._acw_over, self._desk_left)
        self._followers: list[Callable[[], None]] = []
        self._terminals = 0
        self._life_ms = 0
        self._forces = QueuedForces()
        self.written_along: Callable[[Reading, AgentState], Sequence[AnyFact]] = lambda *_: ()
        """What ends with a change of the state, told in the same write, before it."""
        self.agent = AgentState()
        self.limits = Limits()
        self.sign_in: SignedIn | None = None
        self.call: DeskCall | None = None
        self.line: Line | None = None
        """The line of the present call, and of its after-call work."""
        self.since_ms: int | None = None

    def begin(
        self,
        session_id: str,
        signed_in: SignedIn,
        client: str,
        *,
        resumed: bool,
        provisional: bool = False,
    ) -> None:
        """A session begins: its opening, what is lost of earlier ones, what the one before left
        unfinished, and NOT_READY; for whoever signs in anew without a reason, after a restart of
        the seat with its fault and, if it was locked, behind a locked screen.

        Raises `Refused(DISK_FAILED)`; then nobody is signed in.
        """
        last = self._outbox.last_session()
        left = recovery.unfinished(
            fact for _, fact in (self._outbox.facts(last) if last is not None else ())
        )
        trigger = Trigger.SEAT_RESTARTED if resumed else Trigger.SIGN_IN
        locked = resumed and left.locked
        after = step(AgentState(locked=locked), Happening(trigger), signed_in.limits).after
        actor = SYSTEM if resumed else signed_in.person.number
        at = self._clock.read()
        begun = opening(self._clock, last, client, provisional=provisional)
        settled = recovery.recovered(left, locked=locked)
        lost = self._outbox.undeclared()
        first = (*begun, *lost, *settled, entered(after, trigger, actor))
        self._outbox.begin(session_id, at, first)
        self.limits, self.sign_in = signed_in.limits, signed_in
        self.agent, self.call, self.line, self.since_ms = after, None, None, at.occurred_ms
        self._arrange()
        self._tell()

    def follow(self, changed: Callable[[], None]) -> None:
        """Call this, too, whenever something changed."""
        self._followers.append(changed)

    @property
    def until_ms(self) -> int | None:
        """When a timer will end the state (server time); null without one."""
        return self._timers.until_ms

    @property
    def lines(self) -> tuple[Line, ...]:
        """The lines of business of the site."""
        return () if self.sign_in is None else self.sign_in.lines

    def present(self, *states: CallState) -> DeskCall:
        """The call at the desk. Raises `Refused` without one in any of these states."""
        if self.call is None:
            raise Refused(Code.NO_CALL)
        if self.call.state not in states:
            raise Refused(Refusal.WRONG_STATE)
        return self.call

    @property
    def limits_in_force(self) -> Limits:
        """The operator's limits, as the line of the present call has them."""
        return limits_on(self.limits, self.line)

    @property
    def extensions_left(self) -> int:
        """How often after-call work can still be given more time; 0 outside it."""
        if self.agent.state is not State.ACW:
            return 0
        return max(0, self.limits_in_force.acw_extensions - self.agent.extensions)

    @property
    def waits(self) -> bool:
        """Whether something that happened waits for the disk."""
        return self._blocked is not None

    def need_disk(self) -> None:
        """Raises `Refused` with the disk's fault while something that happened waits for it."""
        if self._blocked is not None:
            raise Refused(self._blocked.code, **self._blocked.params)

    def ask(
        self,
        happening: Happening,
        facts: Sequence[AnyFact] = (),
        call: DeskCall | None = None,
        actor: str | None = None,
    ) -> None:
        """Do what the agent wishes, or raise `Refused`; then nothing changed."""
        self.need_disk()
        self.take(self._clock.read(), happening, facts, call, actor)
        self.sign_of_life()

    def force(
        self,
        happening: Happening,
        settled: Settled,
        actor: str,
    ) -> OrderOutcome:
        """Do what somebody else asked, or raise `Refused`; then nothing changed. What `settled`
        says of the outcome goes to the disk together with it; of what is queued also when it
        comes, or lapses."""
        self.need_disk()
        at = self._clock.read()
        outcome = force_outcome(self.agent, self._after(at, happening))
        self.take(at, happening, settled(outcome), actor=actor)
        if outcome is OrderOutcome.QUEUED:
            self._forces.add(Cause(happening.trigger, actor), settled)
        return outcome

    def happened(self, act: Callable[[Reading], None]) -> None:
        """Take what can't be refused: at once, or when the disk lets it, in order."""
        self._waiting.append((self._clock.read(), act))
        if not self.waits and not self._catching_up:
            self._catch_up()

    def take(
        self,
        at: Reading,
        happening: Happening,
        facts: Sequence[AnyFact] = (),
        call: DeskCall | None = None,
        actor: str | None = None,
    ) -> None:
        """Decide, write, change, tell: in this order. `call` is how the call stands with it, where
        more of it changes than its state; `actor` is who did it, where the trigger does not say.

        Raises `Refused` by the table, or `Refused(DISK_FAILED)`; then nothing changed.
        """
        before, after = self.agent, self._after(at, happening)
        by = actor or self._actor(before, happening.trigger)
        cause = self._forces.cause(before, after, happening.trigger) or Cause(happening.trigger, by)
        extension_s = self.limits_in_force.acw_extension_s
        changed = told(before, after, *cause, extension_s, happening.text)
        along = self.written_along(at, after)
        written = (*along, *facts, *self._forces.outcomes(before, after), *changed)
        if written:
            self._outbox.append(at, written)
        self.agent = after
        self._forces.follow(before, after)
        self._follow_call(call, at)
        if moved(before, after):
            self.since_ms = at.occurred_ms
            self._arrange()
        elif after.extensions > before.extensions:
            self._timers.extended(after, extension_s)
        self._tell()
        if after.state is State.LOGGED_OFF and before.state is not State.LOGGED_OFF:
            self._signed_off()

    def record(self, facts: Sequence[AnyFact]) -> None:
        """Write what a person tells that changes no state. Raises `Refused`; then nothing was
        written."""
        self.need_disk()
        self.note(self._clock.read(), facts)

    def note(self, at: Reading, facts: Sequence[AnyFact]) -> None:
        """Write what happened and changes no state."""
        self._outbox.append(at, facts)
        self._tell()

    def declare_losses(self) -> None:
        """Write what was found to be lost since the session began."""

        def declare(at: Reading) -> None:
            lost = self._outbox.undeclared()
            if lost:
                self.note(at, lost)

        self.happened(declare)

    def anchored(self, since_ms: int | None) -> None:
        """The clock was set in the middle of a session: the present state began then."""
        self.since_ms = since_ms
        if self.call is not None:
            self.call = msgspec.structs.replace(self.call, since_ms=since_ms)
        self._tell()

    def change_call(self, at: Reading, facts: Sequence[AnyFact], call: DeskCall) -> None:
        """Something of the call changed that is none of the agent's state's business."""
        self._outbox.append(at, facts)
        self.call = call
        self._tell()

    def sign_of_life(self) -> None:
        """Somebody is at the desk."""
        self._life_ms = self._clock.monotonic()
        self._watch_desk()
        if self.agent.state is State.ACW and not self.agent.alive and not self.waits:
            self.happened(lambda at: self.take(at, Happening(Trigger.SIGN_OF_LIFE)))

    @property
    def terminal_count(self) -> int:
        """How many terminals are connected."""
        return self._terminals

    def terminals(self, count: int) -> None:
        """So many terminals are connected."""
        self._terminals = count
        self._watch_desk()

    def slept(self, seconds: float) -> None:
        """The machine slept for so long."""
        self._timers.slept(self.agent, seconds)

    def close(self) -> None:
        """Stop the timers. What waits for the disk gets a last try; what is not taken is told of
        nowhere, and from the last sign of running on nobody knows."""
        self._timers.close()
        self._stop_retrying()
        if self.waits:
            self._catch_up()
            self._stop_retrying()
        if self._waiting:
            _log.error("what happened %d times is not on this disk", len(self._waiting))

    def _after(self, at: Reading, happening: Happening) -> AgentState:
        """Where the state table leads. Raises `Refused` by it."""
        happening = msgspec.structs.replace(happening, at_ms=at.mono_ms)
        stepped = step(self.agent, happening, self.limits_in_force)
        if stepped.refusal is not None:
            raise Refused(stepped.refusal)
        return stepped.after

    def _tell(self) -> None:
        """What follows a change is no part of it, which is on the disk: a fault of one follower
        keeps it from no other."""
        self._changed()
        for changed in self._followers:
            try:
                changed()
            except Exception:  # noqa: BLE001 - the edge: one follower's fault is its own
                _log.error("a change could not be followed", exc_info=True)

    def _catch_up(self) -> None:
        """Take what waits, in order, until the disk refuses; then try again later."""
        self._blocked, self._catching_up = None, True
        while self._waiting and self._blocked is None:
            self._take_first()
        self._catching_up = False

    def _stop_retrying(self) -> None:
        if self._retry is not None:
            self._retry.cancel()

    def _take_first(self) -> None:
        at, act = self._waiting[0]
        try:
            act(at)
        except Refused as refused:
            _log.error("not recorded yet: %s", refused)
            self._blocked = refused
            self._retry = asyncio.get_running_loop().call_later(DISK_RETRY_S, self._catch_up)
            return
        except Exception:  # noqa: BLE001 - the edge: one event's fault must not stop the rest
            _log.error("an event could not be taken", exc_info=True)
        self._waiting.popleft()

    def _actor(self, before: AgentState, trigger: Trigger) -> str:
        person = self.sign_in.person.number if self.sign_in is not None else ""
        return person if person and by_agent(before, trigger) else SYSTEM

    def _arrange(self) -> None:
        self._timers.entered(self.agent, self.since_ms, self.limits_in_force)
        self._watch_desk()

    def _follow_call(self, call: DeskCall | None, at: Reading) -> None:
        """The call at the desk stands as the agent's state says, or is over. Its line outlives it
        until after-call work is done."""
        state, earlier = call_state_in(self.agent.state), self.call
        present = call or earlier
        if state is None or present is None:
            self.call = None
        else:
            same = earlier is not None and earlier.id == present.id and earlier.state is state
            since_ms = earlier.since_ms if earlier is not None and same else at.occurred_ms
            self.call = msgspec.structs.replace(present, state=state, since_ms=since_ms)
            self.line = line_named(self.lines, present.line)
        if self.agent.call_id is None:
            self.line = None

    def _acw_over(self, call_id: str) -> None:
        """The time for after-call work is up. Who is typing at this moment gets more, if there is
        any left."""
        lately = self._clock.monotonic() - self._life_ms <= TYPING_S * 1000
        typing = self.agent.alive and lately
        self.happened(lambda at: self._end_acw(at, call_id, typing))

    def _end_acw(self, at: Reading, call_id: str, typing: bool) -> None:
        trigger = Trigger.ACW_TYPED_ON if typing and self.extensions_left else Trigger.ACW_EXPIRED
        self.take(at, Happening(trigger, call_id))

    def _watch_desk(self) -> None:
        self._timers.watch_desk(self.agent, self._terminals, self.limits)

    def _desk_left(self) -> None:
        self.happened(lambda at: self.take(at, Happening(Trigger.DESK_LEFT)))
