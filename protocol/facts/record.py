"""The envelope of a fact: who recorded it, when, and in which order; and how to read one.

The body travels and is stored as the bytes its author wrote, so that fields and kinds that this
version does not know are kept (promise 8).
"""

import msgspec

from protocol.facts import (
    agent,
    attendance,
    breaks,
    call,
    correction,
    document,
    exam,
    handover,
    order,
    request,
    session,
    shift,
    staff,
    training,
    wrap_up,
)
from protocol.facts.base import UNREADABLE, Instant, Int64

AnyFact = (
    agent.StateEntered
    | agent.NextStateChosen
    | agent.AcwExtended
    | agent.DeskLocked
    | call.CallOffered
    | call.CallDialled
    | call.CallAnswered
    | call.CallHeld
    | call.CallResumed
    | call.CallMuted
    | call.CallPeerChanged
    | call.CallMissed
    | call.CallEnded
    | call.CallBackOwed
    | call.ConsultStarted
    | call.ConsultAnswered
    | call.ConsultJoined
    | call.ConsultEnded
    | call.CallTransferred
    | call.DigitsSent
    | wrap_up.CallWrappedUp
    | wrap_up.CallBackPromised
    | wrap_up.CallBackSettled
    | session.SessionAnchored
    | session.SessionProvisional
    | session.SessionConfirmed
    | session.PhoneUp
    | session.PhoneDown
    | session.ExchangeTold
    | session.FactsLost
    | session.SessionBegan
    | session.SessionAdmitted
    | session.SignedOffByService
    | session.LinkLost
    | session.LinkBack
    | order.OrderPlaced
    | order.OrderSettled
    | staff.PersonAdded
    | staff.PersonChanged
    | staff.PersonDisabled
    | staff.PersonEnabled
    | staff.MembershipSet
    | staff.MembershipEnded
    | staff.PasswordSet
    | staff.ResetCodeIssued
    | shift.ShiftPlanned
    | shift.RosterPublished
    | shift.RulesAdopted
    | shift.IncidentConfirmed
    | shift.IncidentDecided
    | shift.IncidentWithdrawn
    | request.RequestMade
    | request.RequestConsented
    | request.RequestDecided
    | request.RequestWithdrawn
    | request.RequestSeen
    | request.HoursBooked
    | correction.ExceptionProposed
    | correction.ExceptionDecided
    | correction.ExceptionWithdrawn
    | correction.PlanCorrectionProposed
    | correction.PlanCorrectionDecided
    | attendance.PresenceEvidenced
    | attendance.SubstituteNamed
    | attendance.MonthSigned
    | attendance.MonthLocked
    | handover.HandoverWritten
    | handover.HandoverConfirmed
    | handover.ItemSettled
    | breaks.BreakAsked
    | breaks.BreakGranted
    | breaks.BreakEnded
    | document.DocumentPublished
    | document.DocumentEnabled
    | document.DocumentRemoved
    | training.TrainingAssigned
    | training.TrainingRedrawn
    | training.TrainingWithdrawn
    | training.TrainingPushed
    | training.TrainingRecalled
    | training.TrainingOpened
    | training.TrainingRead
    | training.TrainingItemDone
    | training.TrainingPostponed
    | exam.ExamIssued
    | exam.ExamWithdrawn
    | exam.ExamVoided
    | exam.SittingStarted
    | exam.SittingResumed
    | exam.AnswerSaved
    | exam.TimeExtended
    | exam.FocusLeft
    | exam.SittingSubmitted
    | exam.ResultSeen
    | exam.EssayMarked
    | exam.KeyCorrected
)


class Record(msgspec.Struct, frozen=True, kw_only=True):
    """One fact in its envelope, as a seat writes it to its disk and sends it."""

    seq: Int64
    """1, 2, 3 … within the session, without a gap."""
    occurred_ms: Instant | None
    """Server time in milliseconds since 1970 (UTC), fixed when the fact was written;
    null when the seat had no anchor."""
    wall_ms: Int64
    """What the desk's own clock showed: kept and compared, never trusted."""
    mono_ms: Int64
    """The desk's monotonic clock, which no correction of the wall clock moves."""
    body: msgspec.Raw
    """The fact, as JSON."""


class _Kind(msgspec.Struct, frozen=True):
    kind: str


class MalformedFact(ValueError):
    """A body that is no fact: not JSON, without a kind, or a known kind with wrong fields."""


_encoder = msgspec.json.Encoder()
_known: msgspec.json.Decoder[AnyFact] = msgspec.json.Decoder(AnyFact)
_kind = msgspec.json.Decoder(_Kind)
_json = msgspec.json.Decoder()
_LONGEST_QUOTATION = 200
KINDS: frozenset[str] = frozenset(str(member.__struct_config__.tag) for member in AnyFact.__args__)


def encode_fact(fact: AnyFact) -> bytes:
    """The fact as the bytes that are stored, hashed and sent."""
    return _encoder.encode(fact)


def kind_of(body: bytes | msgspec.Raw) -> str:
    """The kind of a body, known to this version or not. Raises `MalformedFact`."""
    try:
        return _kind.decode(body).kind
    except UNREADABLE as error:
        raise MalformedFact(_quoted(error)) from error


def read_fact(body: bytes | msgspec.Raw) -> AnyFact | None:
    """The fact in a body, or None if its kind is not known to this version.

    Raises `MalformedFact` when it is not a fact, or a known kind with wrong fields.
    """
    try:
        return _known.decode(body)
    except UNREADABLE as error:
        if kind_of(body) in KINDS or not _is_json(body):
            raise MalformedFact(_quoted(error)) from error
        return None


def _is_json(body: bytes | msgspec.Raw) -> bool:
    """Whether all of it can be read, also the fields that nobody here knows."""
    try:
        _json.decode(body)
    except UNREADABLE:
        return False
    return True


def _quoted(error: Exception) -> str:
    """What is wrong, with only the beginning of what it quotes from the body."""
    return str(error)[:_LONGEST_QUOTATION]
