"""Choosing why one takes no calls: a list, with a number key a reason."""

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from agent_client.terminal.screens.page import Dialog
from agent_client.terminal.view import View
from agent_client.terminal.widgets.choices import Choices
from agent_client.terminal.widgets.line import Line
from agent_client.terminal.wording import Wording
from protocol.facts.agent import Reason
from protocol.rules.agent_state import AUTOMATIC_REASONS

REASONS = tuple(reason for reason in Reason if reason not in AUTOMATIC_REASONS)
"""What an agent may choose, in the order of the list."""

DIGITS = "1234567890-="
"""The keys of the list's entries."""


class BreakChooser(Dialog[Reason]):
    """Answers with a reason. `after_call` says what the question is; it was asked once and does
    not change under the finger."""

    CSS_PATH = "dialog.tcss"
    HINTS = (("1…", "break.choose"), ("↑↓ ⏎", "break.choose_listed"), ("Esc", "dialog.close"))

    def __init__(self, *, after_call: bool = False) -> None:
        super().__init__()
        self._after_call = after_call

    def compose_parts(self) -> ComposeResult:
        """The question and the list."""
        with Vertical(classes="dialog"):
            yield _Question(self._after_call)
            yield Choices(_options)

    def show(self, view: View) -> None:
        """What is, and the choices in the reader's language."""
        super().show(view)
        for choices in self.query(Choices):
            choices.offer(view.words)

    @on(OptionList.OptionSelected)
    def choose(self, event: OptionList.OptionSelected) -> None:
        """Enter or a click."""
        self.dismiss(REASONS[event.option_index])

    def on_key(self, event: events.Key) -> None:
        """A number key chooses at once."""
        place = DIGITS.find(event.character or " ")
        if 0 <= place < len(REASONS):
            event.stop()
            self.dismiss(REASONS[place])


def _options(words: Wording) -> list[Option]:
    return [
        Option(Content.assemble((digit, "bold"), f"  {words.reason(reason)}"))
        for digit, reason in zip(DIGITS, REASONS, strict=False)
    ]


class _Question(Line):
    def __init__(self, after_call: bool) -> None:
        super().__init__(classes="question")
        self._key = "break.after_call" if after_call else "break.now"

    def paint(self, view: View) -> Content:
        return Content(view.words.text(self._key))
