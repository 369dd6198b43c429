"""Somebody else takes this desk over: their staff number and their password."""

from dataclasses import dataclass

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import Input

from agent_client.terminal.screens.field_fault import FieldFault
from agent_client.terminal.screens.page import Dialog
from agent_client.terminal.view import View
from agent_client.terminal.widgets.line import BULLET, Line
from protocol.wire.errors import Code, Refused

_OF_THE_NUMBER = frozenset({Code.OWN_CASE, Code.BAD_STAFF_NUMBER, Code.UNKNOWN_AGENT})


class Relief(Dialog[None]):
    """Says what was typed by a message, and goes away when both are done."""

    CSS_PATH = "dialog.tcss"
    AUTO_FOCUS = "Input"
    HINTS = (("⏎", "relief.do"), ("Esc", "dialog.close"))

    @dataclass
    class Submitted(Message):
        """Who comes."""

        incoming: str
        password: str

    def __init__(self) -> None:
        super().__init__()
        self._view: View | None = None

    def compose_parts(self) -> ComposeResult:
        """What happens, and two fields."""
        with Vertical(classes="dialog"):
            yield _Question(classes="question")
            yield Input(id="incoming", max_length=32)
            yield FieldFault(id="incoming-fault")
            yield Input(id="password", password=True)
            yield FieldFault(id="password-fault")

    def show(self, view: View) -> None:
        """Paint the present view."""
        super().show(view)
        self._view = view
        for field in self.query(Input):
            field.border_title = view.words.text(f"relief.{field.id}")

    @on(Input.Submitted)
    def submit(self, event: Input.Submitted) -> None:
        """Enter goes to the next empty field, then hands over."""
        event.stop()
        empty = [field for field in self.query(Input) if not field.value.strip()]
        if empty:
            empty[0].focus()
            return
        incoming, password = (field.value for field in self.query(Input))
        self.post_message(self.Submitted(incoming.strip(), password))

    def refuse(self, refusal: Refused) -> None:
        """Say why beside the field that it is about."""
        name = "incoming" if refusal.code in _OF_THE_NUMBER else "password"
        for fault in self.query(FieldFault):
            fault.say(refusal if fault.id == f"{name}-fault" else None, self._view)
        self.query_one("#password", Input).clear()
        self.query_one(f"#{name}", Input).focus()


class _Question(Line):
    def paint(self, view: View) -> Content:
        words = view.words
        lines = [
            Content.styled(words.text("relief.question"), "bold"),
            Content(""),
            *(Content(f"{BULLET}{words.text(f'relief.{name}')}") for name in ("order", "records")),
        ]
        return Content("\n").join(lines)
