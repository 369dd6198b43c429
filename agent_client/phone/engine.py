"""What the seat tells a phone and what a phone tells the seat: plain values, without a library.

Commands go down and events come up, one JSON object a line (`encode`, `decode_command`,
`decode_event`). A phone never decides about an agent's state: it reports what the network did
and does what it is told.

A call is named by a `call_id` that the phone makes for incoming calls and the seat makes for
outgoing ones; both are unique for ever (uuid4, hexadecimal). A call keeps its name when the other
side is replaced by somebody else (`CallPeerChanged`).
"""

from collections.abc import Callable
from enum import StrEnum
from typing import Protocol

import msgspec


class Command(msgspec.Struct, frozen=True, tag_field="command", tag=str.lower):
    """An order to the phone."""


class Transport(StrEnum):
    """What carries SIP."""

    UDP = "udp"
    TCP = "tcp"
    TLS = "tls"


class Sound(StrEnum):
    """Which sound devices to use."""

    AUTO = "auto"
    """The desk's own; without any, the phone reports no microphone."""
    NONE = "none"
    """None, on purpose (tests and demonstrations): calls are silent on this side."""
    TONE = "tone"
    """None, but a tone is spoken into every call: a customer without a mouth."""


class Open(Command, frozen=True):
    """Open the transport and, with a registrar, register. Answered by `PhoneUp` or `PhoneDown`;
    again whenever that changes."""

    user: str
    registrar: str = ""
    """`host:port`; empty for a direct phone, reachable at its own address."""
    password: str = ""
    transport: Transport = Transport.UDP
    listen_host: str = "127.0.0.1"
    listen_port: int = 0
    """0 takes any free one."""
    sound: Sound = Sound.AUTO
    display_name: str = ""
    rtp_loss_s: int = 30
    """A connected call that hears nothing for so long, while not held, is ended by the phone."""
    ca: str = ""
    """With TLS: the file of the authorities that may have signed the registrar's certificate;
    empty for the system's."""
    call_device: str = ""
    """Name, or part of it, of the sound device for calls; empty for the system's default. While
    no device has such a name, the default is taken."""
    ring_device: str = ""
    """The same for the bell; empty for the call's device."""
    obeys_refer: bool = False
    """Let the other side hand this phone on: a customer's phone in tests and demonstrations. An
    agent's phone refuses (603). The phone makes the name of the call that comes of it."""


class Ring(Command, frozen=True):
    """Tell the caller that it rings (180), and ring at the desk."""

    call_id: str


class Answer(Command, frozen=True):
    """Answer an incoming call (200)."""

    call_id: str
    zip_tone: bool = False
    """First a short tone in the agent's ear, for a call that nobody took by hand."""


class Reject(Command, frozen=True):
    """Refuse an incoming call with a SIP status: 486 busy, 480 no answer, 603 declined."""

    call_id: str
    status: int = 486


class Dial(Command, frozen=True):
    """Call a number or a SIP address."""

    call_id: str
    target: str
    """`sip:…` as it is; anything else is a number at the registrar."""


class Hangup(Command, frozen=True):
    """End a call, or give up an outgoing one."""

    call_id: str


class Hold(Command, frozen=True):
    """Put the other side on hold."""

    call_id: str


class Resume(Command, frozen=True):
    """Take the other side back from hold."""

    call_id: str


class Mute(Command, frozen=True):
    """Cut the microphone off from a call, or (`muted` false) put it back."""

    call_id: str
    muted: bool


class Dtmf(Command, frozen=True):
    """Send keys into a connected call that is not on hold: by RFC 4733, or by INFO to a side that
    does not know it. Answered by `DtmfSent` once they are on their way, or refused
    (`bad_digits`)."""

    call_id: str
    digits: str
    """1 to 32 of `0`–`9`, `*`, `#`, `A`–`D`."""


class Transfer(Command, frozen=True):
    """Hand the other side on (REFER): to `target`, or to the other side of our call `to_call`,
    which ends with it. Done when the other side has reached it: both calls then end with
    `Ending.TRANSFERRED`. Refused (`transfer_failed`) otherwise; the call goes on."""

    call_id: str
    target: str = ""
    to_call: str = ""


class Join(Command, frozen=True):
    """Let the other sides of two connected calls and the agent hear one another. Neither may be
    on hold. Answered by `CallsJoined`; the end of either call ends it."""

    call_id: str
    other: str


class Close(Command, frozen=True):
    """End all calls, unregister, end."""


class Event(msgspec.Struct, frozen=True, tag_field="event", tag=str.lower):
    """Something the phone saw."""


class PhoneUp(Event, frozen=True):
    """Calls can be made and received."""

    address: str
    """The phone's own SIP address, `sip:user@host:port`."""
    microphone: bool
    """Whether the agent can be heard (always true with sound `none` and `tone`)."""
    fault: str = ""
    """Without a microphone, why: `no_device` or `sound_library_missing` (PortAudio)."""


