"""The call at the desk, and how its end is told: pure."""

from enum import StrEnum

import msgspec

from agent_client.phone import engine
from protocol.facts import call as facts
from protocol.facts.agent import State
from protocol.facts.record import AnyFact
from protocol.rules.agent_state import Trigger
from protocol.wire.desk import CallState


class Intent(StrEnum):
    """What this desk did to end a call, before the phone says how it ended."""

    REJECT = "reject"
    RING_EXPIRED = "ring_expired"
    HANGUP = "hangup"


class DeskCall(msgspec.Struct, frozen=True):
    """One call, as the phone's events left it."""

    id: str
    direction: facts.Direction
    peer: str
    peer_name: str
    state: CallState
    since_ms: int | None
    muted: bool = False
    intent: Intent | None = None

    @property
    def answered(self) -> bool:
        """Whether it was ever connected."""
        return self.state in (CallState.TALK, CallState.HOLD)


class CallEnd(msgspec.Struct, frozen=True):
    """The trigger that a call's end is for the state table, and the facts that tell of it."""

    trigger: Trigger
    facts: tuple[AnyFact, ...]


def ended(call: DeskCall, event: engine.CallEnded) -> CallEnd:
    """What the phone's word of an end means. The dialog's outcome decides, never what was
    pressed: a call that the caller left while it was being refused was left. And an end that
    nobody at the desk asked for (the seat was told to stop) is a fault of ours."""
    if call.state is CallState.RINGING:
        return _ended_ringing(call, event)
    if call.state is CallState.DIALING:
        return _ended_dialing(call, event)
    cause, by = _CONNECTED_ENDS[event.ending]
    if event.ending is engine.Ending.LOCAL and call.intent is not Intent.HANGUP:
        return _cut_off(call, cause)
    return CallEnd(Trigger.LAST_LEG_ENDED, (_end(call, cause, by, event.sip_status),))


def phone_died(call: DeskCall) -> CallEnd:
    """The phone's process is gone and the call with it. A customer who was spoken to is owed a
    call; a call that rang is no miss of the agent's."""
    end = _end(call, facts.EndCause.PHONE_FAULT, facts.ReleasedBy.SYSTEM, None)
    if call.state is CallState.RINGING:
        missed = facts.CallMissed(call_id=call.id, cause=facts.MissCause.DEVICE)
        return CallEnd(Trigger.DEVICE_FAILED, (missed, end))
    if call.state is CallState.DIALING:
        return CallEnd(Trigger.DIAL_FAILED, (end,))
    return _cut_off(call, facts.EndCause.PHONE_FAULT)


def call_state_in(state: State) -> CallState | None:
    """How a call stands in an agent's state; null where there is none."""
    return _CALL_STATES.get(state)


_CALL_STATES = {
    State.RINGING: CallState.RINGING,
    State.DIALING: CallState.DIALING,
    State.TALK: CallState.TALK,
    State.HOLD: CallState.HOLD,
}

_CONNECTED_ENDS = {
    engine.Ending.LOCAL: (facts.EndCause.BYE, facts.ReleasedBy.AGENT),
    engine.Ending.REMOTE: (facts.EndCause.BYE, facts.ReleasedBy.PEER),
    engine.Ending.RTP_LOSS: (facts.EndCause.RTP_LOSS, facts.ReleasedBy.SYSTEM),
    engine.Ending.FAILED: (facts.EndCause.FAILED, facts.ReleasedBy.SYSTEM),
}


def _end(
    call: DeskCall, cause: facts.EndCause, by: facts.ReleasedBy, status: int | None
) -> facts.CallEnded:
    return facts.CallEnded(call_id=call.id, cause=cause, released_by=by, sip_status=status)


def _cut_off(call: DeskCall, cause: facts.EndCause) -> CallEnd:
    """A customer who was spoken to was cut off by a fault of ours."""
    end = _end(call, cause, facts.ReleasedBy.SYSTEM, None)
    owed = facts.CallBackOwed(call_id=call.id, peer=call.peer)
    return CallEnd(Trigger.LAST_LEG_ENDED, (end, owed))


def _ended_ringing(call: DeskCall, event: engine.CallEnded) -> CallEnd:
    if event.ending is engine.Ending.LOCAL:
        return _refused_ringing(call, event.sip_status)
    if event.ending is engine.Ending.FAILED:
        end = _end(call, facts.EndCause.FAILED, facts.ReleasedBy.SYSTEM, event.sip_status)
    else:
        end = _end(call, facts.EndCause.CALLER_LEFT, facts.ReleasedBy.PEER, event.sip_status)
    return CallEnd(Trigger.CALLER_LEFT, (end,))


def _refused_ringing(call: DeskCall, status: int | None) -> CallEnd:
    trigger, miss, cause, by = _RINGING_ENDS[call.intent]
    missed = facts.CallMissed(call_id=call.id, cause=miss)
    return CallEnd(trigger, (missed, _end(call, cause, by, status)))


_RINGING_ENDS: dict[
    Intent | None, tuple[Trigger, facts.MissCause, facts.EndCause, facts.ReleasedBy]
] = {
    Intent.RING_EXPIRED: (
        Trigger.RING_EXPIRED,
        facts.MissCause.TIMEOUT,
        facts.EndCause.NO_ANSWER,
        facts.ReleasedBy.SYSTEM,
    ),
    Intent.REJECT: (
        Trigger.CALL_REJECTED,
        facts.MissCause.REJECT,
        facts.EndCause.REJECTED,
        facts.ReleasedBy.AGENT,
    ),
    None: (
        Trigger.DEVICE_FAILED,
        facts.MissCause.DEVICE,
        facts.EndCause.FAILED,
        facts.ReleasedBy.SYSTEM,
    ),
}


def _ended_dialing(call: DeskCall, event: engine.CallEnded) -> CallEnd:
    cause, by = facts.EndCause.FAILED, facts.ReleasedBy.SYSTEM
    if event.ending is engine.Ending.LOCAL and call.intent is Intent.HANGUP:
        cause, by = facts.EndCause.CANCELLED, facts.ReleasedBy.AGENT
    elif event.ending is engine.Ending.REMOTE:
        by = facts.ReleasedBy.PEER
    return CallEnd(Trigger.DIAL_FAILED, (_end(call, cause, by, event.sip_status),))
