"""Facts about an agent's state: the vocabulary of states and reasons, and each change of state."""

from enum import StrEnum

from protocol.facts.base import Fact, Int64


class State(StrEnum):
    """An agent's state. The codes are stable; labels come from the catalogue."""

    LOGGED_OFF = "LOGGED_OFF"
    NOT_READY = "NOT_READY"
    READY = "READY"
    RINGING = "RINGING"
    DIALING = "DIALING"
    TALK = "TALK"
    HOLD = "HOLD"
    CONSULT = "CONSULT"
    ACW = "ACW"
    OFFLINE = "OFFLINE"


class Reason(StrEnum):
    """Why an agent is not ready. Codes are retired, never deleted."""

    REST = "REST"
    MEAL = "MEAL"
    PERSONAL = "PERSONAL"
    TRAINING = "TRAINING"
    EXAM = "EXAM"
    MEETING = "MEETING"
    COACHING = "COACHING"
    BACKOFFICE = "BACKOFFICE"
    OUTBOUND_PREP = "OUTBOUND_PREP"
    ONLINE = "ONLINE"
    SYSTEM_FAULT = "SYSTEM_FAULT"
    NO_ANSWER = "NO_ANSWER"
    AWAY = "AWAY"
    FORCED = "FORCED"
    HANDOVER = "HANDOVER"


class StateEntered(Fact, frozen=True, tag="agent.state_entered"):
    """The agent entered a state and left the one before it at the same instant."""

    state: State
    trigger: str
    """What caused it: the name of the rule's trigger, such as `call_answered`."""
    actor: str
    """Staff number of who did it, or `system`."""
    reason: Reason | None = None
    call_id: str | None = None
    text: str = ""
    """Why, in the agent's own words: said with a sign-out, if anything is."""


class NextStateChosen(Fact, frozen=True, tag="agent.next_state_chosen"):
    """During a call the agent chose what follows it (or, with `state` null, took that back)."""

    state: State | None
    actor: str
    reason: Reason | None = None


class AcwExtended(Fact, frozen=True, tag="agent.acw_extended"):
    """After-call work got more time: at the agent's wish, or because somebody was typing."""

    call_id: str
    seconds: Int64
    actor: str
    """Staff number, or `system` when typing did it."""


class DeskLocked(Fact, frozen=True, tag="agent.desk_locked"):
    """The screen was locked, or (`locked` false) opened again."""

    locked: bool
