"""Facts about one call: offered or dialled, answered, held, muted, ended, missed."""

from enum import StrEnum

from protocol.facts.base import Fact, Int64


class Direction(StrEnum):
    """Who called: the customer or the agent."""

    INBOUND = "inbound"
    OUTBOUND = "outbound"


class EndCause(StrEnum):
    """Why a call is over."""

    BYE = "bye"
    """An answered call was hung up; `released_by` says by whom."""
    CALLER_LEFT = "caller_left"
    """The caller gave up, or the call was answered elsewhere, before the agent answered."""
    NO_ANSWER = "no_answer"
    """The agent's ring timer ran out."""
    REJECTED = "rejected"
    """The agent refused it."""
    FAILED = "failed"
    """An outgoing call was not connected; `sip_status` says why."""
    CANCELLED = "cancelled"
    """The agent gave up an outgoing call before it was answered."""
    RTP_LOSS = "rtp_loss"
    """No sound arrived for as long as is allowed; the other side is taken for dead."""
    PHONE_FAULT = "phone_fault"
    """The phone's process died. The caller is owed a call-back."""
    SEAT_LOST = "seat_lost"
    """The seat's process died: when the call ended is unknown."""


class ReleasedBy(StrEnum):
    """Who ended a call."""

    AGENT = "agent"
    PEER = "peer"
    SYSTEM = "system"
    UNKNOWN = "unknown"


class MissCause(StrEnum):
    """Why an offered call was not answered by the agent."""

    TIMEOUT = "TIMEOUT"
    REJECT = "REJECT"
    DEVICE = "DEVICE"


class CallOffered(Fact, frozen=True, tag="call.offered"):
    """A call rings at the agent's phone."""

    call_id: str
    peer: str
    """The caller's number or address, as the network gave it: unchecked text."""
    peer_name: str = ""
    sip_call_id: str = ""


class CallDialled(Fact, frozen=True, tag="call.dialled"):
    """The agent placed a call."""

    call_id: str
    peer: str


class CallAnswered(Fact, frozen=True, tag="call.answered"):
    """Both sides can speak (answered by the agent, or by the customer who was called)."""

    call_id: str
    sip_call_id: str = ""


class CallHeld(Fact, frozen=True, tag="call.held"):
    """The agent put the customer on hold."""

    call_id: str


class CallResumed(Fact, frozen=True, tag="call.resumed"):
    """The agent took the customer back from hold."""

    call_id: str


class CallMuted(Fact, frozen=True, tag="call.muted"):
    """The agent's microphone was cut off from the call, or (`muted` false) put back."""

    call_id: str
    muted: bool


class CallMissed(Fact, frozen=True, tag="call.missed"):
    """A call was offered and the agent did not take it."""

    call_id: str
    cause: MissCause


class CallEnded(Fact, frozen=True, tag="call.ended"):
    """The last leg is gone. With cause `seat_lost` the moment is unknown: it lies somewhere
    between the last fact before this one and this one."""

    call_id: str
    cause: EndCause
    released_by: ReleasedBy
    sip_status: Int64 | None = None


class CallBackOwed(Fact, frozen=True, tag="call.call_back_owed"):
    """A customer was cut off by a fault of ours and is owed a call."""

    call_id: str
    peer: str
