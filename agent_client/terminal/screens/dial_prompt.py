"""Asking for the number to call. It stays, with its text, while a call rings."""

from dataclasses import dataclass

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import Input

from agent_client.terminal.screens.page import Dialog
from agent_client.terminal.view import View
from agent_client.terminal.widgets.line import Line


class DialPrompt(Dialog[None]):
    """Says what to dial by a message, and goes away when the seat has agreed."""

    CSS_PATH = "dialog.tcss"
    AUTO_FOCUS = "Input"
    HINTS = (("⏎", "dial.call"), ("Esc", "dialog.close"))

    @dataclass
    class Submitted(Message):
        """A number or address was entered."""

        target: str

    def __init__(self, target: str = "") -> None:
        super().__init__()
        self._target = target

    def compose_parts(self) -> ComposeResult:
        """The question and the field."""
        with Vertical(classes="dialog"):
            yield _Question(classes="question")
            yield Input(self._target, id="target", select_on_focus=False)

    @on(Input.Submitted)
    def submit(self, event: Input.Submitted) -> None:
        """An empty field dials nothing."""
        event.stop()
        if event.value.strip():
            self.post_message(self.Submitted(event.value.strip()))


class _Question(Line):
    def paint(self, view: View) -> Content:
        return Content(view.words.text("dial.question"))
