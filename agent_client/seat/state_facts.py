"""The facts in which a change of the agent's state is told, and who did it: pure."""

from protocol.facts import agent
from protocol.facts.agent import State
from protocol.facts.order import OrderOutcome
from protocol.facts.record import AnyFact
from protocol.rules.agent_state import AgentState, Trigger

_BY_AGENT = frozenset(
    {
        Trigger.SIGN_IN,
        Trigger.SIGN_OUT,
        Trigger.READY,
        Trigger.BREAK,
        Trigger.NEXT,
        Trigger.DIAL,
        Trigger.ACW_DONE,
        Trigger.EXTEND_ACW,
        Trigger.CALL_ANSWERED,
        Trigger.CALL_REJECTED,
        Trigger.CALL_HELD,
        Trigger.CALL_RESUMED,
        Trigger.CONSULT_STARTED,
        Trigger.SCREEN_LOCKED,
    }
)


def by_agent(before: AgentState, trigger: Trigger) -> bool:
    """Whether it is an act of the agent's. A call that goes out is answered by the customer."""
    by_customer = before.state is State.DIALING and trigger is Trigger.CALL_ANSWERED
    return trigger in _BY_AGENT and not by_customer


def moved(before: AgentState, after: AgentState) -> bool:
    """Whether another state was entered: another reason or another call is one too."""
    return (after.state, after.reason, after.call_id) != (
        before.state,
        before.reason,
        before.call_id,
    )


def force_outcome(before: AgentState, after: AgentState) -> OrderOutcome:
    """What the state table made of an order that it allows: at once, or when the call is over."""
    return OrderOutcome.APPLIED if moved(before, after) else OrderOutcome.QUEUED


def chosen(before: AgentState, after: AgentState) -> bool:
    """Whether the state that was entered is the one that was chosen to come next."""
    choice = before.next
    return choice is not None and (after.state, after.reason) == (choice.state, choice.reason)


def entered(after: AgentState, trigger: Trigger, actor: str, text: str = "") -> agent.StateEntered:
    """The state that was entered."""
    return agent.StateEntered(
        state=after.state,
        trigger=trigger,
        actor=actor,
        reason=after.reason,
        call_id=after.call_id,
        text=text,
    )


def told(
    before: AgentState,
    after: AgentState,
    trigger: Trigger,
    actor: str,
    extension_s: int,
    text: str = "",
) -> tuple[AnyFact, ...]:
    """What changed: the state, the time for after-call work (by `extension_s`), or the choice of
    what comes next."""
    if moved(before, after):
        return (entered(after, trigger, actor, text),)
    if after.extensions > before.extensions and after.call_id is not None:
        return (agent.AcwExtended(call_id=after.call_id, seconds=extension_s, actor=actor),)
    if after.next == before.next:
        return ()
    state = after.next.state if after.next else None
    reason = after.next.reason if after.next else None
    return (agent.NextStateChosen(state=state, actor=actor, reason=reason),)