class PhoneDown(Event, frozen=True):
    """Calls can't be made or received."""

    code: str
    """`transport_failed`, `certificate_refused`, `registration_failed`, `registration_lost`,
    `library_missing`."""
    sip_status: int | None = None


class MicrophoneChanged(Event, frozen=True):
    """A headset came or went."""

    microphone: bool
    fault: str = ""
    """As in `PhoneUp`."""


class CallIncoming(Event, frozen=True):
    """An INVITE arrived. The caller hears nothing until `Ring`, `Answer` or `Reject`."""

    call_id: str
    peer: str
    """The caller's number: the user part of the From address, or the whole address without one."""
    peer_name: str = ""
    sip_call_id: str = ""
    called: str = ""
    """What the caller dialled: the user part of the To address, or of `X-Seatline-Line` where the
    exchange sends that header."""
    peer_uri: str = ""
    """The caller's SIP address, by which it can be called without an exchange; empty where it is
    none that `Dial` takes."""


class CallProgress(Event, frozen=True):
    """An outgoing call rings at the other side (180 or 183)."""

    call_id: str
    status: int


class CallConnected(Event, frozen=True):
    """Answered and acknowledged: both sides can speak."""

    call_id: str
    sip_call_id: str = ""


class CallPeerChanged(Event, frozen=True):
    """The other side handed us on: the connected call goes on with somebody else."""

    call_id: str
    peer: str
    """As in `CallIncoming`."""
    peer_name: str = ""
    peer_uri: str = ""


class CallHeld(Event, frozen=True):
    """Our hold is in force."""

    call_id: str


class CallResumed(Event, frozen=True):
    """Our hold is over."""

    call_id: str


class CallMuted(Event, frozen=True):
    """The microphone was cut off from the call, or put back."""

    call_id: str
    muted: bool


class DtmfSent(Event, frozen=True):
    """So many keys were sent into a call."""

    call_id: str
    count: int


class DtmfHeard(Event, frozen=True):
    """The other side pressed a key (RFC 4733 or INFO)."""

    call_id: str
    digit: str


class CallsJoined(Event, frozen=True):
    """Three hear one another."""

    call_id: str
    other: str


class Ending(StrEnum):
    """How a call ended, as the phone saw it."""

    LOCAL = "local"
    """By our own command."""
    REMOTE = "remote"
    """By the other side: BYE, CANCEL, or a refusal of our INVITE."""
    RTP_LOSS = "rtp_loss"
    """Nothing was heard for `rtp_loss_s`."""
    TRANSFERRED = "transferred"
    """The other side was handed on, and has arrived there."""
    FAILED = "failed"
    """By the network or the library: time-out, no transport, no media."""


class CallEnded(Event, frozen=True):
    """The call is over, exactly once for each call, whatever happened to it."""

    call_id: str
    ending: Ending
    answered: bool
    """Whether it had been connected."""
    sip_status: int | None = None


class CommandRefused(Event, frozen=True):
    """A command had no effect."""

    code: str
    """`unknown_call`, `wrong_call_state`, `bad_target`, `too_many_calls`, `not_open`,
    `phone_refused`, `bad_digits`, `transfer_failed`."""
    command: str
    """The refused command's tag."""
    call_id: str | None = None


AnyCommand = (
    Open
    | Ring
    | Answer
    | Reject
    | Dial
    | Hangup
    | Hold
    | Resume
    | Mute
    | Dtmf
    | Transfer
    | Join
    | Close
)
AnyEvent = (
    PhoneUp
    | PhoneDown
    | MicrophoneChanged
    | CallIncoming
    | CallProgress
    | CallConnected
    | CallPeerChanged
    | CallHeld
    | CallResumed
    | CallMuted
    | DtmfSent
    | DtmfHeard
    | CallsJoined
    | CallEnded
    | CommandRefused
)
Emit = Callable[[AnyEvent], None]


class Engine(Protocol):
    """A phone. Made with an `Emit` that it calls, in the event loop's thread, for every event.

    A command returns at once; its outcome is an event. `Close` is followed by a last `CallEnded`
    for every call alive.
    """

    def do(self, command: AnyCommand) -> None:
        """Carry out a command, or emit `CommandRefused`."""


_encoder = msgspec.json.Encoder()
_commands: msgspec.json.Decoder[AnyCommand] = msgspec.json.Decoder(AnyCommand)
_events: msgspec.json.Decoder[AnyEvent] = msgspec.json.Decoder(AnyEvent)


def encode(message: AnyCommand | AnyEvent) -> bytes:
    """One line, with its newline."""
    return _encoder.encode(message) + b"\n"


def decode_command(line: bytes) -> AnyCommand:
    """Raises one of `UNREADABLE` on anything but a command."""
    return _commands.decode(line)


def decode_event(line: bytes) -> AnyEvent:
    """Raises one of `UNREADABLE` on anything but an event."""
    return _events.decode(line)
