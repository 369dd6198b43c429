"""What a test knows of a shift because it asked for it and saw it acknowledged: a model apart from
the code under test, and the same picture read from facts."""

from collections.abc import Iterable

import msgspec

from protocol.facts import agent, call, order, wrap_up
from protocol.facts.agent import State
from protocol.facts.order import OrderOutcome
from protocol.facts.record import AnyFact
from protocol.rules.agent_state import Trigger

OWN_ACTS = frozenset({Trigger.READY, Trigger.BREAK, Trigger.SIGN_OUT, Trigger.SIGN_IN})
"""What a state entered by these says was the agent's own wish, carried out at once."""


class CallTruth(msgspec.Struct):
    """One customer's call."""

    answered: bool = False
    missed: str = ""
    ended: str = ""
    released_by: str = ""
    owed: bool = False
    held: int = 0
    """How often the customer was put on hold and taken back."""
    outcome: str = ""
    promised_ms: int | None = None
    least_s: float = 0.0
    """Talked at least so long ..."""
    most_s: float = 0.0
    """... and at most so long, by the test's own clock."""


class Truth(msgspec.Struct):
    """One agent's shift."""

    calls: list[CallTruth] = []
    acts: list[str] = []
    """`ready`, `break:REST`, `next:MEAL` and so on, in the order in which they were agreed to."""
    orders: dict[str, str] = {}
    """The outcome of each order, in the order in which they were placed."""
    readied: int = 0
    """How often the agent came to READY: by asking, or back to it after a call."""
    unknown_s: float = 0.0
    """For so long at the most nobody can know."""
    restarts: int = 0
    """How often the seat was killed."""

    @property
    def answered(self) -> int:
        """Customers' calls that were taken."""
        return sum(each.answered for each in self.calls)

    @property
    def missed(self) -> int:
        """Customers' calls that were missed."""
        return sum(bool(each.missed) for each in self.calls)


def told(facts: Iterable[AnyFact]) -> Truth:
    """The same picture, as facts tell it in their order."""
    told = Truth()
    calls: dict[str, CallTruth] = {}
    for fact in facts:
        _tell_call(calls, fact)
        _tell_act(told, fact)
    told.calls = list(calls.values())
    return told


def _tell_call(calls: dict[str, CallTruth], fact: AnyFact) -> None:
    match fact:
        case call.CallOffered():
            assert fact.call_id not in calls, "offered twice"
            calls[fact.call_id] = CallTruth()
        case call.CallAnswered():
            assert not calls[fact.call_id].answered, "answered twice"
            calls[fact.call_id].answered = True
        case call.CallMissed():
            assert not calls[fact.call_id].missed, "missed twice"
            calls[fact.call_id].missed = fact.cause
        case call.CallResumed():
            calls[fact.call_id].held += 1
        case call.CallEnded():
            assert not calls[fact.call_id].ended, "ended twice"
            calls[fact.call_id].ended = fact.cause
            calls[fact.call_id].released_by = fact.released_by
        case call.CallBackOwed():
            calls[fact.call_id].owed = True
        case wrap_up.CallWrappedUp():
            calls[fact.call_id].outcome = fact.outcome
        case wrap_up.CallBackPromised():
            calls[fact.call_id].promised_ms = fact.due_ms
        case _:
            pass


def _tell_act(told: Truth, fact: AnyFact) -> None:
    match fact:
        case agent.StateEntered():
            told.readied += fact.state is State.READY
            told.restarts += fact.trigger == Trigger.SEAT_RESTARTED
            if fact.trigger in OWN_ACTS:
                told.acts.append(_named(fact.trigger, fact.reason))
        case agent.NextStateChosen():
            told.acts.append(_named("next", fact.reason))
        case order.OrderSettled():
            assert told.orders.get(fact.order) in (None, OrderOutcome.QUEUED), "settled twice"
            told.orders[fact.order] = fact.outcome
        case _:
            pass


def _named(act: str, reason: agent.Reason | None) -> str:
    return act if reason is None else f"{act}:{reason}"
