"""Help: the keys that work now, what the states mean, and what is recorded about a person."""

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content

from agent_client.terminal.cells import fit
from agent_client.terminal.keys import ACTIONS, Action, Mode, key_name
from agent_client.terminal.look import SYMBOLS, colour
from agent_client.terminal.screens.page import Sheet, SheetTitle
from agent_client.terminal.view import View
from agent_client.terminal.widgets.line import Line

_KEY_CELLS = 14
RECORDED = ("what", "never", "unknown", "where", "wrong")
"""What has to be said about records."""


class HelpSheet(Sheet[None]):
    """To be read and scrolled; Esc closes it."""

    CSS_PATH = "help.tcss"
    AUTO_FOCUS = "#help"
    HINTS = (("↑↓", "help.scroll"), ("Esc", "dialog.close"))

    def compose_parts(self) -> ComposeResult:
        """Three chapters."""
        yield SheetTitle("action.help")
        with VerticalScroll(id="help"):
            yield _Keys()
            yield _States()
            yield _Recorded()


class _Keys(Line):
    """Those of the screen below: what is possible now first, then what is in other states."""

    def paint(self, view: View) -> Content:
        mode = view.mode if view.mode is not Mode.STARTING else Mode.DESK
        names = {action.name for action in view.offered}
        now = [action for action in ACTIONS if action.name in names]
        own = [action for action in ACTIONS if action.belongs_to(view.status)]
        later = [action for action in own if mode in action.modes and action.name not in names]
        lines = [_heading(view.words.text("help.keys")), *(_key(view, each) for each in now)]
        if later:
            lines += [Content(""), _heading(view.words.text("help.keys_later"))]
            lines += [_key(view, each) for each in later]
        return Content("\n").join(lines)


class _States(Line):
    def paint(self, view: View) -> Content:
        lines = [Content(""), _heading(view.words.text("help.states"))]
        for state, symbol in SYMBOLS.items():
            name = Content.styled(f"  {symbol} {view.words.state(state)}", f"bold {colour(state)}")
            meaning = view.words.text(f"help_state.{state}")
            lines.append(Content.assemble(name, f" – {meaning}"))
        return Content("\n").join(lines)


class _Recorded(Line):
    def paint(self, view: View) -> Content:
        lines = [Content(""), _heading(view.words.text("help.recorded"))]
        lines += [Content(f"  · {view.words.text(f'help_recorded.{name}')}") for name in RECORDED]
        return Content("\n").join(lines)


def _key(view: View, action: Action) -> Content:
    keys = " ".join(key_name(key) for key in action.keys)
    return Content.assemble((fit(f"  {keys}", _KEY_CELLS), "bold"), _name(view, action))


def _name(view: View, action: Action) -> str:
    return view.words.text(f"action.{action.name}")


def _heading(text: str) -> Content:
    return Content.styled(text, "bold $accent")
