"""The only encoder: messages between seat and service as JSON text frames."""

import msgspec

from protocol.facts.base import UNREADABLE, Int64
from protocol.wire import (
    breaks,
    calls,
    exams,
    handover,
    orders,
    person,
    roster,
    session,
    sync,
    training,
)
from protocol.wire.errors import Code, Refused
from protocol.wire.relayed import RelayedAnswer, RelayedRequest

MAX_FRAME_BYTES = 1 << 20
"""A larger frame ends the connection with close code 1009."""

_LONGEST_DETAIL = 200

SeatMessage = (
    session.Hello
    | session.Enrol
    | session.Present
    | session.SignIn
    | session.Resume
    | session.ChangePassword
    | session.ResetPassword
    | session.SignOut
    | session.Heartbeat
    | session.Forget
    | sync.Append
    | sync.Compare
    | sync.Claim
    | sync.Subscribe
    | sync.Unsubscribe
    | orders.PlaceOrder
    | calls.Recall
    | person.GetPersonDay
    | exams.StartSitting
    | exams.SaveAnswers
    | exams.SubmitSitting
    | RelayedRequest
)
ServiceMessage = (
    session.Welcome
    | session.Enrolled
    | session.Presented
    | session.SignedIn
    | session.PasswordChanged
    | session.ResetCode
    | session.SignedOut
    | session.HeartbeatSeen
    | session.Error
    | sync.Ack
    | sync.Compared
    | sync.Claimed
    | sync.Subscribed
    | sync.Unsubscribed
    | sync.FloorBatch
    | orders.OrderAccepted
    | orders.OrdersWaiting
    | calls.Recalled
    | person.PersonDay
    | roster.OwnPlan
    | handover.OwnNotices
    | breaks.OwnQueue
    | training.OwnTraining
    | exams.OwnExams
    | exams.Sheet
    | exams.AnswersSaved
    | RelayedAnswer
)


class _Head(msgspec.Struct, frozen=True):
    """What a refusal needs to know of a message that can't be read."""

    type: str
    id: Int64 | None = None


_encoder = msgspec.json.Encoder()
_from_seat: msgspec.json.Decoder[SeatMessage] = msgspec.json.Decoder(SeatMessage)
_from_service: msgspec.json.Decoder[ServiceMessage] = msgspec.json.Decoder(ServiceMessage)
_head = msgspec.json.Decoder(_Head)
_types = frozenset(str(member.__struct_config__.tag) for member in SeatMessage.__args__)


class Unreadable(Refused):
    """A frame that is no message. `re` is the request's id where it could be read."""

    def __init__(self, code: Code, re: int | None, **params: str | int) -> None:
        super().__init__(code, **params)
        self.re = re


def encode(message: session.FromSeat | session.FromService) -> bytes:
    """One frame (UTF-8, to be sent as text)."""
    return _encoder.encode(message)


def decode_from_seat(frame: str | bytes) -> SeatMessage:
    """A client's message. Raises `Unreadable` with `unknown_command` for a type that this
    version does not have, `malformed_message` for anything else."""
    try:
        return _from_seat.decode(frame)
    except UNREADABLE as error:
        raise _unreadable(frame, error) from error


def decode_from_service(frame: str | bytes) -> ServiceMessage:
    """The service's message. Raises `Unreadable`."""
    try:
        return _from_service.decode(frame)
    except UNREADABLE as error:
        raise _malformed(error, None) from error


def _unreadable(frame: str | bytes, error: Exception) -> Unreadable:
    try:
        head = _head.decode(frame)
    except UNREADABLE:
        return _malformed(error, None)
    if head.type not in _types:
        return Unreadable(Code.UNKNOWN_COMMAND, head.id, command=head.type[:_LONGEST_DETAIL])
    return _malformed(error, head.id)


def _malformed(error: Exception, re: int | None) -> Unreadable:
    """What is wrong may quote what was sent: only its beginning goes into answers and logs."""
    return Unreadable(Code.MALFORMED_MESSAGE, re, detail=str(error)[:_LONGEST_DETAIL])
