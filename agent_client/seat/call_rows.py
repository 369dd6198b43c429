"""The calls of this seat as they are shown, and which of them this phone can call back: pure."""

from agent_client.phone.addresses import BadAddress, is_number, target_uri
from agent_client.phone.engine import Transport
from agent_client.seat.calls import CallLog, CallRecord
from agent_client.seat.instants import instant
from protocol.wire.calls import MAX_RECALLED, PastCall
from protocol.wire.desk_call import CallRow, WrappedUp
from protocol.wire.errors import Code, Refused
from protocol.wire.session import SignedIn

MOST_BYTES = 600_000
"""Of rows in one answer, which has to fit into one line."""
ROW_BYTES = 800
"""A row without its texts."""


def rows(log: CallLog, midnight_ms: int, *, anchored: bool, exchange: str) -> tuple[CallRow, ...]:
    """The calls of the day that began at `midnight_ms`, the newest first, and after them what is
    owed from earlier ones. Without an anchor a call whose time nobody knows is one of today."""
    newest = list(reversed(list(log)))
    today = [each for each in newest if is_of_day(each, midnight_ms, anchored=anchored)]
    earlier = [each for each in newest if each.owed and each not in today]
    made: list[CallRow] = []
    room = MOST_BYTES
    for each in (*today, *earlier):
        room -= ROW_BYTES + 3 * len(each.wrapped_up.note if each.wrapped_up else "")
        if room < 0:
            break
        made.append(_row(each, exchange))
    return tuple(made)


def is_of_day(known: CallRecord, midnight_ms: int, *, anchored: bool) -> bool:
    """Whether a call is of the day that began then."""
    return not anchored if known.at_ms is None else known.at_ms >= midnight_ms


def call_back_target(known: CallRecord, exchange: str) -> str | None:
    """What to dial to reach the customer of a call, or None where this phone can't. A number
    needs an exchange; a phone without one calls addresses alone."""
    for target in (known.peer, known.peer_uri):
        if target and is_reachable(target, exchange):
            return target
    return None


def is_reachable(target: str, exchange: str) -> bool:
    """Whether a phone with this exchange (empty: none) can call a number or address."""
    try:
        need_reachable(target, exchange)
    except Refused:
        return False
    return True


def need_reachable(target: str, exchange: str) -> None:
    """Raises `Refused`: `NO_EXCHANGE` or `BAD_NUMBER`."""
    if not exchange and is_number(target):
        raise Refused(Code.NO_EXCHANGE)
    try:
        target_uri(target, exchange, Transport.UDP)
    except BadAddress as error:
        raise Refused(Code.BAD_NUMBER) from error


def exchange_of(signed_in: SignedIn | None) -> str:
    """The exchange that the person's phone is registered with; empty without one."""
    return signed_in.sip.registrar if signed_in and signed_in.sip else ""


def wrapped_up(known: CallRecord) -> WrappedUp:
    """What is recorded of a call so far."""
    told = known.wrapped_up
    due = instant(known.promised.due_ms) if known.promised else None
    if told is None:
        return WrappedUp(call_back_at=due)
    return WrappedUp(told.category, told.outcome, told.actions, told.note, due)


def past_calls(log: CallLog, peer: str, signed_in: SignedIn | None) -> tuple[PastCall, ...]:
    """Earlier calls with a number at this desk, the newest first."""
    number = signed_in.person.number if signed_in else ""
    name = signed_in.person.name if signed_in else ""
    found = [each for each in log.with_peer(peer) if each.ended][:MAX_RECALLED]
    return tuple(_past(each, number, name) for each in found)


def _past(known: CallRecord, number: str, name: str) -> PastCall:
    told = wrapped_up(known)
    return PastCall(
        at=instant(known.at_ms),
        direction=str(known.direction),
        agent=number,
        agent_name=name,
        answered=known.answered,
        talk_s=known.talk_s,
        line=known.line,
        category=told.category,
        outcome=told.outcome,
        note=told.note,
        promised=told.call_back_at,
        call_id=known.id,
    )


def _row(known: CallRecord, exchange: str) -> CallRow:
    return CallRow(
        id=known.id,
        at=instant(known.at_ms),
        direction=known.direction,
        peer=known.peer,
        peer_name=known.peer_name,
        answered=known.answered,
        missed=known.missed,
        ended=known.ended,
        talk_s=known.talk_s,
        line=known.line,
        wrapped_up=wrapped_up(known),
        owed=known.owed,
        due=instant(known.promised.due_ms) if known.promised else None,
        can_call_back=call_back_target(known, exchange) is not None,
    )
