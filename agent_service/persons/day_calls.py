"""The calls of one agent's day, from the facts: pure."""

from collections.abc import Iterable
from datetime import UTC, datetime

import msgspec

from protocol.facts import call, wrap_up
from protocol.facts.call import Direction, EndCause
from protocol.rules.masking import mask
from protocol.rules.placing import Placed
from protocol.wire.person import DayCall

_PEER_LENGTH = 64
_CODE_LENGTH = 64


class DayCalls(msgspec.Struct, frozen=True):
    """Calls that began on the day, and how many were answered and missed on it."""

    calls: tuple[DayCall, ...]
    answered: int
    """Customers' calls; not those that the agent made."""
    missed: int


class _Call(msgspec.Struct):
    """One call as far as its facts are read."""

    direction: Direction
    began_ms: int | None
    peer: str
    line: str
    answered_ms: int | None = None
    answered: bool = False
    missed: str = ""
    ended: str = ""
    talk_s: int | None = None
    outcome: str = ""


def day_calls(facts: Iterable[Placed], from_ms: int, until_ms: int) -> DayCalls:
    """Fold the facts of all sessions, in order, over [from_ms, until_ms). A call whose beginning
    has no instant is listed with the day that it was answered, missed or ended on."""
    calls: dict[str, _Call] = {}
    of_day: dict[str, None] = {}
    answered = missed = 0
    for at, fact in facts:
        today = at is not None and from_ms <= at < until_ms
        begun = _begun(at, fact)
        if begun is not None:
            calls[begun[0]] = begun[1]
        call_id = str(getattr(fact, "call_id", ""))
        known = calls.get(call_id)
        if known is None:
            continue
        _tell(known, at, fact)
        answered += _is_answer(known, fact) and today
        missed += isinstance(fact, call.CallMissed) and today
        if today and known.began_ms in (None, at):
            of_day[call_id] = None
    return DayCalls(tuple(_shown(calls[call_id]) for call_id in of_day), answered, missed)


def _begun(at: int | None, fact: object) -> tuple[str, _Call] | None:
    match fact:
        case call.CallOffered():
            return fact.call_id, _Call(Direction.INBOUND, at, fact.peer, fact.line)
        case call.CallDialled():
            return fact.call_id, _Call(Direction.OUTBOUND, at, fact.peer, fact.line)
        case _:
            return None


def _is_answer(known: _Call, fact: object) -> bool:
    return isinstance(fact, call.CallAnswered) and known.direction is Direction.INBOUND


def _tell(known: _Call, at: int | None, fact: object) -> None:
    match fact:
        case call.CallAnswered():
            known.answered, known.answered_ms = True, at
        case call.CallMissed(cause=cause):
            known.missed = cause
        case call.CallEnded(cause=cause):
            known.ended = cause
            lost = cause is EndCause.SEAT_LOST
            if known.answered_ms is not None and at is not None and not lost:
                known.talk_s = max(0, at // 1000 - known.answered_ms // 1000)
        case wrap_up.CallWrappedUp(outcome=outcome):
            known.outcome = outcome


def _shown(known: _Call) -> DayCall:
    began = known.began_ms
    return DayCall(
        at=None if began is None else datetime.fromtimestamp(began / 1000, UTC),
        direction=known.direction,
        peer=mask(known.peer[:_PEER_LENGTH]),
        answered=known.answered,
        missed=known.missed,
        ended=known.ended,
        talk_s=known.talk_s,
        line=known.line[:_CODE_LENGTH],
        outcome=known.outcome[:_CODE_LENGTH],
    )
