"""The agent's state and what can change it: the words in which `agent_state_table` is written."""

from enum import StrEnum
from typing import Annotated

import msgspec

from protocol.facts.agent import Reason, State


class Trigger(StrEnum):
    """What can make an agent's state change."""

    # asked by a person: refused with a code when it can't be
    SIGN_IN = "sign_in"
    SIGN_OUT = "sign_out"
    RELIEVED = "relieved"
    READY = "ready"
    BREAK = "break"
    NEXT = "next"
    DIAL = "dial"
    ACW_DONE = "acw_done"
    EXTEND_ACW = "extend_acw"
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
    CONFERENCE_ENDED = "conference_ended"
    LAST_LEG_ENDED = "last_leg_ended"
    ACW_EXPIRED = "acw_expired"
    ACW_TYPED_ON = "acw_typed_on"
    SEAT_RESTARTED = "seat_restarted"
    PHONE_UP = "phone_up"
    PHONE_DOWN = "phone_down"
    MICROPHONE_CAME = "microphone_came"
    MICROPHONE_WENT = "microphone_went"
    SIGN_OF_LIFE = "sign_of_life"
    DESK_LEFT = "desk_left"
    SCREEN_LOCKED = "screen_locked"
    SCREEN_OPENED = "screen_opened"
    TAKEN_OVER = "taken_over"
    NOT_CONFIRMED = "not_confirmed"
    EXAM_BEGUN = "exam_begun"
    EXAM_LEFT = "exam_left"
    # seen by the service alone
    HEARTBEATS_MISSED = "heartbeats_missed"
    HEARD_AGAIN = "heard_again"
    OFFLINE_EXPIRED = "offline_expired"


ASKED = frozenset(
    {
        Trigger.SIGN_IN,
        Trigger.SIGN_OUT,
        Trigger.RELIEVED,
        Trigger.READY,
        Trigger.BREAK,
        Trigger.NEXT,
        Trigger.DIAL,
        Trigger.ACW_DONE,
        Trigger.EXTEND_ACW,
        Trigger.FORCE_NOT_READY,
        Trigger.FORCE_SIGN_OUT,
    }
)
"""Triggers that somebody waits for an answer to."""


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
    LOCKED = "locked"
    NO_EXTENSION = "no_extension"


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
    misses: tuple[int, ...] = ()
    """When calls were not answered (`Happening.at_ms`): those that still count."""
    alive: bool = False
    """Whether the agent gave a sign of life since the call ended."""
    extensions: int = 0
    """How often this after-call work was given more time."""
    locked: bool = False
    """Whether the screen is locked."""
    dismissed: bool = False
    """Whether the sign-in ends with this call, whatever is chosen."""


class Happening(msgspec.Struct, frozen=True):
    """One trigger with what it carries."""

    trigger: Trigger
    call_id: str | None = None
    choice: Choice | None = None
    """With BREAK and NEXT; NEXT without one takes the earlier choice back."""
    at_ms: int = 0
    """When, in milliseconds of a clock that never goes back: what misses are counted by."""
    text: str = ""
    """With SIGN_OUT: why, in the agent's own words. Decides nothing."""


Seconds = Annotated[int, msgspec.Meta(ge=1, le=86_400)]


class Limits(msgspec.Struct, frozen=True):
    """The operator's settings that the table depends on, and the times of its timers."""

    ring_timer_s: Seconds = 20
    max_no_answer: Annotated[int, msgspec.Meta(ge=1)] = 1
    no_answer_window_s: Annotated[int, msgspec.Meta(ge=0, le=86_400)] = 0
    """Misses count together when they fall within so long; 0: when they follow one another."""
    acw_limit_s: Seconds = 120
    acw_extension_s: Seconds = 60
    acw_extensions: Annotated[int, msgspec.Meta(ge=0, le=100)] = 1
    """How often after-call work may be given that much more."""
    acw_on_failed_outbound: bool = True
    away_s: Seconds = 60
