"""One answer to several cases of the queue, with the words that go along."""

from collections.abc import Callable
from dataclasses import dataclass

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.message import Message
from textual.widgets import Input

from agent_client.terminal.exception_rows import Names
from agent_client.terminal.queue_rows import Case, brief, kinds, people
from agent_client.terminal.screens.exceptions import ExceptionsSheet
from agent_client.terminal.screens.field_fault import FieldFault
from agent_client.terminal.screens.page import Dialog
from agent_client.terminal.view import View
from agent_client.terminal.widgets.field import Field
from agent_client.terminal.widgets.line import Line
from protocol.wire.errors import Refused
from protocol.wire.exceptions import MAX_EXCEPTION_TEXT
from protocol.wire.texts import TextFault, bad_text


class DecideQueue(Dialog[None]):
    """Stays until the answer is on the disk, or it is left by Escape."""

    CSS_PATH = ["dialog.tcss", "exceptions_decide.tcss"]  # noqa: RUF012 - Textual's own form
    AUTO_FOCUS = "Input"
    HINTS = (("⏎", "why_decide.do"), ("↑↓", "dialog.scroll"), ("Esc", "dialog.close"))
    BINDINGS = [  # noqa: RUF012 - Textual's own form
        Binding("up", "scroll_cases(-1)"),
        Binding("down", "scroll_cases(1)"),
    ]

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
        """What follows, what is decided, the words."""
        with Vertical(classes="dialog", id="deciding"):
            yield _Question(self._said)
            with VerticalScroll(id="deciding-cases", can_focus=False):
                yield _Cases(self._cases, self._names, self._zone)
            yield Field(id="queue-text", max_length=MAX_EXCEPTION_TEXT)
            yield FieldFault(id="queue-fault")

    def show(self, view: View) -> None:
        """In the reader's language."""
        self._view = view
        for field in self.query(Input):
            field.placeholder = view.words.text(self._asked_words())
        super().show(view)

    def refuse(self, refusal: Refused) -> None:
        """Say why it was not taken. Nothing that was entered is lost."""
        for fault in self.query(FieldFault):
            fault.say(refusal, self._view)

    def action_scroll_cases(self, lines: int) -> None:
        """The words stay where they are."""
        cases = self.query_one("#deciding-cases", VerticalScroll)
        cases.scroll_relative(y=lines, animate=False, immediate=True)

    @on(Input.Submitted)
    def submit(self, event: Input.Submitted) -> None:
        """An approval speaks for itself; a rejection needs words."""
        event.stop()
        text = event.value.strip()
        if not self._approved and not text:
            self.refuse(bad_text(TextFault.EMPTY, MAX_EXCEPTION_TEXT))
            return
        self.post_message(self.Submitted(self._cases, self._approved, text))

    def _said(self, view: View) -> Content:
        words = view.words
        key = "queue.approving" if self._approved else "queue.rejecting"
        whose = frozenset[str]().union(*map(people, self._cases))
        title = words.text(key, count=len(self._cases))
        if whose:
            title = f"{title} · {words.text('roster.people', count=len(whose))}"
        follows = "\n".join(words.text(self._follows(kind)) for kind in kinds(self._cases))
        return Content.assemble((f"{title}\n", "bold"), (follows, "$quiet"))

    def _follows(self, kind: str) -> str:
        return f"approve_follows.{kind}" if self._approved else f"reject_follows.{kind}"

    def _asked_words(self) -> str:
        """Who reads them: of incidents alone nobody whose days they are."""
        whose = "incident" if kinds(self._cases) == ["incident"] else "people"
        return f"approve_words.{whose}" if self._approved else f"reject_words.{whose}"


class _Question(Line):
    def __init__(self, said: Callable[[View], Content]) -> None:
        super().__init__(classes="question")
        self._said = said

    def paint(self, view: View) -> Content:
        return self._said(view)


class _Cases(Line):
    def __init__(self, cases: tuple[Case, ...], names: Names, zone: str) -> None:
        super().__init__()
        self._cases, self._names, self._zone = cases, names, zone

    def paint(self, view: View) -> Content:
        briefs = (brief(view.words, each, self._names, self._zone) for each in self._cases)
        return Content("\n".join(briefs))
