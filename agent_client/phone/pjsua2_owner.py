"""Whom the SIP library tells what happens, in threads of its own."""

from enum import Enum
from typing import TYPE_CHECKING, Protocol

from agent_client.phone.stack import Invitation

if TYPE_CHECKING:
    from agent_client.phone.pjsua2_library import Call


class CallState(Enum):
    """What becomes of an INVITE, as far as the phone cares."""

    RINGS = "rings"
    CONNECTED = "connected"
    OVER = "over"


class Owner(Protocol):
    """Who holds the calls. Called in the library's thread: it must only copy and hand on."""

    def offered(self, call: "Call", invitation: Invitation) -> None:
        """An INVITE arrived; without a reference to the call it is refused with 603."""

    def registered(self, status: int, realm: str) -> None:
        """A REGISTER was answered, or failed; with the realm of a challenge in the answer."""

    def certificate_refused(self) -> None:
        """A server's certificate is not to be trusted."""

    def handed_on(self, call: "Call") -> None:
        """The other side sent a REFER; the call that comes of it must be kept."""

    def replaced(self, new: "Call", old: "Call", from_value: str, contact: str) -> None:
        """`new` has the name of `old`, which has one that nobody knows until it is over."""

    def transfer_over(self, call_id: str, status: int) -> None:
        """What became of our REFER."""

    def digit(self, call_id: str, digit: str) -> None:
        """The other side pressed a key."""

    def changed(
        self, call_id: str, state: CallState, status: int, by_peer: bool, sip_call_id: str
    ) -> None:
        """A call's INVITE came further."""

    def media(self, call_id: str, active: bool, held_here: bool, held_there: bool) -> None:
        """An offer and its answer are in force."""

    def reinvite_failed(self, call_id: str, status: int) -> None:
        """Our re-INVITE was refused or lost."""
