"""Where one agent is: the row, and what each fact makes of it."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

import msgspec
from msgspec.structs import replace

from agent_service.ledger.chain import Entry
from agent_service.ledger.timing import occurred_ms
from agent_service.orders.row import OPEN
from protocol.facts import agent, call, session
from protocol.facts.agent import Reason, State
from protocol.facts.order import OrderKind, OrderOutcome, OrderPlaced, OrderSettled
from protocol.facts.record import AnyFact
from protocol.wire.sync import Link

_PEER_LENGTH = 64
"""What a seat sends is unchecked: a longer number would burden every lead's frames."""
_LINE_LENGTH = 32
_DAY_S = 86_400
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
    call_answered_ms: int | None = None
    line: str = ""
    """The line of the latest call."""
    acw_extra_s: int = 0
    """By how much the present after-call work was extended."""
    locked: bool = False
    phone: bool | None = None
    link: Link = Link.ONLINE
    last_heard_ms: int | None = None
    """When the seat was last heard; null while it is."""
    signed_off_ms: int | None = None
    """When the service took the agent for signed out, since the seat was not heard for too long;
    null as soon as the seat says more."""
    provisional: bool = False
    """Whether the session began without the service and is not confirmed yet."""
    order_id: str | None = None
    """The latest order to the agent."""
    order_what: OrderKind | None = None
    order_outcome: OrderOutcome | None = None
    position: int = 0
    """The last entry that changed this row."""

    @property
    def signed_in(self) -> bool:
        """Whether the agent is, as far as is known."""
        return self.state is not State.LOGGED_OFF and self.signed_off_ms is None


def folded(row: Presence, entry: Entry, fact: AnyFact) -> Presence:
    """The row after a fact of its session, or of the service about it; the same object if the
    fact says nothing about where the agent is."""
    fold = _folds.get(type(fact))
    return row if fold is None else fold(row, entry, fact)


def began(entry: Entry, fact: session.SessionBegan, earlier: Presence | None) -> Presence:
    """The row of an agent whose session has just begun. Nothing of an earlier one is left but
    what was asked of the agent."""
    row = Presence(
        fact.agent,
        fact.seat_session,
        fact.desk,
        since_ms=occurred_ms(entry),
        position=entry.position,
    )
    if earlier is None:
        return row
    return replace(
        row,
        order_id=earlier.order_id,
        order_what=earlier.order_what,
        order_outcome=earlier.order_outcome,
    )


def ordered(row: Presence, entry: Entry, fact: OrderPlaced) -> Presence:
    """Something was asked of the agent."""
    return replace(
        row, position=entry.position, order_id=fact.order, order_what=fact.what, order_outcome=None
    )


def settled(row: Presence, entry: Entry, fact: OrderSettled) -> Presence:
    """The agent's seat did something with what was asked."""
    if fact.order != row.order_id or row.order_outcome not in OPEN:
        return row
    return replace(row, position=entry.position, order_outcome=fact.outcome)


def _state(row: Presence, entry: Entry, fact: agent.StateEntered) -> Presence:
    keep = fact.state in _WITH_A_CALL
    return replace(
        row,
        position=entry.position,
        state=fact.state,
        reason=fact.reason,
        since_ms=occurred_ms(entry),
        next_state=row.next_state if keep else None,
        next_reason=row.next_reason if keep else None,
        acw_extra_s=0,
        signed_off_ms=None,
    )


def _next(row: Presence, entry: Entry, fact: agent.NextStateChosen) -> Presence:
    return replace(row, position=entry.position, next_state=fact.state, next_reason=fact.reason)


def _call(direction: call.Direction) -> "Fold":
    def fold(row: Presence, entry: Entry, fact: call.CallOffered | call.CallDialled) -> Presence:
        return replace(
            row,
            position=entry.position,
            call_id=fact.call_id,
            call_direction=direction,
            call_peer=fact.peer[:_PEER_LENGTH],
            call_since_ms=occurred_ms(entry),
            call_answered_ms=None,
            line=fact.line[:_LINE_LENGTH],
        )

    return fold


def _answered(row: Presence, entry: Entry, fact: call.CallAnswered) -> Presence:
    if fact.call_id != row.call_id:
        return row
    return replace(row, position=entry.position, call_answered_ms=occurred_ms(entry))


def _counted(row: Presence, entry: Entry, __: call.CallMissed) -> Presence:
    """Calls are counted elsewhere; the row is another all the same."""
    return replace(row, position=entry.position)


def _extended(row: Presence, entry: Entry, fact: agent.AcwExtended) -> Presence:
    if row.state is not State.ACW:
        return row
    extra_s = min(_DAY_S, row.acw_extra_s + max(0, fact.seconds))
    return replace(row, position=entry.position, acw_extra_s=extra_s)


def _locked(row: Presence, entry: Entry, fact: agent.DeskLocked) -> Presence:
    return replace(row, position=entry.position, locked=fact.locked)


def _provisional(row: Presence, entry: Entry, __: session.SessionProvisional) -> Presence:
    return replace(row, position=entry.position, provisional=True)


def _confirmed(row: Presence, entry: Entry, __: session.SessionConfirmed) -> Presence:
    return replace(row, position=entry.position, provisional=False)


def _ended(row: Presence, entry: Entry, fact: call.CallEnded) -> Presence:
    if fact.call_id != row.call_id:
        return row
    return replace(
        row,
        position=entry.position,
        call_id=None,
        call_direction=None,
        call_peer=None,
        call_since_ms=None,
        call_answered_ms=None,
    )


def _phone_up(row: Presence, entry: Entry, __: session.PhoneUp) -> Presence:
    return replace(row, position=entry.position, phone=True)


def _phone_down(row: Presence, entry: Entry, __: session.PhoneDown) -> Presence:
    return replace(row, position=entry.position, phone=False)


def _lost(row: Presence, entry: Entry, fact: session.LinkLost) -> Presence:
    return replace(
        row, position=entry.position, link=Link.OFFLINE, last_heard_ms=fact.last_heard_ms
    )


def _back(row: Presence, entry: Entry, __: session.LinkBack) -> Presence:
    return replace(
        row, position=entry.position, link=Link.ONLINE, last_heard_ms=None, signed_off_ms=None
    )


def _signed_off(row: Presence, entry: Entry, __: session.SignedOffByService) -> Presence:
    if row.link is Link.ONLINE:
        return row
    return replace(row, position=entry.position, signed_off_ms=entry.received_ms)


Fold = Callable[..., Presence]
_folds: Mapping[type[AnyFact], Fold] = MappingProxyType(
    {
        agent.StateEntered: _state,
        agent.NextStateChosen: _next,
        call.CallOffered: _call(call.Direction.INBOUND),
        call.CallDialled: _call(call.Direction.OUTBOUND),
        call.CallAnswered: _answered,
        call.CallMissed: _counted,
        call.CallEnded: _ended,
        agent.AcwExtended: _extended,
        agent.DeskLocked: _locked,
        session.PhoneUp: _phone_up,
        session.PhoneDown: _phone_down,
        session.LinkLost: _lost,
        session.LinkBack: _back,
        session.SignedOffByService: _signed_off,
        session.SessionProvisional: _provisional,
        session.SessionConfirmed: _confirmed,
    }
)
FOLDED = _folds.keys()
"""The kinds that `folded` knows."""
