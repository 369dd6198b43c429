"""Choosing a shift pattern for some days: a list that is narrowed by typing."""

from collections.abc import Iterator
from dataclasses import dataclass

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input, OptionList
from textual.widgets.option_list import Option

from agent_client.terminal.cells import fit, shown
from agent_client.terminal.roster_week import DAY_OFF
from agent_client.terminal.roster_words import label_of
from agent_client.terminal.screens.page import Dialog
from agent_client.terminal.view import View
from agent_client.terminal.widgets.field import Field
from agent_client.terminal.widgets.line import Line
from agent_client.terminal.widgets.roster_field import Said
from agent_client.terminal.wording import Wording
from protocol.wire.roster import Roster

_MOVES = {"up": "cursor_up", "down": "cursor_down", "pageup": "page_up", "pagedown": "page_down"}
_LABEL = 20
_NAME = 14


@dataclass(frozen=True)
class _Choice:
    name: str
    """A pattern's, or `-`."""
    text: str


class PatternChooser(Dialog[str]):
    """Answers with a pattern's name, or `-` for a day off."""

    CSS_PATH = "dialog.tcss"
    AUTO_FOCUS = "Input"
    HINTS = (("↑↓", "palette.move"), ("⏎", "roster_pattern.do"), ("Esc", "dialog.close"))

    def __init__(self, roster: Roster, whose: Said) -> None:
        super().__init__()
        self._roster = roster
        self._whose = whose
        self._view: View | None = None
        self._listed: object = None

    def compose_parts(self) -> ComposeResult:
        """Whose days, the search, the patterns."""
        with Vertical(classes="dialog"):
            yield _Title(self._whose)
            yield Field(id="pattern-search")
            yield OptionList(markup=False, compact=True)
            yield _Nothing(self._roster)

    def show(self, view: View) -> None:
        """In the reader's language."""
        self._view = view
        for field in self.query(Input):
            field.placeholder = view.words.text("roster_pattern.search")
            self._list(view.words, field.value)
        super().show(view)

    @on(Input.Changed)
    def search(self, event: Input.Changed) -> None:
        """Narrow the list."""
        if self._view is not None:
            self._list(self._view.words, event.value)

    @on(Input.Submitted)
    def do(self, event: Input.Submitted) -> None:
        """Enter takes what is highlighted."""
        event.stop()
        self.query_one(OptionList).action_select()

    @on(OptionList.OptionSelected)
    def choose(self, event: OptionList.OptionSelected) -> None:
        """By Enter or a click."""
        event.stop()
        self.dismiss(event.option.id)

    def on_key(self, event: events.Key) -> None:
        """The arrows move in the list while the field keeps the focus."""
        if event.key in _MOVES:
            event.stop()
            event.prevent_default()
            getattr(self.query_one(OptionList), f"action_{_MOVES[event.key]}")()

    def _list(self, words: Wording, needle: str) -> None:
        found = [each for each in _choices(words, self._roster) if _matches(each, needle)]
        if (found, words.language) == self._listed:
            return
        self._listed = (found, words.language)
        for options in self.query(OptionList):
            options.set_options(Option(Content(each.text), id=each.name) for each in found)
            options.highlighted = 0 if found else None


def _choices(words: Wording, roster: Roster) -> Iterator[_Choice]:
    for each in roster.patterns:
        label, name = fit(label_of(words, each), _LABEL), fit(shown(each.name), _NAME)
        yield _Choice(each.name, f"{label} {name} {shown(each.start)}–{shown(each.end)}")
    yield _Choice(DAY_OFF, f"{fit(words.text('roster.day_off'), _LABEL)} {DAY_OFF}")


def _matches(choice: _Choice, needle: str) -> bool:
    """Whether every word of the search is in it."""
    text = choice.text.casefold()
    return all(part in text for part in needle.casefold().split())


class _Title(Line):
    def __init__(self, whose: Said) -> None:
        super().__init__(classes="question")
        self._whose = whose

    def paint(self, view: View) -> Content:
        return Content.assemble(
            (view.words.text("roster_pattern.title"), "bold"), f"  {self._whose(view.words)}"
        )


class _Nothing(Line):
    """Without patterns, what has to be done by whom."""

    def __init__(self, roster: Roster) -> None:
        super().__init__(classes="question")
        self._none = not roster.patterns

    def show(self, view: View) -> None:
        self.display = self._none
        super().show(view)

    def paint(self, view: View) -> Content:
        return Content(view.words.text("roster_pattern.none"))
