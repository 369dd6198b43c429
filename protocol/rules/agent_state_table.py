"""Every transition of the agent's state there is, as one table (domain §2.2), and the step over it.

A trigger *asked* by a person that no row allows is refused with a stable code; a trigger that
*happened* (in the network, on a timer) and that no row covers changes nothing. Three properties
follow from the rows and are kept by tests: READY is reached by the agent's own act or by returning
to the READY from before a call, never with a phone that is down or behind a locked screen; TALK,
HOLD and CONSULT exist only with a call that the phone reported as connected; no lead, no timer and
no other desk makes anybody ready.
"""

import msgspec

from protocol.facts.agent import Reason, State
from protocol.rules import agent_state_needs as needs
from protocol.rules import agent_state_targets as targets
from protocol.rules.agent_state import (
    ASKED,
    AgentState,
    Happening,
    Limits,
    Refusal,
    Trigger,
)
from protocol.rules.agent_state_needs import Need
from protocol.rules.agent_state_targets import Target


class Row(msgspec.Struct, frozen=True):
    """In one of the states `source`, `trigger` leads to `target` if no need refuses."""

    source: frozenset[State]
    trigger: Trigger
    target: Target
    needs: tuple[Need, ...] = ()


class Stepped(msgspec.Struct, frozen=True):
    """The outcome of a trigger: the state after it, or why it was refused."""

    after: AgentState
    refusal: Refusal | None = None


# Groups of states.

_off = frozenset({State.LOGGED_OFF})
_ready = frozenset({State.READY})
_not_ready = frozenset({State.NOT_READY})
_idle = _ready | _not_ready
_ringing = frozenset({State.RINGING})
_dialing = frozenset({State.DIALING})
_talk = frozenset({State.TALK})
_hold = frozenset({State.HOLD})
_consult = frozenset({State.CONSULT})
_connected = _talk | _hold | _consult
_acw = frozenset({State.ACW})
_in_a_call = _ringing | _dialing | _connected
_busy = _in_a_call | _acw
_signed_in = _idle | _busy
_offline = frozenset({State.OFFLINE})

_T = Trigger
_R = Reason
_own = (needs.own_call,)
_staying = (needs.stays,)
_can_talk = (needs.phone, needs.microphone)
_may_be_ready = (needs.stays, needs.unlocked, needs.no_exam, needs.qualified)

