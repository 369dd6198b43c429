"""Signing in: the password, and once in a desk's life its enrolment code."""

from dataclasses import dataclass

from textual import on
from textual.app import ComposeResult
from textual.containers import Middle, Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import Input

from agent_client.terminal.cells import shown
from agent_client.terminal.screens.page import Page
from agent_client.terminal.view import View
from agent_client.terminal.widgets.line import Line
from agent_client.terminal.widgets.status_line import StatusLine


class SignInScreen(Page):
    """Shown while nobody is signed in at the seat."""

    CSS_PATH = "sign_in.tcss"
    AUTO_FOCUS = "Input"

    @dataclass
    class Submitted(Message):
        """The person wants to sign in; `code` is empty on a desk that is enrolled."""

        code: str
        password: str

    def compose_parts(self) -> ComposeResult:
        """Who, the fields, and how it stands with the service."""
        with Middle(), Vertical(id="sign-in"):
            yield _Who(id="who")
            yield _EnrolmentHelp(id="enrolment-help")
            yield Input(id="code")
            yield Input(id="password", password=True)
            yield _Help(id="sign-in-help")
        yield StatusLine()

    def show(self, view: View) -> None:
        """The code's field is there only while the desk is not enrolled."""
        super().show(view)
        unknown = view.status is not None and not view.status.enrolled
        for field in self.query(Input):
            field.border_title = view.words.text(f"sign_in.{field.id}")
        for code in self.query("#code").results(Input):
            if code.has_focus and not unknown:
                self.focus_next()
            code.display = unknown

    @on(Input.Submitted)
    def submit(self, event: Input.Submitted) -> None:
        """Enter goes to the next empty field, then signs in."""
        event.stop()
        code, password = self.query_one("#code", Input), self.query_one("#password", Input)
        empty = [field for field in (code, password) if field.display and not field.value]
        if empty:
            empty[0].focus()
        else:
            self.post_message(self.Submitted(code.value.strip(), password.value))

    def correct_code(self) -> None:
        """After a refusal: back to the code, with all that was typed."""
        self.query_one("#code", Input).focus()

    def clear_password(self) -> None:
        """After a refusal: the next attempt begins with an empty field."""
        password = self.query_one("#password", Input)
        password.clear()
        password.focus()


class _Who(Line):
    def paint(self, view: View) -> Content:
        if view.status is None:
            return Content("")
        name = shown(view.status.name)
        return Content.assemble(
            (f"{view.words.text('sign_in.number')} ", "$quiet"),
            (shown(view.status.agent), "bold"),
            f"  {name}" if name else "",
        )


class _EnrolmentHelp(Line):
    def show(self, view: View) -> None:
        self.display = view.status is not None and not view.status.enrolled
        super().show(view)

    def paint(self, view: View) -> Content:
        return Content.styled(view.words.text("sign_in.enrolment_help"), "$quiet")


class _Help(Line):
    def paint(self, view: View) -> Content:
        return Content.styled(view.words.text("sign_in.help"), "$quiet")
