"""What an earlier session left behind: read from its facts alone, pure."""

from collections.abc import Iterable

import msgspec

from protocol.facts import agent, call
from protocol.facts.record import AnyFact


class Unfinished(msgspec.Struct, frozen=True):
    """How a session stands after its last fact."""

    signed_in: bool = False
    call_id: str | None = None
    """A call without an end."""
    peer: str = ""
    answered: bool = False


def unfinished(facts: Iterable[AnyFact]) -> Unfinished:
    """Fold a session's facts to what was under way when they stop."""
    now = Unfinished()
    for fact in facts:
        match fact:
            case agent.StateEntered():
                signed_in = fact.state is not agent.State.LOGGED_OFF
                now = msgspec.structs.replace(now, signed_in=signed_in)
            case call.CallOffered() | call.CallDialled():
                now = Unfinished(now.signed_in, fact.call_id, fact.peer)
            case call.CallAnswered():
                now = msgspec.structs.replace(now, answered=True)
            case call.CallEnded():
                now = Unfinished(now.signed_in)
            case _:
                pass
    return now


def recovered(left: Unfinished) -> tuple[AnyFact, ...]:
    """The facts with which the next session settles it: the end of the call is unknown, and a
    customer who was spoken to is owed a call."""
    if left.call_id is None:
        return ()
    end = call.CallEnded(
        call_id=left.call_id,
        cause=call.EndCause.SEAT_LOST,
        released_by=call.ReleasedBy.UNKNOWN,
    )
    if not left.answered:
        return (end,)
    return (end, call.CallBackOwed(call_id=left.call_id, peer=left.peer))


def owed(facts: Iterable[AnyFact]) -> tuple[str, ...]:
    """Numbers of customers who are owed a call and were not reached since, the oldest first."""
    waiting: dict[str, None] = {}
    peers: dict[str, str] = {}
    for fact in facts:
        match fact:
            case call.CallBackOwed():
                waiting[fact.peer] = None
            case call.CallOffered() | call.CallDialled():
                peers[fact.call_id] = fact.peer
            case call.CallAnswered():
                waiting.pop(peers.get(fact.call_id, ""), None)
            case _:
                pass
    return tuple(waiting)
