"""Signing in: the password, in place of a first or forgotten one another, and once in a desk's
life its enrolment code."""

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
from agent_client.terminal.widgets.field import Field
from agent_client.terminal.widgets.line import Line
from agent_client.terminal.widgets.status_line import StatusLine
from protocol.wire.errors import Code, Refused
from protocol.wire.sync import Link

_OF_THE_NEW = frozenset({Code.PASSWORD_NOT_NEW, Code.PASSWORD_TOO_SHORT})


class SignInScreen(Page):
    """Shown while nobody is signed in at the seat."""

    CSS_PATH = "sign_in.tcss"
    AUTO_FOCUS = "Input"

    @dataclass
    class Submitted(Message):
        """The person wants to sign in. `code` is empty on a desk that is enrolled, `new_password`
        unless the present one has to be changed."""

        code: str
        password: str
        new_password: str

    def __init__(self) -> None:
        super().__init__()
        self._view: View | None = None
        self._change = False
        """Whether the service wants another password."""

    def compose_parts(self) -> ComposeResult:
        """Who, the fields, each with what is wrong with it, and how it stands with the service."""
        with Middle(), Vertical(id="sign-in"):
            yield _Who(id="who")
            yield _EnrolmentHelp(id="enrolment-help")
            yield Field(id="code")
            yield FieldFault(id="code-fault")
            yield Input(id="password", password=True)
            yield FieldFault(id="password-fault")
            yield Input(id="new", password=True)
            yield FieldFault(id="new-fault")
            yield Input(id="again", password=True)
            yield FieldFault(id="again-fault")
            yield _Help(id="sign-in-help")
        yield StatusLine()

    def show(self, view: View) -> None:
        """A field is there only while it is needed."""
        super().show(view)
        self._view = view
        unknown = view.status is not None and not view.status.enrolled
        for field in self.query(Input):
            field.border_title = view.words.text(f"sign_in.{field.id}")
            needed = {"code": unknown, "password": True}.get(field.id or "", self._change)
            if field.has_focus and not needed:
                self.focus_next()
            field.display = needed

    @on(Input.Submitted)
    def submit(self, event: Input.Submitted) -> None:
        """Enter goes to the next empty field, then signs in."""
        event.stop()
        empty = [field for field in self.query(Input) if field.display and not field.value]
        if empty:
            empty[0].focus()
            return
        typed = {field.id: field.value for field in self.query(Input) if field.display}
        if typed.get("new") != typed.get("again"):
            self._say("again", Refused(Code.PASSWORDS_DIFFER))
            return
        self._clear_faults()
        code, new = typed.get("code", "").strip(), typed.get("new", "")
        self.post_message(self.Submitted(code, typed["password"], new))

    def correct_code(self, refusal: Refused) -> None:
        """After a refusal: back to the code, with all that was typed."""
        self._say("code", refusal, clear=False)

    def refuse(self, refusal: Refused) -> None:
        """Say why beside the field that it is about; the next attempt begins with an empty one."""
        if refusal.code == Code.PASSWORD_CHANGE_NEEDED:
            self._ask_for_new()
        else:
            self._say("new" if refusal.code in _OF_THE_NEW else "password", refusal)

    def clear_password(self) -> None:
        """Nothing came of it; nobody else is to sign in with what is left."""
        self._clear_faults()
        for field in self.query(Input):
            if field.id != "code":
                field.clear()
        self.query_one("#password", Input).focus()

    def _ask_for_new(self) -> None:
        self._change = True
        if self._view is not None:
            self.show(self._view)
        self.query_one("#new", Input).focus()

    def _say(self, name: str, refusal: Refused, *, clear: bool = True) -> None:
        self._clear_faults()
        self.query_one(f"#{name}-fault", FieldFault).say(refusal, self._view)
        field = self.query_one(f"#{name}", Input)
        if clear:
            field.clear()
        field.focus()

    def _clear_faults(self) -> None:
        for fault in self.query(FieldFault):
            fault.say(None, self._view)


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
    """What can be done here now: also without the service."""

    def paint(self, view: View) -> Content:
        change = any(field.display for field in self.screen.query("#new"))
        if change:
            return Content(view.words.text("sign_in.change_help"))
        key = _situation(view)
        return Content.styled(view.words.text(f"sign_in.{key}"), "" if key != "help" else "$quiet")


def _situation(view: View) -> str:
    status = view.status
    if status is None or status.link is Link.ONLINE or not status.enrolled:
        return "help"
    return "provisional_help" if status.link_fault is not None else "help"
