"""Facts about what a call was about, and what was promised in it."""

from protocol.facts.base import Fact, Instant


class CallWrappedUp(Fact, frozen=True, tag="call.wrapped_up"):
    """The agent's record of a call. A later one of the same call takes the place of the earlier."""

    call_id: str
    line: str
    """The line of business whose codes these are; empty without one."""
    category: str
    outcome: str
    actions: tuple[str, ...]
    note: str
    """Text from a person."""


class CallBackPromised(Fact, frozen=True, tag="call.call_back_promised"):
    """The customer was promised a call."""

    call_id: str
    """The call in which it was promised."""
    peer: str
    due_ms: Instant
    note: str = ""
    peer_uri: str = ""


class CallBackSettled(Fact, frozen=True, tag="call.call_back_settled"):
    """A promised or owed call was made (`by_call`), or given up by the agent with a reason."""

    call_id: str
    """The call in which it was promised, or that was cut off."""
    by_call: str = ""
    reason: str = ""
