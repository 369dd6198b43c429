"""The one-time code that stands for a forgotten password: shown once, nowhere kept."""

from datetime import datetime

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content

from agent_client.terminal.cells import shown
from agent_client.terminal.screens.order_prompt import Recipients
from agent_client.terminal.screens.page import Dialog
from agent_client.terminal.view import View
from agent_client.terminal.widgets.line import Line
from agent_client.terminal.wording import clock_time, duration


class ResetCodeDialog(Dialog[None]):
    """Goes away by Escape, and the code with it."""

    CSS_PATH = "dialog.tcss"
    HINTS = (("Esc", "reset.close"),)

    def __init__(self, recipients: Recipients, code: str, expires: datetime) -> None:
        super().__init__()
        self._recipients, self._code, self._expires = recipients, code, expires

    def compose_parts(self) -> ComposeResult:
        """Whose, the code, until when, and what to do with it."""
        with Vertical(classes="dialog"):
            yield _For(self._recipients)
            yield _Code(self._code)
            yield _Until(self._expires)


class _For(Line):
    def __init__(self, recipients: Recipients) -> None:
        super().__init__(classes="question")
        self._recipients = recipients

    def paint(self, view: View) -> Content:
        return Content(view.words.text("reset.for", who=self._recipients.said(view.words)))


class _Code(Line):
    """Set wide, so that it can be read out letter by letter."""

    def __init__(self, code: str) -> None:
        super().__init__(classes="one-time-code")
        self._code = code

    def paint(self, view: View) -> Content:
        return Content.styled(" ".join(shown(self._code)), "bold")


class _Until(Line):
    def __init__(self, expires: datetime) -> None:
        super().__init__()
        self._expires = expires

    def paint(self, view: View) -> Content:
        zone = view.status.zone if view.status is not None else "UTC"
        left = duration(view.left_until(self._expires))
        return Content(
            view.words.text("reset.until", time=clock_time(self._expires, zone), left=left)
        )
