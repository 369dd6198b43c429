"""The locked screen: state and clock, that it rings, and nothing of any customer."""

from dataclasses import dataclass

from textual import on
from textual.app import ComposeResult
from textual.containers import Middle, Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import Input

from agent_client.terminal.cells import shown
from agent_client.terminal.screens.field_fault import FieldFault
from agent_client.terminal.screens.page import Page
from agent_client.terminal.view import View
from agent_client.terminal.widgets.line import Line
from agent_client.terminal.widgets.state_band import StateBand
from agent_client.terminal.widgets.status_line import StatusLine
from protocol.wire.errors import Refused


class LockScreen(Page):
    """Only the password opens it."""

    CSS_PATH = "sign_in.tcss"
    AUTO_FOCUS = "Input"

    @dataclass
    class Submitted(Message):
        """A password was entered."""

        password: str

    def __init__(self) -> None:
        super().__init__()
        self._view: View | None = None

    def compose_parts(self) -> ComposeResult:
        """State, who, and the field."""
        yield StateBand()
        with Middle(), Vertical(id="sign-in"):
            yield _Who(id="who")
            yield Input(id="password", password=True)
            yield FieldFault(id="password-fault")
            yield _Help(id="sign-in-help")
        yield StatusLine()

    def show(self, view: View) -> None:
        """Paint the present view."""
        super().show(view)
        self._view = view
        for band in self.query(StateBand):
            band.show(view)
        for field in self.query(Input):
            field.border_title = view.words.text("sign_in.password")

    @on(Input.Submitted)
    def submit(self, event: Input.Submitted) -> None:
        """An empty field opens nothing."""
        event.stop()
        if event.value:
            self.post_message(self.Submitted(event.value))

    def refuse(self, refusal: Refused) -> None:
        """Say why, beside the emptied field."""
        self.query_one(Input).clear()
        self.query_one(FieldFault).say(refusal, self._view)


class _Who(Line):
    def paint(self, view: View) -> Content:
        status = view.status
        who = f"{shown(status.agent)}  {shown(status.name)}" if status is not None else ""
        return Content.assemble((f"{view.words.text('lock.heading')}  ", "bold"), who)


class _Help(Line):
    def paint(self, view: View) -> Content:
        return Content.styled(view.words.text("lock.help"), "$quiet")
