"""What a row of the state table can need: each says why not, or null."""

from collections.abc import Callable

from protocol.facts.agent import State
from protocol.rules.agent_state import (
    AUTOMATIC_REASONS,
    AgentState,
    Happening,
    Limits,
    Refusal,
)

Need = Callable[[AgentState, Happening, Limits], Refusal | None]


def phone(now: AgentState, _: Happening, __: Limits) -> Refusal | None:
    """Calls can be made and received."""
    return None if now.phone_up else Refusal.PHONE_NOT_READY


def microphone(now: AgentState, _: Happening, __: Limits) -> Refusal | None:
    """The agent can be heard."""
    return None if now.microphone else Refusal.NO_MICROPHONE


def unlocked(now: AgentState, _: Happening, __: Limits) -> Refusal | None:
    """Somebody is at the screen."""
    return Refusal.LOCKED if now.locked else None


def no_exam(now: AgentState, _: Happening, __: Limits) -> Refusal | None:
    """No paper lies open."""
    return Refusal.EXAM_SITTING if now.exam_sitting else None


def qualified(now: AgentState, _: Happening, __: Limits) -> Refusal | None:
    """The line's calls may be given to this agent."""
    return None if now.qualified else Refusal.NOT_QUALIFIED


def reason(_: AgentState, asked: Happening, __: Limits) -> Refusal | None:
    """A break names a reason, and not one that only the system gives."""
    if asked.choice is None or asked.choice.reason is None:
        return Refusal.REASON_REQUIRED
    return Refusal.REASON_AUTOMATIC if asked.choice.reason in AUTOMATIC_REASONS else None


def may_follow(now: AgentState, asked: Happening, limits: Limits) -> Refusal | None:
    """A next state is READY, LOGGED_OFF, or a break with its reason; none takes it back."""
    if asked.choice is None or asked.choice.state is State.LOGGED_OFF:
        return None
    if asked.choice.state is State.READY:
        needs = (unlocked, no_exam, qualified)
        return next((code for need in needs if (code := need(now, asked, limits))), None)
    if asked.choice.state is not State.NOT_READY:
        return Refusal.WRONG_STATE
    return reason(now, asked, limits)


def stays(now: AgentState, _: Happening, __: Limits) -> Refusal | None:
    """The sign-in goes on after the call; else there is nothing to choose."""
    return Refusal.WRONG_STATE if now.dismissed else None


def own_call(now: AgentState, happened: Happening, _: Limits) -> Refusal | None:
    """The dialog decides: what is said of another call changes nothing."""
    return None if happened.call_id == now.call_id else Refusal.WRONG_STATE


def extension_left(now: AgentState, _: Happening, limits: Limits) -> Refusal | None:
    """After-call work was not given more time as often as is allowed."""
    return None if now.extensions < limits.acw_extensions else Refusal.NO_EXTENSION
