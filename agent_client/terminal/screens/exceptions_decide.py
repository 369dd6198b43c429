"""One answer to several cases of the queue, with the words that go along."""

from collections.abc import Callable
from dataclasses import dataclass

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import Input

from agent_client.terminal.queue_rows import Case, brief, people
from agent_client.terminal.screens.exceptions import ExceptionsSheet
from agent_client.terminal.screens.field_fault import FieldFault
from agent_client.terminal.screens.page import Dialog
from agent_client.terminal.view import View
from agent_client.terminal.widgets.field import Field
from agent_client.terminal.widgets.line import Line
from protocol.wire.errors import Code, Refused
from protocol.wire.exceptions import MAX_EXCEPTION_TEXT

_NAMED = 5


class DecideQueue(Dialog[None]):
    """Stays until the answer is on the disk, or it is left by Escape."""

    CSS_PATH = "dialog.tcss"
    AUTO_FOCUS = "Input"
    HINTS = (("⏎", "why_decide.do"), ("Esc", "dialog.close"))

    @dataclass
    class Submitted(Message):
        """This is the answer."""

        cases: tuple[Case, ...]
        approved: bool
        text: str

    def __init__(self, sheet: ExceptionsSheet, approved: bool) -> None:
        super().__init__()
        self._cases = sheet.meant()
        self._approved = approved
        self._names, self._zone = sheet.names, sheet.zone
        self._view: View | None = None

    def compose_parts(self) -> ComposeResult:
        """What is decided, what follows, the words."""
        with Vertical(classes="dialog"):
            yield _Question(self._said)
            yield Field(id="queue-text", max_length=MAX_EXCEPTION_TEXT)
            yield FieldFault(id="queue-fault")

    def show(self, view: View) -> None:
        """In the reader's language."""
        self._view = view
        for field in self.query(Input):
            key = "queue.approve_text" if self._approved else "queue.reject_text"
            field.placeholder = view.words.text(key)
        super().show(view)

    def refuse(self, refusal: Refused) -> None:
        """Say why it was not taken. Nothing that was entered is lost."""
        for fault in self.query(FieldFault):
            fault.say(refusal, self._view)

    @on(Input.Submitted)
    def submit(self, event: Input.Submitted) -> None:
        """An approval speaks for itself; a rejection needs words."""
        event.stop()
        text = event.value.strip()
        if not self._approved and not text:
            self.refuse(Refused(Code.BAD_TEXT, most=MAX_EXCEPTION_TEXT))
            return
        self.post_message(self.Submitted(self._cases, self._approved, text))

    def _said(self, view: View) -> Content:
        words = view.words
        key = "queue.approving" if self._approved else "queue.rejecting"
        whose = frozenset[str]().union(*map(people, self._cases))
        title = words.text(key, count=len(self._cases))
        if whose:
            title = f"{title} · {words.text('roster.people', count=len(whose))}"
        some = self._cases[:_NAMED]
        lines = [brief(words, each, self._names, self._zone) for each in some]
        if more := len(self._cases) - len(lines):
            lines.append(words.text("queue.more", count=more))
        follows = words.text("queue.approve_follows" if self._approved else "queue.reject_follows")
        return Content.assemble((f"{title}\n", "bold"), "\n".join(lines), "\n", (follows, "$quiet"))


class _Question(Line):
    def __init__(self, said: Callable[[View], Content]) -> None:
        super().__init__(classes="question")
        self._said = said

    def paint(self, view: View) -> Content:
        return self._said(view)
