"""Asking something of people: who it goes to, what follows from it, and the words that go along."""

from dataclasses import dataclass

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input

from agent_client.terminal.cells import cut, shown
from agent_client.terminal.screens.page import Dialog
from agent_client.terminal.view import View
from agent_client.terminal.widgets.field import Field
from agent_client.terminal.widgets.line import Line
from agent_client.terminal.wording import Wording
from protocol.facts.order import OrderKind
from protocol.wire.orders import MAX_TEXT

_NAMED = 3
"""People who are named; more are counted."""
_NAME_CELLS = 24


@dataclass(frozen=True)
class Recipients:
    """To whom something goes: people by staff number with their names, or a team."""

    people: tuple[tuple[str, str], ...] = ()
    team: str = ""

    def said(self, words: Wording) -> str:
        """`1002 Ann, 1003 Li and 4 more`, or the team."""
        if self.team:
            return words.text("ask.team", team=cut(shown(self.team), _NAME_CELLS))
        names = [f"{shown(number)} {cut(shown(name), _NAME_CELLS)}" for number, name in self.people]
        listed = ", ".join(name.rstrip() for name in names[:_NAMED])
        more = len(names) - _NAMED
        return listed if more <= 0 else words.text("ask.more", names=listed, count=more)


class OrderPrompt(Dialog[str]):
    """Answers with the reason or the message."""

    CSS_PATH = "dialog.tcss"
    AUTO_FOCUS = "Input"
    HINTS = (("⏎", "ask.send"), ("Esc", "dialog.close"))

    def __init__(self, what: OrderKind, recipients: Recipients) -> None:
        super().__init__()
        self._what = what
        self._recipients = recipients

    def compose_parts(self) -> ComposeResult:
        """The question, what follows, the field."""
        with Vertical(classes="dialog"):
            yield _Title(self._what, self._recipients)
            yield _Follows(self._what)
            yield Field(id="order-text", max_length=MAX_TEXT)

    def show(self, view: View) -> None:
        """The field says what belongs in it."""
        super().show(view)
        for field in self.query(Input):
            message = self._what is OrderKind.MESSAGE
            field.placeholder = view.words.text("ask.text" if message else "ask.reason")

    @on(Input.Submitted)
    def submit(self, event: Input.Submitted) -> None:
        """An empty field asks nothing of anybody."""
        event.stop()
        if event.value.strip():
            self.dismiss(event.value.strip())


class Confirm(Dialog[bool]):
    """Once before something that takes people's work away; Enter does it, Escape does not."""

    CSS_PATH = "dialog.tcss"
    HINTS = (("⏎", "ask.do"), ("Esc", "dialog.close"))
    BINDINGS = [("enter", "agree")]  # noqa: RUF012 - Textual's own form

    def __init__(self, question: str, recipients: Recipients) -> None:
        super().__init__()
        self._question = question
        self._recipients = recipients

    def compose_parts(self) -> ComposeResult:
        """The question alone."""
        with Vertical(classes="dialog"):
            yield _Question(self._question, self._recipients)

    def action_agree(self) -> None:
        """Do it."""
        self.dismiss(True)


class _Title(Line):
    def __init__(self, what: OrderKind, recipients: Recipients) -> None:
        super().__init__(classes="question")
        self._what, self._recipients = what, recipients

    def paint(self, view: View) -> Content:
        title = view.words.text(f"ask.title.{self._what}")
        return Content.assemble((title, "bold"), f"\n{self._recipients.said(view.words)}")


class _Follows(Line):
    """What the agents are told, and what it does to their figures."""

    def __init__(self, what: OrderKind) -> None:
        super().__init__(classes="question")
        self._what = what

    def paint(self, view: View) -> Content:
        return Content.styled(view.words.text(f"ask.follows.{self._what}"), "$quiet")


class _Question(Line):
    def __init__(self, question: str, recipients: Recipients) -> None:
        super().__init__()
        self._question, self._recipients = question, recipients

    def paint(self, view: View) -> Content:
        who = self._recipients.said(view.words)
        return Content(view.words.text(f"ask.sure.{self._question}", who=who))
