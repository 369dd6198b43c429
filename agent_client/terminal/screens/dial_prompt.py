"""Asking for the number to call, to consult or to hand the customer on to. It stays, with its
text, while a call rings."""

from dataclasses import dataclass
from enum import StrEnum

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import Input

from agent_client.terminal.screens.page import Dialog
from agent_client.terminal.view import View
from agent_client.terminal.widgets.field import Field
from agent_client.terminal.widgets.line import Line


class Purpose(StrEnum):
    """What the number is for."""

    DIAL = "dial"
    CONSULT = "consult"
    TRANSFER = "transfer"


class DialPrompt(Dialog[None]):
    """Says what to dial by a message, and goes away when the seat has agreed."""

    CSS_PATH = "dialog.tcss"
    AUTO_FOCUS = "Input"
    HINTS = (("⏎", "dial.call"), ("Esc", "dialog.close"))

    @dataclass
    class Submitted(Message):
        """A number or address was entered."""

        target: str
        purpose: Purpose

    def __init__(self, purpose: Purpose = Purpose.DIAL) -> None:
        super().__init__()
        self._purpose = purpose

    def compose_parts(self) -> ComposeResult:
        """The question and the field."""
        with Vertical(classes="dialog"):
            yield _Question(self._purpose)
            yield Field(id="target", select_on_focus=False)

    def show(self, view: View) -> None:
        """A customer who is gone can't be handed on."""
        super().show(view)
        in_call = view.status is not None and view.status.call is not None
        if self._purpose is not Purpose.DIAL and not in_call:
            self.lose_meaning()

    @on(Input.Submitted)
    def submit(self, event: Input.Submitted) -> None:
        """An empty field dials nothing."""
        event.stop()
        if event.value.strip():
            self.post_message(self.Submitted(event.value.strip(), self._purpose))


class _Question(Line):
    def __init__(self, purpose: Purpose) -> None:
        super().__init__(classes="question")
        self._key = f"dial_question.{purpose}"

    def paint(self, view: View) -> Content:
        return Content(view.words.text(self._key))
