"""What is remembered of one call, and what each fact of it adds: pure."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import TypeGuard

import msgspec
from msgspec.structs import replace

from agent_service.calls.numbers import normalise
from agent_service.ledger.chain import Entry
from agent_service.ledger.timing import occurred_ms
from protocol.facts import call, wrap_up
from protocol.facts.call import Direction, EndCause
from protocol.facts.record import AnyFact

_CODE_LENGTH = 64
_NOTE_LENGTH = 1000
"""What a seat sends is unchecked, and what is remembered goes to others' screens."""


class CallRow(msgspec.Struct, frozen=True, gc=False):
    """One call, its fields in the order of the table's columns. Times are null where the seat
    did not know them."""

    agent: str
    call_id: str
    number: str = ""
    """The customer's, in one spelling (`calls.numbers`)."""
    direction: Direction | None = None
    """Null as long as the call's beginning is not known."""
    at_ms: int | None = None
    order_ms: int = 0
    """When it began, or was received where that is not known."""
    line: str = ""
    answered: bool = False
    answered_ms: int | None = None
    missed: bool = False
    missed_ms: int | None = None
    talk_s: int | None = None
    """From answered to the end, when both are known."""
    category: str = ""
    outcome: str = ""
    note: str = ""
    promised_ms: int | None = None
    """When a call-back is due that is not settled."""
    position: int = 0
    """The last entry that changed this row."""


Remembered = (
    call.CallOffered
    | call.CallDialled
    | call.CallAnswered
    | call.CallMissed
    | call.CallEnded
    | wrap_up.CallWrappedUp
    | wrap_up.CallBackPromised
    | wrap_up.CallBackSettled
)
"""The facts that are remembered."""
_BEGINNINGS = frozenset({call.CallOffered, call.CallDialled})
Fold = Callable[..., CallRow]


def is_remembered(fact: AnyFact) -> TypeGuard[Remembered]:
    """Whether the fact says something of a call that is kept."""
    return type(fact) in REMEMBERED


def folded(row: CallRow | None, entry: Entry, fact: Remembered) -> CallRow:
    """The row after a fact of the call, which may be the first that comes."""
    before = row or CallRow(entry.agent, fact.call_id, order_ms=entry.received_ms)
    return _folds[type(fact)](before, entry, fact)


def begins(fact: AnyFact) -> bool:
    """Whether a call begins: whatever was told of it before does not count."""
    return type(fact) in _BEGINNINGS


def _began(direction: Direction) -> Fold:
    def fold(__: CallRow, entry: Entry, fact: call.CallOffered | call.CallDialled) -> CallRow:
        at_ms = occurred_ms(entry)
        return CallRow(
            entry.agent,
            fact.call_id,
            normalise(fact.peer),
            direction,
            at_ms,
            entry.received_ms if at_ms is None else at_ms,
            fact.line[:_CODE_LENGTH],
            position=entry.position,
        )

    return fold


def _answered(row: CallRow, entry: Entry, __: call.CallAnswered) -> CallRow:
    return replace(row, position=entry.position, answered=True, answered_ms=occurred_ms(entry))


def _missed(row: CallRow, entry: Entry, __: call.CallMissed) -> CallRow:
    return replace(row, position=entry.position, missed=True, missed_ms=occurred_ms(entry))


def _ended(row: CallRow, entry: Entry, fact: call.CallEnded) -> CallRow:
    """A seat that died does not know when the call ended. Instants are floored before they are
    subtracted."""
    ended_ms = occurred_ms(entry)
    if row.answered_ms is None or ended_ms is None or fact.cause is EndCause.SEAT_LOST:
        return replace(row, position=entry.position)
    return replace(
        row, position=entry.position, talk_s=max(0, ended_ms // 1000 - row.answered_ms // 1000)
    )


def _wrapped_up(row: CallRow, entry: Entry, fact: wrap_up.CallWrappedUp) -> CallRow:
    """The last one stands."""
    return replace(
        row,
        position=entry.position,
        line=fact.line[:_CODE_LENGTH] or row.line,
        category=fact.category[:_CODE_LENGTH],
        outcome=fact.outcome[:_CODE_LENGTH],
        note=fact.note[:_NOTE_LENGTH],
    )


def _promised(row: CallRow, entry: Entry, fact: wrap_up.CallBackPromised) -> CallRow:
    return replace(
        row,
        position=entry.position,
        promised_ms=fact.due_ms,
        number=row.number or normalise(fact.peer),
    )


def _settled(row: CallRow, entry: Entry, __: wrap_up.CallBackSettled) -> CallRow:
    return replace(row, position=entry.position, promised_ms=None)


_folds: Mapping[type[AnyFact], Fold] = MappingProxyType(
    {
        call.CallOffered: _began(Direction.INBOUND),
        call.CallDialled: _began(Direction.OUTBOUND),
        call.CallAnswered: _answered,
        call.CallMissed: _missed,
        call.CallEnded: _ended,
        wrap_up.CallWrappedUp: _wrapped_up,
        wrap_up.CallBackPromised: _promised,
        wrap_up.CallBackSettled: _settled,
    }
)
REMEMBERED = _folds.keys()
"""Their kinds."""
