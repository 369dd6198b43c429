"""Every action that is possible now, found by its name."""

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input, OptionList
from textual.widgets.option_list import Option

from agent_client.terminal.keys import Action, key_name
from agent_client.terminal.screens.page import Dialog
from agent_client.terminal.view import View
from agent_client.terminal.widgets.field import Field
from agent_client.terminal.widgets.line import Line
from agent_client.terminal.wording import Wording

_MOVES = {"up": "cursor_up", "down": "cursor_down", "pageup": "page_up", "pagedown": "page_down"}


class Palette(Dialog[str]):
    """Answers with the name of an action."""

    CSS_PATH = "dialog.tcss"
    AUTO_FOCUS = "Input"
    HINTS = (("↑↓", "palette.move"), ("⏎", "palette.do"), ("Esc", "dialog.close"))

    def __init__(self) -> None:
        super().__init__()
        self._view: View | None = None
        self._listed: tuple[tuple[str, ...], str] | None = None

    def compose_parts(self) -> ComposeResult:
        """The field and the list."""
        with Vertical(classes="dialog"):
            yield Field(id="search")
            yield OptionList(markup=False, compact=True)
            yield _Nothing(id="nothing")

    def show(self, view: View) -> None:
        """The list follows what is possible."""
        super().show(view)
        self._view = view
        for field in self.query(Input):
            field.placeholder = view.words.text("palette.search")
            self._list_actions(view, field.value)

    @on(Input.Changed)
    def search(self, event: Input.Changed) -> None:
        """Narrow the list."""
        if self._view is not None:
            self._list_actions(self._view, event.value)

    @on(Input.Submitted)
    def do(self) -> None:
        """Enter does what is highlighted."""
        self.query_one(OptionList).action_select()

    @on(OptionList.OptionSelected)
    def choose(self, event: OptionList.OptionSelected) -> None:
        """By Enter or a click."""
        self.dismiss(event.option.id)

    def on_key(self, event: events.Key) -> None:
        """The arrows move in the list while the field keeps the focus."""
        if event.key in _MOVES:
            event.stop()
            event.prevent_default()
            getattr(self.query_one(OptionList), f"action_{_MOVES[event.key]}")()

    def _list_actions(self, view: View, needle: str) -> None:
        found = [
            action
            for action in view.offered
            if action.name != "commands" and matches(needle, action, view.words)
        ]
        listed = (tuple(action.name for action in found), view.words.language)
        if listed == self._listed:
            return
        self._listed = listed
        for options in self.query(OptionList):
            options.set_options(
                Option(_prompt(action, view.words), id=action.name) for action in found
            )
            options.highlighted = 0 if found else None
        for nothing in self.query(_Nothing):
            nothing.display = not found


def matches(needle: str, action: Action, words: Wording) -> bool:
    """Whether every word of the search is in the action's text or is its key."""
    label = words.text(f"action.{action.name}").casefold()
    keys = {key_name(key).casefold() for key in action.keys}
    return all(part in label or part in keys for part in needle.casefold().split())


def _prompt(action: Action, words: Wording) -> Content:
    keys = " ".join(key_name(key) for key in action.keys)
    return Content.assemble((f"{keys:<10}", "bold"), words.text(f"action.{action.name}"))


class _Nothing(Line):
    def paint(self, view: View) -> Content:
        return Content.styled(view.words.text("palette.nothing"), "$quiet")
