"""The terminal: what people see and do at a seat.

`TEXTUAL_DISABLE_KITTY_KEY=1` has to be in the environment before this module is imported, since
Textual reads it then: some terminals lose the text of input methods otherwise.
"""

import gc
import os
import sys
from collections.abc import Callable

from textual import events, on
from textual.binding import Binding

from agent_client.terminal import keys, theme
from agent_client.terminal.break_app import BreakApp
from agent_client.terminal.deciding_app import DecidingApp
from agent_client.terminal.exam_app import ExamApp
from agent_client.terminal.examining_app import ExaminingApp
from agent_client.terminal.floor_app import FloorApp
from agent_client.terminal.handover_app import HandoverApp
from agent_client.terminal.kept_look import KeptLook
from agent_client.terminal.keys import Action
from agent_client.terminal.reading_app import ReadingApp
from agent_client.terminal.relief_app import ReliefApp
from agent_client.terminal.reports_app import ReportsApp
from agent_client.terminal.requests_app import RequestsApp
from agent_client.terminal.screens.help import HelpSheet
from agent_client.terminal.screens.palette import Palette
from agent_client.terminal.seat import Connect
from agent_client.terminal.sign_in_app import SignInApp
from agent_client.terminal.training_app import TrainingApp
from agent_client.terminal.widgets.key_bar import KeyBar
from agent_client.terminal.window import end_with_window
from agent_client.terminal.wording import Wording
from protocol.i18n import LANGUAGES, load


class TerminalApp(
    FloorApp,
    DecidingApp,
    RequestsApp,
    HandoverApp,
    ReadingApp,
    ExamApp,
    ExaminingApp,
    ReliefApp,
    ReportsApp,
    TrainingApp,
    BreakApp,
    SignInApp,
    inherit_bindings=False,
):
    """Sends what people want. Every `do_…` is the deed of an action in the table of keys."""

    BINDINGS = [  # noqa: RUF012 - Textual's own form
        Binding(key, f"press('{key}')", priority=keys.works_while_typing(key))
        for key in keys.all_keys()
    ]

    def action_press(self, key: str) -> None:
        """A key of the table was pressed."""
        action = keys.behind(key, keys.offered(self._situation()))
        if action is not None:
            self._do(action)
        elif keys.works_while_typing(key):
            self.complain(self._words.text("not_now", pressed=keys.key_name(key)))

    def on_key(self, event: events.Key) -> None:
        """No key is a capital letter, so that Caps Lock does no harm; but it is said."""
        letter = event.character or ""
        if letter.isupper() and letter.lower() in keys.all_keys():
            self.complain(self._words.text("caps_lock"))

    def act(self, name: str) -> None:
        """An action was chosen by its name, from the palette or with the mouse."""
        for action in keys.offered(self._situation()):
            if action.name == name:
                self._do(action)

    @on(KeyBar.Chosen)
    def _clicked(self, event: KeyBar.Chosen) -> None:
        self.act(event.name)

    def _do(self, action: Action) -> None:
        self._notice = None
        if action.ask is not None:
            self._ask(action.ask)
        else:
            getattr(self, f"do_{action.name}")()

    def do_commands(self) -> None:
        """Everything that is possible now, by name."""
        self._open(Palette(), self.act)

    def do_help(self) -> None:
        """The keys, the states, and what is recorded."""
        self._open(HelpSheet(), lambda _: None)

    def do_language(self) -> None:
        """The next language, at once and on every screen."""
        place = LANGUAGES.index(self._words.language)
        self._words = Wording(load(LANGUAGES[(place + 1) % len(LANGUAGES)]))
        self.show()

    def do_theme(self) -> None:
        """The next theme."""
        self._theme_name = theme.after(self._theme_name)
        self.theme = theme.THEMES[self._theme_name].name
        if self._look is not None:
            self._look.keep(self._theme_name)
        self.show()


def run(
    connect_as: Callable[[str], Connect],
    agent: str,
    *,
    language: str,
    supervisor: bool,
    look: KeptLook,
    bell: bool = True,
) -> None:
    """Open the terminal of a staff number until it is left. With `bell` it beeps or flashes when
    a call rings."""
    end_with_window(sys.__stdin__.fileno() if sys.__stdin__ else 0)
    gc.freeze()  # what is loaded stays: to search it for garbage would hold up a ringing call
    TerminalApp(
        connect_as(agent),
        connect_as=connect_as,
        language=language,
        theme_name=look.theme_name(theme.suited(os.environ)),
        supervisor=supervisor,
        look=look,
        bell=bell,
    ).run()
