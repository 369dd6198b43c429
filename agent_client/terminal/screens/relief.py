"""Somebody else takes this desk over: their staff number and their password."""

from dataclasses import dataclass

from textual import on
from textual.content import Content
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Input

from agent_client.terminal.screens.fields_dialog import FieldsDialog
from agent_client.terminal.view import View
from agent_client.terminal.widgets.line import BULLET, Line
from protocol.wire.errors import Code, Refused

_OF_THE_NUMBER = frozenset({Code.OWN_CASE, Code.BAD_STAFF_NUMBER, Code.UNKNOWN_AGENT})


class Relief(FieldsDialog):
    """Says what was typed by a message, and goes away when both are done."""

    WORDS = "relief"
    HINTS = (("⏎", "relief.do"), ("Esc", "dialog.close"))

    @dataclass
    class Submitted(Message):
        """Who comes."""

        incoming: str
        password: str

    def question(self) -> Widget:
        """What happens."""
        return _Question(classes="question")

    def fields(self) -> tuple[Input, ...]:
        """Number and password."""
        return Input(id="incoming", max_length=32), Input(id="password", password=True)

    @on(Input.Submitted)
    def submit(self, event: Input.Submitted) -> None:
        """Enter goes to the next empty field, then hands over."""
        event.stop()
        if typed := self.typed():
            incoming, password = typed
            self.post_message(self.Submitted(incoming.strip(), password))

    def refuse(self, refusal: Refused) -> None:
        """Say why beside the field that it is about."""
        self.query_one("#password", Input).clear()
        self.say("incoming" if refusal.code in _OF_THE_NUMBER else "password", refusal)


class _Question(Line):
    def paint(self, view: View) -> Content:
        words = view.words
        lines = [
            Content.styled(words.text("relief.question"), "bold"),
            Content(""),
            *(Content(f"{BULLET}{words.text(f'relief.{name}')}") for name in ("order", "records")),
        ]
        return Content("\n").join(lines)
