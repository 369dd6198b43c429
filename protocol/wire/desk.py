"""Terminal ↔ seat: what can be asked of a running seat, and what it tells.

One JSON object a line over a local socket. The first message is `Attach`. Each request carries an
`id` and gets exactly one `Done`, `Refused`, or the answer it asks for; `Status` and `Floor` come
by themselves to whoever watches.
"""

from datetime import datetime
from enum import StrEnum

import msgspec

from protocol.facts.agent import Reason, State
from protocol.facts.base import UNREADABLE, Int64
from protocol.rules.agent_state import Choice
from protocol.rules.lines import Line
from protocol.wire import desk_call, desk_exam, desk_floor, desk_plan, desk_training
from protocol.wire.breaks import OwnQueue
from protocol.wire.desk_base import Answering, Done, Refused, Request
from protocol.wire.desk_call import Call, LastCall
from protocol.wire.errors import Params
from protocol.wire.orders import Order
from protocol.wire.session import Role
from protocol.wire.sync import Link

MAX_SIGN_OUT_TEXT = 200
"""Characters of why somebody signs out."""


class Attach(Request, frozen=True):
    """Always first. A `terminal` counts as somebody at the desk."""

    version: Int64
    terminal: bool = False
    token: str = ""
    """Needed where the socket is a loopback port: what the owner-only file beside it says."""


class GetStatus(Request, frozen=True):
    """Answered by `Status`."""


class Watch(Request, frozen=True):
    """`Done`, then a `Status` at once and on every change."""


class GetDay(Request, frozen=True):
    """Answered by `Day`."""


class EnrolDesk(Request, frozen=True):
    """Make this desk known to the service with a one-time code."""

    code: str


class SignIn(Request, frozen=True):
    """Sign the seat's person in: without the service provisionally, against what the desk has
    kept of an earlier sign-in."""

    password: str
    """Or the one-time code that stands for a forgotten one."""
    new_password: str = ""
    take_over: bool = False


class ChangePassword(Request, frozen=True):
    """Needs the service."""

    password: str
    new_password: str


class Lock(Request, frozen=True):
    """Nobody is at the screen: READY becomes AWAY, and only the password opens it again."""


class Unlock(Request, frozen=True):
    """Open it again."""

    password: str


class SeeOrder(Request, frozen=True):
    """The person has read it."""

    order: str


class Ready(Request, frozen=True):
    """Take calls; in a call, afterwards."""


class Break(Request, frozen=True):
    """Stop taking calls for a reason; in a call, afterwards. Where that needs a turn that is not
    the person's yet, the state stays as it is, and `Status` tells the place in the queue. Refused
    with `unknown_call` or `break_taken` for an `after_call`."""

    reason: Reason
    after_call: str = ""
    """The abusive call after which it is: first in the queue, and excused."""


class Next(Request, frozen=True):
    """Choose what follows the call; null takes the choice back. A break that needs a turn is
    asked for as with `Break`."""

    choice: Choice | None


class AcwDone(Request, frozen=True):
    """After-call work is done."""


class SignOfLife(Request, frozen=True):
    """Somebody is at the desk: a key or the mouse was used. Worth sending in ACW alone."""


class SignOut(Request, frozen=True):
    """Sign out; in a call, afterwards. `text` says why, if anybody wishes to: the lead reads it
    with the sign-out. After a call it is not kept. Refused with `bad_text`."""

    text: str = ""
    """At most `MAX_SIGN_OUT_TEXT` characters."""


class Relieve(Request, frozen=True):
    """Sign out, since `by` (a staff number) has signed in on this desk for the same post. Refused
    (`wrong_state`) in a call."""

    by: str


class StopSeat(Request, frozen=True):
    """End the seat's process. Refused (`wrong_state`) while somebody is signed in."""


class PhoneState(StrEnum):
    """What the phone can do."""

    REGISTERED = "registered"
    UNREGISTERED = "unregistered"
    FAULT = "fault"
    NONE = "none"


class ExchangeState(StrEnum):
    """What the exchange was told last, and whether it agreed."""

    NOT_TOLD = "not_told"
    """It needs not be told, or was not yet."""
    READY = "ready"
    PAUSED = "paused"
    REFUSED = "refused"
    SILENT = "silent"


class Notice(msgspec.Struct, frozen=True):
    """Something that a person has to be told, as a code of `protocol.wire.errors`."""

    code: str
    params: Params = {}


