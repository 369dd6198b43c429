"""Deciding an exception: approve or reject, in words that the person reads."""

from collections.abc import Iterable
from dataclasses import dataclass

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import Input, OptionList
from textual.widgets.option_list import Option

from agent_client.terminal.screens.field_fault import FieldFault
from agent_client.terminal.screens.page import Dialog
from agent_client.terminal.view import View
from agent_client.terminal.why_rows import Row
from agent_client.terminal.widgets.choices import Choices
from agent_client.terminal.widgets.field import Field
from agent_client.terminal.widgets.line import Line
from agent_client.terminal.wording import Wording
from protocol.wire.errors import Refused
from protocol.wire.exceptions import MAX_EXCEPTION_TEXT, ExceptionRow
from protocol.wire.texts import TextFault, bad_text

_APPROVE, _REJECT = "approve", "reject"
_ANSWERS = (_APPROVE, _REJECT)


class DecideException(Dialog[None]):
    """Stays with what was entered until it is on the disk, or left by Escape. Who is refused
    something is told why."""

    CSS_PATH = "dialog.tcss"
    AUTO_FOCUS = "OptionList"
    HINTS = (("⇥", "ask_exception.next"), ("⏎", "why_decide.do"), ("Esc", "dialog.close"))

    @dataclass
    class Submitted(Message):
        """This is the decision."""

        exception: str
        approved: bool
        text: str

    def __init__(self, row: Row, exception: ExceptionRow) -> None:
        super().__init__()
        self._row = row
        self._exception = exception
        self._view: View | None = None

    def compose_parts(self) -> ComposeResult:
        """What is decided, the two answers, the words."""
        with Vertical(classes="dialog"):
            yield _Question(self._row)
            yield Choices(_options)
            yield Field(id="decision", max_length=MAX_EXCEPTION_TEXT)
            yield FieldFault(id="decision-fault")

    def show(self, view: View) -> None:
        """In the reader's language."""
        self._view = view
        for field in self.query(Input):
            field.placeholder = view.words.text("why_decide.text")
        super().show(view)

    def refuse(self, refusal: Refused) -> None:
        """Say why it was not taken. Nothing that was entered is lost."""
        for fault in self.query(FieldFault):
            fault.say(refusal, self._view)

    @on(OptionList.OptionSelected)
    def selected(self, event: OptionList.OptionSelected) -> None:
        """Enter in the list goes on to the words."""
        event.stop()
        self.query_one(Input).focus()

    @on(Input.Submitted)
    def submit(self, event: Input.Submitted) -> None:
        """An approval speaks for itself; a rejection needs words."""
        event.stop()
        approved = _ANSWERS[self.query_one(OptionList).highlighted or 0] == _APPROVE
        text = event.value.strip()
        if not approved and not text:
            self.refuse(bad_text(TextFault.EMPTY, MAX_EXCEPTION_TEXT))
            return
        self.post_message(self.Submitted(self._exception.exception, approved, text))


def _options(words: Wording) -> Iterable[Option]:
    return (Option(Content(words.text(f"why_decide.{answer}"))) for answer in _ANSWERS)


class _Question(Line):
    def __init__(self, row: Row) -> None:
        super().__init__(classes="question")
        self._row = row

    def paint(self, view: View) -> Content:
        title = Content.styled(view.words.text("why_decide.title"), "bold")
        return Content("\n").join([title, *self._row.detail])
