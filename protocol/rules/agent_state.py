"""The agent's state: every transition there is, as one table (domain §2.2), and the step over it.

The table is read by `step`. A trigger *asked* by a person that no row allows is refused with a
stable code; a trigger that *happened* (in the network, on a timer) and that no row covers changes
nothing. Two properties follow from the rows and are kept by tests: READY is reached by the agent's
own act or by returning to the READY from before a call, never with a phone that is down; TALK,
HOLD and CONSULT exist only with the call that the phone reported as connected.
"""

from collections.abc import Callable
from enum import StrEnum
from typing import Annotated

import msgspec

from protocol.facts.agent import Reason, State


class Trigger(StrEnum):
    """What can make an agent's state change."""

    # asked by a person: refused with a code when it can't be
    SIGN_IN = "sign_in"
    SIGN_OUT = "sign_out"
    READY = "ready"
    BREAK = "break"
    NEXT = "next"
    DIAL = "dial"
    ACW_DONE = "acw_done"
    FORCE_NOT_READY = "force_not_ready"
    FORCE_SIGN_OUT = "force_sign_out"
    # happened: without effect where no row covers it
    CALL_OFFERED = "call_offered"
    CALL_ANSWERED = "call_answered"
    AUTO_ANSWERED = "auto_answered"
    CALLER_LEFT = "caller_left"
    RING_EXPIRED = "ring_expired"
    CALL_REJECTED = "call_rejected"
    DEVICE_FAILED = "device_failed"
    DIAL_FAILED = "dial_failed"
    CALL_HELD = "call_held"
    CALL_RESUMED = "call_resumed"
    CONSULT_STARTED = "consult_started"
    CONSULT_ENDED = "consult_ended"
    LAST_LEG_ENDED = "last_leg_ended"
    ACW_EXPIRED = "acw_expired"
    SEAT_RESTARTED = "seat_restarted"
    PHONE_UP = "phone_up"
    PHONE_DOWN = "phone_down"
    MICROPHONE_CAME = "microphone_came"
    MICROPHONE_WENT = "microphone_went"
    SIGN_OF_LIFE = "sign_of_life"
    DESK_LEFT = "desk_left"
    # seen by the service alone
    HEARTBEATS_MISSED = "heartbeats_missed"
    HEARD_AGAIN = "heard_again"
    OFFLINE_EXPIRED = "offline_expired"


class Refusal(StrEnum):
    """Why a person's wish can't be done now."""

    WRONG_STATE = "wrong_state"
    NOT_SIGNED_IN = "not_signed_in"
    ALREADY_SIGNED_IN = "already_signed_in"
    PHONE_NOT_READY = "phone_not_ready"
    NO_MICROPHONE = "no_microphone"
    EXAM_SITTING = "exam_sitting"
    NOT_QUALIFIED = "not_qualified"
    REASON_REQUIRED = "reason_required"
    REASON_AUTOMATIC = "reason_automatic"


AUTOMATIC_REASONS = frozenset({Reason.SYSTEM_FAULT, Reason.NO_ANSWER, Reason.AWAY, Reason.FORCED})
"""Reasons that only the system gives."""


class Choice(msgspec.Struct, frozen=True):
    """A state to go to when a call is over: READY, NOT_READY with a reason, or LOGGED_OFF."""

    state: State
    reason: Reason | None = None


class AgentState(msgspec.Struct, frozen=True):
    """All that decides what an agent may do next."""

    state: State = State.LOGGED_OFF
    reason: Reason | None = None
    call_id: str | None = None
    """The call of RINGING, DIALING, TALK, HOLD, CONSULT and ACW."""
    before: Choice | None = None
    """Where the agent was when that call began."""
    next: Choice | None = None
    """What the agent chose meanwhile; the last choice wins."""
    phone_up: bool = False
    microphone: bool = False
    exam_sitting: bool = False
    qualified: bool = True
    missed: int = 0
    """Calls not answered in a row."""
    alive: bool = False
    """Whether the agent gave a sign of life since the call ended."""


class Happening(msgspec.Struct, frozen=True):
    """One trigger with what it carries."""

    trigger: Trigger
    call_id: str | None = None
    choice: Choice | None = None
    """With BREAK and NEXT; NEXT without one takes the earlier choice back."""


Seconds = Annotated[int, msgspec.Meta(ge=1, le=86_400)]


class Limits(msgspec.Struct, frozen=True):
    """The operator's settings that the table depends on, and the times of its timers."""

    ring_timer_s: Seconds = 20
    max_no_answer: Annotated[int, msgspec.Meta(ge=1)] = 1
    acw_limit_s: Seconds = 120
    acw_on_failed_outbound: bool = True
    away_s: Seconds = 60


