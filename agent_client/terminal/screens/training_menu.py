"""What there is to do for the training of others."""

from collections.abc import Sequence
from typing import ClassVar

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

LED = ("centre", "tasks")
TAUGHT = ("centre", "tasks", "contents", "types", "statistics")


class TrainingMenu(Dialog[str]):
    """Answers with the name of a sheet; a number key chooses at once."""

    CSS_PATH = "dialog.tcss"
    HINTS = (("1…", "break.choose"), ("↑↓ ⏎", "break.choose_listed"), ("Esc", "dialog.close"))

    TITLE_KEY: ClassVar[str] = "teaching.title"
    """The text of the question."""

    def __init__(self, sheets: Sequence[str]) -> None:
        super().__init__()
        self._sheets = sheets

    def compose_parts(self) -> ComposeResult:
        """The question and the list."""
        with Vertical(classes="dialog"):
            yield _Question(self.TITLE_KEY)
            yield Choices(self._options)

    def show(self, view: View) -> None:
        """In the reader's language."""
        super().show(view)
        for choices in self.query(Choices):
            choices.offer(view.words)

    @on(OptionList.OptionSelected)
    def choose(self, event: OptionList.OptionSelected) -> None:
        """Enter or a click."""
        self.dismiss(self._sheets[event.option_index])

    def on_key(self, event: events.Key) -> None:
        """A number key."""
        character = event.character or ""
        if character.isdecimal() and 0 < int(character) <= len(self._sheets):
            event.stop()
            self.dismiss(self._sheets[int(character) - 1])

    def _options(self, words: Wording) -> list[Option]:
        return [
            Option(Content.assemble((str(place), "bold"), f"  {words.text(f'teaching.{name}')}"))
            for place, name in enumerate(self._sheets, 1)
        ]


class _Question(Line):
    def __init__(self, key: str) -> None:
        super().__init__(classes="question")
        self._key = key

    def paint(self, view: View) -> Content:
        return Content.styled(view.words.text(self._key), "bold")
