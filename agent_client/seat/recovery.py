"""What an earlier session left behind: read from its facts alone, pure."""

from collections.abc import Iterable

import msgspec

from protocol.facts import agent, call
from protocol.facts.order import OrderOutcome, OrderSettled
from protocol.facts.record import AnyFact


class Unfinished(msgspec.Struct, frozen=True):
    """How a session stands after its last fact."""

    locked: bool = False
    call_id: str | None = None
    """A call without an end."""
    peer: str = ""
    peer_uri: str = ""
    answered: bool = False
    consultation: call.ConsultStarted | None = None
    """A consultation without an end; the customer may have left it."""
    queued: frozenset[str] = frozenset()
    """A lead's orders that waited for the end of the call."""


def unfinished(facts: Iterable[AnyFact]) -> Unfinished:
    """Fold a session's facts to what was under way when they stop."""
    now = Unfinished()
    for fact in facts:
        now = _after(now, fact)
    return now


def _after(now: Unfinished, fact: AnyFact) -> Unfinished:
    replace = msgspec.structs.replace
    match fact:
        case agent.StateEntered():
            return replace(now, locked=now.locked and fact.state is not agent.State.LOGGED_OFF)
        case agent.DeskLocked():
            return replace(now, locked=fact.locked)
        case call.CallOffered():
            return _begun(now, fact.call_id, fact.peer, fact.peer_uri)
        case call.CallDialled():
            return _begun(now, fact.call_id, fact.peer)
        case call.CallAnswered():
            return replace(now, answered=True)
        case call.CallPeerChanged() if fact.call_id == now.call_id:
            return replace(now, peer=fact.peer, peer_uri=fact.peer_uri)
        case call.ConsultStarted() | call.ConsultEnded():
            begun = fact if isinstance(fact, call.ConsultStarted) else None
            return replace(now, consultation=begun)
        case call.CallEnded():
            return replace(now, call_id=None, answered=False)
        case OrderSettled():
            waits = {fact.order} if fact.outcome is OrderOutcome.QUEUED else set()
            return replace(now, queued=now.queued - {fact.order} | waits)
        case _:
            return now


def _begun(now: Unfinished, call_id: str, peer: str, peer_uri: str = "") -> Unfinished:
    return Unfinished(now.locked, call_id, peer, peer_uri, queued=now.queued)


def recovered(left: Unfinished, *, locked: bool) -> tuple[AnyFact, ...]:
    """The facts with which the next session settles it: the end of the call is unknown, and a
    customer who was spoken to is owed a call, what waited for that end has lapsed. Behind a screen
    that is still `locked` it says so."""
    behind = (agent.DeskLocked(locked=True),) if locked else ()
    lapsed = (OrderSettled(order, OrderOutcome.LAPSED) for order in sorted(left.queued))
    return (*_consultation_ended(left), *_call_ended(left), *lapsed, *behind)


def _consultation_ended(left: Unfinished) -> tuple[AnyFact, ...]:
    if left.consultation is None:
        return ()
    asked = left.consultation
    return (call.ConsultEnded(call_id=asked.call_id, consult_id=asked.consult_id),)


def _call_ended(left: Unfinished) -> tuple[AnyFact, ...]:
    if left.call_id is None:
        return ()
    end = call.CallEnded(
        call_id=left.call_id,
        cause=call.EndCause.SEAT_LOST,
        released_by=call.ReleasedBy.UNKNOWN,
    )
    if not left.answered:
        return (end,)
    owed = call.CallBackOwed(call_id=left.call_id, peer=left.peer, peer_uri=left.peer_uri)
    return (end, owed)
