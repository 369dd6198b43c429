"""What every screen has: a top bar, notices, and the keys that do something now."""

from collections.abc import Sequence
from typing import ClassVar, TypeVar

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.screen import ModalScreen, Screen

from agent_client.terminal.view import View
from agent_client.terminal.widgets.banner import Banner
from agent_client.terminal.widgets.choices import Choices
from agent_client.terminal.widgets.key_bar import KeyBar
from agent_client.terminal.widgets.line import Line
from agent_client.terminal.widgets.notice import Notice
from agent_client.terminal.widgets.order_notice import OrderNotice
from agent_client.terminal.widgets.state_band import StateBand
from agent_client.terminal.widgets.top_bar import TopBar
from agent_client.terminal.widgets.training_notice import RecallLine, TrainingOfferLine

Result = TypeVar("Result")


class Appeared(Message):
    """A screen is there and has to be painted."""


class Page(Screen[None]):
    """A screen that lies at the bottom. It keeps nothing that the next view does not bring."""

    AUTO_FOCUS = ""

    def compose(self) -> ComposeResult:
        """The frame around the screen's own parts."""
        yield TopBar()
        yield Banner()
        yield RecallLine()
        yield from self.compose_parts()
        with Vertical(classes="foot"):
            yield OrderNotice()
            yield TrainingOfferLine()
            yield Notice()
            yield KeyBar()

    def compose_parts(self) -> ComposeResult:
        """What stands between top bar and keys."""
        raise NotImplementedError

    def on_mount(self) -> None:
        """Ask for the view, now that there is something to paint."""
        self.post_message(Appeared())

    def show(self, view: View) -> None:
        """Paint the present view, as far as parts are there: a screen may just come or go."""
        for line in self.query(Line):
            line.show(view)


class Dialog(ModalScreen[Result]):
    """A question over a page. The top bar stays in sight, so that a call is seen and taken."""

    HINTS: ClassVar[Sequence[tuple[str, str]]] = ()
    """The dialog's own keys, each with the name of its text."""
    BINDINGS = [("escape", "close")]  # noqa: RUF012 - Textual's own form

    def compose(self) -> ComposeResult:
        """The frame around the question."""
        yield TopBar()
        yield from self.compose_parts()
        with Vertical(classes="foot"):
            yield OrderNotice()
            yield TrainingOfferLine()
            yield Notice()
            yield KeyBar(self.HINTS)

    def compose_parts(self) -> ComposeResult:
        """The question."""
        raise NotImplementedError

    def on_mount(self) -> None:
        """Ask for the view, now that there is something to paint."""
        self.post_message(Appeared())

    def show(self, view: View) -> None:
        """Paint the present view, as far as parts are there: a screen may just come or go."""
        for choices in self.query(Choices):
            choices.offer(view.words)
        for line in self.query(Line):
            line.show(view)

    def action_close(self) -> None:
        """Go away without an answer."""
        self.dismiss(None)

    def lose_meaning(self) -> None:
        """Go away as soon as nothing lies above: what was asked can't be done any more."""
        if self.is_current:
            self.dismiss(None)


class SheetTitle(Line):
    """What a sheet is, in its first line."""

    def __init__(self, key: str) -> None:
        super().__init__(classes="sheet-title")
        self._key = key
        self.rest = Content("")
        """What is said beside it."""

    def paint(self, view: View) -> Content:
        """Title and rest."""
        return Content.assemble((view.words.text(self._key), "bold"), "  ", self.rest)


class Sheet(Dialog[Result]):
    """A screen of its own over a page, to be left by Escape. The state, its clock and the keys of
    the call stay in sight."""

    VERTICAL_BREAKPOINTS = [(0, "-low"), (30, "-tall")]  # noqa: RUF012 - Textual's own form

    def __init__(self) -> None:
        super().__init__(classes="sheet")

    def compose(self) -> ComposeResult:
        """The frame around the sheet's own parts."""
        yield TopBar()
        yield Banner()
        yield RecallLine()
        yield StateBand()
        yield from self.compose_parts()
        with Vertical(classes="foot"):
            yield OrderNotice()
            yield TrainingOfferLine()
            yield Notice()
            yield KeyBar(self.HINTS)

    def show(self, view: View) -> None:
        """Paint the present view."""
        super().show(view)
        for band in self.query(StateBand):
            band.show(view)
