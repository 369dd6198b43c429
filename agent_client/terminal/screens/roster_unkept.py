"""Edits of the week grid that were not kept, and why."""

from collections.abc import Iterable, Sequence

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from agent_client.terminal.roster_edit import Unkept
from agent_client.terminal.screens.page import Dialog
from agent_client.terminal.view import View
from agent_client.terminal.widgets.choices import Choices
from agent_client.terminal.widgets.line import Line
from agent_client.terminal.wording import Wording


class UnkeptEdits(Dialog[Unkept]):
    """Answers with the one to be mended. There is at least one."""

    CSS_PATH = ["dialog.tcss", "roster_dialogs.tcss"]  # noqa: RUF012 - Textual's own form
    HINTS = (("↑↓", "palette.move"), ("⏎", "roster_unkept.open"), ("Esc", "dialog.close"))

    def __init__(self, unkept: Sequence[Unkept]) -> None:
        super().__init__()
        self._unkept = tuple(unkept)
        self._view: View | None = None
        self._why = _Why(self._unkept[0])

    def compose_parts(self) -> ComposeResult:
        """How many, each, and why the one under the cursor was not kept."""
        with Vertical(classes="dialog", id="roster-unkept"):
            yield _Count(len(self._unkept))
            yield Choices(self._options)
            yield self._why

    def show(self, view: View) -> None:
        """In the reader's language."""
        self._view = view
        super().show(view)

    @on(OptionList.OptionHighlighted)
    def highlighted(self, event: OptionList.OptionHighlighted) -> None:
        """Why this one was not kept."""
        event.stop()
        self._why.unkept = self._unkept[event.option_index]
        if self._view is not None:
            self._why.show(self._view)

    @on(OptionList.OptionSelected)
    def choose(self, event: OptionList.OptionSelected) -> None:
        """Enter or a click."""
        event.stop()
        self.dismiss(self._unkept[event.option_index])

    def _options(self, words: Wording) -> Iterable[Option]:
        return [Option(Content(each.what(words))) for each in self._unkept]


class _Why(Line):
    def __init__(self, unkept: Unkept) -> None:
        super().__init__(id="roster-unkept-why")
        self.unkept = unkept

    def paint(self, view: View) -> Content:
        return Content(self.unkept.why(view.words))


class _Count(Line):
    def __init__(self, count: int) -> None:
        super().__init__(classes="question")
        self._count = count

    def paint(self, view: View) -> Content:
        words = view.words
        title = words.text("roster_unkept.title", count=self._count)
        return Content.assemble((title, "bold"), "\n", words.text("roster_unkept.stored"))
