"""A phone without a network: the same rules over dialogs in memory.

The other side of its calls is either another `FakeEngine` on the same `FakeNetwork`, or whoever
calls the `peer_…` methods. Everything is told in a later turn of the event loop, as by a real
phone.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from uuid import uuid4

from agent_client.phone.engine import Emit, Open
from agent_client.phone.softphone import Softphone
from agent_client.phone.stack import Invitation, Listener, StackError

_PACKETS_A_SECOND = 50


class FakeNetwork:
    """Which fake phones can reach one another."""

    def __init__(self) -> None:
        self._stacks: dict[str, FakeStack] = {}

    def join(self, stack: "FakeStack", order: Open) -> str:
        """The address given to a phone."""
        port = order.listen_port or 40_000 + len(self._stacks)
        address = f"sip:{order.user}@{order.listen_host}:{port}"
        self._stacks[address] = stack
        return address

    def at(self, uri: str) -> "FakeStack | None":
        """The phone at an address, if there is one."""
        return self._stacks.get(uri)


@dataclass(slots=True)
class _Leg:
    """This phone's end of a call."""

    incoming: bool
    sip_call_id: str
    connected: bool = False
    held_here: bool = False
    held_there: bool = False
    died_at: float | None = None
    """Loop time in seconds."""
    other: "tuple[FakeStack, str] | None" = None
    """The phone and the call at the other end; None when a test plays it."""
    referred_by: "tuple[FakeStack, str] | None" = None
    """The phone that made us call, and its call that it handed on."""


