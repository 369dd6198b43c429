"""The phone's own rules, over any SIP library: which command is refused, which event is told,
how each call ended, and when a silent call is given up."""

import asyncio
import contextlib

from agent_client.phone.addresses import BadAddress, caller, target_uri
from agent_client.phone.dialog import CallCommand, Dialog, Phase
from agent_client.phone.engine import (
    Answer,
    AnyCommand,
    CallConnected,
    CallEnded,
    CallHeld,
    CallIncoming,
    CallMuted,
    CallProgress,
    CallResumed,
    Close,
    CommandRefused,
    Dial,
    Emit,
    Ending,
    Hangup,
    Hold,
    MicrophoneChanged,
    Mute,
    Open,
    PhoneDown,
    PhoneUp,
    Reject,
    Resume,
    Ring,
)
from agent_client.phone.hold import (
    CROSSED_PAUSE_CALLEE_S,
    CROSSED_PAUSE_CALLER_S,
    HoldExchange,
)
from agent_client.phone.stack import MAX_CALLS, OpenError, Stack, StackError

LAST_WORD_S = 2.0
"""How long the other side may take to acknowledge the end of a call."""
CLOSING_S = 0.7
"""The same, for all calls together, when the phone closes."""
_LOOK_S = 1.0
_CROSSED = 491
_UNAVAILABLE = 480


