"""Choosing whose roster is shown."""

from collections.abc import Iterable, Sequence

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from agent_client.terminal.cells import cut, shown
from agent_client.terminal.screens.page import Dialog
from agent_client.terminal.view import View
from agent_client.terminal.widgets.choices import Choices
from agent_client.terminal.widgets.line import Line
from agent_client.terminal.wording import Wording

_CELLS = 40


class TeamChooser(Dialog[str]):
    """Answers with a team; an empty one is all whom the person leads."""

    CSS_PATH = "dialog.tcss"
    HINTS = (("↑↓ ⏎", "break.choose_listed"), ("Esc", "dialog.close"))

    def __init__(self, teams: Iterable[str]) -> None:
        super().__init__()
        self._teams: Sequence[str] = ("", *sorted(set(teams) - {""}))

    def compose_parts(self) -> ComposeResult:
        """The question and the teams."""
        with Vertical(classes="dialog"):
            yield _Question(classes="question")
            yield Choices(self._options)

    @on(OptionList.OptionSelected)
    def choose(self, event: OptionList.OptionSelected) -> None:
        """Enter or a click."""
        event.stop()
        self.dismiss(self._teams[event.option_index])

    def _options(self, words: Wording) -> Iterable[Option]:
        names = (cut(shown(team), _CELLS) or words.text("roster.whole") for team in self._teams)
        return [Option(Content(name)) for name in names]


class _Question(Line):
    def paint(self, view: View) -> Content:
        return Content(view.words.text("roster.which_team"))