class FakeStack:
    """A `Stack` in memory."""

    def __init__(self, network: FakeNetwork) -> None:
        self._network = network
        self._legs: dict[str, _Leg] = {}
        self._listener: Listener | None = None
        self._address = ""
        self._registration_status = 200
        self._obeys_refer = False
        self.digits: dict[str, str] = {}
        """What was sent into each call."""

    # What the phone does

    def open(self, order: Open, listener: Listener) -> None:
        """See `Stack`."""
        self._listener = listener
        self._address = self._network.join(self, order)
        self._obeys_refer = order.obeys_refer
        if order.registrar and self._registration_status != 200:
            self._tell(listener.down, "registration_failed", self._registration_status)
        else:
            self._tell(listener.up, self._address)

    def ring(self, call_id: str) -> None:
        """See `Stack`."""
        self._far(call_id, FakeStack.peer_rings, 180)

    def zip_tone(self, call_id: str) -> None:
        """See `Stack`."""
        self._leg(call_id)

    def answer(self, call_id: str) -> None:
        """See `Stack`."""
        leg = self._leg(call_id)
        if leg.died_at is None:
            self._far(call_id, FakeStack.peer_answers)
            self._connect(call_id, leg)

    def refuse(self, call_id: str, status: int) -> None:
        """See `Stack`."""
        self._far(call_id, FakeStack.peer_refuses, status)
        self._drop(call_id, status, by_peer=False)

    def dial(self, call_id: str, uri: str) -> None:
        """See `Stack`."""
        leg = self._legs[call_id] = _Leg(incoming=False, sip_call_id=uuid4().hex)
        callee = self._network.at(uri)
        if callee is not None:
            us = f"<{self._address}>"
            invitation = Invitation(us, us, f"<{uri}>", "", leg.sip_call_id)
            leg.other = (callee, callee.incoming(invitation, (self, call_id)))

    def hang_up(self, call_id: str) -> None:
        """See `Stack`."""
        leg = self._leg(call_id)
        if leg.died_at is None:
            self._far(call_id, FakeStack.peer_hangs_up)
            self._drop(call_id, 200 if leg.connected else 487, by_peer=False)

    def hold(self, call_id: str) -> None:
        """See `Stack`."""
        self._hold(call_id, True)

    def resume(self, call_id: str) -> None:
        """See `Stack`."""
        self._hold(call_id, False)

    def mute(self, call_id: str, muted: bool) -> None:
        """See `Stack`."""
        self._leg(call_id)

    def send_digits(self, call_id: str, digits: str) -> None:
        """See `Stack`."""
        self._leg(call_id)
        self.digits[call_id] = self.digits.get(call_id, "") + digits
        for digit in digits:
            self._far(call_id, FakeStack.peer_presses, digit)

    def transfer(self, call_id: str, uri: str) -> None:
        """See `Stack`."""
        self._far(call_id, FakeStack.peer_hands_on, uri, None, (self, call_id))

    def transfer_to_call(self, call_id: str, to_call: str) -> None:
        """See `Stack`."""
        target = self._leg(to_call).other
        self._far(call_id, FakeStack.peer_hands_on, "", target, (self, call_id))

    def join(self, call_id: str, other: str) -> None:
        """See `Stack`."""
        self._leg(call_id)
        self._leg(other)

    def heard(self, call_id: str) -> int:
        """See `Stack`."""
        died_at = self._leg(call_id).died_at
        now = asyncio.get_running_loop().time()
        return int((now if died_at is None else died_at) * _PACKETS_A_SECOND)

    def close(self) -> None:
        """See `Stack`."""
        self._legs.clear()
        self._listener = None

    # What the other side and the network do

    def incoming(self, invitation: Invitation, other: "tuple[FakeStack, str] | None" = None) -> str:
        """An INVITE arrives. Returns this phone's name of the call."""
        call_id = uuid4().hex
        leg = _Leg(incoming=True, sip_call_id=invitation.sip_call_id, other=other)
        self._legs[call_id] = leg
        self._tell(self._told.offered, call_id, invitation)
        return call_id

    def peer_calls(self, number: str, name: str = "", line: str = "") -> str:
        """A caller's INVITE arrives, by way of an exchange if it names the line that was dialled.
        Returns this phone's name of the call."""
        caller = f'"{name}" <sip:{number}@peer.invalid>'
        return self.incoming(Invitation(caller, caller, f"<{self._address}>", line, uuid4().hex))

    def peer_rings(self, call_id: str, status: int = 180) -> None:
        """The other side sends a provisional answer."""
        self._tell(self._told.rings, call_id, status)

    def peer_answers(self, call_id: str) -> None:
        """The other side sends 200."""
        self._connect(call_id, self._leg(call_id))

    def peer_refuses(self, call_id: str, status: int) -> None:
        """The other side sends a final refusal."""
        self._drop(call_id, status, by_peer=True)

    def peer_hangs_up(self, call_id: str) -> None:
        """The other side sends BYE, or CANCEL before the answer."""
        self._drop(call_id, 200 if self._leg(call_id).connected else 487, by_peer=True)

    def peer_holds(self, call_id: str, held: bool = True) -> None:
        """The other side sends a re-INVITE."""
        leg = self._leg(call_id)
        leg.held_there = held
        self._tell_media(call_id, leg)

    def peer_dies(self, call_id: str) -> None:
        """No more RTP arrives, and nothing is acknowledged any more."""
        self._leg(call_id).died_at = asyncio.get_running_loop().time()

    def peer_presses(self, call_id: str, digit: str) -> None:
        """The other side sends a key."""
        self._leg(call_id)
        self._tell(self._told.digit, call_id, digit)

    def peer_hands_on(
        self,
        call_id: str,
        uri: str,
        replaced: "tuple[FakeStack, str] | None",
        referrer: "tuple[FakeStack, str]",
    ) -> None:
        """The other side sends a REFER, to an address or to take a phone's place in a call."""
        self._leg(call_id)
        if not self._obeys_refer:
            referrer[0].transfer_ends(referrer[1], 603)
            return
        made = uuid4().hex
        self._tell(self._told.handed_on, made)
        if replaced is None:
            self.dial(made, uri)
            self._legs[made].referred_by = referrer
        else:
            leg = self._legs[made] = _Leg(False, uuid4().hex, other=replaced, referred_by=referrer)
            replaced[0].peer_is_replaced(replaced[1], f"<{self._address}>", (self, made))
            self._connect(made, leg)

    def peer_is_replaced(
        self, call_id: str, from_header: str, other: "tuple[FakeStack, str]"
    ) -> None:
        """Somebody else takes the other side's place."""
        self._far(call_id, FakeStack.peer_hangs_up)
        leg = self._leg(call_id)
        leg.other = other
        self._tell(self._told.replaced, call_id, from_header, from_header)
        self._connect(call_id, leg)

    def transfer_ends(self, call_id: str, status: int) -> None:
        """The other side, handed on, has reached its target (200) or has not."""
        self._tell(self._told.transfer_over, call_id, status)

    def fails(self, call_id: str, status: int = 408) -> None:
        """The network loses the call."""
        self._drop(call_id, status, by_peer=False)

    def fails_registration(self, status: int) -> None:
        """The registrar will refuse, with this status. Called before `Open`."""
        self._registration_status = status

    def registration_changes(self, status: int | None) -> None:
        """The registrar accepts (200), refuses, or (None) is not heard any more."""
        if status == 200:
            self._tell(self._told.up, self._address)
        else:
            self._tell(self._told.down, "registration_lost", status)

    def microphone_changes(self, present: bool) -> None:
        """A headset comes or goes."""
        self._tell(self._told.microphone, "" if present else "no_device")

    # Within

    @property
    def _told(self) -> Listener:
        if self._listener is None:
            raise StackError("closed")
        return self._listener

    def _tell(self, function: Callable[..., None], *values: object) -> None:
        asyncio.get_running_loop().call_soon(function, *values)

    def _tell_media(self, call_id: str, leg: _Leg) -> None:
        listener, here, there = self._told, leg.held_here, leg.held_there
        asyncio.get_running_loop().call_soon(
            lambda: listener.media(call_id, held_here=here, held_there=there)
        )

    def _leg(self, call_id: str) -> _Leg:
        leg = self._legs.get(call_id)
        if leg is None:
            raise StackError("over")
        return leg

    def _far(self, call_id: str, act: Callable[..., None], *values: object) -> None:
        """Let the phone at the other end, if there is one, see what this one does."""
        other = self._leg(call_id).other
        if other is not None:
            act(*other, *values)

    def _connect(self, call_id: str, leg: _Leg) -> None:
        leg.connected = True
        self._tell(self._told.connected, call_id, leg.sip_call_id)
        self._tell_media(call_id, leg)
        self._tell_referrer(leg, 200)

    def _hold(self, call_id: str, held: bool) -> None:
        leg = self._leg(call_id)
        leg.held_here = held
        self._far(call_id, FakeStack.peer_holds, held)
        self._tell_media(call_id, leg)

    def _drop(self, call_id: str, status: int, *, by_peer: bool) -> None:
        leg = self._legs.pop(call_id, None)
        if leg is None:
            raise StackError("over")
        self._tell_referrer(leg, status)
        listener = self._told
        asyncio.get_running_loop().call_soon(
            lambda: listener.over(call_id, status, by_peer=by_peer)
        )

    def _tell_referrer(self, leg: _Leg, status: int) -> None:
        if leg.referred_by is not None:
            stack, call_id = leg.referred_by
            leg.referred_by = None
            stack.transfer_ends(call_id, status)


class FakeEngine(Softphone):
    """An `Engine` in memory. What the other side and the network do is asked of `far`."""

    def __init__(self, emit: Emit, network: FakeNetwork | None = None) -> None:
        self.far = FakeStack(network or FakeNetwork())
        super().__init__(emit, self.far)