class Stepped(msgspec.Struct, frozen=True):
    """The outcome of a trigger: the state after it, or why it was refused."""

    after: AgentState
    refusal: Refusal | None = None


Need = Callable[[AgentState, Happening], Refusal | None]
Target = Callable[[AgentState, Happening, Limits], AgentState]


class Row(msgspec.Struct, frozen=True):
    """In one of the states `source`, `trigger` leads to `target` if no need refuses."""

    source: frozenset[State]
    trigger: Trigger
    target: Target
    needs: tuple[Need, ...] = ()


# What a row can need.


def _phone(now: AgentState, _: Happening) -> Refusal | None:
    return None if now.phone_up else Refusal.PHONE_NOT_READY


def _microphone(now: AgentState, _: Happening) -> Refusal | None:
    return None if now.microphone else Refusal.NO_MICROPHONE


def _no_exam(now: AgentState, _: Happening) -> Refusal | None:
    return Refusal.EXAM_SITTING if now.exam_sitting else None


def _qualified(now: AgentState, _: Happening) -> Refusal | None:
    return None if now.qualified else Refusal.NOT_QUALIFIED


def _reason(_: AgentState, asked: Happening) -> Refusal | None:
    """A break names a reason, and not one that only the system gives."""
    if asked.choice is None or asked.choice.reason is None:
        return Refusal.REASON_REQUIRED
    return Refusal.REASON_AUTOMATIC if asked.choice.reason in AUTOMATIC_REASONS else None


def _choice(now: AgentState, asked: Happening) -> Refusal | None:
    """A next state is READY, LOGGED_OFF, or a break with its reason; none takes it back."""
    if asked.choice is None or asked.choice.state is State.LOGGED_OFF:
        return None
    if asked.choice.state is State.READY:
        return _no_exam(now, asked) or _qualified(now, asked)
    if asked.choice.state is not State.NOT_READY:
        return Refusal.WRONG_STATE
    return _reason(now, asked)


def _own_call(now: AgentState, happened: Happening) -> Refusal | None:
    """The dialog decides: what is said of another call changes nothing."""
    return None if happened.call_id == now.call_id else Refusal.WRONG_STATE


# Where a row can lead.


def _settle(now: AgentState, choice: Choice) -> AgentState:
    """Rest in a state without a call. A phone that is down makes READY a fault instead."""
    if choice.state is State.READY and not (now.phone_up and now.microphone):
        choice = Choice(State.NOT_READY, Reason.SYSTEM_FAULT)
    return msgspec.structs.replace(
        now, state=choice.state, reason=choice.reason, call_id=None, before=None, next=None
    )


def _to(state: State, reason: Reason | None = None) -> Target:
    """Always there, without a call."""
    return lambda now, _happened, _limits: _settle(now, Choice(state, reason))


def _to_ready(now: AgentState, _: Happening, __: Limits) -> AgentState:
    return msgspec.structs.replace(_settle(now, Choice(State.READY)), missed=0)


def _to_break(now: AgentState, asked: Happening, _: Limits) -> AgentState:
    assert asked.choice is not None
    return _settle(now, Choice(State.NOT_READY, asked.choice.reason))


def _begin(state: State) -> Target:
    """A call begins: remember where the agent was."""

    def target(now: AgentState, happened: Happening, _: Limits) -> AgentState:
        return msgspec.structs.replace(
            now,
            state=state,
            reason=None,
            call_id=happened.call_id,
            before=Choice(now.state, now.reason),
            next=None,
        )

    return target


def _in_call(state: State) -> Target:
    """The same call goes on; an answered one ends a series of misses."""
    return lambda now, _happened, _limits: msgspec.structs.replace(now, state=state, missed=0)


def _to_acw(now: AgentState, _: Happening, __: Limits) -> AgentState:
    return msgspec.structs.replace(now, state=State.ACW, reason=None, alive=False)


def _remembered(now: AgentState) -> Choice:
    """The last choice if there is one, else where the agent was before the call."""
    return now.next or now.before or Choice(State.NOT_READY, Reason.SYSTEM_FAULT)


def _after_call(now: AgentState, _: Happening, __: Limits) -> AgentState:
    return _settle(now, _remembered(now))


def _after_acw_timer(now: AgentState, _: Happening, __: Limits) -> AgentState:
    """Nobody is made ready by a timer: READY needs a sign of life since the call ended."""
    choice = _remembered(now)
    if choice.state is State.READY and not now.alive:
        choice = Choice(State.NOT_READY, Reason.AWAY)
    return _settle(now, choice)


