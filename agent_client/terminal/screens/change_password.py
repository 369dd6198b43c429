"""Another password: the present one, and the new one twice."""

from dataclasses import dataclass

from textual import on
from textual.content import Content
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Input

from agent_client.terminal.screens.fields_dialog import FieldsDialog
from agent_client.terminal.view import View
from agent_client.terminal.widgets.line import Line
from protocol.wire.errors import Code, Refused

_OF_THE_NEW = frozenset({Code.PASSWORD_NOT_NEW, Code.PASSWORD_TOO_SHORT})


class ChangePassword(FieldsDialog):
    """Says what was typed by a message, and goes away when the service has agreed."""

    WORDS = "sign_in"
    HINTS = (("⏎", "change_password.do"), ("Esc", "dialog.close"))

    @dataclass
    class Submitted(Message):
        """Both are given."""

        password: str
        new_password: str

    def question(self) -> Widget:
        """What is asked."""
        return _Question(classes="question")

    def fields(self) -> tuple[Input, ...]:
        """The present one, and the new one twice."""
        return tuple(Input(id=name, password=True) for name in ("password", "new", "again"))

    @on(Input.Submitted)
    def submit(self, event: Input.Submitted) -> None:
        """Enter goes to the next empty field, then changes the password."""
        event.stop()
        typed = self.typed()
        if not typed:
            return
        password, new, again = typed
        if new != again:
            self._refuse("again", Refused(Code.PASSWORDS_DIFFER))
        else:
            self.post_message(self.Submitted(password, new))

    def refuse(self, refusal: Refused) -> None:
        """Say why beside the field that it is about."""
        self._refuse("new" if refusal.code in _OF_THE_NEW else "password", refusal)

    def _refuse(self, name: str, refusal: Refused) -> None:
        self.query_one(f"#{name}", Input).clear()
        self.say(name, refusal)


class _Question(Line):
    def paint(self, view: View) -> Content:
        return Content(view.words.text("change_password.question"))