class Status(Answering, frozen=True):
    """All that a screen shows of the seat. Everything in it is on disk already."""

    re: int | None
    agent: str
    name: str
    roles: tuple[Role, ...]
    state: State
    reason: Reason | None
    since: datetime | None
    """When the state began (UTC); null where that is unknown."""
    until: datetime | None
    """When a timer will end the state by itself (RINGING, ACW), else null."""
    next_state: str | None
    """`READY`, `LOGGED_OFF`, `NOT_READY:<reason>`, or null."""
    call: Call | None
    link: Link
    link_fault: str | None
    """The code of what keeps the link down, null while it is up."""
    phone: PhoneState
    phone_fault: str | None
    phone_address: str | None
    microphone: bool
    dials_numbers: bool
    """Whether there is an exchange that knows numbers; a direct phone calls addresses alone."""
    unsent: int
    """Facts on this disk that the service has not acknowledged."""
    enrolled: bool
    owed: tuple[str, ...]
    """Numbers of customers cut off by a fault of ours and not yet called back."""
    now: datetime | None
    """The seat's reading of the server's clock as it sent this; null without an anchor."""
    zone: str
    provisional: bool = False
    """Signed in without the service, which has yet to confirm it."""
    locked: bool = False
    exchange: ExchangeState = ExchangeState.NOT_TOLD
    exchange_status: int | None = None
    """The SIP status with which the exchange answered."""
    last_call: LastCall | None = None
    lines: tuple[Line, ...] = ()
    """The lines of business, each with its codes. To whoever watches they are told once on a
    connection, and when they change …"""
    lines_as_told: bool = False
    """… in between they are left out, and this says so."""
    orders: tuple[Order, ...] = ()
    """What leads asked, and the person has not read yet; forced states among them."""
    held_back: int = 0
    """Facts that the service refused: among the unsent, and nothing here can change that."""
    terminals: int = 0
    """Screens that show this seat."""
    break_queue: OwnQueue | None = None
    """The queue for breaks, as the service told of it; null where nothing needs a turn, and while
    the link is down: then breaks are simply taken."""
    notices: tuple[Notice, ...] = ()
    """Why the person was signed out unasked (until the next sign-in), that the service's ledger is
    not the one that acknowledged this seat's facts, and that records were found damaged."""


class Day(Answering, frozen=True):
    """The figures of the present day at this seat, from its own facts."""

    re: int
    date: str
    """The local date (ISO)."""
    calls_answered: int
    """Customers' calls that the agent took."""
    calls_missed: int
    seconds: dict[State, int]
    """Whole seconds in each state, the present one up to now; states not entered are absent."""
    unknown_s: int
    """Seconds that no fact covers (between a seat's death and its return)."""
    facts_sent: int
    facts_acked: int


AnyRequest = (
    Attach
    | GetStatus
    | Watch
    | GetDay
    | EnrolDesk
    | SignIn
    | ChangePassword
    | Ready
    | Break
    | Next
    | AcwDone
    | SignOfLife
    | Lock
    | Unlock
    | SeeOrder
    | SignOut
    | Relieve
    | StopSeat
    | desk_call.Dial
    | desk_call.Answer
    | desk_call.Reject
    | desk_call.Hangup
    | desk_call.Hold
    | desk_call.Resume
    | desk_call.Mute
    | desk_call.Dtmf
    | desk_call.Transfer
    | desk_call.Consult
    | desk_call.Join
    | desk_call.ExtendAcw
    | desk_call.WrapUp
    | desk_call.SettleCallBack
    | desk_call.GetCalls
    | desk_call.GetPast
    | desk_floor.WatchFloor
    | desk_floor.GetPerson
    | desk_floor.PlaceOrder
    | desk_floor.ResetPassword
    | desk_plan.AskService
    | desk_plan.WatchDay
    | desk_training.WatchTraining
    | desk_training.OpenItem
    | desk_training.ReadSign
    | desk_training.FinishItem
    | desk_training.CloseItem
    | desk_training.PostponeTraining
    | desk_exam.WatchExams
    | desk_exam.BeginExam
    | desk_exam.AnswerQuestion
    | desk_exam.LeaveFocus
    | desk_exam.HandIn
)
AnyAnswering = (
    Done
    | Refused
    | Status
    | Day
    | desk_call.Calls
    | desk_call.Past
    | desk_floor.Floor
    | desk_floor.PersonPage
    | desk_floor.ResetCode
    | desk_plan.ServiceAnswered
    | desk_plan.OwnDay
    | desk_training.DeskTraining
    | desk_exam.DeskExams
)

News = desk_floor.Floor | desk_plan.OwnDay | desk_training.DeskTraining | desk_exam.DeskExams
"""What never is an answer."""
Pushed = Status | News
"""What the seat tells by itself."""

_encoder = msgspec.json.Encoder()
_requests: msgspec.json.Decoder[AnyRequest] = msgspec.json.Decoder(AnyRequest)
_answerings: msgspec.json.Decoder[AnyAnswering] = msgspec.json.Decoder(AnyAnswering)

MAX_LINE_BYTES = 1 << 20
"""A longer line ends the connection."""
MAX_TOLD_BYTES = 4 << 20
"""Of what the seat tells: the paper of an exam can be as long as a frame of the service, and the
answers to it come on top."""


def encode(message: AnyRequest | AnyAnswering) -> bytes:
    """One line, with its newline."""
    return _encoder.encode(message) + b"\n"


def decode_request(line: bytes) -> AnyRequest:
    """Raises `msgspec.DecodeError` on anything but a request."""
    try:
        return _requests.decode(line)
    except UNREADABLE as error:
        raise msgspec.DecodeError(str(error)) from error


def decode_answering(line: bytes) -> AnyAnswering:
    """Raises `msgspec.DecodeError` on anything but an answering."""
    try:
        return _answerings.decode(line)
    except UNREADABLE as error:
        raise msgspec.DecodeError(str(error)) from error
