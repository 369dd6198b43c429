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
    TRANSFERRED = "transferred"
    """The customer was handed on; `CallTransferred` says to whom."""


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
    called: str = ""
    """What the caller dialled, where the network tells."""
    line: str = ""
    """The line of business that this belongs to."""
    peer_uri: str = ""
    """The caller's SIP address, by which a phone without an exchange can call back."""


class CallDialled(Fact, frozen=True, tag="call.dialled"):
    """The agent placed a call."""

    call_id: str
    peer: str
    line: str = ""


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


class CallPeerChanged(Fact, frozen=True, tag="call.peer_changed"):
    """Whoever we spoke to handed us on: the same call goes on with somebody else."""

    call_id: str
    peer: str
    peer_name: str = ""
    peer_uri: str = ""


class CallEnded(Fact, frozen=True, tag="call.ended"):
    """The customer's leg is gone; a consultation may outlive it. With cause `seat_lost` the moment
    is unknown: it lies somewhere between the last fact before this one and this one."""

    call_id: str
    cause: EndCause
    released_by: ReleasedBy
    sip_status: Int64 | None = None


class CallBackOwed(Fact, frozen=True, tag="call.call_back_owed"):
    """A customer was cut off by a fault of ours and is owed a call."""

    call_id: str
    peer: str
    peer_uri: str = ""


class ConsultStarted(Fact, frozen=True, tag="call.consult_started"):
    """The customer waits on hold while the agent calls somebody else about it."""

    call_id: str
    """The customer's call."""
    consult_id: str
    peer: str


class ConsultAnswered(Fact, frozen=True, tag="call.consult_answered"):
    """The one who is consulted answered."""

    call_id: str
    consult_id: str


class ConsultJoined(Fact, frozen=True, tag="call.consult_joined"):
    """All three speak with one another."""

    call_id: str
    consult_id: str


class ConsultEnded(Fact, frozen=True, tag="call.consult_ended"):
    """The consultation is over; the customer's call is another matter."""

    call_id: str
    consult_id: str
    sip_status: Int64 | None = None


class CallTransferred(Fact, frozen=True, tag="call.transferred"):
    """The customer was handed on: blind, or (`consult_id`) to the one who was consulted."""

    call_id: str
    target: str
    consult_id: str = ""


class DigitsSent(Fact, frozen=True, tag="call.digits_sent"):
    """Keys were sent into the call: how many, never which (they may be a secret)."""

    call_id: str
    count: Int64
