"""Signed in at another desk: whether to take over, asked once."""

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from agent_client.terminal.cells import shown
from agent_client.terminal.screens.page import Dialog
from agent_client.terminal.view import View
from agent_client.terminal.widgets.choices import Choices
from agent_client.terminal.widgets.line import BULLET, Line
from agent_client.terminal.wording import Wording

_CHOICES = ("stay_away", "take_over")


class TakeOver(Dialog[bool]):
    """Answers with whether to. Without an answer nothing is done at the other desk."""

    CSS_PATH = "dialog.tcss"
    HINTS = (("↑↓ ⏎", "break.choose_listed"), ("Esc", "take_over.stay_away"))

    def __init__(self, desk: str) -> None:
        super().__init__()
        self._desk = desk

    def compose_parts(self) -> ComposeResult:
        """What happens there, and the choice."""
        with Vertical(classes="dialog"):
            yield _Consequences(self._desk)
            yield Choices(_options)

    def show(self, view: View) -> None:
        """What is, and the choices in the reader's language."""
        super().show(view)
        for choices in self.query(Choices):
            choices.offer(view.words)

    @on(OptionList.OptionSelected)
    def choose(self, event: OptionList.OptionSelected) -> None:
        """By Enter or a click."""
        self.dismiss(_CHOICES[event.option_index] == "take_over")

    def action_close(self) -> None:
        """Escape takes nothing over."""
        self.dismiss(False)


def _options(words: Wording) -> list[Option]:
    return [Option(Content(words.text(f"take_over.{choice}"))) for choice in _CHOICES]


class _Consequences(Line):
    def __init__(self, desk: str) -> None:
        super().__init__(classes="question")
        self._desk = desk

    def paint(self, view: View) -> Content:
        lines = [
            Content.styled(view.words.text("take_over.question", desk=shown(self._desk)), "bold"),
            Content(""),
            *(
                Content(f"{BULLET}{view.words.text(f'take_over.{name}')}")
                for name in ("there", "kept")
            ),
        ]
        return Content("\n").join(lines)
