"""What leads forced upon an agent in a call: it comes when the call is over, unless something else
is chosen meanwhile. Each is told of once more then."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from agent_client.seat.state_facts import chosen
from protocol.facts.order import OrderOutcome
from protocol.facts.record import AnyFact
from protocol.rules.agent_state import AgentState, Trigger

_CHOICES = frozenset(
    {
        Trigger.SIGN_OUT,
        Trigger.BREAK,
        Trigger.FORCE_NOT_READY,
        Trigger.FORCE_SIGN_OUT,
        Trigger.TAKEN_OVER,
        Trigger.NOT_CONFIRMED,
    }
)

Settled = Callable[[OrderOutcome], Sequence[AnyFact]]
"""The facts that tell what became of an order."""


class Cause(NamedTuple):
    """Why a state is entered."""

    trigger: Trigger
    actor: str


class QueuedForces:
    """Those that ask for the choice that comes next."""

    def __init__(self) -> None:
        self._forces: list[tuple[Cause, Settled]] = []

    def add(self, cause: Cause, settled: Settled) -> None:
        """It waits for the end of the call."""
        self._forces.append((cause, settled))

    def cause(self, before: AgentState, after: AgentState, trigger: Trigger) -> Cause | None:
        """Who has chosen the state that is entered, if it is one of these; not where somebody
        else makes the same choice before it comes."""
        if not self._forces or trigger in _CHOICES or not chosen(before, after):
            return None
        return self._forces[-1][0]

    def outcomes(self, before: AgentState, after: AgentState) -> tuple[AnyFact, ...]:
        """What becomes of them by this change; nothing while they go on waiting."""
        if after.next == before.next:
            return ()
        applied = chosen(before, after)
        outcome = OrderOutcome.APPLIED if applied else OrderOutcome.LAPSED
        return tuple(fact for _, settled in self._forces for fact in settled(outcome))

    def follow(self, before: AgentState, after: AgentState) -> None:
        """The change is on the disk: none waits for another choice than the present one."""
        if after.next != before.next:
            self._forces.clear()
