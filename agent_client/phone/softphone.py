"""The phone's own rules, over any SIP library: which command is refused and which event is told."""

import asyncio
import contextlib

from agent_client.phone.addresses import callable_uri, caller, line_called
from agent_client.phone.call_commands import DIGITS, CallCommands, Refusal, checked_uri
from agent_client.phone.calls import Calls
from agent_client.phone.dialog import CallCommand, Dialog, Phase
from agent_client.phone.engine import (
    AnyCommand,
    CallConnected,
    CallIncoming,
    CallPeerChanged,
    CallProgress,
    Close,
    Dial,
    DtmfHeard,
    Emit,
    Ending,
    MicrophoneChanged,
    Open,
    PhoneDown,
    PhoneUp,
)
from agent_client.phone.stack import MAX_CALLS, Invitation, OpenError, Stack, StackError

CLOSING_S = 0.7
"""How long the other sides of all calls together may take to acknowledge, when it closes."""
_CROSSED = 491
_UNAVAILABLE = 480


class Softphone:
    """An `Engine` over a `Stack`, and the stack's `Listener`. Lives in one event loop's thread."""

    def __init__(self, emit: Emit, stack: Stack) -> None:
        self.closed = asyncio.Event()
        """Set when `Close` has been carried out."""
        self._emit = emit
        self._stack = stack
        self._calls = Calls(emit, stack)
        self._order: Open | None = None
        self._is_up = False
        self._microphone_fault = ""
        self._closing = False

    # Commands

    def do(self, command: AnyCommand) -> None:
        """Carry out a command, or emit `CommandRefused`."""
        match command:
            case Open():
                self._open(command)
            case Close():
                self._close()
            case Dial():
                self._dial(command)
            case _:
                self._in_call(command)

    def _open(self, order: Open) -> None:
        if self._order is not None or self._closing:
            self._calls.refuse("phone_refused", order)
            return
        self._order = order
        self._calls.rtp_loss_s = order.rtp_loss_s
        try:
            self._stack.open(order, self)
        except OpenError as error:
            self._order = None
            self._emit(PhoneDown(code=error.code))

    def _dial(self, command: Dial) -> None:
        if self._order is None or not self._is_up or self._closing:
            self._calls.refuse("not_open", command, command.call_id)
        elif command.call_id in self._calls:
            self._calls.refuse("wrong_call_state", command, command.call_id)
        elif len(self._calls) >= MAX_CALLS:
            self._calls.refuse("too_many_calls", command, command.call_id)
        else:
            self._invite(command, self._order)

    def _invite(self, command: Dial, order: Open) -> None:
        try:
            self._stack.dial(command.call_id, checked_uri(command.target, order))
        except Refusal as refusal:
            self._calls.refuse(refusal.code, command, command.call_id)
        except StackError:
            self._calls.refuse("phone_refused", command, command.call_id)
        else:
            self._calls.begin(command.call_id, Phase.DIALLED)

    def _in_call(self, command: CallCommand) -> None:
        if self._order is None or self._closing:
            self._calls.refuse("not_open", command, command.call_id)
        else:
            CallCommands(self._calls, self._order).do(command)

    # Closing

    def _close(self) -> None:
        if self._closing:
            return
        self._closing = True
        for dialog in self._calls.all():
            self._end_at_closing(dialog)
        if self._calls:
            asyncio.get_running_loop().call_later(CLOSING_S, self._shut)
        else:
            self._shut()

    def _end_at_closing(self, dialog: Dialog) -> None:
        try:
            if dialog.ending is None:
                self._calls.end(dialog, Ending.LOCAL)
        except StackError:
            self._calls.finish(dialog, None)

    def _shut(self) -> None:
        if self.closed.is_set():
            return
        for dialog in self._calls.all():
            self._calls.finish(dialog, None)
        if self._order is not None:
            self._stack.close()
        self.closed.set()

    # What the stack tells

    def up(self, address: str) -> None:
        """See `Listener`."""
        self._is_up = True
        fault = self._microphone_fault
        self._emit(PhoneUp(address=address, microphone=not fault, fault=fault))

    def down(self, code: str, sip_status: int | None) -> None:
        """See `Listener`."""
        self._is_up = False
        self._emit(PhoneDown(code=code, sip_status=sip_status))

    def microphone(self, fault: str) -> None:
        """See `Listener`."""
        if fault == self._microphone_fault:
            return
        self._microphone_fault = fault
        if self._is_up:
            self._emit(MicrophoneChanged(microphone=not fault, fault=fault))

    def offered(self, call_id: str, invitation: Invitation) -> None:
        """See `Listener`."""
        if self._closing:
            with contextlib.suppress(StackError):
                self._stack.refuse(call_id, _UNAVAILABLE)
            return
        self._calls.begin(call_id, Phase.OFFERED)
        peer, name = caller(invitation.from_header)
        self._emit(
            CallIncoming(
                call_id=call_id,
                peer=peer,
                peer_name=name,
                sip_call_id=invitation.sip_call_id,
                called=line_called(invitation.line_header, invitation.to_header),
                peer_uri=callable_uri(invitation.contact_header),
            )
        )

    def handed_on(self, call_id: str) -> None:
        """See `Listener`."""
        self._calls.begin(call_id, Phase.DIALLED)

    def replaced(self, call_id: str, from_header: str, contact_header: str) -> None:
        """See `Listener`."""
        dialog = self._calls.get(call_id)
        if dialog is not None:
            peer, name = caller(from_header)
            uri = callable_uri(contact_header)
            dialog.next_peer = CallPeerChanged(
                call_id=call_id, peer=peer, peer_name=name, peer_uri=uri
            )

    def rings(self, call_id: str, status: int) -> None:
        """See `Listener`."""
        dialog = self._calls.get(call_id)
        if dialog is not None and dialog.phase is Phase.DIALLED and dialog.progress != status:
            dialog.progress = status
            self._emit(CallProgress(call_id=call_id, status=status))

    def connected(self, call_id: str, sip_call_id: str) -> None:
        """See `Listener`."""
        dialog = self._calls.get(call_id)
        if dialog is not None and dialog.next_peer is not None:
            self._meet(dialog, dialog.next_peer)
        if dialog is None or dialog.answered:
            return
        dialog.phase = Phase.CONNECTED
        self._emit(CallConnected(call_id=call_id, sip_call_id=sip_call_id))
        if dialog.ending is None:
            self._calls.watch(dialog)

    def _meet(self, dialog: Dialog, peer: CallPeerChanged) -> None:
        dialog.next_peer = None
        dialog.held_there = False
        self._emit(peer)
        dialog.hold.lapses()

    def media(self, call_id: str, *, held_here: bool, held_there: bool) -> None:
        """See `Listener`."""
        dialog = self._calls.get(call_id)
        if dialog is not None:
            dialog.held_there = held_there
            dialog.hold.in_force(held_here)

    def reinvite_failed(self, call_id: str, sip_status: int) -> None:
        """See `Listener`."""
        dialog = self._calls.get(call_id)
        if dialog is not None:
            dialog.hold.refused(crossed=sip_status == _CROSSED)

    def digit(self, call_id: str, digit: str) -> None:
        """See `Listener`."""
        if call_id in self._calls and DIGITS.fullmatch(digit):
            self._emit(DtmfHeard(call_id=call_id, digit=digit))

    def transfer_over(self, call_id: str, sip_status: int) -> None:
        """See `Listener`."""
        dialog = self._calls.get(call_id)
        hand_over = dialog.hand_over if dialog is not None else None
        if hand_over is not None and hand_over.order.call_id == call_id:
            hand_over.outcome(sip_status // 100 == 2)

    def over(self, call_id: str, sip_status: int, *, by_peer: bool) -> None:
        """See `Listener`."""
        dialog = self._calls.get(call_id)
        if dialog is None:
            return
        self._calls.over(dialog, sip_status, by_peer=by_peer)
        if self._closing and not self._calls:
            self._shut()
