"""The call at the desk, the consultation that may go with it, and how the end of each is told:
pure."""

from enum import StrEnum

import msgspec

from agent_client.phone import engine
from protocol.facts import call as facts
from protocol.facts.agent import State
from protocol.facts.record import AnyFact
from protocol.rules.agent_state import Trigger
from protocol.wire.desk_call import CallState


class Intent(StrEnum):
    """What this desk did to end a call, before the phone says how it ended."""

    REJECT = "reject"
    RING_EXPIRED = "ring_expired"
    HANGUP = "hangup"


class Taking(StrEnum):
    """Who takes a call that rings."""

    BY_HAND = "by_hand"
    BY_ITSELF = "by_itself"


class Consulted(msgspec.Struct, frozen=True):
    """The leg to somebody who is asked about the customer."""

    id: str
    peer: str
    answered: bool = False
    joined: bool = False
    """Whether the customer takes part."""


class HandOver(msgspec.Struct, frozen=True):
    """To whom the customer is being handed on."""

    target: str
    consult_id: str = ""


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
    peer_uri: str = ""
    """The other side's SIP address, where it is known."""
    line: str = ""
    """The name of the line of business."""
    auto_answer: bool = False
    """Whether it is going to be connected by itself."""
    taking: Taking | None = None
    connected_ms: int | None = None
    """When it was answered."""
    held: bool = False
    gone: bool = False
    """Whether the customer has left, and only the consultation goes on."""
    consultation: Consulted | None = None
    hand_over: HandOver | None = None
    for_call: str = ""
    """The earlier call that this one pays back."""

    @property
    def legs(self) -> tuple[str, ...]:
        """The connected legs: the customer's, and that of whoever is consulted."""
        second = self.consultation
        customer = () if self.gone else (self.id,)
        return customer if second is None or not second.answered else (*customer, second.id)


class CallEnd(msgspec.Struct, frozen=True):
    """The trigger that a call's end is for the state table, and the facts that tell of it."""

    trigger: Trigger
    facts: tuple[AnyFact, ...]


def ended(call: DeskCall, event: engine.CallEnded, *, can_talk: bool) -> CallEnd:
    """What the phone's word of an end means. The dialog's outcome decides, never what was
    pressed: a call that the caller left while it was being refused was left. And an end that
    nobody at the desk asked for (the seat was told to stop) is a fault of ours, as is a miss
    while the agent could not be heard (`can_talk` false)."""
    if call.state is CallState.RINGING:
        return _ended_ringing(call, event, can_talk)
    if call.state is CallState.DIALING:
        return _ended_dialing(call, event)
    cause, by = _CONNECTED_ENDS[event.ending]
    if event.ending is engine.Ending.TRANSFERRED:
        return _handed_on(call, cause)
    if event.ending is engine.Ending.LOCAL and call.intent is not Intent.HANGUP:
        return _cut_off(call, cause)
    return CallEnd(Trigger.LAST_LEG_ENDED, (_end(call, cause, by, event.sip_status),))


def phone_died(call: DeskCall) -> CallEnd:
    """The phone's process is gone and the call with it. A customer who was spoken to is owed a
    call; a call that rang is no miss of the agent's."""
    if call.gone:
        return CallEnd(Trigger.LAST_LEG_ENDED, consultation_facts(call, None))
    end = _end(call, facts.EndCause.PHONE_FAULT, facts.ReleasedBy.SYSTEM, None)
    if call.state is CallState.RINGING:
        missed = facts.CallMissed(call_id=call.id, cause=facts.MissCause.DEVICE)
        return CallEnd(Trigger.DEVICE_FAILED, (missed, end))
    if call.state is CallState.DIALING:
        return CallEnd(Trigger.DIAL_FAILED, (end,))
    cut_off = _cut_off(call, facts.EndCause.PHONE_FAULT)
    return CallEnd(cut_off.trigger, (*consultation_facts(call, None), *cut_off.facts))


def consultation_ended(call: DeskCall, status: int | None) -> CallEnd:
    """The consultation is over. The customer who was on hold still is, one who took part goes on
    talking, and without a customer it was the last leg."""
    if call.gone:
        trigger = Trigger.LAST_LEG_ENDED
    else:
        trigger = Trigger.CONSULT_ENDED if call.held else Trigger.CONFERENCE_ENDED
    return CallEnd(trigger, consultation_facts(call, status))


def consultation_facts(call: DeskCall, status: int | None) -> tuple[AnyFact, ...]:
    """The fact of a consultation's end; none without a consultation."""
    if call.consultation is None:
        return ()
    consult_id = call.consultation.id
    return (facts.ConsultEnded(call_id=call.id, consult_id=consult_id, sip_status=status),)


def call_state_in(state: State) -> CallState | None:
    """How a call stands in an agent's state; null where there is none."""
    return _CALL_STATES.get(state)


_CALL_STATES = {
    State.RINGING: CallState.RINGING,
    State.DIALING: CallState.DIALING,
    State.TALK: CallState.TALK,
    State.HOLD: CallState.HOLD,
    State.CONSULT: CallState.CONSULT,
}

_CONNECTED_ENDS = {
    engine.Ending.LOCAL: (facts.EndCause.BYE, facts.ReleasedBy.AGENT),
    engine.Ending.REMOTE: (facts.EndCause.BYE, facts.ReleasedBy.PEER),
    engine.Ending.RTP_LOSS: (facts.EndCause.RTP_LOSS, facts.ReleasedBy.SYSTEM),
    engine.Ending.FAILED: (facts.EndCause.FAILED, facts.ReleasedBy.SYSTEM),
    engine.Ending.TRANSFERRED: (facts.EndCause.TRANSFERRED, facts.ReleasedBy.AGENT),
}


def _end(
    call: DeskCall, cause: facts.EndCause, by: facts.ReleasedBy, status: int | None
) -> facts.CallEnded:
    return facts.CallEnded(call_id=call.id, cause=cause, released_by=by, sip_status=status)


def _cut_off(call: DeskCall, cause: facts.EndCause) -> CallEnd:
    """A customer who was spoken to was cut off by a fault of ours."""
    end = _end(call, cause, facts.ReleasedBy.SYSTEM, None)
    owed = facts.CallBackOwed(call_id=call.id, peer=call.peer, peer_uri=call.peer_uri)
    return CallEnd(Trigger.LAST_LEG_ENDED, (end, owed))


def _handed_on(call: DeskCall, cause: facts.EndCause) -> CallEnd:
    """The customer has arrived elsewhere."""
    to = call.hand_over or HandOver("")
    handed = facts.CallTransferred(call_id=call.id, target=to.target, consult_id=to.consult_id)
    end = _end(call, cause, facts.ReleasedBy.AGENT, None)
    return CallEnd(Trigger.LAST_LEG_ENDED, (handed, end))


def _ended_ringing(call: DeskCall, event: engine.CallEnded, can_talk: bool) -> CallEnd:
    if event.ending is engine.Ending.LOCAL:
        return _refused_ringing(call, call.intent if can_talk else None, event.sip_status)
    if event.ending is engine.Ending.FAILED:
        end = _end(call, facts.EndCause.FAILED, facts.ReleasedBy.SYSTEM, event.sip_status)
    else:
        end = _end(call, facts.EndCause.CALLER_LEFT, facts.ReleasedBy.PEER, event.sip_status)
    return CallEnd(Trigger.CALLER_LEFT, (end,))


def _refused_ringing(call: DeskCall, intent: Intent | None, status: int | None) -> CallEnd:
    trigger, miss, cause, by = _RINGING_ENDS[intent]
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
