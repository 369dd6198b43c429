"""What `Softphone` needs of a SIP library, and what it is told by one: plain values only."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from agent_client.phone.engine import Open

ZIP_TONE_S = 0.2
MAX_CALLS = 4
"""Calls alive at once, counting those that only wait to be answered or refused."""


class StackError(Exception):
    """The library would not do what it was asked."""


class Busy(StackError):
    """Another re-INVITE of the call is under way; it may be asked again soon."""


class OpenError(StackError):
    """The phone can't be opened. `code` is that of `PhoneDown`."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Invitation:
    """An INVITE's headers, as the network gave them; empty where missing."""

    from_header: str
    contact_header: str
    to_header: str
    line_header: str
    """`X-Seatline-Line`."""
    sip_call_id: str


class Listener(Protocol):
    """Who is told, always in the event loop's thread."""

    def up(self, address: str) -> None:
        """Calls can be made and received at this SIP address."""

    def down(self, code: str, sip_status: int | None) -> None:
        """Calls can't be made or received."""

    def microphone(self, fault: str) -> None:
        """Why the agent can't be heard (see `PhoneUp.fault`); empty when nothing is wrong."""

    def offered(self, call_id: str, invitation: Invitation) -> None:
        """An INVITE arrived."""

    def handed_on(self, call_id: str) -> None:
        """The other side of some call told us to make this one, and we do."""

    def replaced(self, call_id: str, from_header: str, contact_header: str) -> None:
        """Somebody else takes the place of a connected call's other side; `connected` follows.
        Nobody is on hold any more."""

    def digit(self, call_id: str, digit: str) -> None:
        """The other side pressed a key."""

    def transfer_over(self, call_id: str, sip_status: int) -> None:
        """What became of our REFER: the last status told of the new call, or its refusal."""

    def rings(self, call_id: str, status: int) -> None:
        """A provisional answer (180 to 199) to our INVITE."""

    def connected(self, call_id: str, sip_call_id: str) -> None:
        """The INVITE was answered with 200 and acknowledged."""

    def media(self, call_id: str, *, held_here: bool, held_there: bool) -> None:
        """An offer and its answer are in force, with this hold by each side."""

    def reinvite_failed(self, call_id: str, sip_status: int) -> None:
        """Our re-INVITE (hold or resume) was refused or lost; what was before stays."""

    def over(self, call_id: str, sip_status: int, *, by_peer: bool) -> None:
        """The call's last transaction is done. `by_peer`: by a message of the other side, not by
        a time-out or an error here."""


class Stack(Protocol):
    """A SIP library with its sound. Each method returns at once; what comes of it is told to the
    listener. Each but `close` may raise `StackError`."""

    def open(self, order: Open, listener: Listener) -> None:
        """Open transport and sound, and register if there is a registrar. Raises `OpenError`."""

    def ring(self, call_id: str) -> None:
        """Send 180, and ring at the desk."""

    def zip_tone(self, call_id: str) -> None:
        """Stop the bell and let two short beeps be heard at the desk, for `ZIP_TONE_S`."""

    def answer(self, call_id: str) -> None:
        """Send 200."""

    def refuse(self, call_id: str, status: int) -> None:
        """Send this final answer to an INVITE."""

    def dial(self, call_id: str, uri: str) -> None:
        """Send an INVITE to a checked SIP URI."""

    def hang_up(self, call_id: str) -> None:
        """Send BYE, or CANCEL before the answer."""

    def hold(self, call_id: str) -> None:
        """Send a re-INVITE with `sendonly`. Raises `Busy`."""

    def resume(self, call_id: str) -> None:
        """Send a re-INVITE with `sendrecv`. Raises `Busy`."""

    def mute(self, call_id: str, muted: bool) -> None:
        """Cut the microphone off from the call, or put it back."""

    def send_digits(self, call_id: str, digits: str) -> None:
        """Send keys: by RFC 4733, or by INFO to a side that does not know it."""

    def transfer(self, call_id: str, uri: str) -> None:
        """Send a REFER to a checked SIP URI."""

    def transfer_to_call(self, call_id: str, to_call: str) -> None:
        """Send a REFER to the other side of `to_call`, in place of us (Replaces)."""

    def join(self, call_id: str, other: str) -> None:
        """Let the other sides of two calls hear one another until either ends."""

    def heard(self, call_id: str) -> int:
        """RTP packets received in the call so far."""

    def close(self) -> None:
        """Unregister, close the transport and let go of the library."""


MakeStack = Callable[[], Stack]
