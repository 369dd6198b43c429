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
from agent_client.seat.outbox import Outbox
from protocol.facts import agent, session
from protocol.facts.agent import State
from protocol.facts.record import AnyFact
from protocol.rules.agent_state import AgentState, Happening, Limits, Trigger, step
from protocol.wire.errors import Refused
from protocol.wire.session import SignedIn

_log = logging.getLogger(__name__)

DISK_RETRY_S = 0.5
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
        self._ring_expired = ring_expired
        self._waiting: deque[tuple[Reading, Callable[[Reading], None]]] = deque()
        self._catching_up = False
        self._blocked: Refused | None = None
        self._retry: asyncio.TimerHandle | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._away_timer: asyncio.TimerHandle | None = None
        self._terminals = 0
        self.agent = AgentState()
        self.limits = Limits()
        self.sign_in: SignedIn | None = None
        self.call: DeskCall | None = None
        self.since_ms: int | None = None
        self.until_ms: int | None = None
        self.owed: tuple[str, ...] = ()

    def begin(self, session_id: str, signed_in: SignedIn, client: str, *, resumed: bool) -> None:
        """A session begins: its anchor, what the one before left unfinished, and NOT_READY; for
        whoever signs in anew without a reason, after a restart of the seat with its fault.

        Raises `Refused(DISK_FAILED)`; then nobody is signed in.
        """
        last = self._outbox.last_session()
        left = recovery.unfinished(
            fact for _, fact in (self._outbox.facts(last) if last is not None else ())
        )
        trigger = Trigger.SEAT_RESTARTED if resumed else Trigger.SIGN_IN
        after = step(AgentState(), Happening(trigger), signed_in.limits).after
        actor = SYSTEM if resumed else signed_in.person.number
        entered = _entered(after, trigger, actor)
        at = self._clock.read()
        begun = self._anchored(client)
        self._outbox.begin(session_id, at, (begun, *recovery.recovered(left), entered))
        self.limits, self.sign_in = signed_in.limits, signed_in
        self.agent, self.call, self.since_ms = after, None, at.occurred_ms
        self.owed = recovery.owed(
            fact for each in self._outbox.sessions() for _, fact in self._outbox.facts(each)
        )
        self._arrange()
        self._changed()

    @property
    def waits(self) -> bool:
        """Whether something that happened waits for the disk."""
        return self._blocked is not None

    def ask(
        self,
        happening: Happening,
        facts: Sequence[AnyFact] = (),
        begun: DeskCall | None = None,
    ) -> None:
        """Do what a person wishes, or raise `Refused`; then nothing changed."""
        if self._blocked is not None:
            raise Refused(self._blocked.code, **self._blocked.params)
        self.take(self._clock.read(), happening, facts, begun)
        self.sign_of_life()

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
        begun: DeskCall | None = None,
    ) -> None:
        """Decide, write, change, tell: in this order. `begun` is the call that begins with it.

        Raises `Refused` by the table, or `Refused(DISK_FAILED)`; then nothing changed.
        """
        stepped = step(self.agent, happening, self.limits)
        if stepped.refusal is not None:
            raise Refused(stepped.refusal)
        before, after = self.agent, stepped.after
        written = (*facts, *self._told(before, after, happening))
        if written:
            self._outbox.append(at, written)
        self.agent = after
        self._follow_call(begun, at)
        if _moved(before, after):
            self.since_ms = at.occurred_ms
            self._arrange()
        self._changed()
        if after.state is State.LOGGED_OFF and before.state is not State.LOGGED_OFF:
            self._signed_off()

    def change_call(self, at: Reading, fact: AnyFact | None, call: DeskCall) -> None:
        """Something of the call changed that is none of the agent's state's business."""
        if fact is not None:
            self._outbox.append(at, (fact,))
        self.call = call
        self._changed()

    def sign_of_life(self) -> None:
        """Somebody is at the desk."""
        self._watch_desk()
        if self.agent.state is State.ACW and not self.agent.alive and not self.waits:
            self.happened(lambda at: self.take(at, Happening(Trigger.SIGN_OF_LIFE)))

    def terminals(self, count: int) -> None:
        """So many terminals are connected."""
        self._terminals = count
        self._watch_desk()

    def close(self) -> None:
        """Stop the timers."""
        for timer in (self._timer, self._away_timer, self._retry):
            if timer is not None:
                timer.cancel()

    def _anchored(self, client: str) -> session.SessionAnchored:
        anchor = self._clock.anchor
        assert anchor is not None, "signing in comes after the first heartbeat"
        last = self._outbox.last_session()
        return session.SessionAnchored(
            server_ms=anchor.server_ms,
            anchor_mono_ms=anchor.mono_ms,
            rtt_ms=anchor.rtt_ms,
            boot_id=anchor.boot_id,
            previous_session=last.id if last else None,
            previous_alive_ms=last.alive_ms if last else None,
            client=client,
        )

    def _catch_up(self) -> None:
        """Take what waits, in order, until the disk refuses; then try again later."""
        self._blocked, self._catching_up = None, True
        while self._waiting and self._blocked is None:
            self._take_first()
        self._catching_up = False

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

    def _told(
        self, before: AgentState, after: AgentState, happening: Happening
    ) -> tuple[AnyFact, ...]:
        """The facts in which a change of the agent's state is told."""
        actor = self._actor(before, happening.trigger)
        if _moved(before, after):
            return (_entered(after, happening.trigger, actor),)
        if after.next == before.next:
            return ()
        state = after.next.state if after.next else None
        reason = after.next.reason if after.next else None
        return (agent.NextStateChosen(state=state, actor=actor, reason=reason),)

    def _actor(self, before: AgentState, trigger: Trigger) -> str:
        """Who did it: a call that goes out is answered by the customer."""
        by_customer = before.state is State.DIALING and trigger is Trigger.CALL_ANSWERED
        if self.sign_in is None or by_customer or trigger not in _BY_AGENT:
            return SYSTEM
        return self.sign_in.person.number

    def _follow_call(self, begun: DeskCall | None, at: Reading) -> None:
        """The call at the desk stands as the agent's state says, or is over."""
        state = call_state_in(self.agent.state)
        present = begun or self.call
        if state is None or present is None:
            self.call = None
        elif state is not present.state or begun is not None:
            self.call = msgspec.structs.replace(present, state=state, since_ms=at.occurred_ms)

    def _arrange(self) -> None:
        """Set the timer of the state that was entered."""
        if self._timer is not None:
            self._timer.cancel()
        self._timer, self.until_ms = None, None
        timers = {
            State.RINGING: (self.limits.ring_timer_s, self._ring_expired),
            State.ACW: (self.limits.acw_limit_s, self._acw_expired),
        }
        if self.agent.state in timers:
            seconds, act = timers[self.agent.state]
            assert self.agent.call_id is not None
            loop = asyncio.get_running_loop()
            self._timer = loop.call_later(seconds, act, self.agent.call_id)
            self.until_ms = None if self.since_ms is None else self.since_ms + seconds * 1000
        self._watch_desk()

    def _acw_expired(self, call_id: str) -> None:
        self.happened(lambda at: self.take(at, Happening(Trigger.ACW_EXPIRED, call_id)))

    def _watch_desk(self) -> None:
        """READY at a desk without a terminal and without a command is nobody's READY."""
        if self._away_timer is not None:
            self._away_timer.cancel()
            self._away_timer = None
        if self.agent.state is State.READY and self._terminals == 0:
            loop = asyncio.get_running_loop()
            self._away_timer = loop.call_later(self.limits.away_s, self._desk_left)

    def _desk_left(self) -> None:
        self.happened(lambda at: self.take(at, Happening(Trigger.DESK_LEFT)))


_BY_AGENT = frozenset(
    {
        Trigger.SIGN_IN,
        Trigger.SIGN_OUT,
        Trigger.READY,
        Trigger.BREAK,
        Trigger.NEXT,
        Trigger.DIAL,
        Trigger.ACW_DONE,
        Trigger.CALL_ANSWERED,
        Trigger.CALL_REJECTED,
        Trigger.CALL_HELD,
        Trigger.CALL_RESUMED,
    }
)


def _moved(before: AgentState, after: AgentState) -> bool:
    """Whether another state was entered: another reason or another call is one too."""
    return (after.state, after.reason, after.call_id) != (
        before.state,
        before.reason,
        before.call_id,
    )


def _entered(after: AgentState, trigger: Trigger, actor: str) -> agent.StateEntered:
    return agent.StateEntered(
        state=after.state,
        trigger=trigger,
        actor=actor,
        reason=after.reason,
        call_id=after.call_id,
    )
