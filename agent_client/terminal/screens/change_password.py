"""Another password: the present one, and the new one twice."""

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
from agent_client.terminal.widgets.line import Line
from protocol.wire.errors import Code, Refused

_OF_THE_NEW = frozenset({Code.PASSWORD_NOT_NEW, Code.PASSWORD_TOO_SHORT})


class ChangePassword(Dialog[None]):
    """Says what was typed by a message, and goes away when the service has agreed."""

    CSS_PATH = "dialog.tcss"
    AUTO_FOCUS = "Input"
    HINTS = (("⏎", "change_password.do"), ("Esc", "dialog.close"))

    @dataclass
    class Submitted(Message):
        """Both are given."""

        password: str
        new_password: str

    def __init__(self) -> None:
        super().__init__()
        self._view: View | None = None

    def compose_parts(self) -> ComposeResult:
        """Three fields, each with what is wrong with it."""
        with Vertical(classes="dialog"):
            yield _Question(classes="question")
            yield Input(id="password", password=True)
            yield FieldFault(id="password-fault")
            yield Input(id="new", password=True)
            yield FieldFault(id="new-fault")
            yield Input(id="again", password=True)
            yield FieldFault(id="again-fault")

    def show(self, view: View) -> None:
        """Paint the present view."""
        super().show(view)
        self._view = view
        for field in self.query(Input):
            field.border_title = view.words.text(f"sign_in.{field.id}")

    @on(Input.Submitted)
    def submit(self, event: Input.Submitted) -> None:
        """Enter goes to the next empty field, then changes the password."""
        event.stop()
        empty = [field for field in self.query(Input) if not field.value]
        if empty:
            empty[0].focus()
            return
        password, new, again = (field.value for field in self.query(Input))
        if new != again:
            self._say("again", Refused(Code.PASSWORDS_DIFFER))
        else:
            self.post_message(self.Submitted(password, new))

    def refuse(self, refusal: Refused) -> None:
        """Say why beside the field that it is about."""
        self._say("new" if refusal.code in _OF_THE_NEW else "password", refusal)

    def _say(self, name: str, refusal: Refused) -> None:
        for fault in self.query(FieldFault):
            fault.say(refusal if fault.id == f"{name}-fault" else None, self._view)
        field = self.query_one(f"#{name}", Input)
        field.clear()
        field.focus()


class _Question(Line):
    def paint(self, view: View) -> Content:
        return Content(view.words.text("change_password.question"))
