"""What became of a call between two words of the seat, where the screen alone would not tell."""

from dataclasses import dataclass

from protocol.wire.desk import Status
from protocol.wire.desk_call import Call, CallState


@dataclass(frozen=True)
class CallNews:
    """Something to be told once."""

    key: str
    """Its words, `terminal.call_news.<key>`."""
    peer: str


def call_news(before: Status | None, status: Status) -> CallNews | None:
    """A call broken off by a fault of ours, a consultation that is over, a number that did not
    answer; null where there is nothing to tell."""
    call = before.call if before is not None else None
    if before is None or call is None:
        return None
    if call.peer in status.owed and call.peer not in before.owed:
        return CallNews("cut_off", call.peer)
    if status.call is None:
        return CallNews("no_answer", call.peer) if call.state is CallState.DIALING else None
    return _of_consultation(call, status.call)


def _of_consultation(before: Call, call: Call) -> CallNews | None:
    """Who is back with a customer on hold has to take the customer back."""
    second = before.consultation
    if second is None or call.id != before.id or call.state is not CallState.HOLD:
        return None
    key = "consultation_over" if second.answered else "consultation_unanswered"
    return CallNews(key, second.peer)