def _after_failed_dial(now: AgentState, happened: Happening, limits: Limits) -> AgentState:
    if limits.acw_on_failed_outbound:
        return _to_acw(now, happened, limits)
    return _after_call(now, happened, limits)


def _after_device_fault(now: AgentState, _: Happening, __: Limits) -> AgentState:
    """The agent can't be READY and is not blamed; another choice made meanwhile stands."""
    choice = _remembered(now)
    if choice.state is State.READY:
        choice = Choice(State.NOT_READY, Reason.SYSTEM_FAULT)
    return _settle(now, choice)


def _after_miss(now: AgentState, _: Happening, limits: Limits) -> AgentState:
    """Enough misses in a row take the agent out of the line; a break chosen meanwhile does too."""
    missed = now.missed + 1
    choice = _remembered(now)
    if choice.state is State.READY and missed >= limits.max_no_answer:
        choice = Choice(State.NOT_READY, Reason.NO_ANSWER)
    return msgspec.structs.replace(_settle(now, choice), missed=missed)


def _queue(now: AgentState, asked: Happening, _: Limits) -> AgentState:
    """The choice that comes next; only a break keeps a reason."""
    choice = asked.choice
    if choice is not None and choice.state is not State.NOT_READY:
        choice = Choice(choice.state)
    return msgspec.structs.replace(now, next=choice)


def _queue_break(now: AgentState, asked: Happening, _: Limits) -> AgentState:
    assert asked.choice is not None
    return msgspec.structs.replace(now, next=Choice(State.NOT_READY, asked.choice.reason))


def _queue_choice(state: State, reason: Reason | None = None) -> Target:
    return lambda now, _asked, _limits: msgspec.structs.replace(now, next=Choice(state, reason))


def _keep(**fields: bool) -> Target:
    """The same state; something that later decides has changed."""
    return lambda now, _happened, _limits: msgspec.structs.replace(now, **fields)


def _fault(**fields: bool) -> Target:
    """READY without a working phone is a fault, and nobody's."""

    def target(now: AgentState, _: Happening, __: Limits) -> AgentState:
        settled = _settle(now, Choice(State.NOT_READY, Reason.SYSTEM_FAULT))
        return msgspec.structs.replace(settled, **fields)

    return target


def _offline(now: AgentState, _: Happening, __: Limits) -> AgentState:
    """The service no longer knows; the last known state is kept beside it."""
    return AgentState(state=State.OFFLINE, before=Choice(now.state, now.reason))


def _as_last_known(now: AgentState, _: Happening, __: Limits) -> AgentState:
    known = now.before or Choice(State.LOGGED_OFF)
    return AgentState(state=known.state, reason=known.reason)


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
_offline_state = frozenset({State.OFFLINE})

_T = Trigger
_R = Reason

