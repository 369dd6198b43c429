"""What is published: one small fact over and over, or a shift as seats record it."""

from collections.abc import Callable

from protocol.facts.agent import State, StateEntered
from protocol.facts.call import (
    CallAnswered,
    CallEnded,
    CallHeld,
    CallOffered,
    CallResumed,
    EndCause,
    ReleasedBy,
)
from protocol.facts.record import AnyFact, encode_fact
from protocol.facts.wrap_up import CallWrappedUp

Bodies = Callable[[int], str]
"""The fact (JSON) of a sequence number, from 1 on."""
_CALL = "5f1d7a2e8c9b4c0d9e6f3a1b2c4d5e6f"
HELD = encode_fact(CallHeld(call_id=_CALL)).decode()
"""The small one."""


def _entered(state: State, trigger: str) -> StateEntered:
    return StateEntered(state, trigger, "agent", call_id=_CALL)


_A_CALL: tuple[AnyFact, ...] = (
    CallOffered(call_id=_CALL, peer="13800138000", peer_name="赵女士", line="sales"),
    _entered(State.RINGING, "call_offered"),
    CallAnswered(call_id=_CALL),
    _entered(State.TALK, "answered"),
    CallHeld(call_id=_CALL),
    CallResumed(call_id=_CALL),
    CallEnded(call_id=_CALL, cause=EndCause.BYE, released_by=ReleasedBy.PEER),
    _entered(State.ACW, "call_ended"),
    CallWrappedUp(_CALL, "sales", "enquiry", "solved", (), "回访已完成"),
    _entered(State.READY, "ready"),
)
_BODIES = tuple(encode_fact(fact).decode() for fact in _A_CALL)


def held(seq: int) -> str:
    """The same each time."""
    return HELD


def of_a_shift(seq: int) -> str:
    """One call after another, each with its states and its wrap-up."""
    call, place = divmod(seq - 1, len(_BODIES))
    return _BODIES[place].replace(_CALL, f"{call:032x}")
