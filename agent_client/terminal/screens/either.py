"""A question with what follows from it, and two answers."""

from collections.abc import Callable, Sequence
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from agent_client.terminal.screens.page import Dialog
from agent_client.terminal.view import View
from agent_client.terminal.widgets.choices import Choices
from agent_client.terminal.widgets.line import BULLET, Line
from agent_client.terminal.wording import Wording


class Either(Dialog[bool]):
    """Answers with whether to do it: the second choice. Escape answers as the first one does."""

    CSS_PATH = "dialog.tcss"
    CHOICES: ClassVar[tuple[str, str]]
    """The names of their texts."""

    def compose_parts(self) -> ComposeResult:
        """What follows, and the choice."""
        with Vertical(classes="dialog"):
            yield _Question(self.says)
            yield from self.between()
            yield from self.answers()

    def says(self, words: Wording) -> Sequence[str]:
        """The question, and then each thing that follows."""
        raise NotImplementedError

    def between(self) -> ComposeResult:
        """What stands between the question and the choice."""
        return ()

    def answers(self) -> ComposeResult:
        """The choice, unless a key alone says it."""
        yield Choices(self._options)

    @on(OptionList.OptionSelected)
    def choose(self, event: OptionList.OptionSelected) -> None:
        """By Enter or a click."""
        self.dismiss(event.option_index == 1)

    def action_close(self) -> None:
        """Leave it undone."""
        self.dismiss(False)

    def _options(self, words: Wording) -> list[Option]:
        return [Option(Content(words.text(choice))) for choice in self.CHOICES]


class _Question(Line):
    def __init__(self, says: Callable[[Wording], Sequence[str]]) -> None:
        super().__init__(classes="question")
        self._says = says

    def paint(self, view: View) -> Content:
        question, *follows = self._says(view.words)
        lines = [Content.styled(question, "bold"), Content("")]
        return Content("\n").join([*lines, *(Content(f"{BULLET}{text}") for text in follows)])
