"""What is done about a call that exists: each command checked, carried out or refused."""

import asyncio
import re

from agent_client.phone.addresses import BadAddress, target_uri
from agent_client.phone.calls import Calls
from agent_client.phone.dialog import CallCommand, Dialog, Phase
from agent_client.phone.engine import (
    Answer,
    CallMuted,
    CallsJoined,
    Dtmf,
    DtmfSent,
    Ending,
    Hangup,
    Hold,
    Join,
    Mute,
    Open,
    Reject,
    Resume,
    Ring,
    Transfer,
)
from agent_client.phone.stack import ZIP_TONE_S, StackError
from agent_client.phone.transfer import HandOver

DIGITS = re.compile(r"[0-9*#A-D]{1,32}")


class Refusal(Exception):
    """A command that is refused. `code` is that of `CommandRefused`."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def checked_uri(target: str, order: Open) -> str:
    """The URI to call. Raises `Refusal`."""
    try:
        return target_uri(target, order.registrar, order.transport)
    except BadAddress:
        raise Refusal("bad_target") from None


class CallCommands:
    """Carries out commands of an open phone."""

    def __init__(self, calls: Calls, order: Open) -> None:
        self._calls = calls
        self._stack = calls.stack
        self._order = order

    def do(self, command: CallCommand) -> None:
        """Carry out a command, or emit `CommandRefused`."""
        try:
            dialog = self._dialog(command.call_id)
            if not dialog.allows(command):
                raise Refusal("wrong_call_state")
            self._carry_out(dialog, command)
        except Refusal as refusal:
            self._calls.refuse(refusal.code, command, command.call_id)
        except StackError:
            self._calls.refuse("phone_refused", command, command.call_id)

    def _dialog(self, call_id: str) -> Dialog:
        dialog = self._calls.get(call_id)
        if dialog is None:
            raise Refusal("unknown_call")
        return dialog

    def _carry_out(self, dialog: Dialog, command: CallCommand) -> None:
        match command:
            case Ring():
                self._stack.ring(dialog.call_id)
            case Answer():
                self._answer(dialog, command)
            case Reject():
                self._reject(dialog, command.status)
            case Hangup():
                self._calls.end(dialog, Ending.LOCAL)
            case Hold() | Resume():
                dialog.hold.ask(isinstance(command, Hold))
            case Mute():
                self._stack.mute(dialog.call_id, command.muted)
                self._calls.emit(CallMuted(call_id=dialog.call_id, muted=command.muted))
            case Dtmf():
                self._send_digits(command)
            case Transfer():
                self._transfer(dialog, command)
            case Join():
                self._join(dialog, command)

    def _answer(self, dialog: Dialog, command: Answer) -> None:
        if command.zip_tone:
            self._stack.zip_tone(dialog.call_id)
            loop = asyncio.get_running_loop()
            late = loop.call_later(ZIP_TONE_S, self._answer_late, dialog, command)
            self._calls.later(dialog.call_id, late)
        else:
            self._send_answer(dialog)
        dialog.phase = Phase.ACCEPTED

    def _answer_late(self, dialog: Dialog, command: Answer) -> None:
        try:
            self._send_answer(dialog)
        except StackError:
            self._calls.refuse("phone_refused", command, command.call_id)

    def _send_answer(self, dialog: Dialog) -> None:
        self._stack.answer(dialog.call_id)
        self._calls.await_acknowledgement(dialog)

    def _reject(self, dialog: Dialog, status: int) -> None:
        if not 400 <= status <= 699:
            raise Refusal("phone_refused")
        self._stack.refuse(dialog.call_id, status)
        dialog.refused_with = status
        self._calls.await_end(dialog, Ending.LOCAL)

    def _send_digits(self, command: Dtmf) -> None:
        if not DIGITS.fullmatch(command.digits):
            raise Refusal("bad_digits")
        self._stack.send_digits(command.call_id, command.digits)
        self._calls.emit(DtmfSent(call_id=command.call_id, count=len(command.digits)))

    def _join(self, dialog: Dialog, command: Join) -> None:
        other = self._dialog(command.other)
        if other is dialog or not other.may_join:
            raise Refusal("wrong_call_state")
        self._stack.join(dialog.call_id, other.call_id)
        dialog.joined_with, other.joined_with = other.call_id, dialog.call_id
        self._calls.emit(CallsJoined(call_id=dialog.call_id, other=other.call_id))

    def _transfer(self, dialog: Dialog, command: Transfer) -> None:
        parts = [dialog]
        if command.to_call and not command.target:
            other = self._dialog(command.to_call)
            if other is dialog or not other.allows(command):
                raise Refusal("wrong_call_state")
            self._stack.transfer_to_call(dialog.call_id, other.call_id)
            parts.append(other)
        elif command.to_call:
            raise Refusal("bad_target")
        else:
            self._stack.transfer(dialog.call_id, checked_uri(command.target, self._order))
        hand_over = HandOver(command, self._calls.end_part, self._transfer_failed)
        for part in parts:
            part.hand_over = hand_over

    def _transfer_failed(self, order: Transfer) -> None:
        self._calls.refuse("transfer_failed", order, order.call_id)
