"""Which number or address a wish to dial means, and which earlier call it pays back."""

import msgspec

from agent_client.seat.call_memory import CallMemory
from agent_client.seat.call_rows import call_back_target, exchange_of, need_reachable
from agent_client.seat.standing import Standing
from protocol.wire.desk_call import Dial
from protocol.wire.errors import Code, Refused


class Destination(msgspec.Struct, frozen=True):
    """Whom to call."""

    target: str
    uri: str = ""
    """Where it is reached, if not there: a phone without an exchange calls addresses alone."""
    line: str = ""
    """The line of the call that is paid back."""


def destination(request: Dial, standing: Standing, memory: CallMemory) -> Destination:
    """What to dial; without a target, the customer of the call that is paid back. Raises
    `Refused`: `unknown_call`, `no_exchange`, `bad_number`."""
    exchange = exchange_of(standing.sign_in)
    known = memory.log.find(request.for_call) if request.for_call else None
    if request.for_call and known is None:
        raise Refused(Code.UNKNOWN_CALL)
    line = known.line if known is not None else ""
    if request.target or known is None:
        need_reachable(request.target, exchange)
        return Destination(request.target, line=line)
    address = call_back_target(known, exchange)
    if address is None:
        need_reachable(known.peer, exchange)
    uri = "" if address in (None, known.peer) else str(address)
    return Destination(known.peer, uri, line)
