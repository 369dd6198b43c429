"""Facts about the queue for breaks: who asked, who was next, and what came of it. They are the
service's own; the break itself is a state, which the seat records."""

from enum import StrEnum

from protocol.facts.agent import Reason
from protocol.facts.base import Fact, Instant


class BreakOutcome(StrEnum):
    """How a place in the queue ended."""

    TAKEN = "taken"
    """The agent went."""
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"
    """It was the agent's turn, and the time for it passed; or the queue was done away with."""
    SIGNED_OUT = "signed_out"


class BreakAsked(Fact, frozen=True, tag="break.asked"):
    """An agent asks for a break."""

    place: str
    agent: str
    team: str
    reason: Reason
    after_call: str = ""
    """The abusive call after which it is: it goes first, and is excused."""


class BreakGranted(Fact, frozen=True, tag="break.granted"):
    """It is the agent's turn."""

    place: str
    until_ms: Instant
    """It lapses then, if the agent has not gone: in a call it does not."""
    actor: str
    """Staff number of a lead who let the agent go before the others, or `system`."""
    rest_due: bool = False
    """The agent's run of work has reached that at which a break is offered: the turn came at once,
    or had come before, and the break is excused."""


class BreakEnded(Fact, frozen=True, tag="break.ended"):
    """The place is free."""

    place: str
    outcome: BreakOutcome
    began_ms: Instant | None = None
    """When the break began that was taken."""
