"""The calls of this seat, folded from its own facts: pure.

What is owed to a customer (a call cut off by a fault of ours, a missed one, a promise) is owed
until the customer was spoken to or the agent settled it.
"""

from collections.abc import Iterable, Iterator

import msgspec

from protocol.facts import call, wrap_up
from protocol.facts.call import Direction
from protocol.rules.placing import Placed, Told


class CallRecord(msgspec.Struct, frozen=True):
    """One call as the facts tell it."""

    id: str
    at_ms: int | None
    direction: Direction
    peer: str
    peer_name: str = ""
    peer_uri: str = ""
    line: str = ""
    answered: bool = False
    answered_ms: int | None = None
    ended: str = ""
    ended_ms: int | None = None
    missed: str = ""
    owed: bool = False
    cut_off: bool = False
    wrapped_up: wrap_up.CallWrappedUp | None = None
    promised: wrap_up.CallBackPromised | None = None
    """The promise that holds: null when none was made, or when it is settled."""

    @property
    def talk_s(self) -> int | None:
        """Whole seconds from the answer to the end; null where either is not known."""
        if self.answered_ms is None or self.ended_ms is None:
            return None
        return self.ended_ms // 1000 - self.answered_ms // 1000

    @property
    def names(self) -> frozenset[str]:
        """What the customer can be recognised by."""
        return frozenset({self.peer, self.peer_uri} - {""})


class CallLog:
    """All calls, in the order in which they began."""

    def __init__(self, facts: Iterable[Placed] = ()) -> None:
        self._calls: dict[str, CallRecord] = {}
        self._owed: dict[str, CallRecord] = {}
        """Those whose customer waits for a call, as they are in `_calls`."""
        for at_ms, fact in facts:
            self.take(at_ms, fact)

    def __iter__(self) -> Iterator[CallRecord]:
        return iter(self._calls.values())

    def find(self, call_id: str) -> CallRecord | None:
        """A call by its name."""
        return self._calls.get(call_id)

    def last(self) -> CallRecord | None:
        """The call that began last."""
        return next(reversed(self._calls.values()), None)

    def with_peer(self, peer: str) -> list[CallRecord]:
        """Calls with a number or address, the newest first."""
        return [each for each in reversed(self._calls.values()) if peer in each.names]

    def cut_off(self) -> tuple[str, ...]:
        """Numbers of customers who were cut off by a fault of ours and not spoken to since."""
        return tuple(dict.fromkeys(each.peer for each in self._owed.values() if each.cut_off))

    def take(self, at_ms: int | None, fact: Told) -> None:
        """Follow one more fact."""
        begun = _begun(at_ms, fact)
        if begun is not None:
            self._keep(begun)
            return
        known = self._calls.get(getattr(fact, "call_id", ""))
        if known is None:
            return
        self._keep(_after(known, at_ms, fact))
        if isinstance(fact, call.CallAnswered):
            self._reached(known)

    def _reached(self, by: CallRecord) -> None:
        """Who was spoken to is owed no call. A promise is kept by calling, not by being called."""
        for each in list(self._owed.values()):
            kept = by.direction is Direction.OUTBOUND or each.promised is None
            if each.id != by.id and kept and each.names & by.names:
                self._keep(msgspec.structs.replace(each, owed=False, promised=None))

    def _keep(self, known: CallRecord) -> None:
        self._calls[known.id] = known
        if known.owed:
            self._owed[known.id] = known
        else:
            self._owed.pop(known.id, None)


def _begun(at_ms: int | None, fact: Told) -> CallRecord | None:
    match fact:
        case call.CallOffered():
            return CallRecord(
                fact.call_id,
                at_ms,
                Direction.INBOUND,
                fact.peer,
                fact.peer_name,
                fact.peer_uri,
                fact.line,
            )
        case call.CallDialled():
            direction = Direction.OUTBOUND
            return CallRecord(fact.call_id, at_ms, direction, fact.peer, line=fact.line)
        case _:
            return None


def _after(known: CallRecord, at_ms: int | None, fact: Told) -> CallRecord:
    """The call after a fact about it."""
    replace = msgspec.structs.replace
    match fact:
        case call.CallAnswered():
            return replace(known, answered=True, answered_ms=at_ms)
        case call.CallPeerChanged():
            name, uri = fact.peer_name, fact.peer_uri
            return replace(known, peer=fact.peer, peer_name=name, peer_uri=uri)
        case call.CallMissed():
            return replace(known, missed=str(fact.cause), owed=True)
        case call.CallEnded():
            lost = fact.cause is call.EndCause.SEAT_LOST
            return replace(known, ended=str(fact.cause), ended_ms=None if lost else at_ms)
        case call.CallBackOwed():
            uri = fact.peer_uri or known.peer_uri
            return replace(known, owed=True, cut_off=True, peer_uri=uri)
        case wrap_up.CallWrappedUp():
            return replace(known, wrapped_up=fact)
        case wrap_up.CallBackPromised():
            uri = fact.peer_uri or known.peer_uri
            return replace(known, promised=fact, owed=True, peer_uri=uri)
        case wrap_up.CallBackSettled():
            return replace(known, promised=None, owed=False)
        case _:
            return known
