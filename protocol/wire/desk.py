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
from protocol.facts.call import Direction
from protocol.rules.agent_state import Choice
from protocol.wire.errors import Params
from protocol.wire.session import Role
from protocol.wire.sync import FloorRow, Link


class Request(msgspec.Struct, frozen=True, tag_field="ask", tag=str.lower):
    """Something asked of the seat."""

    id: Int64


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


class WatchFloor(Request, frozen=True):
    """`Done`, then `Floor` with every row, and on every change the rows that changed. For roles
    that may see the floor."""


class GetDay(Request, frozen=True):
    """Answered by `Day`."""


class EnrolDesk(Request, frozen=True):
    """Make this desk known to the service with a one-time code."""

    code: str


class SignIn(Request, frozen=True):
    """Sign the seat's person in."""

    password: str


class Ready(Request, frozen=True):
    """Take calls; in a call, afterwards."""


class Break(Request, frozen=True):
    """Stop taking calls for a reason; in a call, afterwards."""

    reason: Reason


class Next(Request, frozen=True):
    """Choose what follows the call; null takes the choice back."""

    choice: Choice | None


class AcwDone(Request, frozen=True):
    """After-call work is done."""


class Dial(Request, frozen=True):
    """Call a number or a SIP address."""

    target: str


class Answer(Request, frozen=True):
    """Take the call that rings."""


class Reject(Request, frozen=True):
    """Refuse the call that rings."""


class Hangup(Request, frozen=True):
    """End the call."""


class Hold(Request, frozen=True):
    """Put the customer on hold."""


class Resume(Request, frozen=True):
    """Take the customer back."""


class Mute(Request, frozen=True):
    """Cut the microphone off, or (`muted` false) put it back."""

    muted: bool


class SignOfLife(Request, frozen=True):
    """Somebody is at the desk: a key or the mouse was used. Worth sending in ACW alone."""


class SignOut(Request, frozen=True):
    """Sign out; in a call, afterwards."""


class StopSeat(Request, frozen=True):
    """End the seat's process. Refused (`wrong_state`) while somebody is signed in."""


class Answering(msgspec.Struct, frozen=True, tag_field="tell", tag=str.lower):
    """Something the seat says."""


class Done(Answering, frozen=True):
    """The request was carried out, and what follows from it is on disk."""

    re: int


class Refused(Answering, frozen=True):
    """The request was not carried out; nothing changed."""

    re: int | None
    code: str
    params: Params = {}


class CallState(StrEnum):
    """Where a call stands."""

    RINGING = "ringing"
    DIALING = "dialing"
    TALK = "talk"
    HOLD = "hold"


class Call(msgspec.Struct, frozen=True):
    """The call at the desk."""

    id: str
    direction: Direction
    peer: str
    peer_name: str
    state: CallState
    since: datetime | None
    """When it entered that state."""
    muted: bool


class PhoneState(StrEnum):
    """What the phone can do."""

    REGISTERED = "registered"
    UNREGISTERED = "unregistered"
    FAULT = "fault"
    NONE = "none"


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


class Floor(Answering, frozen=True):
    """Rows of the floor that changed, or with `reset` all of them. `stale` says that the link is
    down and the rows are as old as they are."""

    rows: tuple[FloorRow, ...]
    now: datetime | None
    reset: bool = False
    stale: bool = False


AnyRequest = (
    Attach
    | GetStatus
    | Watch
    | WatchFloor
    | GetDay
    | EnrolDesk
    | SignIn
    | Ready
    | Break
    | Next
    | AcwDone
    | Dial
    | Answer
    | Reject
    | Hangup
    | Hold
    | Resume
    | Mute
    | SignOfLife
    | SignOut
    | StopSeat
)
AnyAnswering = Done | Refused | Status | Day | Floor

_encoder = msgspec.json.Encoder()
_requests: msgspec.json.Decoder[AnyRequest] = msgspec.json.Decoder(AnyRequest)
_answerings: msgspec.json.Decoder[AnyAnswering] = msgspec.json.Decoder(AnyAnswering)

MAX_LINE_BYTES = 1 << 20
"""A longer line ends the connection."""


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
