"""One call as the phone knows it, and which commands its state allows."""

from dataclasses import dataclass
from enum import Enum

from agent_client.phone.engine import (
    Answer,
    CallPeerChanged,
    Dtmf,
    Ending,
    Hangup,
    Hold,
    Join,
    Mute,
    Reject,
    Resume,
    Ring,
    Transfer,
)
from agent_client.phone.hold import HoldExchange
from agent_client.phone.transfer import HandOver

CallCommand = Ring | Answer | Reject | Hangup | Hold | Resume | Mute | Dtmf | Transfer | Join
"""A command about a call that exists."""


class Phase(Enum):
    """How far a call has come."""

    OFFERED = "offered"
    """An INVITE arrived and is not answered."""
    ACCEPTED = "accepted"
    """We sent 200 and wait for the ACK."""
    DIALLED = "dialled"
    """We sent an INVITE and wait for an answer."""
    CONNECTED = "connected"
    """Both sides can speak."""


@dataclass(slots=True)
class Dialog:
    """A call that has not ended."""

    call_id: str
    phase: Phase
    hold: HoldExchange
    hand_over: HandOver | None = None
    """The transfer under way that this call has a part in."""
    gone: bool = False
    """Whether the library has let go of it, and only the outcome of the transfer is awaited."""
    next_peer: CallPeerChanged | None = None
    """Who takes the other side's place, and has not acknowledged yet."""
    joined_with: str = ""
    """The call whose other side hears this one's."""
    held_there: bool = False
    """Whether the other side holds us."""
    progress: int = 0
    """The last provisional status told."""
    ending: Ending | None = None
    """Set when the phone itself ends the call."""
    refused_with: int | None = None
    """The status of our own refusal."""
    packets: int = 0
    """RTP packets received when somebody looked last."""
    heard_at: float = 0.0
    """When packets last arrived, or could not be expected; loop time in seconds."""

    @property
    def answered(self) -> bool:
        """Whether it was connected."""
        return self.phase is Phase.CONNECTED

    def allows(self, command: CallCommand) -> bool:
        """Whether the command makes sense in this state."""
        if self.ending is not None:
            return False
        match command:
            case Ring() | Answer() | Reject():
                return self.phase is Phase.OFFERED
            case Hangup():
                return self.phase is not Phase.OFFERED
            case Hold() | Resume():
                return self.stays and self.hold.may_change_to(isinstance(command, Hold))
            case Transfer():
                return self.stays and self.hold.wanted is None
            case Join():
                return self.may_join
            case Dtmf():
                return self.talks
            case Mute():
                return self.answered

    @property
    def stays(self) -> bool:
        """Whether it is connected, and not being handed on or ended."""
        handed_on = self.hand_over is not None and self.hand_over.under_way
        return self.answered and self.ending is None and not handed_on

    @property
    def talks(self) -> bool:
        """Whether it is connected and not held by us."""
        return self.answered and not self.hold.held and self.hold.wanted is None

    @property
    def may_join(self) -> bool:
        """Whether a third party may come in."""
        return self.stays and self.talks and not self.joined_with

    def silent_for(self, packets: int, now: float) -> float:
        """Seconds without sound at loop time `now`, when `packets` have arrived in all.

        Nothing is expected while either side holds the call.
        """
        held = self.held_there or self.hold.held or self.hold.wanted is not None
        if packets != self.packets or held:
            self.packets = packets
            self.heard_at = now
        return now - self.heard_at