SEAT_ROWS: tuple[Row, ...] = (
    # Signing in and out. In a call, signing out waits for its end.
    Row(_off, _T.SIGN_IN, _to(State.NOT_READY)),
    Row(_off, _T.SEAT_RESTARTED, _to(State.NOT_READY, _R.SYSTEM_FAULT)),
    Row(_idle | _acw, _T.SIGN_OUT, _to(State.LOGGED_OFF)),
    Row(_in_a_call, _T.SIGN_OUT, _queue_choice(State.LOGGED_OFF)),
    # The agent's own choice. In a call it only sets what comes next; ACW it ends.
    Row(_idle | _acw, _T.READY, _to_ready, (_phone, _microphone, _no_exam, _qualified)),
    Row(_in_a_call, _T.READY, _queue_choice(State.READY), (_no_exam, _qualified)),
    Row(_idle | _acw, _T.BREAK, _to_break, (_reason,)),
    Row(_in_a_call, _T.BREAK, _queue_break, (_reason,)),
    Row(_busy, _T.NEXT, _queue, (_choice,)),
    # A call comes in. Nobody is blamed for a caller who left or for a phone that failed.
    Row(_ready, _T.CALL_OFFERED, _begin(State.RINGING), (_phone,)),
    Row(_ringing, _T.CALL_ANSWERED, _in_call(State.TALK), (_own_call,)),
    Row(_ringing, _T.AUTO_ANSWERED, _in_call(State.TALK), (_own_call,)),
    Row(_ringing, _T.CALLER_LEFT, _after_call, (_own_call,)),
    Row(_ringing, _T.RING_EXPIRED, _after_miss, (_own_call,)),
    Row(_ringing, _T.CALL_REJECTED, _after_miss, (_own_call,)),
    Row(_ringing, _T.DEVICE_FAILED, _after_device_fault, (_own_call,)),
    # A call goes out, from any idle state.
    Row(_idle, _T.DIAL, _begin(State.DIALING), (_phone, _microphone, _no_exam)),
    Row(_dialing, _T.CALL_ANSWERED, _in_call(State.TALK), (_own_call,)),
    Row(_dialing, _T.DIAL_FAILED, _after_failed_dial, (_own_call,)),
    # During the call, and its end, whoever ended it.
    Row(_talk, _T.CALL_HELD, _in_call(State.HOLD), (_own_call,)),
    Row(_hold, _T.CALL_RESUMED, _in_call(State.TALK), (_own_call,)),
    Row(_talk | _hold, _T.CONSULT_STARTED, _in_call(State.CONSULT), (_own_call,)),
    Row(_consult, _T.CONSULT_ENDED, _in_call(State.TALK), (_own_call,)),
    Row(_connected, _T.LAST_LEG_ENDED, _to_acw, (_own_call,)),
    # After the call.
    Row(_acw, _T.ACW_DONE, _after_call),
    Row(_acw, _T.ACW_EXPIRED, _after_acw_timer, (_own_call,)),
    Row(_acw, _T.SIGN_OF_LIFE, _keep(alive=True)),
    # The phone. Coming back never makes anybody ready.
    Row(_ready, _T.PHONE_DOWN, _fault(phone_up=False)),
    Row(_off | _not_ready | _busy, _T.PHONE_DOWN, _keep(phone_up=False)),
    Row(_off | _signed_in, _T.PHONE_UP, _keep(phone_up=True)),
    Row(_ready, _T.MICROPHONE_WENT, _fault(microphone=False)),
    Row(_off | _not_ready | _busy, _T.MICROPHONE_WENT, _keep(microphone=False)),
    Row(_off | _signed_in, _T.MICROPHONE_CAME, _keep(microphone=True)),
    # Nobody at the desk.
    Row(_ready, _T.DESK_LEFT, _to(State.NOT_READY, _R.AWAY)),
    # Forced, which is asked of the seat and recorded by it. READY can't be forced.
    Row(_ready, _T.FORCE_NOT_READY, _to(State.NOT_READY, _R.FORCED)),
    Row(_busy, _T.FORCE_NOT_READY, _queue_choice(State.NOT_READY, _R.FORCED)),
    Row(_idle, _T.FORCE_SIGN_OUT, _to(State.LOGGED_OFF)),
    Row(_busy, _T.FORCE_SIGN_OUT, _queue_choice(State.LOGGED_OFF)),
)
"""What the seat decides and records."""

FLOOR_ROWS: tuple[Row, ...] = (
    Row(_signed_in, _T.HEARTBEATS_MISSED, _offline),
    Row(_offline_state, _T.HEARD_AGAIN, _as_last_known),
    Row(_offline_state, _T.OFFLINE_EXPIRED, _to(State.LOGGED_OFF)),
)
"""What the service sees while it can't hear the seat: provisional, and settled by replay."""

ASKED = frozenset(
    {
        _T.SIGN_IN,
        _T.SIGN_OUT,
        _T.READY,
        _T.BREAK,
        _T.NEXT,
        _T.DIAL,
        _T.ACW_DONE,
        _T.FORCE_NOT_READY,
        _T.FORCE_SIGN_OUT,
    }
)
"""Triggers that somebody waits for an answer to."""

_rows = {(state, row.trigger): row for row in SEAT_ROWS + FLOOR_ROWS for state in row.source}


def step(now: AgentState, happening: Happening, limits: Limits) -> Stepped:
    """The state after a trigger. Unchanged, with the refusal, where the table does not allow it;
    unchanged without one where a trigger that merely happened has no effect."""
    row = _rows.get((now.state, happening.trigger))
    asked = happening.trigger in ASKED
    if row is None:
        return Stepped(now, _no_row(now, happening) if asked else None)
    for need in row.needs:
        refusal = need(now, happening)
        if refusal is not None:
            return Stepped(now, refusal if asked else None)
    return Stepped(row.target(now, happening, limits))


def _no_row(now: AgentState, happening: Happening) -> Refusal:
    if now.state is State.LOGGED_OFF:
        return Refusal.NOT_SIGNED_IN
    if happening.trigger is Trigger.SIGN_IN:
        return Refusal.ALREADY_SIGNED_IN
    return Refusal.WRONG_STATE
