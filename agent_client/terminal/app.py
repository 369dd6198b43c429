"""The terminal: what people see and do at a seat.

`TEXTUAL_DISABLE_KITTY_KEY=1` has to be in the environment before this module is imported, since
Textual reads it then: some terminals lose the text of input methods otherwise.
"""

import contextlib
import os
import sys
from collections.abc import Callable
from typing import TypeVar

from textual import on, work
from textual.binding import Binding

from agent_client.terminal import keys, theme
from agent_client.terminal.keys import Action, Mode
from agent_client.terminal.screens.break_chooser import BreakChooser
from agent_client.terminal.screens.dial_prompt import DialPrompt
from agent_client.terminal.screens.floor import FloorScreen
from agent_client.terminal.screens.leaving import Leave, Leaving
from agent_client.terminal.screens.page import Dialog
from agent_client.terminal.screens.palette import Palette
from agent_client.terminal.screens.sign_in import SignInScreen
from agent_client.terminal.seat import Connect, MakeRequest
from agent_client.terminal.seat_app import SeatApp
from agent_client.terminal.widgets.key_bar import KeyBar
from agent_client.terminal.window import end_with_window
from agent_client.terminal.wording import Wording
from protocol.facts.agent import Reason, State
from protocol.i18n import LANGUAGES, load
from protocol.rules.agent_state import Choice
from protocol.wire import desk
from protocol.wire.desk import AnyAnswering
from protocol.wire.errors import Refused

DELIVERY_S = 3.0
"""How long leaving waits for the last facts to be acknowledged."""

_Result = TypeVar("_Result")


class TerminalApp(SeatApp, inherit_bindings=False):
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

    def _open(self, dialog: Dialog[_Result], then: Callable[[_Result], object]) -> None:
        """One dialog at a time; asking for the one that is open changes nothing."""
        if isinstance(self.screen, type(dialog)):
            return
        if isinstance(self.screen, Dialog):
            self.pop_screen()

        def answered(result: _Result | None) -> None:
            if result is not None:
                then(result)

        self.push_screen(dialog, answered)

    def do_break(self) -> None:
        """Choose a reason, then stop taking calls."""

        def take(reason: Reason) -> None:
            self._ask(lambda id: desk.Break(id, reason))

        self._open(BreakChooser(), take)

    def do_break_next(self) -> None:
        """Choose a break for after the call. What was asked for then is meant then, also when the
        call ends while somebody chooses: it does not cut after-call work short."""
        self._open(BreakChooser(after_call=True), self._break_next)

    @work(group="ask")
    async def _break_next(self, reason: Reason) -> None:
        status = self._known.status
        if status is not None and status.state in (State.READY, State.NOT_READY):
            await self._answer(lambda id: desk.Break(id, reason))
        else:
            choice = Choice(State.NOT_READY, reason)
            await self._answer(lambda id: desk.Next(id, choice))

    def do_dial(self, target: str = "") -> None:
        """Ask for a number."""
        self._open(DialPrompt(target), lambda _: None)

    def do_call_back(self) -> None:
        """Offer the first number that is owed a call."""
        status = self._known.status
        if status is not None and status.owed:
            self.do_dial(status.owed[0])

    @on(DialPrompt.Submitted)
    @work(group="dial", exclusive=True)
    async def _dial(self, event: DialPrompt.Submitted) -> None:
        """The prompt stays with its text where the seat refuses."""
        done = await self._answer(lambda id: desk.Dial(id, event.target))
        if done is not None and isinstance(self.screen, DialPrompt):
            self.screen.dismiss(None)

    @on(SignInScreen.Submitted)
    @work(group="sign-in", exclusive=True)
    async def _sign_in(self, event: SignInScreen.Submitted) -> None:
        self.say(self._words.text("sign_in.under_way"))
        if event.code and await self._answer(lambda id: desk.EnrolDesk(id, event.code)) is None:
            if isinstance(self.screen, SignInScreen):
                self.screen.correct_code()
            return
        if await self._answer(lambda id: desk.SignIn(id, event.password)) is not None:
            self._notice = None
        elif isinstance(self.screen, SignInScreen):
            self.screen.clear_password()

    def do_filter(self) -> None:
        """Search on the floor."""
        if isinstance(self.screen, FloorScreen):
            self.screen.open_filter()

    def do_sort(self) -> None:
        """Put the floor in order now."""
        if isinstance(self.screen, FloorScreen):
            self.screen.sort()

    def do_commands(self) -> None:
        """Everything that is possible now, by name."""
        self._open(Palette(), self.act)

    def do_language(self) -> None:
        """The next language, at once and on every screen."""
        place = LANGUAGES.index(self._words.language)
        self._words = Wording(load(LANGUAGES[(place + 1) % len(LANGUAGES)]))
        self.show()

    def do_theme(self) -> None:
        """The next theme."""
        self._theme_name = theme.after(self._theme_name)
        self.theme = theme.THEMES[self._theme_name].name
        self.show()

    def do_quit(self) -> None:
        """Leave; while signed in, not before it was said what happens then."""
        if self._known.gone or self._mode is Mode.STARTING:
            self.exit()
        elif self._mode is Mode.SIGN_IN:
            self._leave(sign_out=False)
        else:
            self._open(Leaving(), self._leave_as)

    def _leave_as(self, leave: Leave) -> None:
        if leave is Leave.KEEP_RUNNING:
            self.exit()
        elif leave is Leave.SIGN_OUT:
            self._leave(sign_out=True)

    @work(group="leave", exclusive=True)
    async def _leave(self, sign_out: bool) -> None:
        """Leave, and end the seat where nobody is signed in and all facts are delivered. After
        signing out in a call the seat goes on until the call is over."""
        if sign_out:
            if await self._answer(desk.SignOut) is None:
                return
            await self._known.until_delivered(DELIVERY_S)
        if self._known.delivered:
            with contextlib.suppress(Refused, ConnectionError):
                await self._known.ask(desk.StopSeat)
        self.exit()

    async def _answer(self, make: MakeRequest) -> AnyAnswering | None:
        """The seat's answer; null where it refused or is gone, which is said in words."""
        try:
            return await self._known.ask(make)
        except Refused as refusal:
            self.complain(self._words.error(refusal.code, refusal.params))
        except ConnectionError:
            self.complain(self._words.text("asked_in_vain"))
        return None

    @work(group="ask")
    async def _ask(self, make: MakeRequest) -> None:
        await self._answer(make)


def run(connect: Connect, *, language: str, supervisor: bool) -> None:
    """Open the terminal until it is left."""
    end_with_window(sys.__stdin__.fileno() if sys.__stdin__ else 0)
    TerminalApp(
        connect,
        language=language,
        theme_name=theme.suited(os.environ),
        supervisor=supervisor,
    ).run()
