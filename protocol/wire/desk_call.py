"""Terminal ↔ seat: the call at the desk, what is said of it afterwards, and the calls before it."""

from datetime import datetime
from enum import StrEnum

import msgspec

from protocol.facts.call import Direction
from protocol.wire.calls import PastCall
from protocol.wire.desk_base import Answering, Request

MAX_NOTE = 2000
"""Characters of a note on a call."""


class Dial(Request, frozen=True):
    """Call a number or a SIP address."""

    target: str
    for_call: str = ""
    """The call that this one pays back: promised, missed or cut off. With it an empty target is
    that call's own."""


class Answer(Request, frozen=True):
    """Take the call that rings."""


class Reject(Request, frozen=True):
    """Refuse the call that rings."""


class Hangup(Request, frozen=True):
    """End the call: in a consultation, that of the one who is consulted."""


class Hold(Request, frozen=True):
    """Put the customer on hold."""


class Resume(Request, frozen=True):
    """Take the customer back."""


class Mute(Request, frozen=True):
    """Cut the microphone off, or (`muted` false) put it back."""

    muted: bool


class Dtmf(Request, frozen=True):
    """Send keys (0–9, *, #, A–D) into the call."""

    digits: str


class Transfer(Request, frozen=True):
    """Hand the customer on to a number or address, blind. In a consultation an empty target hands
    the customer to the one who is consulted."""

    target: str = ""


class Consult(Request, frozen=True):
    """Put the customer on hold and call somebody about it."""

    target: str


class Join(Request, frozen=True):
    """Let the customer, the one who is consulted and the agent speak with one another."""


class ExtendAcw(Request, frozen=True):
    """More time for after-call work. Refused with `no_extension` when there is none left."""


class WrapUp(Request, frozen=True):
    """What the call was about; `call_id` empty: the present or last call. What is sent again
    takes the place of what was sent before."""

    call_id: str = ""
    category: str = ""
    outcome: str = ""
    actions: tuple[str, ...] = ()
    note: str = ""
    call_back_at: datetime | None = None
    """When the customer was promised a call (aware)."""


class SettleCallBack(Request, frozen=True):
    """A promised or owed call-back needs no call any more."""

    call_id: str
    reason: str


class GetCalls(Request, frozen=True):
    """Answered by `Calls`: those of the present day and whatever is still owed."""


class GetPast(Request, frozen=True):
    """Answered by `Past`: earlier calls with a number."""

    peer: str


class CallState(StrEnum):
    """Where a call stands."""

    RINGING = "ringing"
    DIALING = "dialing"
    TALK = "talk"
    HOLD = "hold"
    CONSULT = "consult"


class Consultation(msgspec.Struct, frozen=True):
    """The second leg."""

    peer: str
    answered: bool
    joined: bool
    """Whether all three speak with one another."""


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
    connected: datetime | None = None
    """When it was answered."""
    line: str = ""
    auto_answer: bool = False
    """Whether it is going to be connected by itself."""
    consultation: Consultation | None = None
    past: tuple[PastCall, ...] | None = None
    """Earlier calls with this number; null while nobody has told yet."""


class WrappedUp(msgspec.Struct, frozen=True):
    """What is recorded of a call so far."""

    category: str = ""
    outcome: str = ""
    actions: tuple[str, ...] = ()
    note: str = ""
    call_back_at: datetime | None = None


class LastCall(msgspec.Struct, frozen=True):
    """The call that after-call work is about (or the present one), for the wrap-up."""

    id: str
    peer: str
    line: str
    wrapped_up: WrappedUp
    extensions_left: int
    """How often after-call work can still be given more time; 0 outside ACW."""


class CallRow(msgspec.Struct, frozen=True):
    """One call of this seat's, from its own records."""

    id: str
    at: datetime | None
    direction: Direction
    peer: str
    peer_name: str
    answered: bool
    missed: str
    """The cause of a miss, or empty."""
    ended: str
    """The cause of its end; empty while it goes on."""
    talk_s: int | None
    line: str
    wrapped_up: WrappedUp
    owed: bool
    """Whether the customer waits for a call: cut off, missed or promised, and not called since."""
    due: datetime | None
    """When it was promised."""
    can_call_back: bool
    """Whether this phone can reach the number."""


class Calls(Answering, frozen=True):
    """The newest first; what is owed from earlier days last."""

    re: int
    calls: tuple[CallRow, ...]
    zone: str = "UTC"
    """The site's, for showing times."""


class Past(Answering, frozen=True):
    """Earlier calls with a number; `complete` false: the service could not be asked, and these are
    this desk's own."""

    re: int
    calls: tuple[PastCall, ...]
    complete: bool
