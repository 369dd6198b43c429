"""Where one agent is: the row, and what each fact makes of it."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

import msgspec

from agent_service.ledger.chain import Entry
from protocol.facts import agent, call, session
from protocol.facts.agent import Reason, State
from protocol.facts.record import AnyFact
from protocol.wire.sync import Link

_PEER_LENGTH = 64
"""What a seat sends is unchecked: a longer number would burden every lead's frames."""
_WITH_A_CALL = frozenset({State.TALK, State.HOLD, State.CONSULT, State.ACW})
"""States in which a choice of the next one waits."""


class Presence(msgspec.Struct, frozen=True, gc=False):
    """One agent as the ledger tells, its fields in the order of the table's columns."""

    agent: str
    session: str
    """The latest: what others still deliver does not count here."""
    desk: str
    state: State = State.LOGGED_OFF
    """The last that a fact told of. Whether it can be relied on, `link` says."""
    reason: Reason | None = None
    since_ms: int | None = None
    next_state: State | None = None
    next_reason: Reason | None = None
    call_id: str | None = None
    call_direction: call.Direction | None = None
    call_peer: str | None = None
    call_since_ms: int | None = None
    phone: bool | None = None
    link: Link = Link.ONLINE
    last_heard_ms: int | None = None
    """When the seat was last heard; null while it is."""
    calls_answered: int = 0
    """Incoming ones, since signing in."""
    position: int = 0
    """The last entry that changed this row."""


def folded(row: Presence, entry: Entry, fact: AnyFact) -> Presence:
    """The row after a fact of its session, or of the service about it; the same object if the
    fact says nothing about where the agent is."""
    fold = _folds.get(type(fact))
    return row if fold is None else fold(row, entry, fact)


def began(entry: Entry, fact: session.SessionBegan, earlier: Presence | None) -> Presence:
    """The row of an agent whose session has just begun. Nothing of an earlier one is left but
    the count, where that one was cut short: a seat that died has not signed anybody off."""
    cut_short = earlier is not None and earlier.state is not State.LOGGED_OFF
    return Presence(
        fact.agent,
        fact.seat_session,
        fact.desk,
        since_ms=occurred_ms(entry),
        calls_answered=earlier.calls_answered if earlier is not None and cut_short else 0,
        position=entry.position,
    )


def occurred_ms(entry: Entry) -> int | None:
    """When it happened: what the seat said, but never after it was received."""
    if entry.occurred_ms is None:
        return None
    return max(0, min(entry.occurred_ms, entry.received_ms))


def _changed(row: Presence, entry: Entry, **fields: object) -> Presence:
    return msgspec.structs.replace(row, position=entry.position, **fields)


def _state(row: Presence, entry: Entry, fact: agent.StateEntered) -> Presence:
    keep = fact.state in _WITH_A_CALL
    return _changed(
        row,
        entry,
        state=fact.state,
        reason=fact.reason,
        since_ms=occurred_ms(entry),
        next_state=row.next_state if keep else None,
        next_reason=row.next_reason if keep else None,
    )


def _next(row: Presence, entry: Entry, fact: agent.NextStateChosen) -> Presence:
    return _changed(row, entry, next_state=fact.state, next_reason=fact.reason)


def _call(direction: call.Direction) -> "Fold":
    def fold(row: Presence, entry: Entry, fact: call.CallOffered | call.CallDialled) -> Presence:
        return _changed(
            row,
            entry,
            call_id=fact.call_id,
            call_direction=direction,
            call_peer=fact.peer[:_PEER_LENGTH],
            call_since_ms=occurred_ms(entry),
        )

    return fold


def _answered(row: Presence, entry: Entry, fact: call.CallAnswered) -> Presence:
    if fact.call_id != row.call_id or row.call_direction is not call.Direction.INBOUND:
        return row
    return _changed(row, entry, calls_answered=row.calls_answered + 1)


def _ended(row: Presence, entry: Entry, fact: call.CallEnded) -> Presence:
    if fact.call_id != row.call_id:
        return row
    return _changed(
        row, entry, call_id=None, call_direction=None, call_peer=None, call_since_ms=None
    )


def _phone_up(row: Presence, entry: Entry, __: session.PhoneUp) -> Presence:
    return _changed(row, entry, phone=True)


def _phone_down(row: Presence, entry: Entry, __: session.PhoneDown) -> Presence:
    return _changed(row, entry, phone=False)


def _lost(row: Presence, entry: Entry, fact: session.LinkLost) -> Presence:
    return _changed(row, entry, link=Link.OFFLINE, last_heard_ms=fact.last_heard_ms)


def _back(row: Presence, entry: Entry, __: session.LinkBack) -> Presence:
    return _changed(row, entry, link=Link.ONLINE, last_heard_ms=None)


Fold = Callable[..., Presence]
_folds: Mapping[type[AnyFact], Fold] = MappingProxyType(
    {
        agent.StateEntered: _state,
        agent.NextStateChosen: _next,
        call.CallOffered: _call(call.Direction.INBOUND),
        call.CallDialled: _call(call.Direction.OUTBOUND),
        call.CallAnswered: _answered,
        call.CallEnded: _ended,
        session.PhoneUp: _phone_up,
        session.PhoneDown: _phone_down,
        session.LinkLost: _lost,
        session.LinkBack: _back,
    }
)