class Softphone:
    """An `Engine` over a `Stack`, and the stack's `Listener`. Lives in one event loop's thread."""

    def __init__(self, emit: Emit, stack: Stack) -> None:
        self.closed = asyncio.Event()
        """Set when `Close` has been carried out."""
        self._emit = emit
        self._stack = stack
        self._order: Open | None = None
        self._is_up = False
        self._hears = True
        self._closing = False
        self._dialogs: dict[str, Dialog] = {}
        self._timers: dict[str, asyncio.TimerHandle] = {}

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
            self._refuse("phone_refused", order)
            return
        self._order = order
        try:
            self._stack.open(order, self)
        except OpenError as error:
            self._order = None
            self._emit(PhoneDown(code=error.code))

    def _dial(self, command: Dial) -> None:
        if self._order is None or not self._is_up or self._closing:
            self._refuse("not_open", command, command.call_id)
        elif command.call_id in self._dialogs:
            self._refuse("wrong_call_state", command, command.call_id)
        elif len(self._dialogs) >= MAX_CALLS:
            self._refuse("too_many_calls", command, command.call_id)
        else:
            self._invite(command, self._order)

    def _invite(self, command: Dial, order: Open) -> None:
        try:
            uri = target_uri(command.target, order.registrar, order.transport)
            self._stack.dial(command.call_id, uri)
        except BadAddress:
            self._refuse("bad_target", command, command.call_id)
        except StackError:
            self._refuse("phone_refused", command, command.call_id)
        else:
            self._begin(command.call_id, Phase.DIALLED)

    def _in_call(self, command: CallCommand) -> None:
        dialog = self._dialogs.get(command.call_id)
        if self._order is None or self._closing:
            self._refuse("not_open", command, command.call_id)
        elif dialog is None:
            self._refuse("unknown_call", command, command.call_id)
        elif not dialog.allows(command):
            self._refuse("wrong_call_state", command, command.call_id)
        else:
            try:
                self._carry_out(dialog, command)
            except StackError:
                self._refuse("phone_refused", command, command.call_id)

    def _carry_out(self, dialog: Dialog, command: CallCommand) -> None:
        match command:
            case Ring():
                self._stack.ring(dialog.call_id)
            case Answer():
                self._stack.answer(dialog.call_id)
                dialog.phase = Phase.ACCEPTED
            case Reject():
                self._reject(dialog, command.status)
            case Hangup():
                self._end(dialog, Ending.LOCAL)
            case Hold():
                dialog.hold.ask(True)
            case Resume():
                dialog.hold.ask(False)
            case Mute():
                self._stack.mute(dialog.call_id, command.muted)
                self._emit(CallMuted(call_id=dialog.call_id, muted=command.muted))

    def _reject(self, dialog: Dialog, status: int) -> None:
        if not 400 <= status <= 699:
            raise StackError
        self._stack.refuse(dialog.call_id, status)
        dialog.refused_with = status
        self._await_end(dialog, Ending.LOCAL)

    def _end(self, dialog: Dialog, ending: Ending) -> None:
        self._stack.hang_up(dialog.call_id)
        self._await_end(dialog, ending)

    def _await_end(self, dialog: Dialog, ending: Ending) -> None:
        # A dead peer acknowledges nothing for 32 s; nobody should wait for it.
        dialog.ending = ending
        dialog.hold.stop()
        loop = asyncio.get_running_loop()
        self._start(dialog.call_id, loop.call_later(LAST_WORD_S, self._finish, dialog, None))

    def _refuse(self, code: str, command: AnyCommand, call_id: str | None = None) -> None:
        tag = str(command.__struct_config__.tag)
        self._emit(CommandRefused(code=code, command=tag, call_id=call_id))

    # Closing

    def _close(self) -> None:
        if self._closing:
            return
        self._closing = True
        for dialog in list(self._dialogs.values()):
            self._end_at_closing(dialog)
        if self._dialogs:
            asyncio.get_running_loop().call_later(CLOSING_S, self._shut)
        else:
            self._shut()

    def _end_at_closing(self, dialog: Dialog) -> None:
        try:
            if dialog.ending is None:
                self._end(dialog, Ending.LOCAL)
        except StackError:
            self._finish(dialog, None)

    def _shut(self) -> None:
        if self.closed.is_set():
            return
        for dialog in list(self._dialogs.values()):
            self._forget(dialog)
            self._tell_end(dialog, None)
        if self._order is not None:
            self._stack.close()
        self.closed.set()

    # What the stack tells

    def up(self, address: str) -> None:
        """See `Listener`."""
        self._is_up = True
        self._emit(PhoneUp(address=address, microphone=self._hears))

    def down(self, code: str, sip_status: int | None) -> None:
        """See `Listener`."""
        self._is_up = False
        self._emit(PhoneDown(code=code, sip_status=sip_status))

    def microphone(self, present: bool) -> None:
        """See `Listener`."""
        if present == self._hears:
            return
        self._hears = present
        if self._is_up:
            self._emit(MicrophoneChanged(microphone=present))

    def offered(self, call_id: str, from_header: str, sip_call_id: str) -> None:
        """See `Listener`."""
        if self._closing:
            with contextlib.suppress(StackError):
                self._stack.refuse(call_id, _UNAVAILABLE)
            return
        self._begin(call_id, Phase.OFFERED)
        peer, name = caller(from_header)
        self._emit(
            CallIncoming(call_id=call_id, peer=peer, peer_name=name, sip_call_id=sip_call_id)
        )

    def rings(self, call_id: str, status: int) -> None:
        """See `Listener`."""
        dialog = self._dialogs.get(call_id)
        if dialog is not None and dialog.phase is Phase.DIALLED and dialog.progress != status:
            dialog.progress = status
            self._emit(CallProgress(call_id=call_id, status=status))

    def connected(self, call_id: str, sip_call_id: str) -> None:
        """See `Listener`."""
        dialog = self._dialogs.get(call_id)
        if dialog is None or dialog.answered:
            return
        dialog.phase = Phase.CONNECTED
        dialog.heard_at = asyncio.get_running_loop().time()
        self._emit(CallConnected(call_id=call_id, sip_call_id=sip_call_id))
        if dialog.ending is None:
            self._look_later(dialog)

    def media(self, call_id: str, *, held_here: bool, held_there: bool) -> None:
        """See `Listener`."""
        dialog = self._dialogs.get(call_id)
        if dialog is not None:
            dialog.held_there = held_there
            dialog.hold.in_force(held_here)

    def reinvite_failed(self, call_id: str, sip_status: int) -> None:
        """See `Listener`."""
        dialog = self._dialogs.get(call_id)
        if dialog is not None:
            dialog.hold.refused(crossed=sip_status == _CROSSED)

    def over(self, call_id: str, sip_status: int, *, by_peer: bool) -> None:
        """See `Listener`."""
        dialog = self._dialogs.get(call_id)
        if dialog is None:
            return
        if dialog.ending is None:
            dialog.ending = Ending.REMOTE if by_peer else Ending.FAILED
        self._finish(dialog, sip_status)

    # Begin, end and silence

    def _begin(self, call_id: str, phase: Phase) -> None:
        caller_is_here = phase is Phase.DIALLED
        hold = HoldExchange(
            CROSSED_PAUSE_CALLER_S if caller_is_here else CROSSED_PAUSE_CALLEE_S,
            send=lambda held: (self._stack.hold if held else self._stack.resume)(call_id),
            done=lambda held: self._emit(
                CallHeld(call_id=call_id) if held else CallResumed(call_id=call_id)
            ),
            failed=lambda held: self._refuse(
                "phone_refused", Hold(call_id=call_id) if held else Resume(call_id=call_id), call_id
            ),
        )
        self._dialogs[call_id] = Dialog(call_id, phase, hold)

    def _finish(self, dialog: Dialog, sip_status: int | None) -> None:
        self._forget(dialog)
        self._tell_end(dialog, sip_status)
        if self._closing and not self._dialogs:
            self._shut()

    def _forget(self, dialog: Dialog) -> None:
        self._dialogs.pop(dialog.call_id, None)
        dialog.hold.stop()
        timer = self._timers.pop(dialog.call_id, None)
        if timer is not None:
            timer.cancel()

    def _tell_end(self, dialog: Dialog, sip_status: int | None) -> None:
        status = dialog.refused_with or sip_status
        if status is not None and status < 300:
            status = None
        self._emit(
            CallEnded(
                call_id=dialog.call_id,
                ending=dialog.ending or Ending.LOCAL,
                answered=dialog.answered,
                sip_status=status,
            )
        )

    def _start(self, call_id: str, timer: asyncio.TimerHandle) -> None:
        previous = self._timers.pop(call_id, None)
        if previous is not None:
            previous.cancel()
        self._timers[call_id] = timer

    def _look_later(self, dialog: Dialog) -> None:
        loop = asyncio.get_running_loop()
        self._start(dialog.call_id, loop.call_later(_LOOK_S, self._look, dialog))

    def _look(self, dialog: Dialog) -> None:
        """End the call if nothing was heard for too long; else look again in a second."""
        assert self._order is not None
        now = asyncio.get_running_loop().time()
        # Refused when the call is ending inside the library, which tells it in its own time.
        with contextlib.suppress(StackError):
            if dialog.silent_for(self._stack.heard(dialog.call_id), now) >= self._order.rtp_loss_s:
                self._end(dialog, Ending.RTP_LOSS)
        if dialog.ending is None:
            self._look_later(dialog)
