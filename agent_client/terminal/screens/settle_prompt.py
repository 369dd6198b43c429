"""Why a promised or owed call-back needs no call any more."""

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input

from agent_client.terminal.cells import shown
from agent_client.terminal.screens.page import Dialog
from agent_client.terminal.view import View
from agent_client.terminal.widgets.field import Field
from agent_client.terminal.widgets.line import Line

LONGEST = 200


class SettlePrompt(Dialog[str]):
    """Answers with the reason. Without one nothing is settled."""

    CSS_PATH = "dialog.tcss"
    AUTO_FOCUS = "Input"
    HINTS = (("⏎", "settle.do"), ("Esc", "dialog.close"))

    def __init__(self, peer: str) -> None:
        super().__init__()
        self._peer = peer

    def compose_parts(self) -> ComposeResult:
        """The question and the field."""
        with Vertical(classes="dialog"):
            yield _Question(self._peer)
            yield Field(id="reason", max_length=LONGEST)

    @on(Input.Submitted)
    def submit(self, event: Input.Submitted) -> None:
        """An empty reason is none."""
        event.stop()
        if event.value.strip():
            self.dismiss(event.value.strip())


class _Question(Line):
    def __init__(self, peer: str) -> None:
        super().__init__(classes="question")
        self._peer = peer

    def paint(self, view: View) -> Content:
        return Content(view.words.text("settle.question", peer=shown(self._peer)))
