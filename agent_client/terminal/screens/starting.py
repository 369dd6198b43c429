"""Before the first word of a seat."""

from textual.app import ComposeResult
from textual.containers import Middle
from textual.content import Content

from agent_client.terminal.screens.page import Page
from agent_client.terminal.view import View
from agent_client.terminal.widgets.line import Line


class StartingScreen(Page):
    """Says that the seat is being found or started; why it is not, the notice says."""

    def compose_parts(self) -> ComposeResult:
        """One sentence in the middle."""
        with Middle():
            yield _Sentence(id="starting")


class _Sentence(Line):
    def paint(self, view: View) -> Content:
        return Content(view.words.text("starting"))
