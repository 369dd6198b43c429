"""The calls that have not ended: how each begins and ends, and when a silent one is given up."""

import asyncio
import contextlib

from agent_client.phone.dialog import Dialog, Phase
from agent_client.phone.engine import (
    AnyCommand,
    CallEnded,
    CallHeld,
    CallResumed,
    CommandRefused,
    Emit,
    Ending,
    Hold,
    Resume,
)
from agent_client.phone.hold import (
    CROSSED_PAUSE_CALLEE_S,
    CROSSED_PAUSE_CALLER_S,
    HoldExchange,
)
from agent_client.phone.stack import Stack, StackError

LAST_WORD_S = 2.0
"""How long the other side may take to acknowledge the end of a call."""
ACKNOWLEDGED_S = 32.0
"""How long a caller may take to acknowledge our answer (RFC 3261, 64 times T1)."""
_LOOK_S = 1.0


class Calls:
    """Every call by its name. Lives in one event loop's thread."""

    def __init__(self, emit: Emit, stack: Stack) -> None:
        self.emit = emit
        self.stack = stack
        self.rtp_loss_s = 0
        self._dialogs: dict[str, Dialog] = {}
        self._timers: dict[str, asyncio.TimerHandle] = {}

    def __len__(self) -> int:
        return len(self._dialogs)

    def __contains__(self, call_id: str) -> bool:
        return call_id in self._dialogs

    def all(self) -> list[Dialog]:
        """The calls at this moment."""
        return list(self._dialogs.values())

    def get(self, call_id: str) -> Dialog | None:
        """A call; None when there is none of the name."""
        return self._dialogs.get(call_id)

    def refuse(self, code: str, command: AnyCommand, call_id: str | None = None) -> None:
        """Tell that a command had no effect."""
        tag = str(command.__struct_config__.tag)
        self.emit(CommandRefused(code=code, command=tag, call_id=call_id))

    def begin(self, call_id: str, phase: Phase) -> None:
        """There is a call."""
        caller_is_here = phase is Phase.DIALLED
        hold = HoldExchange(
            CROSSED_PAUSE_CALLER_S if caller_is_here else CROSSED_PAUSE_CALLEE_S,
            send=lambda held: (self.stack.hold if held else self.stack.resume)(call_id),
            done=lambda held: self.emit(
                CallHeld(call_id=call_id) if held else CallResumed(call_id=call_id)
            ),
            failed=lambda held: self.refuse(
                "phone_refused", Hold(call_id=call_id) if held else Resume(call_id=call_id), call_id
            ),
        )
        self._dialogs[call_id] = Dialog(call_id, phase, hold)

    def later(self, call_id: str, timer: asyncio.TimerHandle) -> None:
        """Something will happen to the call, in place of what was to happen."""
        previous = self._timers.pop(call_id, None)
        if previous is not None:
            previous.cancel()
        self._timers[call_id] = timer

    def end(self, dialog: Dialog, ending: Ending) -> None:
        """Hang up. Raises `StackError`."""
        self.stack.hang_up(dialog.call_id)
        if dialog.hand_over is not None:
            dialog.hand_over.given_up(dialog.call_id)
        self.await_end(dialog, ending)

    def end_part(self, call_id: str, ending: Ending) -> None:
        """End a call by itself, if it is still there: one that had its part in a transfer, or that
        nobody acknowledges."""
        dialog = self.get(call_id)
        if dialog is None or dialog.ending is not None:
            return
        if dialog.gone:
            dialog.ending = ending
            self.finish(dialog, None)
        else:
            with contextlib.suppress(StackError):  # it ends by itself at this moment
                self.end(dialog, ending)

    def await_end(self, dialog: Dialog, ending: Ending) -> None:
        """We have ended the call; wait a little for the other side's word."""
        # A dead peer acknowledges nothing for 32 s; nobody should wait for it.
        dialog.ending = ending
        dialog.hold.stop()
        loop = asyncio.get_running_loop()
        self.later(dialog.call_id, loop.call_later(LAST_WORD_S, self.finish, dialog, None))

    def await_acknowledgement(self, dialog: Dialog) -> None:
        """We have answered; without the caller's word there is no call."""
        loop = asyncio.get_running_loop()
        timer = loop.call_later(ACKNOWLEDGED_S, self.end_part, dialog.call_id, Ending.FAILED)
        self.later(dialog.call_id, timer)

    def over(self, dialog: Dialog, sip_status: int, *, by_peer: bool) -> None:
        """The network says that the call is over."""
        if dialog.ending is None and by_peer and dialog.hand_over is not None:
            dialog.ending = dialog.hand_over.left(dialog.call_id)
            dialog.gone = dialog.ending is None
        if dialog.gone:
            return
        if dialog.ending is None:
            dialog.ending = Ending.REMOTE if by_peer else Ending.FAILED
        self.finish(dialog, sip_status)

    def finish(self, dialog: Dialog, sip_status: int | None) -> None:
        """Forget the call and tell its end."""
        self._forget(dialog)
        status = dialog.refused_with or sip_status
        if status is not None and status < 300:
            status = None
        self.emit(
            CallEnded(
                call_id=dialog.call_id,
                ending=dialog.ending or Ending.LOCAL,
                answered=dialog.answered,
                sip_status=status,
            )
        )

    def watch(self, dialog: Dialog) -> None:
        """From now on, end the call when nothing is heard for too long."""
        dialog.heard_at = asyncio.get_running_loop().time()
        self._look_later(dialog)

    def _forget(self, dialog: Dialog) -> None:
        self._dialogs.pop(dialog.call_id, None)
        dialog.hold.stop()
        timer = self._timers.pop(dialog.call_id, None)
        if timer is not None:
            timer.cancel()
        joined = self.get(dialog.joined_with)
        if joined is not None:
            joined.joined_with = ""
        if dialog.hand_over is not None:
            dialog.hand_over.given_up(dialog.call_id)

    def _look_later(self, dialog: Dialog) -> None:
        loop = asyncio.get_running_loop()
        self.later(dialog.call_id, loop.call_later(_LOOK_S, self._look, dialog))

    def _look(self, dialog: Dialog) -> None:
        """End the call if nothing was heard for too long; else look again in a second."""
        now = asyncio.get_running_loop().time()
        # Refused when the call is ending inside the library, which tells it in its own time.
        with contextlib.suppress(StackError):
            if dialog.silent_for(self.stack.heard(dialog.call_id), now) >= self.rtp_loss_s:
                self.end(dialog, Ending.RTP_LOSS)
        if dialog.ending is None:
            self._look_later(dialog)
