"""One call as the phone knows it, and which commands its state allows."""

from dataclasses import dataclass
from enum import Enum

from agent_client.phone.engine import (
    Answer,
    Ending,
    Hangup,
    Hold,
    Mute,
    Reject,
    Resume,
    Ring,
)
from agent_client.phone.hold import HoldExchange

CallCommand = Ring | Answer | Reject | Hangup | Hold | Resume | Mute
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
            case Hold():
                return self.answered and self.hold.may_change_to(True)
            case Resume():
                return self.answered and self.hold.may_change_to(False)
            case Mute():
                return self.answered

    def silent_for(self, packets: int, now: float) -> float:
        """Seconds without sound at loop time `now`, when `packets` have arrived in all.

        Nothing is expected while either side holds the call.
        """
        held = self.held_there or self.hold.held or self.hold.wanted is not None
        if packets != self.packets or held:
            self.packets = packets
            self.heard_at = now
        return now - self.heard_at
