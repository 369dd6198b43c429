"""The keys of a telephone, sent into the call as they are typed."""

from dataclasses import dataclass

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


class Keypad(Dialog[None]):
    """What was sent can't be taken back: the field only grows."""

    CSS_PATH = "dialog.tcss"
    AUTO_FOCUS = "Input"
    HINTS = (("0–9 * #", "keypad.send"), ("Esc", "dialog.close"))

    @dataclass
    class Typed(Message):
        """Send these keys."""

        digits: str

    def __init__(self) -> None:
        super().__init__()
        self._sent = ""

    def compose_parts(self) -> ComposeResult:
        """What happens, and the field."""
        with Vertical(classes="dialog"):
            yield _Question(classes="question")
            yield Field(id="digits", restrict="[0-9*#A-Da-d]*")

    def show(self, view: View) -> None:
        """Keys go nowhere when the call is over."""
        super().show(view)
        if view.status is None or view.status.call is None:
            self.lose_meaning()

    @on(Input.Changed)
    def typed(self, event: Input.Changed) -> None:
        """Send what is new."""
        event.stop()
        if event.value.startswith(self._sent):
            new, self._sent = event.value[len(self._sent) :], event.value
            if new:
                self.post_message(self.Typed(new.upper()))
        else:
            with self.prevent(Input.Changed):
                event.input.value = self._sent
            event.input.cursor_position = len(self._sent)


class _Question(Line):
    def paint(self, view: View) -> Content:
        return Content(view.words.text("keypad.question"))