SEAT_ROWS: tuple[Row, ...] = (
    # Signing in and out. In a call, signing out waits for its end.
    Row(_off, _T.SIGN_IN, targets.to(State.NOT_READY)),
    Row(_off, _T.SEAT_RESTARTED, targets.to(State.NOT_READY, _R.SYSTEM_FAULT)),
    Row(_idle | _acw, _T.SIGN_OUT, targets.to(State.LOGGED_OFF)),
    Row(_idle | _acw, _T.RELIEVED, targets.to(State.LOGGED_OFF)),
    Row(_in_a_call, _T.SIGN_OUT, targets.queue_choice(State.LOGGED_OFF)),
    # The agent's own choice. In a call it only sets what comes next; ACW it ends.
    Row(_idle | _acw, _T.READY, targets.to_ready, (*_can_talk, *_may_be_ready)),
    Row(_in_a_call, _T.READY, targets.queue_choice(State.READY), _may_be_ready),
    Row(_idle | _acw, _T.BREAK, targets.to_break, (needs.stays, needs.reason)),
    Row(_in_a_call, _T.BREAK, targets.queue_break, (needs.stays, needs.reason)),
    Row(_busy, _T.NEXT, targets.queue, (needs.stays, needs.may_follow)),
    # A call comes in. Nobody is blamed for a caller who left or for a phone that failed.
    Row(_ready, _T.CALL_OFFERED, targets.begin(State.RINGING), (needs.phone,)),
    Row(_ringing, _T.CALL_ANSWERED, targets.in_call(State.TALK), _own),
    Row(_ringing, _T.AUTO_ANSWERED, targets.in_call(State.TALK), _own),
    Row(_ringing, _T.CALLER_LEFT, targets.after_call, _own),
    Row(_ringing, _T.RING_EXPIRED, targets.after_miss, _own),
    Row(_ringing, _T.CALL_REJECTED, targets.after_miss, _own),
    Row(_ringing, _T.DEVICE_FAILED, targets.after_device_fault, _own),
    # A call goes out, from any idle state.
    Row(_idle, _T.DIAL, targets.begin(State.DIALING), (*_can_talk, needs.unlocked, needs.no_exam)),
    Row(_dialing, _T.CALL_ANSWERED, targets.in_call(State.TALK), _own),
    Row(_dialing, _T.DIAL_FAILED, targets.after_failed_dial, _own),
    # During the call, and its end, whoever ended it. After a consultation the customer waits on
    # hold; after a conference the customer was part of the talk and still is.
    Row(_talk, _T.CALL_HELD, targets.in_call(State.HOLD), _own),
    Row(_hold, _T.CALL_RESUMED, targets.in_call(State.TALK), _own),
    Row(_talk | _hold, _T.CONSULT_STARTED, targets.in_call(State.CONSULT), _own),
    Row(_consult, _T.CONSULT_ENDED, targets.in_call(State.HOLD), _own),
    Row(_consult, _T.CONFERENCE_ENDED, targets.in_call(State.TALK), _own),
    Row(_connected, _T.LAST_LEG_ENDED, targets.to_acw, _own),
    # After the call.
    Row(_acw, _T.ACW_DONE, targets.after_call),
    Row(_acw, _T.EXTEND_ACW, targets.extended, (needs.extension_left,)),
    Row(_acw, _T.ACW_TYPED_ON, targets.extended, (*_own, needs.extension_left)),
    Row(_acw, _T.ACW_EXPIRED, targets.after_acw_timer, _own),
    Row(_acw, _T.SIGN_OF_LIFE, targets.keep(alive=True)),
    # The phone. Coming back never makes anybody ready.
    Row(_ready, _T.PHONE_DOWN, targets.fault(phone_up=False)),
    Row(_off | _not_ready | _busy, _T.PHONE_DOWN, targets.keep(phone_up=False)),
    Row(_off | _signed_in, _T.PHONE_UP, targets.keep(phone_up=True)),
    Row(_ready, _T.MICROPHONE_WENT, targets.fault(microphone=False)),
    Row(_off | _not_ready | _busy, _T.MICROPHONE_WENT, targets.keep(microphone=False)),
    Row(_off | _signed_in, _T.MICROPHONE_CAME, targets.keep(microphone=True)),
    # Nobody at the desk. Opening the screen again makes nobody ready.
    Row(_ready, _T.DESK_LEFT, targets.to(State.NOT_READY, _R.AWAY)),
    Row(_ready, _T.SCREEN_LOCKED, targets.lock),
    Row(_not_ready | _busy, _T.SCREEN_LOCKED, targets.keep(locked=True)),
    Row(_signed_in, _T.SCREEN_OPENED, targets.keep(locked=False)),
    # A paper lies open, or does no more: submitted, over, or gone on with at another desk. Nobody
    # is made ready by its end.
    Row(_not_ready, _T.EXAM_BEGUN, targets.keep(exam_sitting=True)),
    Row(_signed_in, _T.EXAM_LEFT, targets.keep(exam_sitting=False)),
    # Another desk took the person over, or the service does not know a provisional sign-in.
    # A call goes on to its end.
    Row(_idle | _acw, _T.TAKEN_OVER, targets.to(State.LOGGED_OFF)),
    Row(_in_a_call, _T.TAKEN_OVER, targets.dismiss),
    Row(_idle | _acw, _T.NOT_CONFIRMED, targets.to(State.LOGGED_OFF)),
    Row(_in_a_call, _T.NOT_CONFIRMED, targets.dismiss),
    # Forced, which is asked of the seat and recorded by it. READY can't be forced.
    Row(_ready, _T.FORCE_NOT_READY, targets.to(State.NOT_READY, _R.FORCED)),
    Row(_busy, _T.FORCE_NOT_READY, targets.queue_choice(State.NOT_READY, _R.FORCED), _staying),
    Row(_idle, _T.FORCE_SIGN_OUT, targets.to(State.LOGGED_OFF)),
    Row(_busy, _T.FORCE_SIGN_OUT, targets.queue_choice(State.LOGGED_OFF)),
)
"""What the seat decides and records."""

FLOOR_ROWS: tuple[Row, ...] = (
    Row(_signed_in, _T.HEARTBEATS_MISSED, targets.offline),
    Row(_offline, _T.HEARD_AGAIN, targets.as_last_known),
    Row(_offline, _T.OFFLINE_EXPIRED, targets.to(State.LOGGED_OFF)),
)
"""What the service sees while it can't hear the seat: provisional, and settled by replay."""

_rows = {(state, row.trigger): row for row in SEAT_ROWS + FLOOR_ROWS for state in row.source}


def step(now: AgentState, happening: Happening, limits: Limits) -> Stepped:
    """The state after a trigger. Unchanged, with the refusal, where the table does not allow it;
    unchanged without one where a trigger that merely happened has no effect."""
    row = _rows.get((now.state, happening.trigger))
    asked = happening.trigger in ASKED
    if row is None:
        return Stepped(now, _no_row(now, happening) if asked else None)
    for need in row.needs:
        refusal = need(now, happening, limits)
        if refusal is not None:
            return Stepped(now, refusal if asked else None)
    return Stepped(row.target(now, happening, limits))


def _no_row(now: AgentState, happening: Happening) -> Refusal:
    if now.state is State.LOGGED_OFF:
        return Refusal.NOT_SIGNED_IN
    if happening.trigger is Trigger.SIGN_IN:
        return Refusal.ALREADY_SIGNED_IN
    return Refusal.WRONG_STATE
