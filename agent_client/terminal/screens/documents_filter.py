"""Choosing whose documents to list: those of one type, or all."""

from collections.abc import Mapping

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
from agent_client.terminal.widgets.line import Line
from agent_client.terminal.wording import Wording


class ParentChooser(Dialog[str]):
    """Answers with a type, or with nothing for all."""

    CSS_PATH = "dialog.tcss"
    HINTS = (("↑↓ ⏎", "documents.choose"), ("Esc", "dialog.close"))

    def __init__(self, parents: Mapping[str, str], wanted: str) -> None:
        super().__init__()
        self._parents = {"": "", **parents}
        self._begin = next((n for n, each in enumerate(self._parents) if each == wanted), 0)

    def compose_parts(self) -> ComposeResult:
        """The question and the list."""
        with Vertical(classes="dialog"):
            yield _Question(classes="question")
            yield Choices(self._options, begin=self._begin)

    def show(self, view: View) -> None:
        """In the reader's language."""
        super().show(view)
        for choices in self.query(Choices):
            choices.offer(view.words)

    @on(OptionList.OptionSelected)
    def choose(self, event: OptionList.OptionSelected) -> None:
        """Enter or a click."""
        self.dismiss(tuple(self._parents)[event.option_index])

    def _options(self, words: Wording) -> list[Option]:
        names = [
            shown(name) if key else words.text("documents.all")
            for key, name in self._parents.items()
        ]
        return [Option(Content(name)) for name in names]


class _Question(Line):
    def paint(self, view: View) -> Content:
        return Content.styled(view.words.text("documents.which"), "bold")
