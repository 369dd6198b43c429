"""Agents in each state, as the tests of the state table need them."""

import msgspec

from protocol.facts.agent import Reason, State
from protocol.rules.agent_state import AgentState, Choice

IN_CALL = (State.RINGING, State.DIALING, State.TALK, State.HOLD, State.CONSULT)
CONNECTED = (State.TALK, State.HOLD, State.CONSULT)
BUSY = (*IN_CALL, State.ACW)

READY = Choice(State.READY)
MEAL = Choice(State.NOT_READY, Reason.MEAL)
REST = Choice(State.NOT_READY, Reason.REST)
LOGGED_OFF = Choice(State.LOGGED_OFF)


def agent(state: State, **fields: object) -> AgentState:
    """An agent with a phone and a microphone; with call `c1` since READY, where there is one."""
    usual = AgentState(state=state, phone_up=True, microphone=True)
    if state is State.NOT_READY:
        usual = msgspec.structs.replace(usual, reason=Reason.REST)
    if state in BUSY:
        usual = msgspec.structs.replace(usual, call_id="c1", before=READY)
    if state is State.OFFLINE:
        usual = msgspec.structs.replace(usual, before=READY)
    return msgspec.structs.replace(usual, **fields)


def shown(choice: Choice | AgentState | None) -> str | None:
    """`STATE` or `STATE:REASON`."""
    if choice is None:
        return None
    return choice.state + (f":{choice.reason}" if choice.reason else "")
